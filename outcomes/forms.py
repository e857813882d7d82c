from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from outcomes.recidivism import DEFINITIONS
from primus.forms import SubmitButton, helper


class DashboardForm(forms.Form):
    """Which dashboard to look at: where, when, and by which definition.

    The choice is an address, so the form is a GET. Where there is but one place to choose, it
    is not asked for, and ``action`` is that place's own page.
    """

    COUNTRY = ("", _("Whole country"))
    ALL_YEARS = ("", _("All years"))

    place = forms.ChoiceField(label=_("Municipality"), required=False)
    period = forms.ChoiceField(label=_("Period"), required=False)
    definition = forms.ChoiceField(
        label=_("Definition of new crime"),
        required=False,
        choices=[(key, definition.name) for key, definition in DEFINITIONS.items()],
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args, places: list[tuple[str, str]], periods: list[str], action: str, **kwargs
    ):
        super().__init__(*args, **kwargs)
        several = len(places) > 1
        self.fields["place"].choices = places
        self.fields["period"].choices = [self.ALL_YEARS, *((year, year) for year in periods)]
        if not several:
            del self.fields["place"]
        if not self.initial.get("sort"):
            del self.fields["sort"]
        self.helper = helper(get=True)
        self.helper.form_action = reverse("dashboard") if several else action
        self.helper.form_class = "place-form"
        self.helper.form_show_errors = False
        self.helper.layout = Layout(
            *self.fields, SubmitButton(_("Show"), "btn-sm btn-outline-secondary btn-36")
        )
