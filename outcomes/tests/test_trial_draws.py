"""The draw itself: only of who can and will, once, for good."""

from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from outcomes.models import Eligibility, FollowUp, Trial, TrialPlace, TrialSubject
from outcomes.tests.factories import (
    FollowUpFactory,
    ReoffenceFactory,
    StratumFactory,
    TrialFactory,
    TrialPlaceFactory,
    TrialSubjectFactory,
)
from outcomes.trials import closing, enrolling, following
from outcomes.trials.guards import DECIDED, DRAWN
from outcomes.trials.randomisation import new_trial
from outcomes.trials.refusals import TrialRefused
from participants.consents import ConsentRefused, has_consent, withdraw_consent
from participants.models import ConsentKind
from participants.tests.factories import ELSEWHERE, EnrolmentFactory, in_days, municipality
from primus.testing.constraints import changing

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial():
    return new_trial(name="Forsøg", municipalities=["0751"], by=None, length=8)


@contextmanager
def guarded(name: str):
    """Refused by the database, by the guard of that name."""
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        yield


ANSWERS = {
    "municipality_id": "0751",
    "risk_group": "highest",
    "eligibility": Eligibility.ELIGIBLE,
    "consent_form": "written",
    "age_group": "under_30",
    "priors": "many",
    "release_kind": "parole",
}


def assess(trial, **values):
    days = {"assessed_on": in_days(0), "consent_on": in_days(0), "expected_release": in_days(60)}
    return enrolling.assess(trial, by=None, **ANSWERS | days | values)


# --- Assessing -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("not_in_trial", {"municipality_id": ELSEWHERE}),
        ("reason_missing", {"eligibility": Eligibility.NOT_ELIGIBLE}),
        ("in_future", {"assessed_on": in_days(1)}),
        ("in_future", {"consent_on": in_days(1)}),
        ("release_before_assessment", {"expected_release": in_days(-32)}),
        ("consent_missing", {"consent_form": ""}),
        ("consent_missing", {"consent_on": None}),
        ("baseline_missing", {"priors": ""}),
        ("baseline_missing", {"expected_release": None}),
    ],
)
def test_an_assessment_that_cannot_be_is_refused(trial, code, values):
    with pytest.raises(TrialRefused) as refused:
        assess(trial, **values)
    assert refused.value.code == code
    assert not TrialSubject.objects.exists()


def test_a_form_that_comes_twice_is_one_person(trial):
    token = uuid4()
    first = assess(trial, form_token=token)
    assert assess(trial, form_token=token) == first
    assert assess(trial, form_token=uuid4()).number == 2
    assert first.pseudonym == f"F{trial.pk}-0001"


def test_who_cannot_or_will_not_take_part_is_counted_and_never_drawn(trial):
    subjects = [
        assess(trial, eligibility=Eligibility.NOT_ELIGIBLE, not_eligible_reason="safety"),
        assess(trial, eligibility=Eligibility.DECLINED),
        assess(trial, consent_form="", consent_on=None),
    ]
    withdrawn = assess(trial)
    following.withdraw(withdrawn, in_days(0), None)
    for subject in [*subjects, withdrawn]:
        with pytest.raises(TrialRefused, match="not_ready"):
            enrolling.allocate(subject, None)
    assert not TrialSubject.objects.randomised().exists()


def test_answers_can_be_corrected_until_the_draw(trial):
    subject = assess(trial, priors="few")
    subject = enrolling.reassess(subject, by=None, priors="many")
    assert enrolling.allocate(subject, None).priors == "many"
    with pytest.raises(TrialRefused, match="drawn_already"):
        enrolling.reassess(subject, by=None, priors="few")


# --- Drawing -------------------------------------------------------------------------------


def test_who_is_drawn_stays_as_drawn(trial):
    subject = enrolling.allocate(assess(trial), None)
    again = enrolling.allocate(subject, None)
    assert (again.place, again.arm, again.allocated_at) == (
        subject.place,
        subject.arm,
        subject.allocated_at,
    )
    assert TrialSubject.objects.randomised().count() == 1


def test_places_are_taken_in_order_in_each_stratum(trial):
    drawn = [
        enrolling.allocate(assess(trial, risk_group=group), None)
        for group in ("highest", "other", "highest", "other", "other")
    ]
    assert [subject.place.number for subject in drawn] == [1, 1, 2, 2, 3]


