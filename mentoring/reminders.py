"""Reminders in the app: what a mentor or coordinator is shown of them, and putting them aside."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from mentoring.models import Reminder
from mentoring.planning import latest_occasion
from mentoring.reminder_texts import Words, words_for
from participants.models import Enrolment
from primus.accounts.models import User

# A reminder put aside stays in its place for so long, with a way back.
UNDO_FOR = timedelta(minutes=2)
MOST_SHOWN = 40


@dataclass(frozen=True)
class HomeReminder:
    """One reminder as it stands on a page: what it says, about whom, and counted from when."""

    pk: int
    enrolment: Enrolment
    words: Words
    occasion_on: date
    is_put_aside: bool

    @property
    def title(self) -> str:
        return str(self.words.title)

    @property
    def hint(self) -> str:
        """The most important thing to do."""
        return str(self.words.steps[0])

    @property
    def name(self) -> str:
        return self.enrolment.participant.get_full_name()

    @property
    def release_day(self) -> date:
        return self.enrolment.release_day

    @property
    def is_released(self) -> bool:
        return self.enrolment.released_on is not None


def as_shown(reminder: Reminder) -> HomeReminder:
    """One reminder with its words for its recipient."""
    return HomeReminder(
        pk=reminder.pk,
        enrolment=reminder.enrolment,
        words=words_for(reminder.kind, reminder.recipient.role),
        occasion_on=reminder.occasion_on,
        is_put_aside=reminder.seen_at is not None,
    )


def for_home(user: User) -> list[HomeReminder]:
    """The reminders a user has been sent and not put aside, the latest first; in one query.

    One per enrolment: when the next milestone is reached, or the date of release has moved, the
    old reminder says nothing any more and is left out.
    """
    today = timezone.localdate()
    latest = Reminder.objects.visible_to(user).latest_of_current(today).not_put_aside(UNDO_FOR)
    rows = latest.select_related("enrolment__participant", "recipient")
    shown = [
        as_shown(row)
        for row in rows.order_by("-occasion_on", "pk")
        if latest_occasion(row.enrolment, today) == (row.kind, row.occasion_on)
    ]
    return shown[:MOST_SHOWN]


def put_aside(reminder: Reminder) -> None:
    """The recipient has seen to it; it leaves their pages in a while."""
    reminder.seen_at = timezone.now()
    reminder.save(update_fields=["seen_at"])


def take_back(reminder: Reminder) -> None:
    """Undo: the reminder is a task again."""
    reminder.seen_at = None
    reminder.save(update_fields=["seen_at"])
