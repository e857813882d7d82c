"""The clock of a concern in words."""

from datetime import timedelta

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.models import Concern, Urgency
from participants.models import Enrolment

register = template.Library()

# From when on the answer is a matter of hours, and is shown as such.
NEAR = timedelta(hours=3)


@register.filter
def is_near(concern: Concern) -> bool:
    """Whether the time to answer has nearly run out, or has; danger to life is always near."""
    return concern.urgency == Urgency.LIFE or concern.acknowledge_by - timezone.now() < NEAR


@register.filter
def answer_by(concern: Concern) -> str:
    """Until when: «answer by 11.30», with the day when it is not today's; «answer at once»."""
    if concern.urgency == Urgency.LIFE:
        return _("answer at once")
    deadline = timezone.localtime(concern.acknowledge_by)
    time = time_format(deadline.time())
    if deadline.date() == timezone.localdate():
        return _("answer by %(time)s") % {"time": time}
    day = date_format(deadline, _("l j F"))
    return _("answer by %(day)s at %(time)s") % {"day": day, "time": time}


@register.filter
def time_left(concern: Concern) -> str:
    """How long that is: «in 2 hours», «in 3 days», «5 hours too late»; where it is about danger to
    life, how long it has waited."""
    if concern.urgency == Urgency.LIFE:
        return _waited(timezone.now() - concern.raised_at)
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


def _waited(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes >= 60:
        n = minutes // 60
        text = ngettext("has waited %(n)d hour", "has waited %(n)d hours", n)
    elif minutes < 1:
        return _("raised just now")
    else:
        n = minutes
        text = ngettext("has waited %(n)d minute", "has waited %(n)d minutes", n)
    return text % {"n": n}


@register.inclusion_tag("mentoring/concerns/_emergency.html")
def emergency(is_now: bool = False) -> dict:
    """Whom to call first: 112, and the number of the settings. ``is_now`` where somebody's life is
    known to be in danger; a form that holds the question shows that by itself."""
    return {"is_now": is_now, "on_call": settings.ON_CALL_PHONE}


@register.simple_tag(takes_context=True)
def concern_address(context) -> str:
    """Where a concern is raised, about the participant whom the page is about, if any."""
    about = context.get("enrolment") or getattr(context.get("meeting"), "enrolment", None)
    query = f"?enrolment={about.pk}" if isinstance(about, Enrolment) else ""
    return reverse("concern_create") + query
