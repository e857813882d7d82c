"""What is known of a mentor, in words."""

from django import template
from django.utils.translation import gettext_lazy as _

from mentoring.messaging import unread_of
from participants import languages, timeslots
from participants.timeslots import TimeSlot

register = template.Library()

# As a row of a list has room for them.
SHORT = {
    TimeSlot.WEEKDAY_DAY: _("daytime"),
    TimeSlot.WEEKDAY_EVENING: _("evenings"),
    TimeSlot.WEEKEND_DAY: _("weekends"),
    TimeSlot.WEEKEND_EVENING: _("weekend evenings"),
}


@register.filter
def language_names(codes: list[str]) -> str:
    return languages.names(codes)


@register.filter
def time_names(codes: list[str]) -> str:
    return timeslots.names(codes)


@register.filter
def short_times(codes: list[str]) -> str:
    return ", ".join(str(SHORT[slot]) for slot in TimeSlot if slot in codes)


@register.simple_tag
def unread_messages(user) -> int:
    """How many messages to the user they have not opened yet."""
    return unread_of(user)
