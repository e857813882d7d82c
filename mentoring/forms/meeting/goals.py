"""The goals of an area, offered to tick off or move on where the area is talked about."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import Enrolment, Goal, GoalState
from primus.forms import DayField


@dataclass(frozen=True)
class GoalRow:
    """One open goal as the form shows it."""

    goal: Goal
    is_ticked: bool
    is_shown: bool
    due: forms.BoundField


class GoalQuestions(forms.Form):
    """Goals of all enrolments that can be chosen; only those of the chosen one are changed.

    What was closed since the page was opened may still be sent: whether it can be done is for
    the verb to say, since a form that is sent a second time speaks of goals it closed itself.
    """

    goals_reached = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Goals reached"),
        coerce=int,
        empty_value=(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": gettext_lazy("A goal that you ticked off is no longer there.")
        },
    )

    def offer_goals(self, enrolments: Iterable[Enrolment]) -> None:
        ids = [e.pk for e in enrolments if e.is_current]
        self.goals = list(Goal.objects.filter(enrolment__in=ids)) if ids else []
        self.fields["goals_reached"].choices = [(goal.pk, goal.title) for goal in self.goals]
        for goal in self.goals:
            field = DayField(label=_("New day for “%(goal)s”") % {"goal": goal.title})
            field.required = False
            field.widget.attrs["min"] = timezone.localdate().isoformat()
            self.fields[due_name(goal)] = field

    def goal_rows(self, area: str) -> list[GoalRow]:
        """What the area's part of the form shows."""
        ticked = {str(pk) for pk in self["goals_reached"].value() or ()}
        chosen = str(self["enrolment"].value())
        return [
            GoalRow(goal, str(goal.pk) in ticked, str(goal.enrolment_id) == chosen, self[name])
            for goal in self.goals
            if goal.area == area
            and (goal.state == GoalState.OPEN)
            and (name := due_name(goal)) in self.fields
        ]

    def clean_goals(self, data: dict, asked: set[int]) -> None:
        """Of the goals that were asked about: ``goals_reached``, and ``goals_moved`` with the new
        day of each that is not reached instead."""
        data["goals_reached"] = [pk for pk in data.get("goals_reached", ()) if pk in asked]
        data["goals_moved"] = {}
        for goal in self.goals:
            name = due_name(goal)
            day = data.get(name)
            if day is None or goal.pk in data["goals_reached"]:
                continue
            if day < timezone.localdate():
                self.add_error(name, _("The day lies ahead: choose today or later."))
            else:
                data["goals_moved"][goal.pk] = day


def due_name(goal: Goal) -> str:
    return f"goal_due_{goal.pk}"
