"""Every rule of the participants' tables, broken on purpose and refused by the database."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participants.models import (
    ChecklistItem,
    ChecklistPoint,
    Consent,
    EndReason,
    Goal,
    GoalState,
    Institution,
    NeedRating,
    ReleaseDateMove,
)
from participants.tests.factories import (
    ChecklistItemFactory,
    ConsentFactory,
    CoordinatorNoteFactory,
    EndingFactory,
    EnrolmentChangeFactory,
    EnrolmentFactory,
    GoalChangeFactory,
    GoalFactory,
    NeedRatingFactory,
    ParticipantFactory,
    ReleaseDateMoveFactory,
    in_days,
)
from primus.accounts.tests.factories import UserFactory
from primus.testing.constraints import Breaches, adding, changing, refused

pytestmark = pytest.mark.django_db

breaks = Breaches("participants")


@breaks("institution_kind_is_known")
def _():
    return lambda: Institution.objects.create(name="Et sted", kind="hotel")


@breaks("participant_gender_is_known")
def _():
    return adding(ParticipantFactory.build(gender="x"))


@breaks("enrolment_one_current_per_participant")
def _():
    first = EnrolmentFactory()
    return adding(
        EnrolmentFactory.build(
            participant=first.participant,
            municipality=first.municipality,
            institution=first.institution,
        )
    )


@breaks("enrolment_end_not_before_referral")
def _():
    enrolment = EnrolmentFactory()
    return changing(
        enrolment,
        ended_on=enrolment.referred_on - timedelta(days=1),
        end_reason=EndReason.WITHDREW,
    )


@breaks("enrolment_end_not_before_release")
def _():
    enrolment = EnrolmentFactory(post_release=True)
    return changing(
        enrolment,
        ended_on=enrolment.released_on - timedelta(days=1),
        end_reason=EndReason.WITHDREW,
    )


@breaks("enrolment_end_has_reason")
def _():
    return changing(EnrolmentFactory(), ended_on=in_days(0))


@breaks("enrolment_release_kind_is_known")
def _():
    return changing(EnrolmentFactory(), release_kind="escape")


@breaks("enrolment_end_detail_fits_reason")
def _():
    return changing(EnrolmentFactory(ended=True), end_detail="no_wish")


@breaks("enrolment_source_is_known")
def _():
    return changing(EnrolmentFactory(), source="a dream")


@breaks("enrolment_trade_is_known")
def _():
    return changing(EnrolmentFactory(), trade="alchemy")


@breaks("enrolment_change_kind_is_known")
def _():
    return changing(EnrolmentChangeFactory(), kind="forgotten")


@breaks("ending_one_in_force_per_enrolment")
def _():
    first = EndingFactory()
    return adding(EndingFactory.build(enrolment=first.enrolment))


@breaks("ending_reason_is_known")
def _():
    return changing(EndingFactory(), reason="rain")


@breaks("ending_reopened_by_needs_time")
def _():
    return changing(EndingFactory(), reopened_by=UserFactory())


@breaks("coordinator_note_says_something")
def _():
    return changing(CoordinatorNoteFactory(), text="")


@breaks("release_date_move_moves")
def _():
    move = ReleaseDateMoveFactory()
    return changing(move, new_date=move.old_date)


@breaks("release_date_move_reason_is_known")
def _():
    return changing(ReleaseDateMoveFactory(), reason="weather")


@breaks("need_rating_once_per_stage")
def _():
    first = NeedRatingFactory()
    return lambda: NeedRating.objects.create(
        enrolment=first.enrolment, area=first.area, stage=first.stage, rating=5
    )


@breaks("need_rating_from_1_to_5")
def _():
    return changing(NeedRatingFactory(), rating=6)


@breaks("need_rating_area_is_known")
def _():
    return changing(NeedRatingFactory(), area="luck")


@breaks("need_rating_stage_is_known")
def _():
    return changing(NeedRatingFactory(), stage="later")


@breaks("goal_closed_has_date")
def _():
    return changing(GoalFactory(), state=GoalState.REACHED)


@breaks("goal_area_is_known")
def _():
    return lambda: Goal.objects.create(enrolment=EnrolmentFactory(), area="luck", title="Lykke")


@breaks("goal_dropped_has_reason")
def _():
    return changing(GoalFactory(dropped=True), drop_reason="")


@breaks("goal_change_kind_is_known")
def _():
    return changing(GoalChangeFactory(), kind="forgotten")


@breaks("consent_one_current_per_kind")
def _():
    first = ConsentFactory()
    return lambda: Consent.objects.create(
        enrolment=first.enrolment, kind=first.kind, given_on=in_days(0)
    )


@breaks("consent_withdrawn_not_before_given")
def _():
    consent = ConsentFactory()
    return changing(consent, withdrawn_on=consent.given_on - timedelta(days=1))


@breaks("consent_withdrawal_recorded_needs_day")
def _():
    return changing(ConsentFactory(), withdrawal_recorded_at=timezone.now())


@breaks("consent_kind_is_known")
def _():
    return changing(ConsentFactory(), kind="everything")


@breaks("checklist_item_once_per_point")
def _():
    first = ChecklistItemFactory()
    return lambda: ChecklistItem.objects.create(enrolment=first.enrolment, point=first.point)


@breaks("checklist_point_applies_is_known")
def _():
    return changing(ChecklistPoint.objects.earliest("position"), applies="at_full_moon")


@breaks("checklist_item_taken_by_needs_date")
def _():
    return changing(ChecklistItemFactory(), taken_by=UserFactory())


@breaks("checklist_item_done_by_needs_date")
def _():
    return changing(ChecklistItemFactory(), done_by=UserFactory())


@breaks.parametrize()
def test_the_database_refuses(name):
    breaks.check(name)


def test_every_constraint_is_broken_on_purpose():
    breaks.check_complete()


# --- What the rules must not forbid -----------------------------------------------------


def test_a_person_who_returns_gets_a_new_enrolment_beside_the_old():
    old = EnrolmentFactory(ended=True)
    new = EnrolmentFactory(participant=old.participant)
    assert list(old.participant.enrolments.current()) == [new]
    old.refresh_from_db()
    assert old.ended_on


def test_an_enrolment_may_end_on_the_day_of_referral_or_release():
    enrolment = EnrolmentFactory(post_release=True)
    changing(enrolment, ended_on=enrolment.released_on, end_reason=EndReason.DIED)()
    early = EnrolmentFactory()
    changing(early, ended_on=early.referred_on, end_reason=EndReason.NO_MENTOR)()


@pytest.mark.parametrize(
    ("rating", "no_need", "allowed"),
    [(None, True, True), (None, False, False), (3, True, False), (0, False, False)]
    + [(rating, False, True) for rating in range(1, 6)],
)
def test_a_rating_is_1_to_5_or_no_need(rating, no_need, allowed):
    need = NeedRatingFactory()
    change = changing(need, rating=rating, no_need=no_need)
    if allowed:
        assert change() == 1
    else:
        with refused("need_rating_from_1_to_5"):
            change()


def test_consent_may_be_given_again_once_withdrawn():
    first = ConsentFactory(withdrawn=True)
    ConsentFactory(enrolment=first.enrolment, kind=first.kind)
    assert first.enrolment.consents.count() == 2


def test_moves_of_the_release_date_are_kept_one_beside_the_other():
    enrolment = EnrolmentFactory()
    ReleaseDateMoveFactory.create_batch(2, enrolment=enrolment)
    assert ReleaseDateMove.objects.filter(enrolment=enrolment).count() == 2
