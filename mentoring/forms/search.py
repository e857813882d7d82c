from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from participants.models import Municipality
from primus.filters import SearchInput
from primus.forms import SubmitButton, helper


class SearchForm(forms.Form):
    """What is searched for, and in which municipality. It is posted: it is mostly a name."""

    q = forms.CharField(
        label=_("Name, case number or words in a meeting"),
        required=False,
        max_length=80,
        widget=SearchInput,
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.none(),
        required=False,
        empty_label=_("All of mine"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = Municipality.objects.of_coordinator(user)
        self.fields["municipality"].queryset = own
        self.helper = helper()
        self.helper.layout = Layout(
            Div(
                "q",
                "municipality",
                SubmitButton(_("Search"), "btn-primary", icon="search"),
                css_class="search-form",
            )
        )

    @property
    def text(self) -> str:
        """What is searched for; nothing where it cannot be."""
        return self.cleaned_data.get("q", "").strip() if self.is_valid() else ""

    @property
    def inside(self) -> Municipality | None:
        """The one municipality that was chosen, if any."""
        return self.cleaned_data.get("municipality") if self.is_valid() else None
