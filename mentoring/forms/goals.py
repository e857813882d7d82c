"""The tiny forms of a goal: agree, word anew, move, drop, take up again."""

import uuid
from datetime import date, timedelta

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import Goal, SupportArea
from participants.phases import add_months
from primus.forms import Chips, DayField, SubmitButton, helper

DUE_WHEN = [
    ("two_weeks", _("In two weeks")),
    ("month", _("In a month")),
    ("day", _("Choose a day")),
    ("none", _("No day")),
]
TITLE_LENGTH = 160
REASON_LENGTH = 300


def title_field(label) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "dir": "auto",
                "placeholder": _("For example: signed up for a flat"),
            }
        ),
        error_messages={
            "required": _("Write what is agreed."),
            "max_length": _("Say it shorter: at most %(limit_value)d characters."),
        },
    )


class DueForm(forms.Form):
    """When a goal is due: with a tap for what is usual, else a day of one's own, or none."""

    due_when = forms.ChoiceField(
        label=_("When is it due?"),
        choices=DUE_WHEN,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose when it is due.")},
    )
    due_on = DayField(label=_("Day it is due"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].widget.attrs["min"] = timezone.localdate().isoformat()
        self.fields["due_when"].icons = {"day": "calendar"}

    def due_layout(self) -> list:
        return [Chips("due_when"), Div("due_on", css_class="if-due-day")]

    def clean(self):
        data = super().clean()
        chosen = data.get("due_when") == "day"
        if chosen and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Choose the day it is due."))
        if not chosen:
            # A day that was typed and then not chosen is no answer, and nothing is wrong with it.
            self.errors.pop("due_on", None)
        return data

    @property
    def due(self) -> date | None:
        today = timezone.localdate()
        match self.cleaned_data["due_when"]:
            case "two_weeks":
                return today + timedelta(days=14)
            case "month":
                return add_months(today, 1)
            case "day":
                return self.cleaned_data["due_on"]
        return None

    @property
    def due_field(self) -> str:
        """Where it is said what is wrong with the day."""
        return "due_on" if self.cleaned_data.get("due_when") == "day" else "due_when"


class AgreeForm(DueForm):
    """A new goal."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    area = forms.ChoiceField(
        label=_("What is it about?"),
        choices=SupportArea,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    title = title_field(_("What have you agreed?"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].icons = {area: area for area in SupportArea.values}
        self.fields["token"].initial = uuid.uuid4
        self.helper = helper(tag=False)
        self.helper.layout = Layout("token", Chips("area"), "title", *self.due_layout())

    def content(self) -> dict:
        """What the form says, without its token."""
        return {"area": self.cleaned_data["area"], "title": self.cleaned_data["title"]} | {
            "due": self.due
        }

    def renew(self) -> None:
        """A token of its own for what the form says now."""
        self.data = self.data.copy()
        self.data["token"] = str(uuid.uuid4())


class RewordForm(forms.Form):
    title = title_field(_("What is agreed"))

    def __init__(self, *args, goal: Goal, **kwargs):
        super().__init__(*args, initial={"title": goal.title}, **kwargs)
        self.helper = helper()
        self.helper.layout = Layout(
            "title", SubmitButton(_("Save the wording"), "btn-primary", name="do", value="reword")
        )


class MoveForm(DueForm):
    note = forms.CharField(
        label=_("Why, if you like"),
        required=False,
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, *args, goal: Goal, **kwargs):
        initial = {"due_when": "day", "due_on": goal.due_on} if goal.due_on else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.helper = helper()
        self.helper.layout = Layout(
            *self.due_layout(),
            "note",
            SubmitButton(_("Move the goal"), "btn-primary", name="do", value="move"),
        )


class DropForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it dropped?"),
        max_length=REASON_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Write why the goal is dropped.")},
    )

    def __init__(self, *args, goal: Goal, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper()
        self.helper.layout = Layout(
            "reason",
            SubmitButton(_("Drop the goal"), "btn-outline-secondary", name="do", value="drop"),
        )


class ReopenForm(DueForm):
    def __init__(self, *args, goal: Goal, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper()
        self.helper.layout = Layout(
            *self.due_layout(),
            SubmitButton(_("Take it up again"), "btn-primary", name="do", value="reopen"),
        )
