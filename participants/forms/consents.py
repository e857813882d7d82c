"""What a participant says yes to after they were referred, and what they take back."""

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from participants.consents import ConsentRefused
from participants.models import Consent, ConsentKind, Enrolment
from participants.models.consent import ConsentForm
from primus.forms import Chips, DayField, Segmented, helper

# Which question a refusal is about; the others are about the kind.
FIELDS = {"given_in_future": "given_on", "given_before_birth": "given_on", "unknown_form": "form"}


class ConsentGivenForm(forms.Form):
    """One more yes: to what, how and when. Only what is not in force is offered."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What do they say yes to?"), widget=forms.RadioSelect
    )
    form = forms.ChoiceField(
        label=gettext_lazy("How did they say it?"), choices=ConsentForm, widget=forms.RadioSelect
    )
    given_on = DayField(label=gettext_lazy("Given on"))

    def __init__(self, *args, enrolment: Enrolment, missing: list[ConsentKind], **kwargs):
        self.enrolment = enrolment
        kwargs["initial"] = {"given_on": timezone.localdate()}
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, capfirst(str(kind.label))) for kind in missing]
        self.fields["given_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.helper = helper(tag=False)
        self.helper.layout = Layout(
            Chips("kind"), Div(Segmented("form"), "given_on", css_class="form-pair")
        )

    def refuse(self, refused: ConsentRefused) -> None:
        """Say why the verb will not, beside the question it is about."""
        self.add_error(FIELDS.get(refused.code, "kind"), refused.sentence)


class ConsentWithdrawalForm(forms.Form):
    """The day a consent was taken back."""

    withdrawn_on = DayField(label=gettext_lazy("Taken back on"))

    def __init__(self, *args, consent: Consent, **kwargs):
        kwargs["initial"] = {"withdrawn_on": timezone.localdate()}
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_on"].widget.attrs |= {
            "min": consent.given_on.isoformat(),
            "max": timezone.localdate().isoformat(),
        }
        self.helper = helper(tag=False)
        self.helper.layout = Layout("withdrawn_on")
