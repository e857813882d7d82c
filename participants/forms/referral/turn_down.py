"""Closing a referral instead: not for this programme, or declined."""

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from participants.endings import DETAILS, EndRefused
from participants.models import EndReason
from primus.forms import DayField, helper


class TurnDownForm(forms.Form):
    """Why a referral comes to nothing, and when that was decided."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Why does it come to nothing?"),
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    ended_on = DayField(label=gettext_lazy("Decided on"))

    def __init__(self, *args, **kwargs):
        today = timezone.localdate()
        kwargs["initial"] = {"ended_on": today} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [
            ("", gettext_lazy("Choose")),
            *[
                (EndReason(r).label, [(f"{r.value}:{c}", label) for c, label in why.choices])
                for r, why in DETAILS.items()
            ],
        ]
        self.fields["ended_on"].widget.attrs["max"] = today.isoformat()
        self.helper = helper(tag=False)
        self.helper.layout = Layout("outcome", "ended_on")

    @property
    def reason(self) -> str:
        return self.cleaned_data["outcome"].partition(":")[0]

    @property
    def detail(self) -> str:
        return self.cleaned_data["outcome"].partition(":")[2]

    def refuse(self, refused: EndRefused) -> None:
        """Say why the verb will not, beside the question it is about."""
        field = {"end_reason": "outcome", "end_detail": "outcome"}.get(
            refused.field or "", refused.field
        )
        self.add_error(field, refused.sentence)
