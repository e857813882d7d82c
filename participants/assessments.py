"""When needs are rated, which ratings are due, and saving them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    Field,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.milestones import Milestone, latest_release_day
from participants.models import TIMED_STAGES, Enrolment, NeedRating, RatingStage, SupportArea
from primus.refusals import Refused

# A rating belongs to a meeting, and meetings are not held on the very day.
OPENS_DAYS_BEFORE = 14

_MILESTONES = {
    RatingStage.RELEASE: Milestone.RELEASE,
    RatingStage.MONTH_3: Milestone.MONTH_3,
    RatingStage.MONTH_6: Milestone.MONTH_6,
    RatingStage.MONTH_12: Milestone.MONTH_12,
}
# What is counted from the release is rated once the release is a fact.
_AFTER_RELEASE = {RatingStage.MONTH_3, RatingStage.MONTH_6, RatingStage.MONTH_12}


class RatingRefused(Refused):
    """The ratings cannot be saved. ``code`` says why."""

    SENTENCES = {
        "ended": _("This enrolment has ended, so its ratings no longer change."),
        "too_early": _("It is too early for these ratings."),
    }


@dataclass(frozen=True)
class DueStage:
    """A stage that is to be rated now, and the day it is about."""

    stage: RatingStage
    due_on: date


@dataclass(frozen=True)
class Answer:
    """What is said of one area at one stage: a rating, *no need*, or (neither) *not assessed*."""

    rating: int | None = None
    no_need: bool = False


NOT_ASSESSED = Answer()


@dataclass(frozen=True)
class Differs:
    """An area that somebody else has answered otherwise since the form was opened."""

    area: SupportArea
    theirs: Answer
    row: NeedRating | None


class RatedMeanwhile(Exception):
    """Somebody else has answered otherwise meanwhile; nothing was saved.

    ``differing`` lists the areas both answered, ``answers`` is what holds of every area now.
    """

    def __init__(self, differing: list[Differs], answers: dict[SupportArea, Answer]):
        super().__init__()
        self.differing = differing
        self.answers = answers


def stage_day(enrolment: Enrolment, stage: RatingStage) -> date:
    """The day a timed stage is about: the referral, the release, or so many months after it."""
    if stage == RatingStage.START:
        return enrolment.referred_on
    return enrolment.milestone(_MILESTONES[stage])


def opens_on(enrolment: Enrolment, stage: RatingStage) -> date:
    """The first day on which a timed stage can be rated, as the dates are now."""
    if stage == RatingStage.START:
        return enrolment.referred_on
    day = stage_day(enrolment, stage) - timedelta(days=OPENS_DAYS_BEFORE)
    return max(day, enrolment.referred_on)


def open_stages(enrolment: Enrolment, today: date | None = None) -> list[RatingStage]:
    """The timed stages that can be rated today. What has passed stays open: it is rated late."""
    today = today or timezone.localdate()
    if enrolment.ended_on is not None and enrolment.ended_on <= today:
        return []
    return [
        stage
        for stage in TIMED_STAGES
        if (stage not in _AFTER_RELEASE or enrolment.released_on is not None)
        and opens_on(enrolment, stage) <= today
    ]


def check_open(enrolment: Enrolment, stage: RatingStage) -> None:
    """Raise RatingRefused for a stage that cannot be rated today."""
    if not enrolment.is_current:
        raise RatingRefused("ended")
    if stage not in open_stages(enrolment):
        raise RatingRefused("too_early")


def due_stages(
    enrolment: Enrolment, rated: Collection[str], today: date | None = None
) -> list[DueStage]:
    """The stage that is to be rated now, if nothing has been; none or one, in a list.

    `rated` are the stages with at least one answer (see `stages_rated`). Only the latest open
    stage is asked for: what was missed before it can still be rated, and is no task any longer,
    since nobody remembers it as it was.
    """
    latest = open_stages(enrolment, today)[-1:]
    return [DueStage(s, stage_day(enrolment, s)) for s in latest if s not in rated]


# About how long after the day it is counted from each stage is due; for an order alone.
_ABOUT_DAYS = {RatingStage.MONTH_3: 91, RatingStage.MONTH_6: 182, RatingStage.MONTH_12: 365}


def with_stage_due(enrolments: QuerySet[Enrolment], today: date | None = None):
    """Those with a stage that is to be rated now: as `due_stages`, in SQL.

    Annotates ``stage_due`` and, to order by, ``due_about``: within a few days of when it is due.
    """
    today = today or timezone.localdate()
    begins = today + timedelta(days=OPENS_DAYS_BEFORE)
    release = Coalesce("released_on", "expected_release")

    def reached(stage: RatingStage) -> Q:
        if stage == RatingStage.START:
            return Q()
        last = latest_release_day(_MILESTONES[stage], begins)
        if stage in _AFTER_RELEASE:
            return Q(released_on__lte=last)
        return Q(released_on__lte=last) | Q(released_on=None, expected_release__lte=last)

    def latest(say: Callable[[RatingStage], Expression], output_field: Field) -> Case:
        *later, start = reversed(TIMED_STAGES)
        whens = [When(reached(stage), then=say(stage)) for stage in later]
        return Case(*whens, default=say(start), output_field=output_field)

    def about(stage: RatingStage) -> Expression:
        day = F("referred_on") if stage == RatingStage.START else release
        span = timedelta(days=_ABOUT_DAYS.get(stage, 0))
        return ExpressionWrapper(day + span, DateTimeField())

    said = NeedRating.objects.filter(enrolment=OuterRef("pk"), stage=OuterRef("stage_due"))
    return (
        enrolments.filter(Q(ended_on=None) | Q(ended_on__gt=today), referred_on__lte=today)
        .annotate(stage_due=latest(Value, CharField()), due_about=latest(about, DateTimeField()))
        .filter(~Exists(said))
    )


def stages_rated(enrolments: Iterable[Enrolment]) -> dict[int, set[str]]:
    """By the enrolment's key: the stages of which anything has been said. One query."""
    rated: dict[int, set[str]] = {enrolment.pk: set() for enrolment in enrolments}
    rows = NeedRating.objects.filter(enrolment__in=list(rated)).order_by()
    for key, stage in rows.values_list("enrolment", "stage").distinct():
        rated[key].add(stage)
    return rated


