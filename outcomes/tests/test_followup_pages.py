"""Noting by hand what the registers say: what is kept, what is refused beside which answer, and
what each definition makes of it."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from outcomes.followups.noting import address_of
from outcomes.models import FollowUp, Reoffence
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory, TrialSubjectFactory
from participants.consents import withdraw_consent
from participants.models import Consent, ConsentKind
from participants.tests.factories import ConsentFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event
from primus.spreadsheets.models import ImportFile, ImportKind
from primus.spreadsheets.tests.factories import ImportFileFactory, ImportRowFactory

pytestmark = pytest.mark.django_db

RELEASED = -1200


@pytest.fixture
def client(coordinator_client, coordinator_user):
    coordinator_client.cookies["primus_language"] = "en"
    coordinator_user.language = "en"
    coordinator_user.save()
    return coordinator_client


@pytest.fixture
def enrolment():
    day = in_days(RELEASED)
    found = EnrolmentFactory(referred_on=day - timedelta(90), expected_release=day, released_on=day)
    ConsentFactory(enrolment=found, kind=ConsentKind.OFFENCES)
    return found


def after(days: int) -> str:
    return (in_days(RELEASED) + timedelta(days)).isoformat()


def errors(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200, answer.url
    return dict(answer.context["form"].errors)


def note(client, about, seen="", **said):
    return client.post(address_of(about), {"seen": seen, **said})


def conviction(offence, convicted, sanction="unsuspended", **other):
    return {
        "offence_on": offence,
        "convicted_on": convicted,
        "sanction": sanction,
        "token": str(uuid.uuid4()),
        **other,
    }


def refuses(client, url, said, field, words) -> None:
    before = list(Reoffence.objects.order_by("pk").values())
    answer = client.post(url, said)
    assert words in "".join(errors(answer)[field])
    # Nothing typed is lost.
    for name, value in said.items():
        if name not in ("token", "seen"):
            assert value in answer.content.decode()
    assert list(Reoffence.objects.order_by("pk").values()) == before


def test_what_the_registers_say_is_noted_and_counts_as_each_definition_says(client, enrolment):
    page = reverse("followup", args=[enrolment.pk])
    assert page in client.get(reverse("enrolment", args=[enrolment.pk])).content.decode()
    text = client.get(page).content.decode()
    assert text.count("Not yet observable: the registers must be read up to") == 4
    assert note(client, enrolment, register_date=after(1150)).url == page
    row = FollowUp.objects.get(enrolment=enrolment)
    add = reverse("reoffence_create", args=[row.pk])
    text = client.get(page).content.decode()
    assert text.count("No new sentence within 730 days") == 3
    assert text.count("No new sentence within 365 days") == 1

    said = conviction(after(400), after(700), "suspended")
    assert client.post(add, said).url == page
    # A second tap on the same form, and the same conviction in another form.
    assert client.post(add, said).url == page
    refuses(client, add, said | {"token": str(uuid.uuid4())}, "offence_on", "noted already")
    one = row.reoffences.get()
    text = client.get(page).content.decode()
    assert text.count("A new sentence, for an offence on") == 2
    assert text.count("followed until the new offence on day 400") == 2
    assert "day 400 after the release" in text

    change = reverse("reoffence", args=[one.pk])
    seen = client.get(change).context["form"]["seen"].value()
    said = conviction(after(0), after(30), "fine", seen=seen)
    assert client.post(change, said).url == page
    one.refresh_from_db()
    assert (one.offence_on, one.sanction) == (enrolment.released_on, "fine")
    # Somebody who had the page open since before writes over nothing.
    refuses(client, change, said, "__all__", "changed this meanwhile")
    out = reverse("reoffence_remove", args=[row.pk])
    assert client.post(out, {"reoffence": one.pk, "seen": seen}).url == change
    now = client.get(change).context["seen"]
    assert client.post(out, {"reoffence": one.pk, "seen": now}).url == page
    assert client.post(out, {"reoffence": one.pk, "seen": now}).url == page
    assert not row.reoffences.exists()
    written = AccessEntry.objects.filter(
        object_type__in=["outcomes.reoffence", "outcomes.followup"]
    )
    events = list(written.exclude(event=Event.READ).order_by("pk").values_list("event", flat=True))
    assert events == ["create", "create", "change", "delete", "delete"]
    assert {entry.object_label for entry in written} == {enrolment.case_number}


def test_each_thing_that_cannot_be_is_refused_beside_its_answer(client, enrolment):
    page = reverse("followup", args=[enrolment.pk])
    for said, field, words in (
        ({"register_date": ""}, "register_date", "Write the day"),
        ({"register_date": after(-1)}, "register_date", "must have been read past it"),
        ({"register_date": in_days(1)}, "register_date", "has not come yet"),
        ({"register_date": after(9), "died_on": after(-1)}, "died_on", "before the release"),
        ({"register_date": after(9), "emigrated_on": in_days(2)}, "emigrated_on", "not come yet"),
    ):
        assert words in "".join(errors(client.post(page, said))[field])
    assert not FollowUp.objects.exists()
    row = FollowUpFactory(enrolment=enrolment, register_date=in_days(-50), died_on=in_days(-60))
    add = reverse("reoffence_create", args=[row.pk])
    for said, field, words in (
        (conviction(after(-1), after(9)), "offence_on", "before the release"),
        (conviction(after(9), after(8)), "convicted_on", "cannot come before its offence"),
        (conviction(after(9), in_days(1).isoformat()), "convicted_on", "has not come yet"),
        (conviction(after(9), in_days(-49).isoformat()), "convicted_on", "read up to"),
        (conviction(in_days(-59).isoformat(), in_days(-51).isoformat()), "offence_on", "the death"),
        (conviction("", after(9), sanction=""), "sanction", "Choose what"),
    ):
        refuses(client, add, said, field, words)
    ReoffenceFactory(follow_up=row, offence_on=in_days(-90), convicted_on=in_days(-70))
    seen = client.get(page).context["form"]["seen"].value()
    earlier = {"register_date": in_days(-71), "died_on": in_days(-91)}
    found = errors(note(client, enrolment, seen, **earlier))
    assert "is noted below" in found["register_date"][0]
    assert "is noted below" in found["died_on"][0]
    # Of two tabs the second sees what the first has written, and can still have its way.
    assert note(client, enrolment, seen, register_date=in_days(-40)).status_code == 302
    answer = note(client, enrolment, seen, register_date=in_days(-30))
    assert "changed this meanwhile" in errors(answer)["__all__"][0]
    row.refresh_from_db()
    assert (row.register_date, row.died_on) == (in_days(-40), None)
    seen = answer.context["form"]["seen"].value()
    assert note(client, enrolment, seen, register_date=in_days(-30)).status_code == 302
    assert client.post(reverse("followup_remove", args=[row.pk])).url == page
    assert not FollowUp.objects.exists()


def test_nothing_is_noted_without_consent_or_before_the_release(client, enrolment):
    consent = Consent.objects.get(enrolment=enrolment, kind=ConsentKind.OFFENCES)
    row = FollowUpFactory(enrolment=enrolment)
    ImportRowFactory(file=ImportFileFactory(kind=ImportKind.REGISTER), subject=enrolment.pk)
    other = ImportRowFactory(file=ImportFileFactory(), subject=enrolment.pk)
    withdraw_consent(consent, in_days(0), by=None)
    assert not FollowUp.objects.filter(pk=row.pk).exists()
    assert ImportFile.objects.get() == other.file
    page = reverse("followup", args=[enrolment.pk])
    text = client.get(page).content.decode()
    assert reverse("enrolment_consents", args=[enrolment.pk]) in text
    assert "register_date" not in text
    inside = EnrolmentFactory(gate_week=True)
    ConsentFactory(enrolment=inside, kind=ConsentKind.OFFENCES)
    text = client.get(reverse("followup", args=[inside.pk])).content.decode()
    assert reverse("release_confirm", args=[inside.pk]) in text
    for about in (enrolment, inside):
        assert note(client, about, register_date=in_days(-1)).status_code == 302
    assert not FollowUp.objects.exists()


def test_a_trial_subject_is_followed_by_itself_or_in_its_case_file(client, enrolment):
    alone = TrialSubjectFactory(followed=True)
    page = reverse("followup_subject", args=[alone.pk])
    assert alone.pseudonym in client.get(page).content.decode()
    assert note(client, alone, register_date=after(1000)).url == page
    row = FollowUp.objects.get(subject=alone)
    said = conviction(after(10), after(60))
    assert client.post(reverse("reoffence_create", args=[row.pk]), said).url == page
    assert row.reoffences.count() == 1
    entry = AccessEntry.objects.filter(event=Event.CREATE, object_type="outcomes.reoffence").get()
    assert entry.object_label == alone.pseudonym
    assert entry.municipality_code == alone.municipality_id
    with_file = TrialSubjectFactory(followed=True, enrolment=enrolment)
    answer = client.get(reverse("followup_subject", args=[with_file.pk]))
    assert answer.url == reverse("followup", args=[enrolment.pk])
    withdrawn = TrialSubjectFactory(followed=True, consent_withdrawn_on=in_days(-1))
    text = client.get(reverse("followup_subject", args=[withdrawn.pk])).content.decode()
    assert reverse("trial_subject", args=[withdrawn.pk]) in text


def test_the_page_asks_as_often_however_much_is_noted(client, enrolment, query_budget):
    row = FollowUpFactory(enrolment=enrolment)
    page = reverse("followup", args=[enrolment.pk])
    for number in range(9):
        ReoffenceFactory(follow_up=row, offence_on=enrolment.released_on + timedelta(number))
    with query_budget(18):
        client.get(page)
