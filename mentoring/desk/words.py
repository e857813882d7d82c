"""How rows say where somebody is in their year, and how long something has lasted."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.next_steps import Action
from participants.models import Enrolment
from participants.phases import Phase
from primus.templatetags.primus_ui import relative, shortdate


def course(enrolment: Enrolment) -> str:
    """Where they are: «day 63 of 365», or before the release the phase."""
    if enrolment.released_on is None:
        return str(Phase(enrolment.phase).label)
    if enrolment.is_year_over:
        return _("the year is over")
    return _("day %(n)s of %(total)s") % {
        "n": enrolment.day_number,
        "total": enrolment.days_in_period,
    }


def on(day: date) -> str:
    """A day as one thinks of it, with the date: «in 19 days (31 March)»."""
    return _("%(ago)s (%(day)s)") % {"ago": relative(day), "day": shortdate(day)}


def lasting(since: date, today: date) -> str:
    """How long something has lasted: «for 9 days (3 March)»."""
    n = (today - since).days
    if n < 1:
        return _("since today")
    text = ngettext("for %(n)d day (%(day)s)", "for %(n)d days (%(day)s)", n)
    return text % {"n": n, "day": shortdate(since)}


def by(day: date) -> str:
    """A day something is due: «due in 2 days (14 March)», «due 7 days ago (5 March)»."""
    return _("due %(ago)s (%(day)s)") % {"ago": relative(day), "day": shortdate(day)}


def write_to_pair(enrolment: Enrolment) -> Action:
    """To a message that both mentors of the enrolment get."""
    url = f"{reverse('message_create')}?enrolment={enrolment.pk}"
    return Action(url, _("Write to pair"))
