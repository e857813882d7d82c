"""Phase, derived from dates and never stored.

`rules(today)` is the one definition: an ordered list of conditions on an enrolment's dates. The
property evaluates them on an object, the annotation turns the same list into SQL, so the two
cannot come apart. Bounds in months are worked out in Python and compared as dates, because
databases do not agree on what two months before 30 April is.
"""

import operator
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

MONTHS_BEFORE_RELEASE = 2
MONTHS_AFTER_RELEASE = 12


class Phase(models.TextChoices):
    UPCOMING = "upcoming", _("Before the period")
    PRE_RELEASE = "pre_release", _("Before release")
    UNCONFIRMED = "unconfirmed", _("Release not confirmed")
    POST_RELEASE = "post_release", _("After release")
    ENDED = "ended", _("Ended")


CURRENT_PHASES = [Phase.UPCOMING, Phase.PRE_RELEASE, Phase.UNCONFIRMED, Phase.POST_RELEASE]

Condition = tuple[str, str, date]

_COMPARE = {"lte": operator.le, "lt": operator.lt}


def add_months(day: date, months: int) -> date:
    """`day` moved by calendar months; the last day of a shorter month stands for those it lacks."""
    return day + relativedelta(months=months)


def latest_day_reached(today: date, months: int) -> date:
    """The latest day d such that d moved back by `months` calendar months is not after `today`."""
    day = add_months(today, months)
    while add_months(day + timedelta(days=1), -months) <= today:
        day += timedelta(days=1)
    return day


def rules(today: date) -> list[tuple[Phase, list[Condition]]]:
    """The phases in order; the first whose conditions all hold is the enrolment's phase.

    A condition is (field, comparison, bound); a field without a date fails it.
    """
    return [
        (Phase.ENDED, [("ended_on", "lte", today)]),
        (Phase.POST_RELEASE, [("released_on", "lte", today)]),
        (Phase.UNCONFIRMED, [("expected_release", "lt", today)]),
        (
            Phase.PRE_RELEASE,
            [("expected_release", "lte", latest_day_reached(today, MONTHS_BEFORE_RELEASE))],
        ),
        (Phase.UPCOMING, []),
    ]


def phase_of(enrolment, today: date) -> Phase:
    """The phase of one enrolment on a day."""
    for phase, conditions in rules(today):
        values = [(getattr(enrolment, field), op, bound) for field, op, bound in conditions]
        if all(value is not None and _COMPARE[op](value, bound) for value, op, bound in values):
            return phase
    raise AssertionError("the last rule has no conditions")  # pragma: no cover


def phase_expression(today: date, prefix: str = "") -> Case:
    """The same as SQL, for a queryset; `prefix` leads to the enrolment (``enrolment__``)."""
    *conditional, (last, _none) = rules(today)
    return Case(
        *[
            When(
                Q(*[(f"{prefix}{f}__{op}", bound) for f, op, bound in conditions]),
                then=Value(phase),
            )
            for phase, conditions in conditional
        ],
        default=Value(last),
        output_field=models.CharField(max_length=20),
    )