def answers_at(ratings: Iterable[NeedRating], stage: RatingStage) -> dict[SupportArea, Answer]:
    """What is said of every area at a stage; what has no row is not assessed."""
    said = {r.area: Answer(r.rating, r.no_need) for r in ratings if r.stage == stage}
    return {area: said.get(area, NOT_ASSESSED) for area in SupportArea}


def latest_before(
    ratings: Iterable[NeedRating], stage: RatingStage
) -> dict[SupportArea, NeedRating]:
    """Of each area, what was said last at the stages before this one."""
    order = RatingStage.values
    earlier = [r for r in ratings if order.index(r.stage) < order.index(stage)]
    return {SupportArea(r.area): r for r in sorted(earlier, key=lambda r: order.index(r.stage))}


@transaction.atomic
def save_ratings(
    enrolment: Enrolment,
    stage: RatingStage,
    answers: Mapping[SupportArea, Answer],
    *,
    seen: Mapping[SupportArea, Answer],
    by,
) -> list[SupportArea]:
    """Save what is said of the areas at one stage; gives the areas that changed.

    `seen` is what the form showed when it was opened: only what differs from it was chosen, so
    what somebody else has said of the other areas meanwhile stays. Raises RatedMeanwhile when
    somebody else has changed the same area to something else, RatingRefused when the stage cannot
    be rated; then nothing is saved.
    """
    row = Enrolment.objects.locked(enrolment.pk)
    check_open(row, stage)
    rows = {
        r.area: r
        for r in NeedRating.objects.filter(enrolment=row, stage=stage).select_related("rated_by")
    }
    now = answers_at(rows.values(), stage)
    chosen = {area: a for area, a in answers.items() if a != seen[area] and a != now[area]}
    differing = [
        Differs(area, now[area], rows.get(area)) for area in chosen if now[area] != seen[area]
    ]
    if differing:
        raise RatedMeanwhile(differing, now)
    gone = [area for area, answer in chosen.items() if answer == NOT_ASSESSED]
    NeedRating.objects.filter(enrolment=row, stage=stage, area__in=gone).delete()
    NeedRating.objects.bulk_create(
        [
            NeedRating(
                enrolment=row,
                area=area,
                stage=stage,
                rating=answer.rating,
                no_need=answer.no_need,
                rated_on=timezone.localdate(),
                rated_by=by,
            )
            for area, answer in chosen.items()
            if answer != NOT_ASSESSED
        ],
        update_conflicts=True,
        unique_fields=["enrolment", "area", "stage"],
        update_fields=["rating", "no_need", "rated_on", "rated_by"],
    )
    return list(chosen)


# What was said so short a time before the end is offered as what holds at the end.
STILL_HOLDS_DAYS = 30


def suggested_at_end(ratings: Iterable[NeedRating], ended_on: date) -> dict[SupportArea, Answer]:
    """What the form for the end begins with: what was said of an end before (an ending that was
    taken back), else what was said after twelve months if that is not long ago."""
    recent = [r for r in ratings if abs((ended_on - r.rated_on).days) <= STILL_HOLDS_DAYS]
    year, end = answers_at(recent, RatingStage.MONTH_12), answers_at(recent, RatingStage.END)
    return {area: end[area] if end[area] != NOT_ASSESSED else year[area] for area in SupportArea}


def save_end_ratings(
    enrolment: Enrolment, answers: Mapping[SupportArea, Answer], ended_on: date, by
) -> None:
    """Write how the areas stood when the enrolment ended, in the place of what was written before.

    Call it in the transaction that ends the enrolment. What is not assessed has no row.
    """
    NeedRating.objects.filter(enrolment=enrolment, stage=RatingStage.END).delete()
    NeedRating.objects.bulk_create(
        NeedRating(
            enrolment=enrolment,
            area=area,
            stage=RatingStage.END,
            rating=answer.rating,
            no_need=answer.no_need,
            rated_on=ended_on,
            rated_by=by,
        )
        for area, answer in answers.items()
        if answer != NOT_ASSESSED
    )
