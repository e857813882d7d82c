"""The third step: what they wish and need."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from participants import timeslots
from participants.forms.referral.base import StepForm, choices_of, of
from participants.models import Enrolment, GenderWish
from participants.timeslots import TimeSlot
from participants.trades import Trade
from primus.forms import Chips


class WishesForm(StepForm):
    """What they wish of their mentors, and when they can meet."""

    gender_wish = choices_of(GenderWish, label=gettext_lazy("The mentors"), initial=GenderWish.ANY)
    wished_times = forms.MultipleChoiceField(
        label=gettext_lazy("When they can meet after the release"),
        choices=TimeSlot,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    trade = forms.ChoiceField(
        label=gettext_lazy("Line of work they have or want"),
        choices=[("", gettext_lazy("Not known")), *Trade.choices],
        required=False,
    )
    wishes = of(
        Enrolment,
        "wishes",
        label=gettext_lazy("What matters to them"),
        help_text=gettext_lazy(
            "What they hope for, and what the mentors should know. Nothing about offences."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def set_up(self) -> None:
        self.helper.layout = Layout(Chips("gender_wish"), Chips("wished_times"), "trade", "wishes")

    def word_of(self, name: str) -> str:
        if name == "wished_times":
            return capfirst(timeslots.names(self.cleaned_data["wished_times"]))
        return super().word_of(name)
