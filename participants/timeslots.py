from django.db import models
from django.utils.translation import gettext_lazy as _


class TimeSlot(models.TextChoices):
    """Parts of the week in which people can meet."""

    WEEKDAY_DAY = "weekday_day", _("weekdays in the daytime")
    WEEKDAY_EVENING = "weekday_evening", _("weekday evenings")
    WEEKEND_DAY = "weekend_day", _("weekends in the daytime")
    WEEKEND_EVENING = "weekend_evening", _("weekend evenings")


def names(codes: list[str]) -> str:
    """The parts of the week in the reader's language, in order; unknown codes as they are."""
    known = dict(TimeSlot.choices)
    return ", ".join(str(known.get(code, code)) for code in codes)