def test_a_stratum_that_runs_out_loses_nothing(trial):
    left = enrolling.places_left(trial)
    for _ in range(left["0751", "highest"]):
        enrolling.allocate(assess(trial), None)
    one_more = assess(trial)
    with pytest.raises(TrialRefused, match="no_place_left") as refused:
        enrolling.allocate(one_more, None)
    assert "Aarhus" in refused.value.sentence
    one_more.refresh_from_db()
    assert not one_more.is_randomised
    assert enrolling.places_left(trial)["0751", "highest"] == 0
    assert enrolling.allocate(assess(trial, risk_group="other"), None).is_randomised


def test_nobody_is_drawn_from_a_closed_trial(trial):
    ready = assess(trial)
    closing.close(trial, None)
    with pytest.raises(TrialRefused, match="closed"):
        enrolling.allocate(ready, None)
    with pytest.raises(TrialRefused, match="closed"):
        assess(trial)


# --- What the database refuses -------------------------------------------------------------

OTHER = {
    "municipality_id": ELSEWHERE,
    "risk_group": "other",
    "assessed_on": in_days(-400),
    "eligibility": Eligibility.DECLINED,
    "not_eligible_reason": "safety",
    "consent_form": "oral",
    "consent_on": in_days(-400),
    "age_group": "from_30",
    "priors": "few",
    "release_kind": "other",
    "expected_release": in_days(9),
    "place_id": None,
    "arm_id": None,
    "allocated_at": timezone.now() - timedelta(days=3),
}


@pytest.mark.parametrize("column", DRAWN)
def test_nothing_of_a_draw_is_changed(column):
    subject = TrialSubjectFactory(has_mentors=True)
    with guarded("trial_subject_stays_as_drawn"):
        changing(subject, **{column: OTHER[column]})()


def test_no_draw_is_undone_or_moved_to_another_arm():
    subject = TrialSubjectFactory(has_mentors=False)
    with guarded("trial_subject_stays_as_drawn"):
        changing(subject, place=None, arm=None, allocated_at=None)()
    with guarded("trial_subject_stays_as_drawn"):
        changing(subject, arm=subject.trial.arms.get(has_mentors=True))()
    with guarded("trial_subject_keeps_its_number"):
        changing(subject, number=99)()


@pytest.mark.parametrize("column", DECIDED)
def test_nothing_that_was_decided_at_the_start_is_changed(column):
    trial = TrialFactory()
    other = {
        "block_sizes": [2, 4],
        "length": 9,
        "horizon_days": 365,
        "is_demonstration": True,
        "created_at": timezone.now(),
    }
    with guarded("trial_stays_as_decided"):
        changing(trial, **{column: other.get(column, "x")})()


def test_neither_arms_nor_strata_nor_places_are_changed():
    place = TrialPlaceFactory()
    with guarded("trial_place_stays_as_sealed"):
        changing(place, sealed_arm="another")()
    with guarded("stratum_stays_as_decided"):
        changing(place.stratum, risk_group="other")()
    with guarded("trial_arm_stays_as_decided"):
        changing(place.stratum.trial.arms.first(), weight=3)()


def test_a_closed_trial_is_not_opened_again(trial):
    closed = closing.close(trial, None)
    with guarded("trial_is_closed_once"):
        changing(closed, closed_on=None, opened_order="")()
    with guarded("trial_is_closed_once"):
        changing(closed, opened_order="another")()


def test_no_place_is_passed_over_or_taken_from_another_stratum():
    stratum = StratumFactory()
    first, second = (TrialPlaceFactory(stratum=stratum) for _ in range(2))
    elsewhere = TrialPlaceFactory(stratum=StratumFactory(trial=stratum.trial, risk_group="other"))
    subject = TrialSubjectFactory(trial=stratum.trial)
    arm = stratum.trial.arms.get(number=1)
    for place, of in ((second, arm), (elsewhere, arm), (first, TrialFactory().arms.first())):
        with guarded("trial_draw_takes_next_place"):
            changing(subject, place=place, arm=of, allocated_at=timezone.now())()
    row = TrialSubjectFactory.build(
        trial=stratum.trial,
        municipality=municipality(),
        number=2,
        place=second,
        arm=arm,
        allocated_at=timezone.now(),
    )
    with guarded("trial_subject_comes_to_next_place"):
        row.save()


