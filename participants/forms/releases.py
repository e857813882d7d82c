"""What happens to an enrolment's dates, and its end."""

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from participants.models import Enrolment, MoveReason
from participants.releases import ReleaseRefused, check_expected
from primus.forms import Chips, DayField, helper


class ReleaseMoveForm(forms.Form):
    """When the release is now expected, and why it moved."""

    new_date = DayField(label=gettext_lazy("New expected release"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Why does it move?"), choices=MoveReason, widget=forms.RadioSelect
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)
    # The day whose consequences were on the page when the form was sent.
    shown = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, enrolment: Enrolment, **kwargs):
        self.enrolment = enrolment
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout("new_date", Chips("reason"), "note")

    def clean_new_date(self):
        day = self.cleaned_data["new_date"]
        if day == self.enrolment.expected_release:
            raise forms.ValidationError(ReleaseRefused("same_date").sentence)
        try:
            check_expected(day, self.enrolment.referred_on)
        except ReleaseRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        return day

    @property
    def was_shown(self) -> bool:
        """Whether the coordinator has seen what moves with the very day they chose."""
        return self.cleaned_data.get("shown") == self.cleaned_data["new_date"]


class ReleaseConfirmForm(forms.Form):
    """The day the participant was released."""

    released_on = DayField(label=gettext_lazy("Released on"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["released_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.helper = helper(tag=False)
        self.helper.layout = Layout("released_on")
