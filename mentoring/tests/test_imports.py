"""Mentors from a spreadsheet, and how they come to sign in."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from mentoring.models import ClearanceKind, Mentor, MentorState
from mentoring.tests.factories import MentorFactory
from participants.tests.factories import ELSEWHERE, in_days, municipality
from primus.access.models import AccessEntry, Event
from primus.accounts import invitations
from primus.accounts.models import Invitation
from primus.accounts.tests.factories import UserFactory
from primus.spreadsheets.tests.sending import Importing, as_csv, outcomes, problems

pytestmark = pytest.mark.django_db

HEADINGS = [
    "Fornavn", "Efternavn", "E-mail", "Mobil", "Kommune", "Status", "Straffeattest",
    "Tavshedserklæring", "Kursus", "Sprog", "Kapacitet",
]  # fmt: skip


def row(first, email, state="", *, cleared=False, **other) -> list[str]:
    days = [in_days(-20).isoformat() if cleared else ""] * 3
    given = {"phone": "12345678", "place": "Aarhus", "languages": "dansk/engelsk", "capacity": "2"}
    given |= other
    first_ones = [first, "Prøvelund", email, given["phone"], given["place"], state]
    return [*first_ones, *days, given["languages"], given["capacity"]]


@pytest.fixture
def importing(coordinator_client, coordinator_user):
    coordinator_client.cookies["primus_language"] = "en"
    coordinator_user.language = "en"
    coordinator_user.save()
    return Importing(coordinator_client, "mentors")


def test_mentors_come_in_send_nothing_and_twice_change_nothing(importing, coordinator_user):
    UserFactory(email="taken@example.org")
    MentorFactory(user__email="elsewhere@example.org", municipality=municipality(ELSEWHERE))
    rows = [
        HEADINGS,
        row("Ny", "ny@example.org"),
        row("Aktiv", "Aktiv@Example.org", "aktiv", cleared=True),
        row("Ikke", "ikke@example.org", "aktiv"),
        row("Optaget", "taken@example.org"),
        row("Fremmed", "elsewhere@example.org"),
        row("Dobbelt", "NY@example.org"),
        row("Mange", "mange@example.org", capacity="40"),
        row("Væk", "vaek@example.org", "left"),
    ]
    file = importing.check(as_csv(rows, delimiter=",", encoding="utf-8"))
    assert outcomes(file)[:2] == ["create"] * 2
    assert problems(file) == {
        4: {"state": ["StepRefused.not_cleared"]},
        5: {"email": ["InvitationRefused.user"]},
        6: {"email": ["InvitationRefused.user"]},
        7: {"": ["twice"]},
        8: {"capacity": ["number"]},
        9: {"state": ["state_left"]},
    }
    importing.apply(file)
    new, active = (Mentor.objects.get(user__email=f"{n}@example.org") for n in ("ny", "aktiv"))
    assert (new.state, new.capacity, new.languages) == (MentorState.APPLICANT, 2, ["da", "en"])
    assert not new.user.has_usable_password()
    assert [step.state for step in active.steps.all()] == [
        "applicant", "interviewed", "cleared", "active",
    ]  # fmt: skip
    assert {step.said_by for step in active.steps.all()} == {coordinator_user}
    assert Mentor.objects.cleared().active().filter(pk=active.pk).exists()
    assert not Invitation.objects.exists()
    assert mail.outbox == []
    logged = AccessEntry.objects.filter(event=Event.CREATE, object_type="mentoring.mentor")
    assert set(logged.values_list("object_id", "municipality_code")) == {
        (new.pk, "0751"), (active.pk, "0751"),
    }  # fmt: skip
    again = importing.check(as_csv(rows[:3], encoding="utf-8"))
    assert outcomes(again) == ["same", "same"], problems(again)


def test_a_known_mentor_is_changed_but_not_taken_for_another(importing):
    known = MentorFactory(capacity=1, languages=["da"])
    user = known.user
    said = [user.first_name, user.last_name, user.email.upper(), user.phone, "", "orlov"]
    training = in_days(-3).isoformat()
    rows = [HEADINGS, [*said, "", "", training, "dansk, arabisk", "3"]]
    rows.append(row("Helt", MentorFactory().user.email))
    file = importing.check(as_csv(rows))
    assert outcomes(file) == ["change", "bad"]
    assert problems(file) == {3: {"email": ["other_name"]}}
    assert file.rows.first().changes["capacity"] == ["1", "3"]
    importing.apply(file)
    known.refresh_from_db()
    assert (known.capacity, known.languages, known.state) == (3, ["da", "ar"], MentorState.ACTIVE)
    assert known.clearances.filter(kind=ClearanceKind.TRAINING, obtained_on=training).exists()


def test_they_are_invited_when_the_coordinator_says_so(
    importing, client, monkeypatch, django_capture_on_commit_callbacks
):
    file = importing.apply(importing.check(as_csv([HEADINGS, row("Ny", "ny@example.org")])))
    user = Mentor.objects.get().user
    # Who has no password gets none by saying that it is forgotten.
    from primus.accounts.passwords import send_reset

    send_reset(user.email)
    assert mail.outbox == []
    assert "Send 1 invitation" in importing.page(file)
    monkeypatch.setattr("primus.accounts.tasks.send_invitation.delay", invitations.send)
    with django_capture_on_commit_callbacks(execute=True):
        importing.client.post(reverse("import_invite", args=[file.pk]))
    assert "Send 1 invitation" not in importing.page(file)
    with django_capture_on_commit_callbacks(execute=True):
        importing.client.post(reverse("import_invite", args=[file.pk]))
    assert len(mail.outbox) == 1
    assert "Prøvelund" not in mail.outbox[0].body
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    answer = client.post(link, {"password1": "en-meget-lang-adgangskode"})
    assert answer.status_code == 302
    user.refresh_from_db()
    assert user.check_password("en-meget-lang-adgangskode")
    assert Mentor.objects.count() == 1
    assert Invitation.objects.get().accepted_at is not None
    # A link that was used, or one to somebody who has a password, opens nothing.
    assert client.post(link, {"password1": "en-helt-anden-adgangskode"}).status_code == 410
    with pytest.raises(invitations.InvitationRefused):
        invitations.invite_known(user, user, municipality_codes=["0751"])
