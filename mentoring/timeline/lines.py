"""What a line of an enrolment's timeline is, and into which kinds the lines fall."""

from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as time_of_day

from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What can be looked at by itself."""

    COURSE = "course", _("Dates and places")
    PAIR = "pair", _("Mentors")
    MEETINGS = "meetings", _("Meetings")
    PLAN = "plan", _("Plan and needs")
    CONCERNS = "concerns", _("Concerns")
    NOTES = "notes", _("Notes")
    TOLD = "told", pgettext_lazy("kind of event", "Reminders and messages")


@dataclass(frozen=True)
class Line:
    """One thing that happened: when it was done (``at``; of some only the day is known), what,
    who did it, and why or in which words, where there is anything."""

    kind: Kind
    at: datetime | date
    text: str
    who: str = ""
    why: str | Promise = ""
    url: str = ""

    @property
    def day(self) -> date:
        if isinstance(self.at, datetime):
            return timezone.localdate(self.at)
        return self.at

    @property
    def time(self) -> datetime | None:
        return self.at if isinstance(self.at, datetime) else None

    @property
    def order(self) -> tuple[date, time_of_day]:
        """Newest first by this: of one day, what has no time of the day comes first."""
        at = self.time
        return self.day, timezone.localtime(at).time() if at else time_of_day.min


def name_of(user) -> str:
    """Who did something; nobody, where it is not known any longer."""
    return user.get_full_name() if user is not None else ""
