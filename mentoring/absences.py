"""That a mentor is away for a while, and what the other should know meanwhile."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models import Absence, Handover, Mentor, Seat
from participants.models import Enrolment
from primus.accounts.models import User
from primus.refusals import Refused

# Who is away for longer is better on leave, which a coordinator sees to.
LONGEST_DAYS = 120
# From so many days before it begins an absence is for today.
NEAR_DAYS = 14


class AbsenceRefused(Refused):
    """The days cannot be. ``code`` says why."""

    SENTENCES = {
        "order": _("The last day cannot be before the first."),
        "past": _("Choose today or a day to come."),
        "overlap": _("You have already said that you are away on some of these days."),
        "too_long": _(
            "For more than four months, talk with your coordinator about a leave instead."
        ),
    }


@dataclass(frozen=True)
class Away:
    """One mentor's absence as it stands on an enrolment: both days included, and the handover
    written for this participant, if any."""

    pk: int
    mentor: Mentor
    away_from: date
    away_until: date
    text: str

    @property
    def user(self) -> User:
        return self.mentor.user

    def is_on(self, day: date) -> bool:
        return self.away_from <= day <= self.away_until

    @property
    def is_now(self) -> bool:
        return self.is_on(timezone.localdate())

    @property
    def is_near(self) -> bool:
        """Whether it has begun, or does so soon."""
        return self.away_from <= timezone.localdate() + timedelta(days=NEAR_DAYS)


def attach_absences(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``absences``: of those who hold its seats today, those that are not over, the
    first first. One query; needs ``attach_seats``.
    """
    enrolments = list(enrolments)
    numbers = [enrolment.pk for enrolment in enrolments]
    seats = Seat.objects.held().filter(pair__enrolment__in=numbers)
    # Only the texts on these enrolments: the reader may see no others.
    here = FilteredRelation("handovers", condition=Q(handovers__enrolment__in=numbers))
    rows = (
        Absence.objects.not_over()
        .filter(mentor__in=seats.values("mentor"))
        .annotate(here=here)
        .order_by("away_from", "pk")
    )
    found: dict[int, dict[int, tuple[date, date]]] = defaultdict(dict)
    texts: dict[tuple[int, int], str] = {}
    for pk, mentor, first, last, enrolment_id, text in rows.values_list(
        "pk", "mentor", "away_from", "away_until", "here__enrolment", "here__text"
    ):
        found[mentor][pk] = (first, last)
        if enrolment_id is not None:
            texts[pk, enrolment_id] = text
    for enrolment in enrolments:
        away = [
            Away(pk, seat.mentor, first, last, texts.get((pk, enrolment.pk), ""))
            for seat in enrolment.seats_held
            for pk, (first, last) in found[seat.mentor_id].items()
        ]
        enrolment.absences = sorted(away, key=lambda a: (a.away_from, a.pk))


def own_absences(user: User) -> QuerySet[Absence]:
    """A mentor's own absences that are not over."""
    return Absence.objects.visible_to(user).filter(mentor__user=user).not_over()


@transaction.atomic
def say_away(
    mentor: Mentor,
    away_from: date,
    away_until: date,
    handovers: Mapping[int, str],
    *,
    absence: Absence | None = None,
) -> Absence:
    """Say that a mentor is away, or change what was said (`absence`).

    `handovers` are texts by the enrolment's key, as they are to stand; an empty one is none, and
    those of enrolments that are not named stay. Raises AbsenceRefused when the days cannot be.
    """
    # The mentor's own row, so that of two at once the second sees the first.
    Mentor.objects.select_for_update(no_key=True).get(pk=mentor.pk)
    _check(mentor, away_from, away_until, absence)
    absence = absence or Absence(mentor=mentor)
    absence.away_from, absence.away_until = away_from, away_until
    absence.save()
    for enrolment_id, text in handovers.items():
        if text.strip():
            Handover.objects.update_or_create(
                absence=absence, enrolment_id=enrolment_id, defaults={"text": text}
            )
        else:
            Handover.objects.filter(absence=absence, enrolment=enrolment_id).delete()
    return absence


def _check(mentor: Mentor, first: date, last: date, absence: Absence | None) -> None:
    today = timezone.localdate()
    if last < first:
        raise AbsenceRefused("order")
    begun = absence is not None and absence.away_from == first
    if last < today or (first < today and not begun):
        raise AbsenceRefused("past")
    if (last - first).days >= LONGEST_DAYS:
        raise AbsenceRefused("too_long")
    others = Absence.objects.filter(mentor=mentor, away_from__lte=last, away_until__gte=first)
    if absence is not None:
        others = others.exclude(pk=absence.pk)
    if others.exists():
        raise AbsenceRefused("overlap")


@transaction.atomic
def come_back(absence: Absence) -> None:
    """The mentor is here from today on: what has been stays, what has not is taken away."""
    yesterday = timezone.localdate() - timedelta(days=1)
    if not absence.has_been:
        absence.delete()
    elif absence.away_until > yesterday:
        absence.away_until = yesterday
        absence.save(update_fields=["away_until"])
