"""Saying that one must stop as a mentor."""

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.models import StopReason
from mentoring.stopping import AHEAD, StopRefused
from primus.forms import Chips, DayField, helper


class StopForm(forms.Form):
    """From which day a mentor stops following one participant, and why."""

    stops_on = DayField(
        label=gettext_lazy("From which day do you stop?"),
        error_messages={"required": gettext_lazy("Choose the day.")},
    )
    # Asked only of who chooses today: then it cannot be taken back.
    today_is_meant = forms.BooleanField(
        label=gettext_lazy("Yes, I stop today and no longer see this person"), required=False
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        choices=StopReason,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the reason that fits best.")},
    )
    note = forms.CharField(
        label=gettext_lazy("What should the coordinator know?"),
        required=False,
        strip=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Only your coordinators see the reason and this. The other mentor sees the day."
        ),
    )

    def __init__(self, *args, name: str, **kwargs):
        """`name` is the participant's first name."""
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()
        day = self.fields["stops_on"]
        day.help_text = _(
            "From that day you no longer see %(name)s in Primus. You can take it back until then."
        ) % {"name": name}
        day.widget.attrs |= {
            "min": self.today.isoformat(),
            "max": (self.today + AHEAD).isoformat(),
        }
        # The browser would cut off what is pasted, without a word.
        self.fields["note"].widget.attrs.pop("maxlength", None)
        asked = ["today_is_meant"] if self._chose_today() else []
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout("stops_on", *asked, Chips("reason"), "note")

    def _chose_today(self) -> bool:
        try:
            return self.is_bound and self.fields["stops_on"].clean(self["stops_on"].data) == (
                self.today
            )
        except forms.ValidationError:
            return False

    def clean_stops_on(self):
        day = self.cleaned_data["stops_on"]
        if day < self.today:
            raise forms.ValidationError(StopRefused("past").sentence)
        if day > self.today + AHEAD:
            raise forms.ValidationError(StopRefused("too_far").sentence)
        return day

    def clean(self):
        data = super().clean()
        if data.get("stops_on") == self.today and not data.get("today_is_meant"):
            self.add_error(
                "today_is_meant",
                _(
                    "Today means at once: you no longer see this person, and it cannot be taken "
                    "back. Tick if that is what you mean, or choose another day."
                ),
            )
        return data
