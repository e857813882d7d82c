"""The first days after a release, which count most: 72 hours, then until two weeks have passed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import ceil

from django.utils import timezone

from participants.milestones import Milestone
from participants.models import Enrolment
from participants.phases import Phase

FIRST_HOURS = 72
FIRST_DAYS = 14
# Only the day of a release is known. Institutions let people go in the morning, so from noon on
# nobody has been outside for less than is counted here.
OUT_BY = time(12, 0)


@dataclass(frozen=True)
class FirstDays:
    """How far the first days have come: ``hours_left`` of the first 72 hours, None when they are
    over; ``day`` of ``total`` counts the days since the release."""

    hours_left: int | None
    day: int
    total: int = FIRST_DAYS


def first_days(enrolment: Enrolment) -> FirstDays | None:
    """Where a participant is in the first two weeks; None before and after them."""
    if enrolment.phase != Phase.POST_RELEASE:
        return None
    if timezone.localdate() > enrolment.milestone(Milestone.DAY_14):
        return None
    out = datetime.combine(enrolment.release_day, OUT_BY, tzinfo=timezone.get_default_timezone())
    left = (out + timedelta(hours=FIRST_HOURS) - timezone.now()) / timedelta(hours=1)
    hours = min(ceil(left), FIRST_HOURS) if left > 0 else None
    return FirstDays(hours_left=hours, day=enrolment.day_number)
