"""Participants and their enrolments for tests, always relative to today.

Municipalities and institutions are those the data migration loads.
"""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from participants.models import (
    ChangeKind,
    ChecklistItem,
    ChecklistPoint,
    Consent,
    ConsentKind,
    Coordinator,
    CoordinatorNote,
    Ending,
    EndReason,
    Enrolment,
    EnrolmentChange,
    Gender,
    Goal,
    GoalChange,
    GoalChangeKind,
    GoalState,
    Institution,
    MoveReason,
    Municipality,
    NeedRating,
    Participant,
    RatingStage,
    ReleaseDateMove,
    ReleaseKind,
    SupportArea,
)
from primus.accounts.models import Role
from primus.accounts.tests.factories import UserFactory

HOME = "0751"  # Aarhus
ELSEWHERE = "0461"  # Odense


def municipality(code: str = HOME) -> Municipality:
    return Municipality.objects.get(pk=code)


def in_days(days: int) -> date:
    """The date so many days from today; negative for the past."""
    return timezone.localdate() + timedelta(days=days)


def _day(days: int):
    return factory.LazyFunction(lambda: in_days(days))


class CoordinatorFactory(DjangoModelFactory):
    """A coordinator of Aarhus, or of ``municipalities=[…]`` (codes or objects)."""

    class Meta:
        model = Coordinator
        skip_postgeneration_save = True

    user = factory.SubFactory(UserFactory, role=Role.COORDINATOR)

    @factory.post_generation
    def municipalities(self, create, extracted, **kwargs):
        if create:
            self.municipalities.set([HOME] if extracted is None else extracted)


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    first_name = factory.Sequence(lambda n: f"Deltagine{n}")
    last_name = factory.Sequence(lambda n: f"Opdigtsen{n}")
    birth_date = date(1990, 5, 17)
    gender = Gender.MALE
    phone = "87 65 43 21"
    postcode = "8000"


class EnrolmentFactory(DjangoModelFactory):
    """An enrolment 30 days before its expected release, or in the state of one of the traits."""

    class Meta:
        model = Enrolment

    class Params:
        upcoming = factory.Trait(expected_release=_day(120))
        pre_release = factory.Trait(expected_release=_day(30))
        gate_week = factory.Trait(expected_release=_day(7))
        unconfirmed = factory.Trait(expected_release=_day(-5))
        post_release = factory.Trait(
            referred_on=_day(-200), expected_release=_day(-100), released_on=_day(-100)
        )
        # The twelve months are over, and nobody has ended the enrolment.
        past_year = factory.Trait(
            referred_on=_day(-500), expected_release=_day(-400), released_on=_day(-400)
        )
        ended = factory.Trait(
            referred_on=_day(-600),
            expected_release=_day(-500),
            released_on=_day(-500),
            ended_on=_day(-135),
            end_reason=EndReason.COMPLETED,
        )
        # Ended before any release.
        withdrawn = factory.Trait(
            referred_on=_day(-60), ended_on=_day(-10), end_reason=EndReason.WITHDREW
        )

    participant = factory.SubFactory(ParticipantFactory)
    municipality = factory.LazyFunction(municipality)
    institution = factory.LazyFunction(lambda: Institution.objects.earliest("name"))
    referred_on = _day(-60)
    expected_release = _day(30)
    release_kind = ReleaseKind.PAROLE


class ReleaseDateMoveFactory(DjangoModelFactory):
    class Meta:
        model = ReleaseDateMove

    enrolment = factory.SubFactory(EnrolmentFactory)
    old_date = factory.LazyAttribute(lambda o: o.new_date - timedelta(days=14))
    new_date = factory.LazyAttribute(lambda o: o.enrolment.expected_release)
    reason = MoveReason.RECALCULATED


class EnrolmentChangeFactory(DjangoModelFactory):
    class Meta:
        model = EnrolmentChange

    enrolment = factory.SubFactory(EnrolmentFactory)
    kind = ChangeKind.INSTITUTION
    before = "Enner Mark Fængsel"
    after = "Storstrøm Fængsel"


class EndingFactory(DjangoModelFactory):
    class Meta:
        model = Ending

    enrolment = factory.SubFactory(EnrolmentFactory, ended=True)
    ended_on = factory.LazyAttribute(lambda o: o.enrolment.ended_on)
    reason = EndReason.COMPLETED
    closing_note = "Han har bolig og arbejde."


class CoordinatorNoteFactory(DjangoModelFactory):
    class Meta:
        model = CoordinatorNote

    enrolment = factory.SubFactory(EnrolmentFactory)
    text = "Ringede til institutionen om datoen."


class NeedRatingFactory(DjangoModelFactory):
    class Meta:
        model = NeedRating

    class Params:
        without_need = factory.Trait(no_need=True, rating=None)

    enrolment = factory.SubFactory(EnrolmentFactory)
    area = SupportArea.HOUSING
    stage = RatingStage.START
    rating = 2


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    class Params:
        reached = factory.Trait(state=GoalState.REACHED, closed_on=_day(-1))
        dropped = factory.Trait(
            state=GoalState.DROPPED, closed_on=_day(-1), drop_reason="Han vil noget andet nu."
        )

    enrolment = factory.SubFactory(EnrolmentFactory)
    area = SupportArea.HOUSING
    title = "Skrevet op til en bolig"
    agreed_on = _day(-20)
    due_on = _day(10)


class GoalChangeFactory(DjangoModelFactory):
    class Meta:
        model = GoalChange

    goal = factory.SubFactory(GoalFactory)
    kind = GoalChangeKind.AGREED


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    class Params:
        withdrawn = factory.Trait(withdrawn_on=_day(-1))

    enrolment = factory.SubFactory(EnrolmentFactory)
    kind = ConsentKind.PARTICIPATION
    given_on = _day(-30)


class ChecklistItemFactory(DjangoModelFactory):
    class Meta:
        model = ChecklistItem

    class Params:
        done = factory.Trait(done_on=_day(-1))

    enrolment = factory.SubFactory(EnrolmentFactory, gate_week=True)
    point = factory.LazyFunction(lambda: ChecklistPoint.objects.earliest("position"))
