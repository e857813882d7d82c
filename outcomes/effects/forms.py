from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outcomes.models import Trial
from outcomes.recidivism import DEFAULT, DEFINITIONS
from primus.forms import SubmitButton, helper


class EffectForm(forms.Form):
    """Which trial to look at, and by which definition. The choice is an address: a GET."""

    trial = forms.ChoiceField(label=_("Trial"), required=False)
    definition = forms.ChoiceField(
        label=_("Definition of a new sentence"),
        choices=[(one.key, one.name) for one in DEFINITIONS.values()],
        initial=DEFAULT.key,
        required=False,
    )

    def __init__(self, *args, trials: list[Trial], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trial"].choices = [(str(trial.pk), trial.name) for trial in trials]
        self.helper = helper(get=True)
        self.helper.form_action = reverse("effect")
        self.helper.form_class = "place-form effect-form"
        self.helper.form_show_errors = False
        # With one trial there is nothing to choose, but it stays part of the address.
        if len(trials) < 2:
            self.fields["trial"].widget = forms.HiddenInput()
        self.helper.layout = Layout(
            "trial", "definition", SubmitButton(_("Show"), "btn-sm btn-outline-secondary btn-36")
        )