def test_what_belongs_to_a_trial_is_never_deleted():
    subject = TrialSubjectFactory(has_mentors=True)
    for objects in (TrialSubject.objects, TrialPlace.objects, Trial.objects):
        with pytest.raises(ProtectedError), transaction.atomic():
            objects.all().delete()
    with pytest.raises(ProtectedError), transaction.atomic():
        subject.delete()


@pytest.mark.postgresql
@pytest.mark.parametrize("model", [TrialSubject, TrialPlace])
def test_nor_behind_djangos_back(model):
    TrialSubjectFactory(has_mentors=True)
    rows = model._base_manager.all()
    with guarded("is_kept"):
        rows._raw_delete(rows.db)


# --- Afterwards ----------------------------------------------------------------------------


def test_the_release_of_who_has_no_case_file_is_written_here():
    subject = TrialSubjectFactory(has_mentors=False)
    assert following.note_release(subject, in_days(-1), None).released_on == in_days(-1)
    for code, day in (("in_future", in_days(1)), ("release_before_assessment", in_days(-90))):
        with pytest.raises(TrialRefused, match=code):
            following.note_release(subject, day, None)
    with pytest.raises(TrialRefused, match="not_drawn"):
        following.note_release(TrialSubjectFactory(), in_days(0), None)


def test_a_crossover_takes_what_was_noted_along():
    subject = TrialSubjectFactory(has_mentors=False, followed=True)
    reoffence = ReoffenceFactory(
        follow_up=FollowUpFactory(enrolment=None, subject=subject), offence_on=in_days(-900)
    )
    enrolment = EnrolmentFactory(past_year=True)
    linked = following.link(subject, enrolment, None)
    assert linked.arm.has_mentors is False
    assert FollowUp.objects.get().enrolment == enrolment
    assert has_consent(enrolment, ConsentKind.OFFENCES)
    assert enrolment.follow_up.reoffences.get() == reoffence
    with pytest.raises(TrialRefused, match="has_case_file"):
        following.note_release(subject, in_days(-1), None)
    with pytest.raises(TrialRefused, match="linked_already"):
        following.link(subject, EnrolmentFactory(), None)
    with pytest.raises(TrialRefused, match="linked_to_another"):
        following.link(TrialSubjectFactory(has_mentors=True), enrolment, None)
    assert following.unlink(subject, None).enrolment is None


def test_what_may_not_be_kept_there_keeps_the_link_from_being_made():
    subject = TrialSubjectFactory(has_mentors=False, followed=True)
    FollowUpFactory(enrolment=None, subject=subject)
    enrolment = EnrolmentFactory(past_year=True)
    other = TrialSubjectFactory(has_mentors=True)
    following.link(other, enrolment, None)
    following.unlink(other, None)
    withdraw_consent(enrolment.consents.get(), in_days(0), by=None)
    with pytest.raises(ConsentRefused):
        following.link(subject, enrolment, None)
    assert FollowUp.objects.get().subject == subject
    subject.refresh_from_db()
    assert subject.enrolment is None


def test_taking_the_consent_back_deletes_what_was_noted_and_keeps_the_person_counted():
    subject = TrialSubjectFactory(has_mentors=False, followed=True)
    FollowUpFactory(enrolment=None, subject=subject)
    with pytest.raises(TrialRefused, match="withdrawn_before_given"):
        following.withdraw(subject, subject.consent_on - timedelta(days=1), None)
    following.withdraw(subject, in_days(0), None)
    assert not FollowUp.objects.exists()
    assert TrialSubject.objects.randomised().get().consent_withdrawn_on == in_days(0)
    with pytest.raises(TrialRefused, match="withdrawn_already"):
        following.withdraw(subject, in_days(0), None)
    with pytest.raises(TrialRefused, match="withdrawn"):
        following.note_release(subject, in_days(-1), None)


@pytest.mark.parametrize("where", ["trial", "case_file"])
def test_it_is_taken_back_in_trial_and_case_file_at_once(where):
    subject = TrialSubjectFactory(has_mentors=True, followed=True)
    enrolment = EnrolmentFactory(past_year=True)
    following.link(subject, enrolment, None)
    FollowUpFactory(enrolment=enrolment)
    if where == "trial":
        following.withdraw(subject, in_days(0), None)
    else:
        withdraw_consent(enrolment.consents.get(), in_days(0), by=None)
    subject.refresh_from_db()
    assert subject.consent_withdrawn_on == in_days(0)
    assert not has_consent(enrolment, ConsentKind.OFFENCES)
    assert not FollowUp.objects.exists()
