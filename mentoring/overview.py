"""What a mentor's home and the enrolment page say of an enrolment, in few queries."""

from collections.abc import Iterable

from django.db.models import Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentoring.contact import last_held
from mentoring.models import Attendance, Meeting, MeetingMode, MeetingState
from participants.milestones import GATE_WEEK_DAYS, Milestone
from participants.models import ChecklistItem, ChecklistPoint, Enrolment, Goal, GoalState
from participants.phases import Phase

GOALS_ON_CARD = 2


def nearest_release_first(enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    """As a mentor thinks of them: who is soon released, then who was released last."""
    return sorted(enrolments, key=lambda e: (e.released_on is not None, abs(e.days_to_release)))


def attach_contact(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``last_meeting`` (the latest one held, by either mentor) and ``next_meeting``.

    The next step is the earliest that lies ahead; with none ahead, the latest meeting's own
    step without a date.
    """
    enrolments = list(enrolments)
    today = timezone.localdate()
    last = last_held("enrolment").values("pk")
    attendances = Attendance.objects.select_related("mentor__user")
    meetings = (
        Meeting.objects.filter(enrolment__in=enrolments)
        .filter(Q(pk=Subquery(last)) | Q(next_step_on__gte=today))
        .prefetch_related(Prefetch("attendances", attendances))
        .order_by("-happened_at", "-pk")
    )
    by_enrolment: dict[int, list[Meeting]] = {}
    for meeting in meetings:
        by_enrolment.setdefault(meeting.enrolment_id, []).append(meeting)
    for enrolment in enrolments:
        found = by_enrolment.get(enrolment.pk, [])
        last = next((m for m in found if m.state == MeetingState.HELD), None)
        ahead = [m for m in found if m.next_step_on and m.next_step_on >= today]
        enrolment.last_meeting = last
        enrolment.next_meeting = min(ahead, key=lambda m: m.next_step_on, default=None)
        if not ahead and last and last.next_step and last.next_step_on is None:
            enrolment.next_meeting = last


def attach_goals(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``goals_due``: the open goals that are due first, two at most."""
    enrolments = list(enrolments)
    goals = Goal.objects.filter(enrolment__in=enrolments, state=GoalState.OPEN)
    due: dict[int, list[Goal]] = {}
    for goal in goals.exclude(due_on=None):
        due.setdefault(goal.enrolment_id, []).append(goal)
    for enrolment in enrolments:
        enrolment.goals_due = due.get(enrolment.pk, [])[:GOALS_ON_CARD]


def in_gate_weeks(enrolment: Enrolment) -> bool:
    """From 14 days before the expected release until three days after it has happened."""
    today = timezone.localdate()
    if enrolment.phase == Phase.POST_RELEASE:
        return today <= enrolment.milestone(Milestone.DAY_3)
    return enrolment.phase in (Phase.PRE_RELEASE, Phase.UNCONFIRMED) and (
        enrolment.days_to_release <= GATE_WEEK_DAYS
    )


def attach_checklist(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``checklist_now``: its points with who did them, where it is near; else empty.

    A point without a row is simply not done yet, so reading writes nothing.
    """
    near = [e for e in enrolments if in_gate_weeks(e)]
    for enrolment in enrolments:
        enrolment.checklist_now = []
    if not near:
        return
    points = list(ChecklistPoint.objects.filter(is_active=True))
    done = {
        (item.enrolment_id, item.point_id): item
        for item in ChecklistItem.objects.done().filter(enrolment__in=near)
    }
    for enrolment in near:
        enrolment.checklist_now = [
            {"point": point, "item": done.get((enrolment.pk, point.pk))} for point in points
        ]
        enrolment.checklist_done = sum(1 for row in enrolment.checklist_now if row["item"])


def names_of(meeting: Meeting, reader) -> str:
    """Who was there, as the reader would say it: «You and Jonas»."""
    people = [a.mentor.user for a in meeting.attendances.all()]
    people.sort(key=lambda user: (user.pk != reader.pk, user.first_name))
    you = pgettext("who did something", "You")
    names = [you if user.pk == reader.pk else user.first_name for user in people]
    if not names:
        return _("Somebody")
    if len(names) == 1:
        return names[0]
    return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def contact_sentence(meeting: Meeting, participant_name: str, reader) -> str:
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
