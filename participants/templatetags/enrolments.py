"""How an enrolment is drawn: phase chip, area chip, and the year as a line."""

from datetime import date, timedelta

from django import template
from django.utils import timezone

from participants.models import Enrolment, SupportArea
from participants.phases import MONTHS_AFTER_RELEASE, MONTHS_BEFORE_RELEASE, Phase, add_months

register = template.Library()


@register.inclusion_tag("participants/_phase.html")
def phase_chip(phase: str) -> dict:
    return {"phase": Phase(phase)}


@register.inclusion_tag("participants/_area.html")
def area_chip(area: str, label: str = "") -> dict:
    return {"area": area, "label": label or SupportArea(area).label}


class YearLine:
    """Where days fall on a line from two months before release to twelve after, in per cent."""

    def __init__(self, enrolment: Enrolment):
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


@register.inclusion_tag("participants/_timeline.html")
def year_line(enrolment: Enrolment) -> dict:
    """The year-long line of an enrolment: release, months, how far it has come, today."""
    line = YearLine(enrolment)
    today = timezone.localdate()
    reached = min(max(enrolment.ended_on or today, line.first), line.last)
    # A release that has not been confirmed has not happened: the line stops short of it.
    if enrolment.released_on is None and reached >= line.release:
        reached = line.release - timedelta(days=1)
    return {
        "enrolment": enrolment,
        "release": line.at(line.release),
        "after": line.width(line.release, line.last),
        "done": line.at(reached),
        "now": line.at(reached) if enrolment.ended_on is None else None,
        "months": [(n, line.at(add_months(line.release, n))) for n in (3, 6, 9)],
    }
