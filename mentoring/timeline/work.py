"""What was done with the participant: meetings, plan and needs, concerns; and what was sent."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.models import (
    Concern,
    ConcernAction,
    Meeting,
    MeetingAddition,
    MeetingState,
    MeetingVersion,
    Message,
    Reminder,
    TurnAnswer,
    TurnRequest,
)
from mentoring.timeline.lines import Kind, Line, name_of
from participants.models import (
    ChecklistItem,
    Enrolment,
    GoalChange,
    GoalChangeKind,
    NeedRating,
    SupportArea,
)
from primus.templatetags.primus_ui import longdate


def meetings(enrolment: Enrolment) -> Iterator[Line]:
    """What was logged, corrected and added, and who was asked to take the next. Four queries."""
    for row in Meeting.objects.filter(enrolment=enrolment).select_related("logged_by"):
        what = _meeting(row)
        day = longdate(timezone.localdate(row.happened_at))
        text = _("%(what)s, %(day)s") % {"what": what, "day": day}
        url = reverse("meeting", args=[row.pk])
        yield Line(Kind.MEETINGS, row.logged_at, text, name_of(row.logged_by), url=url)
    versions = MeetingVersion.objects.filter(meeting__enrolment=enrolment)
    for version in versions.defer("content").select_related("replaced_by"):
        url = reverse("meeting", args=[version.meeting_id])
        by = name_of(version.replaced_by)
        yield Line(Kind.MEETINGS, version.replaced_at, _("Meeting corrected"), by, url=url)
    additions = MeetingAddition.objects.filter(meeting__enrolment=enrolment)
    for addition in additions.select_related("written_by"):
        url = reverse("meeting", args=[addition.meeting_id])
        by = name_of(addition.written_by)
        text = _("Line added to a meeting")
        yield Line(Kind.MEETINGS, addition.written_at, text, by, addition.text, url)
    turns = TurnRequest.objects.filter(enrolment=enrolment)
    for turn in turns.select_related("asked_by__user", "asked__user"):
        words = {"mentor": name_of(turn.asked.user)}
        text = _("Asked %(mentor)s to take the next meeting") % words
        yield Line(Kind.MEETINGS, turn.asked_at, text, name_of(turn.asked_by.user))
        if turn.answered_at:
            yes = turn.answer == TurnAnswer.ACCEPTED
            said = _("Takes the next meeting") if yes else _("Cannot take the next meeting")
            yield Line(Kind.MEETINGS, turn.answered_at, said, name_of(turn.asked.user))


def _meeting(row: Meeting) -> str:
    if row.state == MeetingState.HELD:
        return _("Meeting held: %(mode)s") % {"mode": row.get_mode_display()}
    if row.state == MeetingState.NOT_HELD:
        return _("Not held: %(reason)s") % {"reason": row.get_not_held_reason_display()}
    return _("Tried to reach: %(mode)s") % {"mode": row.get_mode_display()}


GOAL_SENTENCES = {
    GoalChangeKind.AGREED: lambda: _("Goal agreed: %(goal)s"),
    GoalChangeKind.REWORDED: lambda: _("Goal worded anew: %(goal)s"),
    GoalChangeKind.MOVED: lambda: _("Goal moved: %(goal)s"),
    GoalChangeKind.REACHED: lambda: _("Goal reached: %(goal)s"),
    GoalChangeKind.DROPPED: lambda: _("Goal dropped: %(goal)s"),
    GoalChangeKind.REOPENED: lambda: _("Goal taken up again: %(goal)s"),
}


def plan(enrolment: Enrolment) -> Iterator[Line]:
    """Goals, ratings and the checklist. Three queries."""
    changes = GoalChange.objects.filter(goal__enrolment=enrolment)
    for change in changes.select_related("goal", "changed_by"):
        text = GOAL_SENTENCES[GoalChangeKind(change.kind)]() % {"goal": change.goal.title}
        url = reverse("goal", args=[change.goal_id])
        by = name_of(change.changed_by)
        yield Line(Kind.PLAN, change.changed_at, text, by, change.note, url)
    yield from _ratings(enrolment)
    done = ChecklistItem.objects.done().filter(enrolment=enrolment)
    for item in done.select_related("point", "done_by"):
        text = _("Done for the release: %(point)s") % {"point": item.point}
        yield Line(Kind.PLAN, item.done_on, text, name_of(item.done_by))


def _ratings(enrolment: Enrolment) -> Iterator[Line]:
    """What one person rated at one stage on one day is one line."""
    found: dict[tuple, list[NeedRating]] = {}
    for rating in NeedRating.objects.filter(enrolment=enrolment).select_related("rated_by"):
        key = (rating.rated_on, rating.stage, rating.rated_by_id)
        found.setdefault(key, []).append(rating)
    for together in found.values():
        rating = together[0]
        text = _("Needs rated %(stage)s") % {"stage": rating.get_stage_display()}
        areas = get_text_list([str(SupportArea(r.area).label) for r in together], _("and"))
        url = reverse("enrolment_needs", args=[enrolment.pk])
        yield Line(Kind.PLAN, rating.rated_on, text, name_of(rating.rated_by), areas, url)


def concerns(enrolment: Enrolment) -> Iterator[Line]:
    """Raised, gone on, taken on, acted on, closed. Two queries."""
    rows = Concern.objects.filter(enrolment=enrolment)
    for row in rows.select_related("raised_by", "acknowledged_by"):
        url = reverse("concern", args=[row.pk])
        text = _("Concern raised: %(topic)s") % {"topic": row.get_topic_display()}
        how_soon = row.get_urgency_display()
        yield Line(Kind.CONCERNS, row.raised_at, text, name_of(row.raised_by), how_soon, url)
        if row.deputy_told_at:
            text = _("Not answered in time: the deputy was told")
            yield Line(Kind.CONCERNS, row.deputy_told_at, text, url=url)
        if row.staff_told_at:
            text = _("Not answered in time: staff on duty were told that it waits")
            yield Line(Kind.CONCERNS, row.staff_told_at, text, url=url)
        by = name_of(row.acknowledged_by)
        if row.acknowledged_at:
            yield Line(Kind.CONCERNS, row.acknowledged_at, _("Concern taken on"), by, url=url)
        if row.resolved_at:
            text = _("Concern closed")
            yield Line(Kind.CONCERNS, row.resolved_at, text, "", row.outcome, url)
    actions = ConcernAction.objects.filter(concern__enrolment=enrolment)
    for action in actions.select_related("taken_by"):
        url = reverse("concern", args=[action.concern_id])
        by = name_of(action.taken_by)
        yield Line(Kind.CONCERNS, action.taken_at, _("Done about a concern"), by, action.text, url)


def told(enrolment: Enrolment) -> Iterator[Line]:
    """What was sent by e-mail: reminders, many at once as one line, and messages to the pair.
    Two queries."""
    found: dict[tuple, list[Reminder]] = {}
    for row in Reminder.objects.sent().filter(enrolment=enrolment).select_related("recipient"):
        found.setdefault((row.kind, row.occasion_on), []).append(row)
    for together in found.values():
        first = together[0]
        sentence = ngettext(
            "Reminder sent to %(n)d person: %(kind)s",
            "Reminder sent to %(n)d people: %(kind)s",
            len(together),
        )
        text = sentence % {"n": len(together), "kind": first.get_kind_display()}
        names = get_text_list(sorted(name_of(row.recipient) for row in together), _("and"))
        sent_at = min(row.sent_at for row in together if row.sent_at is not None)
        yield Line(Kind.TOLD, sent_at, text, "", names)
    messages = Message.objects.filter(pair__enrolment=enrolment).select_related("sent_by")
    for message in messages:
        text = _("Message to the pair: %(subject)s") % {"subject": message.subject}
        yield Line(Kind.TOLD, message.sent_at, text, name_of(message.sent_by), message.text)
