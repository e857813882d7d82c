"""The days that matter in an enrolment, all counted from the day of release."""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.phases import (
    MONTHS_AFTER_RELEASE,
    MONTHS_BEFORE_RELEASE,
    add_months,
    latest_day_reached,
)

GATE_WEEK_DAYS = 14


class Milestone(models.TextChoices):
    PERIOD_START = "period_start", _("two months before release")
    GATE_WEEK = "gate_week", _("two weeks before release")
    RELEASE = "release", _("day of release")
    DAY_3 = "day_3", _("3 days after release")
    DAY_14 = "day_14", _("14 days after release")
    MONTH_3 = "month_3", _("3 months after release")
    MONTH_6 = "month_6", _("6 months after release")
    MONTH_9 = "month_9", _("9 months after release")
    MONTH_12 = "month_12", _("12 months after release")


_DAYS = {
    Milestone.GATE_WEEK: -GATE_WEEK_DAYS,
    Milestone.RELEASE: 0,
    Milestone.DAY_3: 3,
    Milestone.DAY_14: 14,
}
_MONTHS = {
    Milestone.PERIOD_START: -MONTHS_BEFORE_RELEASE,
    Milestone.MONTH_3: 3,
    Milestone.MONTH_6: 6,
    Milestone.MONTH_9: 9,
    Milestone.MONTH_12: MONTHS_AFTER_RELEASE,
}


def milestone_date(milestone: Milestone, release_day: date) -> date:
    """The day of a milestone for a day of release."""
    if milestone in _DAYS:
        return release_day + timedelta(days=_DAYS[milestone])
    return add_months(release_day, _MONTHS[milestone])


def latest_release_day(milestone: Milestone, today: date) -> date:
    """The latest day of release whose milestone is not after `today`: the inverse, for SQL."""
    if milestone in _DAYS:
        return today - timedelta(days=_DAYS[milestone])
    return latest_day_reached(today, -_MONTHS[milestone])
