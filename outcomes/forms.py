from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from primus.forms import SubmitButton, helper


class PlaceForm(forms.Form):
    """Which dashboard to look at. The choice is an address, so the form is a GET."""

    COUNTRY = ("", _("Whole country"))

    place = forms.ChoiceField(label=_("Municipality"), required=False)

    def __init__(self, *args, places: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places
        self.helper = helper(get=True)
        self.helper.form_action = reverse("dashboard")
        self.helper.form_class = "place-form"
        self.helper.form_show_errors = False
        self.helper.layout = Layout(
            "place", SubmitButton(_("Show"), "btn-sm btn-outline-secondary btn-36")
        )
