"""An enrolment's year as a line: where on it days fall, and how far it has come."""

from datetime import date, timedelta

from django.utils import timezone

from participants.models import Enrolment
from participants.phases import MONTHS_AFTER_RELEASE, MONTHS_BEFORE_RELEASE, add_months

MONTHS_MARKED = (3, 6, 9)


class YearLine:
    """From two months before release to twelve after; places and widths in per cent, for SVG."""

    def __init__(self, enrolment: Enrolment):
        self.enrolment = enrolment
        self.release = enrolment.release_day
        self.first = add_months(self.release, -MONTHS_BEFORE_RELEASE)
        self.last = add_months(self.release, MONTHS_AFTER_RELEASE)

    def at(self, day: date) -> str:
        """The day's place as an SVG length, kept on the line."""
        share = (day - self.first) / (self.last - self.first)
        return f"{100 * min(max(share, 0), 1):.2f}%"

    def width(self, start: date, end: date) -> str:
        share = (end - start) / (self.last - self.first)
        return f"{100 * max(share, 0):.2f}%"

    @property
    def after_release(self) -> str:
        """The width of the twelve months."""
        return self.width(self.release, self.last)

    @property
    def months(self) -> list[tuple[int, str]]:
        """The months after release that are written under the line."""
        return [(n, self.at(add_months(self.release, n))) for n in MONTHS_MARKED]

    @property
    def reached(self) -> str:
        """How far the enrolment has come. A release that has not been confirmed has not happened:
        the line stops short of it."""
        day = self.enrolment.ended_on or timezone.localdate()
        if self.enrolment.released_on is None:
            day = min(day, self.release - timedelta(days=1))
        return self.at(day)
