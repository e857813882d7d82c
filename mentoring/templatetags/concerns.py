"""The clock of a concern in words."""

from datetime import timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.models import Concern

register = template.Library()

# From when on the answer is a matter of hours, and is shown as such.
NEAR = timedelta(hours=3)


@register.filter
def is_near(concern: Concern) -> bool:
    """Whether the time to answer has nearly run out, or has."""
    return concern.acknowledge_by - timezone.now() < NEAR


@register.filter
def answer_by(concern: Concern) -> str:
    """Until when: «answer by 11.30», or with the day when it is not today's."""
    deadline = timezone.localtime(concern.acknowledge_by)
    time = time_format(deadline.time())
    if deadline.date() == timezone.localdate():
        return _("answer by %(time)s") % {"time": time}
    day = date_format(deadline, _("l j F"))
    return _("answer by %(day)s at %(time)s") % {"day": day, "time": time}


@register.filter
def time_left(concern: Concern) -> str:
    """How long that is: «in 2 hours», «in 3 days», «5 hours too late»."""
    left = concern.acknowledge_by - timezone.now()
    late = left < timedelta(0)
    hours, minutes = divmod(int(abs(left).total_seconds()) // 60, 60)
    if hours >= 48:
        n = hours // 24
        text = (
            ngettext("%(n)d day too late", "%(n)d days too late", n)
            if late
            else ngettext("in %(n)d day", "in %(n)d days", n)
        )
    elif hours:
        n = hours
        text = (
            ngettext("%(n)d hour too late", "%(n)d hours too late", n)
            if late
            else ngettext("in %(n)d hour", "in %(n)d hours", n)
        )
    else:
        n = minutes
        text = (
            ngettext("%(n)d minute too late", "%(n)d minutes too late", n)
            if late
            else ngettext("in %(n)d minute", "in %(n)d minutes", n)
        )
    return text % {"n": n}
