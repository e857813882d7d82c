"""Importing what the registers say: what each row would do, what is refused, and doing it twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from outcomes.imports.columns import ALL_SENTENCES
from outcomes.models import FollowUp, Reoffence
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory, TrialSubjectFactory
from participants.consents import withdraw_consent
from participants.models import Consent, ConsentKind, Enrolment
from participants.tests.factories import (
    ELSEWHERE,
    ConsentFactory,
    EnrolmentFactory,
    in_days,
    municipality,
)
from primus.access.models import AccessEntry, Event
from primus.spreadsheets import work
from primus.spreadsheets.models import ImportFile, ImportKind
from primus.spreadsheets.tests.sending import Importing, as_csv, as_xlsx, outcomes, problems

pytestmark = pytest.mark.django_db

HEADINGS = ["sagsnummer", "registerdato", "gerningsdato", "domsdato", "sanktion", "død", "udrejst"]
RELEASED = -1200
NO = "FollowUpRefused"
READ_TO = -20


@pytest.fixture
def importing(coordinator_client):
    return Importing(coordinator_client, ImportKind.REGISTER)


def released(*, consent=True, **kwargs):
    """Somebody released 1200 days ago, who has said yes to being looked up."""
    day = in_days(RELEASED)
    about = {"referred_on": day - timedelta(90), "expected_release": day, "released_on": day}
    enrolment = EnrolmentFactory(**(about | kwargs))
    if consent:
        ConsentFactory(enrolment=enrolment, kind=ConsentKind.OFFENCES)
    return enrolment


def after(days: int) -> str:
    """So many days after the release, as Danes write it."""
    return (in_days(RELEASED) + timedelta(days)).strftime("%d-%m-%Y")


def row(about, offence="", conviction="", sanction="", *, read_to=None, died="", left=""):
    key = about if isinstance(about, str) else getattr(about, "case_number", "") or about.pseudonym
    read_to = in_days(READ_TO).isoformat() if read_to is None else read_to
    days = [after(day) if isinstance(day, int) else day for day in (offence, conviction)]
    gone = [after(day) if isinstance(day, int) else day for day in (died, left)]
    return [key, read_to, *days, sanction, *gone]


def known() -> list[tuple]:
    """Everything that is noted, however it came there."""
    return sorted(
        FollowUp.objects.values_list(
            "enrolment", "subject", "register_date", "died_on", "emigrated_on",
            "reoffences__offence_on", "reoffences__convicted_on", "reoffences__sanction",
        ),
        key=repr,
    )  # fmt: skip


def test_what_the_registers_say_is_noted_once_however_often_it_comes(importing):
    again, nothing, gone = released(), released(), released()
    alone, with_file = TrialSubjectFactory(followed=True), TrialSubjectFactory(followed=True)
    with_file.enrolment = released()
    with_file.save()
    rows = [
        HEADINGS,
        row(again, 40, 100, "Ubetinget dom"),
        row(nothing),
        row(again, 30, 90, "BØDE"),
        row(gone, died=500, left=400),
        row(alone, 0, 20, "suspended imprisonment"),
        row(with_file, 10, 60, "samfundstjeneste"),
        row(again, 40, 100, "ubetinget fængsel"),
    ]
    file = importing.check(as_xlsx(rows), "register.xlsx")
    assert problems(file) == {}
    assert outcomes(file) == ["create"] * 6 + ["same"]
    assert not FollowUp.objects.exists()
    page = importing.page(file)
    assert again.participant.first_name not in page
    importing.apply(file)
    found = known()
    assert len(found) == 6
    mine = FollowUp.objects.get(enrolment=again)
    assert mine.register_date == in_days(READ_TO)
    assert [
        (o.sanction, (o.offence_on - again.released_on).days) for o in mine.reoffences.all()
    ] == [
        ("fine", 30),
        ("unsuspended", 40),
    ]
    assert not FollowUp.objects.get(enrolment=nothing).reoffences.exists()
    assert FollowUp.objects.get(enrolment=gone).died_on == again.released_on + timedelta(500)
    assert FollowUp.objects.get(subject=alone).reoffences.get().sanction == "suspended"
    assert FollowUp.objects.get(enrolment=with_file.enrolment).reoffences.count() == 1
    created = AccessEntry.objects.filter(event=Event.CREATE, object_type="outcomes.followup")
    assert created.count() == 5
    assert created.filter(municipality_code=alone.municipality_id).count() == 5

    # The same file once more, and one that was read earlier: nothing changes, nothing moves back.
    second = importing.check(as_xlsx(rows), "register.xlsx")
    assert set(outcomes(second)) == {"same"}
    earlier = in_days(READ_TO - 30).isoformat()
    old = importing.check(as_csv([HEADINGS, row(nothing, read_to=earlier)]))
    assert outcomes(old) == ["same"]
    assert known() == found
    later = in_days(-1).isoformat()
    newer = importing.check(as_csv([HEADINGS, row(nothing, read_to=later)]))
    assert outcomes(newer) == ["change"]
    importing.apply(newer)
    assert FollowUp.objects.get(enrolment=nothing).register_date == in_days(-1)


def test_each_thing_that_cannot_be_is_said_in_its_own_words(importing):
    good = released()
    elsewhere = released(municipality=municipality(ELSEWHERE))
    unwilling, inside = released(consent=False), released(released_on=None)
    foreign = TrialSubjectFactory(followed=True, municipality=municipality(ELSEWHERE))
    withdrawn = TrialSubjectFactory(followed=True, consent_withdrawn_on=in_days(-5))
    noted = FollowUpFactory(enrolment=released())
    ReoffenceFactory(follow_up=noted)
    own = [released() for _ in range(12)]
    tomorrow = in_days(1).isoformat()
    wrong = [
        (row("P-99999"), {"key": ["unknown_key"]}),
        (row(elsewhere), {"key": ["unknown_key"]}),
        (row(foreign), {"key": ["unknown_key"]}),
        (row("Danny"), {"key": ["no_key"]}),
        (row("P-00000"), {"": ["example"], "key": ["unknown_key"]}),
        (row(unwilling), {"key": ["ConsentRefused.missing_offences"]}),
        (row(withdrawn), {"key": ["ConsentRefused.missing_offences"]}),
        (row(inside), {"key": [f"{NO}.not_released"]}),
        (row(own[0], -1, 30, "bøde"), {"offence_on": [f"{NO}.offence_before_release"]}),
        (row(own[1], 30, 29, "bøde"), {"convicted_on": [f"{NO}.conviction_before_offence"]}),
        (row(own[2], 30, tomorrow, "bøde"), {"convicted_on": [f"{NO}.future"]}),
        (row(own[3], read_to=tomorrow), {"register_date": [f"{NO}.future"]}),
        (row(own[4], 30, 90, "skældud"), {"sanction": ["unknown_sanction"]}),
        (row(own[5], 30, 90, "ubetinget fængsl"), {"sanction": ["sanction_near"]}),
        (row(own[6], read_to=""), {"register_date": ["missing"]}),
        (
            row(own[7], 30, 1190, "bøde"),
            {"convicted_on": [f"{NO}.conviction_after_register"]},
        ),
        (row(own[8], read_to=after(-1)), {"register_date": [f"{NO}.register_before_release"]}),
        (row(own[9], 30), {"convicted_on": ["missing"], "sanction": ["missing"]}),
        (row(own[10], 30, 90, "bøde", died=20), {"offence_on": [f"{NO}.offence_after_death"]}),
        (row(own[11], left=-3), {"emigrated_on": [f"{NO}.before_release"]}),
        (row(noted.enrolment), {"": ["known_conviction"]}),
    ]  # fmt: skip
    file = importing.check(as_csv([HEADINGS, row(good), *(said for said, _why in wrong)]))
    assert problems(file) == {number: why for number, (_said, why) in enumerate(wrong, start=3)}
    assert outcomes(file)[0] == "create"
    page = importing.page(file)
    assert "%(" not in page
    upload = importing.client.get(reverse("import_create", args=[ImportKind.REGISTER]))
    with translation.override(upload.wsgi_request.LANGUAGE_CODE):
        assert escape(str(ALL_SENTENCES)) in upload.content.decode()
    bad = importing.bad_rows(file).decode("utf-8-sig").splitlines()
    assert len(bad) == 1 + len(wrong)
    importing.apply(file)
    assert FollowUp.objects.exclude(pk=noted.pk).get().enrolment == good


def test_the_rows_about_one_person_are_taken_together_or_not_at_all(importing, monkeypatch):
    """Also where many others stand between them."""
    monkeypatch.setattr(work, "BATCH", 3)
    half, both, two_days, dead, fine = (released() for _ in range(5))
    rows = [
        HEADINGS,
        row(half, 10, 20, "bøde"),
        row(both),
        row(two_days),
        row(dead, 300, 320, "bøde"),
        row(fine, 10, 20, "bøde"),
        row(half, 30, 40, "skældud"),
        row(both, 10, 20, "bøde"),
        row(two_days, read_to=in_days(-21).isoformat()),
        row(dead, died=200),
        row(fine, 30, 40, "bøde"),
    ]
    file = importing.check(as_csv(rows))
    found = problems(file)
    assert {number: found[number] for number in (7, 8, 9, 10)} == {
        7: {"sanction": ["unknown_sanction"]},
        8: {"": ["nothing_found_above"]},
        9: {"register_date": ["other_day"]},
        10: {"died_on": ["later_offence_above"], "": ["offence_above"]},
    }
    assert all(found[number] == {"": ["together"]} for number in (2, 3, 4, 5))
    importing.apply(file)
    assert FollowUp.objects.get().enrolment == fine
    assert Reoffence.objects.count() == 2


def test_what_was_checked_is_looked_at_again_before_it_is_written(importing):
    enrolment = released()
    file = importing.check(as_csv([HEADINGS, row(enrolment, 30, 90, "bøde"), row(released())]))
    Enrolment.objects.filter(pk=enrolment.pk).update(released_on=in_days(RELEASED + 40))
    importing.apply(file)
    assert problems(file) == {2: {"offence_on": [f"{NO}.offence_before_release"]}}
    assert FollowUp.objects.get().enrolment != enrolment
    # The file speaks of somebody who takes their consent back.
    withdraw_consent(Consent.objects.get(enrolment=enrolment, kind="offences"), in_days(0), by=None)
    assert not ImportFile.objects.exists()


def test_many_rows_take_as_many_questions_as_few(importing):
    def questions(people: int) -> int:
        about = [released() for _ in range(people)]
        rows = [row(one, day, day + 60, "bøde") for one in about for day in (10, 40)]
        file = importing.check(as_csv([HEADINGS, *rows]))
        assert problems(file) == {}
        with CaptureQueriesContext(
            connection,
        ) as of_apply:
            importing.apply(file)
        with CaptureQueriesContext(connection) as of_check:
            importing.check(as_csv([HEADINGS, *rows]))
        return len(of_apply) + len(of_check)

    assert questions(1) == questions(12)


def test_a_file_that_has_no_offences_in_it_does_not_say_that_nothing_was_found(importing):
    headings = ["sagsnummer", "registerdato", "hvornår", "domsdato", "sanktion"]
    rows = [headings, row(released(), 30, 90, "bøde")[:5]]
    importing.upload(as_csv(rows))
    file = ImportFile.objects.get()
    chosen = {f"column_{field}": at for field, at in file.columns.items()}
    answer = importing.client.post(reverse("import_columns", args=[file.pk]), chosen)
    assert set(answer.context["form"].errors) == {"column_offence_on"}
