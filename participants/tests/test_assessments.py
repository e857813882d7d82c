"""Which ratings of needs can be made, which are due, and what saving them leaves alone."""

from datetime import timedelta

import pytest

from participants.assessments import (
    NOT_ASSESSED,
    Answer,
    RatedMeanwhile,
    RatingRefused,
    answers_at,
    due_stages,
    latest_before,
    open_stages,
    save_ratings,
    stages_rated,
)
from participants.models import NeedRating, RatingStage, SupportArea
from participants.need_words import STAGE_TITLES, STEPS, in_words
from participants.phases import add_months
from participants.tests.factories import EnrolmentFactory, NeedRatingFactory, in_days
from primus.accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

START, RELEASE, MONTH_3, MONTH_6, MONTH_12, END = RatingStage
HOUSING, WORK = SupportArea.HOUSING, SupportArea.WORK


def blank() -> dict[SupportArea, Answer]:
    return dict.fromkeys(SupportArea, NOT_ASSESSED)


def released(days_ago: int):
    day = in_days(-days_ago)
    return EnrolmentFactory(
        referred_on=day - timedelta(days=90), expected_release=day, released_on=day
    )


@pytest.mark.parametrize(
    ("days_to_release", "stages"), [(120, [START]), (15, [START]), (14, [START, RELEASE])]
)
def test_the_release_is_rated_from_two_weeks_before_it(days_to_release, stages):
    enrolment = EnrolmentFactory(expected_release=in_days(days_to_release))
    assert open_stages(enrolment) == stages


def test_each_stage_after_the_release_opens_two_weeks_before_its_day():
    enrolment = released(0)
    for months, stage in [(3, MONTH_3), (6, MONTH_6), (12, MONTH_12)]:
        opens = add_months(enrolment.released_on, months) - timedelta(days=14)
        assert stage not in open_stages(enrolment, opens - timedelta(days=1))
        assert open_stages(enrolment, opens)[-1] == stage


def test_a_release_that_is_not_confirmed_opens_nothing_that_follows_it():
    assert open_stages(EnrolmentFactory(expected_release=in_days(-200))) == [START, RELEASE]


def test_a_release_that_came_early_is_rated_at_once():
    enrolment = EnrolmentFactory(expected_release=in_days(60), released_on=in_days(0))
    assert open_stages(enrolment)[-1] == RELEASE


def test_an_ended_enrolment_is_rated_no_more():
    enrolment = EnrolmentFactory(ended=True)
    assert open_stages(enrolment) == []
    assert due_stages(enrolment, set()) == []


def test_only_the_latest_stage_is_due_and_only_until_something_is_said_of_it():
    enrolment = released(100)
    assert [d.stage for d in due_stages(enrolment, {START})] == [MONTH_3]
    assert due_stages(enrolment, {START})[0].due_on == add_months(enrolment.released_on, 3)
    assert due_stages(enrolment, {START, MONTH_3}) == []


def test_the_stages_of_many_are_known_by_one_question(query_budget):
    one, other = EnrolmentFactory(), EnrolmentFactory()
    NeedRatingFactory(enrolment=one, stage=START)
    NeedRatingFactory(enrolment=one, stage=RELEASE, without_need=True)
    with query_budget(1):
        assert stages_rated([one, other]) == {one.pk: {START, RELEASE}, other.pk: set()}


def test_what_was_said_before_is_the_latest_earlier_stage_of_each_area():
    enrolment = released(100)
    NeedRatingFactory(enrolment=enrolment, stage=MONTH_3, rating=5)
    second = NeedRatingFactory(enrolment=enrolment, stage=RELEASE, rating=3)
    NeedRatingFactory(enrolment=enrolment, stage=START, rating=1)
    work = NeedRatingFactory(enrolment=enrolment, stage=START, area=WORK, without_need=True)
    ratings = list(NeedRating.objects.all())
    assert latest_before(ratings, MONTH_3) == {HOUSING: second, WORK: work}
    assert latest_before(ratings, START) == {}


