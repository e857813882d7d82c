"""A concern that nobody has answered in time goes on: to the deputy, then to staff on duty.

Who is told gets an e-mail that says that a concern waits, and nothing of what it says. Staff see
where it waits and whom to call, and never the concern itself.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.letters import write_letters
from mentoring.models import Concern, LetterOccasion, StaffDuty, Urgency
from participants.coordinators import coordinators_of
from participants.models import Municipality
from primus.accounts.models import Role, User
from primus.refusals import Refused

# Danger to life is to be answered at once: it does not wait for its deadline.
LIFE_WAITS = timedelta(minutes=15)
# How long the deputy has before staff are told.
DEPUTY_HAS = {
    Urgency.LIFE: timedelta(minutes=15),
    Urgency.URGENT: timedelta(hours=1),
    Urgency.SOON: timedelta(hours=4),
}
LONGEST_DUTY = timedelta(days=366)


class DutyRefused(Refused):
    """The duty cannot be. ``code`` says why."""

    SENTENCES = {
        "before_start": _("The last day cannot be before the first."),
        "too_long": _("A duty lasts a year at most. Check the days."),
        "over": _("That time has passed. Choose days from today on."),
    }


@dataclass
class Escalated:
    """How many concerns went on, and to whom."""

    to_deputy: int = 0
    to_staff: int = 0


def deputy_of(municipality: Municipality) -> User | None:
    """The deputy who can still sign in and coordinates there; else nobody."""
    if municipality.deputy_id is None:
        return None
    here = coordinators_of([municipality.pk])
    return here.filter(coordinator=municipality.deputy_id).first()


def on_duty(day: date | None = None) -> list[User]:
    """Staff on duty on the day (today); where nobody is, all staff, because somebody must hear."""
    day = day or timezone.localdate()
    staff = User.objects.active().filter(role=Role.STAFF)
    rota = staff.filter(duties__on_duty_from__lte=day, duties__on_duty_until__gte=day).distinct()
    return list(rota) or list(staff)


def overdue(now: datetime | None = None) -> QuerySet[Concern]:
    """The concerns that wait and should have been answered by now."""
    now = now or timezone.now()
    return Concern.objects.waiting().filter(
        Q(acknowledge_by__lte=now) | Q(urgency=Urgency.LIFE, raised_at__lte=now - LIFE_WAITS)
    )


def escalate() -> Escalated:
    """Send on every concern that has waited too long, each step of each concern exactly once."""
    now = timezone.now()
    result = Escalated()
    late = overdue(now).filter(staff_told_at=None).select_related("enrolment__municipality")
    for concern in late.order_by("acknowledge_by", "pk"):
        if concern.deputy_told_at is None:
            deputy = deputy_of(concern.enrolment.municipality)
            if deputy is not None:
                result.to_deputy += _tell(
                    concern, "deputy_told_at", [deputy], LetterOccasion.DEPUTY, now
                )
                continue
        elif now < concern.deputy_told_at + DEPUTY_HAS[Urgency(concern.urgency)]:
            continue
        result.to_staff += _tell(concern, "staff_told_at", on_duty(), LetterOccasion.STAFF, now)
    return result


def _tell(
    concern: Concern, step: str, recipients: list[User], occasion: LetterOccasion, now: datetime
) -> int:
    """Take one step and write its letters together; 0 when another process or an answer was
    quicker."""
    with transaction.atomic():
        still = Concern.objects.waiting().filter(pk=concern.pk, **{step: None})
        if not still.update(**{step: now}):
            return 0
        write_letters(concern, recipients, occasion)
    return 1


@dataclass(frozen=True)
class Waiting:
    """What staff are told of a concern that waits: where, since when, and whom to call."""

    municipality: Municipality
    urgency: Urgency
    raised_at: datetime
    acknowledge_by: datetime
    deputy_told_at: datetime | None
    coordinators: list[User]
    deputy: User | None


def waiting_for_staff() -> list[Waiting]:
    """The concerns that went on to staff and still wait, danger to life first."""
    concerns = (
        Concern.objects.waiting()
        .filter(staff_told_at__isnull=False)
        .most_urgent_first()
        .select_related("enrolment__municipality")
        .only(
            "urgency",
            "raised_at",
            "acknowledge_by",
            "deputy_told_at",
            "enrolment__municipality",
        )
    )
    rows = list(concerns)
    here: dict[str, list[User]] = {}
    deputies: dict[str, User] = {}
    codes = {concern.enrolment.municipality_id for concern in rows}
    for user in coordinators_of(codes).prefetch_related(
        "coordinator__municipalities", "coordinator__deputy_in"
    ):
        own = {place.pk for place in user.coordinator.municipalities.all()}
        for code in own:
            here.setdefault(code, []).append(user)
        # As `deputy_of` says it: who no longer coordinates there is not the deputy.
        deputies |= {p.pk: user for p in user.coordinator.deputy_in.all() if p.pk in own}
    return [
        Waiting(
            municipality=concern.enrolment.municipality,
            urgency=Urgency(concern.urgency),
            raised_at=concern.raised_at,
            acknowledge_by=concern.acknowledge_by,
            deputy_told_at=concern.deputy_told_at,
            coordinators=here.get(concern.enrolment.municipality_id, []),
            deputy=deputies.get(concern.enrolment.municipality_id),
        )
        for concern in rows
    ]


def put_on_duty(user: User, first: date, last: date) -> StaffDuty:
    """Say that somebody is on duty from a day to a day, both included. Raises DutyRefused."""
    if last < first:
        raise DutyRefused("before_start")
    if last < timezone.localdate():
        raise DutyRefused("over")
    if last - first > LONGEST_DUTY:
        raise DutyRefused("too_long")
    return StaffDuty.objects.create(user=user, on_duty_from=first, on_duty_until=last)
