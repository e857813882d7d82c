"""What is added beside a meeting: by the other mentor who was there, or by whoever logged it."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models import Meeting, MeetingAddition
from mentoring.receipts import save_once
from participants.models import Enrolment
from primus.accounts.models import Role, User
from primus.refusals import Refused


class AdditionRefused(Refused):
    """The line cannot be added. ``code`` says why."""

    SENTENCES = {"gone": _("This meeting has been undone.")}


def add_to(meeting: Meeting, text: str, *, by: User, token: UUID) -> bool:
    """Add a text to a meeting, once for each form token; gives whether it was the first time.

    Raises FormAlreadySaved when the token was used with another text or by somebody else, and
    AdditionRefused("gone") when the meeting has been undone.
    """

    def save(_receipt) -> MeetingAddition:
        # Whoever undoes it at this moment waits, or was first.
        if not Meeting.objects.select_for_update(no_key=True).filter(pk=meeting.pk).exists():
            raise AdditionRefused("gone")
        return MeetingAddition.objects.create(meeting=meeting, text=text, written_by=by)

    return save_once(token, [meeting.pk, text], by, save) is not None


def already_told(enrolments: Iterable[Enrolment], reader: User) -> QuerySet[Meeting]:
    """Meetings held yesterday or today that somebody else has logged: those the reader was at, or
    for a coordinator all."""
    yesterday = timezone.localdate() - timedelta(days=1)
    since = timezone.make_aware(datetime.combine(yesterday, time.min))
    meetings = (
        Meeting.objects.held()
        .filter(enrolment__in=[e.pk for e in enrolments], happened_at__gte=since)
        .exclude(logged_by=reader)
        .exclude(logged_by=None)
        .select_related("logged_by", "enrolment__participant")
        .order_by("-happened_at", "-pk")
    )
    if reader.role == Role.MENTOR:
        meetings = meetings.filter(mentors__user=reader)
    return meetings