def test_a_part_is_saved_and_the_rest_stays_unassessed():
    enrolment, karen = EnrolmentFactory(), UserFactory()
    said = blank() | {HOUSING: Answer(2), WORK: Answer(no_need=True)}
    assert save_ratings(enrolment, START, said, seen=blank(), by=karen) == [HOUSING, WORK]
    assert answers_at(NeedRating.objects.all(), START) == said
    assert {(r.rated_by, r.rated_on) for r in NeedRating.objects.all()} == {(karen, in_days(0))}


def test_a_change_says_who_and_when_and_leaves_the_other_areas_theirs():
    enrolment, karen, jonas = EnrolmentFactory(), UserFactory(), UserFactory()
    for area in (HOUSING, WORK):
        NeedRatingFactory(enrolment=enrolment, area=area, rated_on=in_days(-9), rated_by=jonas)
    seen = blank() | {HOUSING: Answer(2), WORK: Answer(2)}
    changed = save_ratings(enrolment, START, seen | {HOUSING: Answer(4)}, seen=seen, by=karen)
    assert changed == [HOUSING]
    housing, work = (NeedRating.objects.get(area=area) for area in (HOUSING, WORK))
    assert (housing.rating, housing.rated_by, housing.rated_on) == (4, karen, in_days(0))
    assert (work.rating, work.rated_by, work.rated_on) == (2, jonas, in_days(-9))


def test_taking_back_leaves_no_row():
    enrolment = EnrolmentFactory()
    NeedRatingFactory(enrolment=enrolment)
    seen = blank() | {HOUSING: Answer(2)}
    save_ratings(enrolment, START, blank(), seen=seen, by=UserFactory())
    assert not NeedRating.objects.exists()


def test_what_somebody_else_said_of_another_area_meanwhile_stays():
    enrolment = EnrolmentFactory()
    NeedRatingFactory(enrolment=enrolment, area=WORK, rating=5)
    mine = blank() | {HOUSING: Answer(1)}
    assert save_ratings(enrolment, START, mine, seen=blank(), by=UserFactory()) == [HOUSING]
    assert NeedRating.objects.get(area=WORK).rating == 5


def test_what_somebody_else_said_of_the_same_area_meanwhile_is_not_overwritten():
    enrolment = EnrolmentFactory()
    theirs = NeedRatingFactory(enrolment=enrolment, rating=5)
    mine = blank() | {HOUSING: Answer(1), WORK: Answer(2)}
    with pytest.raises(RatedMeanwhile) as told:
        save_ratings(enrolment, START, mine, seen=blank(), by=UserFactory())
    assert [(d.area, d.theirs, d.row) for d in told.value.differing] == [
        (HOUSING, Answer(5), theirs)
    ]
    assert told.value.answers == blank() | {HOUSING: Answer(5)}
    assert list(NeedRating.objects.all()) == [theirs], "nothing was saved"


def test_the_same_from_both_is_no_quarrel():
    enrolment = EnrolmentFactory()
    NeedRatingFactory(enrolment=enrolment, rating=3)
    mine = blank() | {HOUSING: Answer(3)}
    assert save_ratings(enrolment, START, mine, seen=blank(), by=UserFactory()) == []


@pytest.mark.parametrize(
    ("state", "stage", "code"),
    [({"ended": True}, START, "ended"), ({"upcoming": True}, RELEASE, "too_early")],
)
def test_a_stage_that_cannot_be_rated_is_refused_by_the_verb_itself(state, stage, code):
    enrolment = EnrolmentFactory(**state)
    with pytest.raises(RatingRefused) as refused:
        save_ratings(enrolment, stage, blank(), seen=blank(), by=UserFactory())
    assert refused.value.code == code


def test_every_step_of_every_area_has_words_of_its_own():
    words = [str(step) for area in SupportArea for step in STEPS[area]]
    assert [len(STEPS[area]) for area in SupportArea] == [5] * len(SupportArea)
    assert len(set(words)) == len(words)
    assert all(words)
    assert set(STAGE_TITLES) == set(RatingStage)
    kinds = {in_words(HOUSING, answer) for answer in (NOT_ASSESSED, Answer(no_need=True))}
    assert len(kinds) == 2
    assert not kinds & set(words)
