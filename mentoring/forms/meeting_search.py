from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from primus.filters import SearchInput
from primus.forms import SubmitButton, helper


class MeetingSearch(forms.Form):
    """What is searched for in the meetings of one enrolment. It is posted: it may name anybody."""

    q = forms.CharField(
        label=_("Search the meetings"), required=False, max_length=80, widget=SearchInput
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper()
        self.helper.layout = Layout(
            Div(
                "q",
                SubmitButton(_("Search"), "btn-outline-secondary", icon="search"),
                css_class="search-line",
            )
        )

    @property
    def text(self) -> str:
        """What is searched for; nothing where it cannot be."""
        return self.cleaned_data.get("q", "") if self.is_valid() else ""
