"""How an enrolment is drawn: phase chip, area chip, and the year as a line."""

from django import template

from participants.models import Enrolment, SupportArea
from participants.phases import Phase
from participants.yearline import YearLine

register = template.Library()


@register.inclusion_tag("participants/_phase.html")
def phase_chip(phase: str) -> dict:
    return {"phase": Phase(phase)}


@register.inclusion_tag("participants/_area.html")
def area_chip(area: str, label: str = "") -> dict:
    return {"area": area, "label": label or SupportArea(area).label}


@register.inclusion_tag("participants/_timeline.html")
def year_line(enrolment: Enrolment) -> dict:
    """The year-long line of an enrolment: release, months, how far it has come, today."""
    line = YearLine(enrolment)
    return {
        "enrolment": enrolment,
        "release": line.at(line.release),
        "after": line.after_release,
        "done": line.reached,
        "now": line.reached if enrolment.ended_on is None else None,
        "months": line.months,
    }
