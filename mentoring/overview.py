"""What a mentor's home and the enrolment page say of an enrolment, in few queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentoring.contact import is_contact
from mentoring.models import Meeting, MeetingMode, MeetingState
from participants.models import Enrolment, Goal, GoalState


class Person(NamedTuple):
    """A mentor who was at a meeting: the user's key and first name, and the mentor's key."""

    pk: int
    first_name: str
    mentor_id: int


@dataclass
class MeetingSeen:
    """What home says of one meeting; the note and the areas stay where they are."""

    pk: int
    state: str
    mode: str
    happened_at: datetime
    next_step: str
    next_step_on: date | None
    follow_up: str
    follow_up_on: date | None
    follow_up_done_on: date | None
    people: list[Person] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The Danish day on which it was."""
        return timezone.localdate(self.happened_at)


_COLUMNS = (
    "enrolment",
    "pk",
    "state",
    "mode",
    "happened_at",
    "next_step",
    "next_step_on",
    "accompaniment__follow_up",
    "accompaniment__follow_up_on",
    "accompaniment__follow_up_done_on",
    "attendances__mentor__user",
    "attendances__mentor__user__first_name",
    "attendances__mentor",
)


def nearest_release_first(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """As a mentor thinks of them: who is soon released, then who was released last."""
    return sorted(enrolments, key=lambda e: (e.released_on is not None, abs(e.days_to_release)))


def attach_contact(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``meetings_seen`` (all of them, the newest first), ``last_meeting`` (the latest
    one held, by either mentor) and ``next_meeting``; in one query.

    The next step is the earliest that lies ahead; with none ahead, the latest meeting's own
    step without a date.
    """
    enrolments = list(enrolments)
    today = timezone.localdate()
    meetings = Meeting.objects.filter(enrolment__in=enrolments).order_by("-happened_at", "-pk")
    seen: dict[int, dict[int, MeetingSeen]] = {}
    # A row for each mentor who was there; one without a mentor where nobody is noted.
    for enrolment_id, pk, *about, user, name, mentor in meetings.values_list(*_COLUMNS):
        here = seen.setdefault(enrolment_id, {})
        meeting = here.setdefault(pk, MeetingSeen(pk, *about))
        if mentor is not None:
            meeting.people.append(Person(user, name, mentor))
    for enrolment in enrolments:
        found = list(seen.get(enrolment.pk, {}).values())
        last = next((m for m in found if is_contact(m)), None)
        ahead = [m for m in found if m.next_step_on and m.next_step_on >= today]
        enrolment.meetings_seen = found
        enrolment.last_meeting = last
        enrolment.next_meeting = min(ahead, key=lambda m: m.next_step_on, default=None)
        if not ahead and last and last.next_step and last.next_step_on is None:
            enrolment.next_meeting = last


def attach_goals(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``goals_due``: the open goals that have a day, those that are due first, first."""
    enrolments = list(enrolments)
    goals = Goal.objects.filter(enrolment__in=enrolments, state=GoalState.OPEN)
    due: dict[int, list[Goal]] = {}
    for goal in goals.exclude(due_on=None):
        due.setdefault(goal.enrolment_id, []).append(goal)
    for enrolment in enrolments:
        enrolment.goals_due = due.get(enrolment.pk, [])


def names_of(meeting: Meeting | MeetingSeen, reader) -> str:
    """Who was there, as the reader would say it: «You and Jonas»."""
    if isinstance(meeting, MeetingSeen):
        people = list(meeting.people)
    else:
        people = [a.mentor.user for a in meeting.attendances.all()]
    people.sort(key=lambda user: (user.pk != reader.pk, user.first_name))
    you = pgettext("who did something", "You")
    names = [you if user.pk == reader.pk else user.first_name for user in people]
    if not names:
        return _("Somebody")
    if len(names) == 1:
        return names[0]
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def contact_sentence(meeting: MeetingSeen, participant_name: str, reader) -> str:
    """What the last contact was: «Jonas rang», «You met Rasmus at a café»."""
    sentences = {
        MeetingMode.INSTITUTION: _("%(who)s visited %(name)s in the institution"),
        MeetingMode.CAFE: _("%(who)s met %(name)s at a café"),
        MeetingMode.HOME: _("%(who)s met %(name)s at home"),
        MeetingMode.AUTHORITY: _("%(who)s met %(name)s at an authority"),
        MeetingMode.PHONE: _("%(who)s talked with %(name)s on the phone"),
        MeetingMode.VIDEO: _("%(who)s talked with %(name)s on video"),
        MeetingMode.MESSAGE: _("%(who)s and %(name)s wrote to each other"),
    }
    assert meeting.state == MeetingState.HELD
    return sentences[MeetingMode(meeting.mode)] % {
        "who": names_of(meeting, reader),
        "name": participant_name,
    }
