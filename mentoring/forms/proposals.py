"""Saying no to following a participant."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy

from mentoring.models import DeclineReason
from primus.forms import Chips, helper


class DeclineForm(forms.Form):
    """Why a mentor says no; the coordinator sees it, and nobody else."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why not this time?"),
        choices=DeclineReason,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Only your coordinators see it."),
        error_messages={"required": gettext_lazy("Choose the reason that fits best.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False)
        self.helper.layout = Layout(Chips("reason"))
