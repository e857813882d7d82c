"""From answers to a draft and back to a filled form."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone

from mentoring.drafts import Content
from mentoring.entries import entry_of
from mentoring.forms.meeting.correct import initial_of
from mentoring.forms.meeting.goals import due_name
from mentoring.models import Meeting
from participants.models import GoalChangeKind

DAYS_UNTIL = {"tomorrow": 1, "week": 7}


def restore(form: forms.Form, content: Content, saved_at: datetime) -> None:
    """Give an unbound form the answers of a draft, as they were typed: nothing is checked yet.

    «Just now», «yesterday», «tomorrow» meant what they did on the day they were typed.
    """
    typed = QueryDict(mutable=True)
    for name, values in _dated(content, timezone.localtime(saved_at)).items():
        typed.setlist(name, values)
    for name, field in form.fields.items():
        # A question that the draft was not asked keeps the answer it starts with: an undone
        # meeting's concern stays with the coordinator, and a new one is about no topic yet.
        unasked = name not in typed and field.initial is not None
        if name not in ("token", "enrolment") and not unasked:
            form.initial[name] = field.widget.value_from_datadict(typed, {}, name)


def _dated(content: Content, saved_at: datetime) -> Content:
    """The answers with days in the place of words that mean another day by now."""
    day = saved_at.date()
    if day == timezone.localdate():
        return content
    when, next_when = (content.get(name, [""])[0] for name in ("when", "next_when"))
    changed: Content = {}
    if when == "now":
        changed = {"when": ["day"], "day": _written(day), "at": _written(saved_at.time())}
    elif when == "yesterday":
        changed = {"when": ["day"], "day": _written(day - timedelta(days=1))}
    if next_when in DAYS_UNTIL:
        ahead = day + timedelta(days=DAYS_UNTIL[next_when])
        changed |= {"next_when": ["day"], "next_day": _written(ahead)}
    return content | changed


def answers_of(meeting: Meeting) -> Content:
    """The answers that give this meeting, but for the concern: that has been told, and stays."""
    answers = initial_of(entry_of(meeting))
    answers |= {"when": "day", "next_when": "day" if answers["next_day"] else ""}
    answers["goals_reached"] = []
    for link in meeting.goal_changes.select_related("change__goal"):
        if link.change.kind == GoalChangeKind.REACHED:
            answers["goals_reached"].append(link.change.goal_id)
        elif link.change.kind == GoalChangeKind.MOVED:
            answers[due_name(link.change.goal)] = link.change.due_after
    return {name: _written(value) for name, value in answers.items()}


def _written(value) -> list[str]:
    """An answer as a browser sends it."""
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    if value is None:
        return []
    if isinstance(value, time):
        return [value.strftime("%H:%M")]
    return [value.isoformat() if isinstance(value, date) else str(value)]
