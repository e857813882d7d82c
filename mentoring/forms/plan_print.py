from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.printed_plan import LANGUAGES
from participants.languages import Language
from primus.forms import Segmented, SubmitButton, helper


class PrintForm(forms.Form):
    """How the sheet is to be: nothing of it is kept."""

    language = forms.ChoiceField(
        label=_("Language of the sheet"),
        choices=[(language.value, language.label) for language in LANGUAGES],
        widget=forms.RadioSelect,
    )
    phones = forms.BooleanField(
        label=_("With the mentors' own phone numbers"),
        required=False,
        help_text=_("Only when both have said yes. Otherwise there is a line to write on."),
    )

    def __init__(self, data, *, language: Language):
        # Opened without a choice it is a sheet all the same, in the language that is likely.
        super().__init__(data if data else {"language": language.value})
        self.likely = language
        self.helper = helper(get=True)
        self.helper.layout = Layout(
            Div(
                Segmented("language"),
                "phones",
                SubmitButton(_("Show the sheet"), "btn-outline-secondary"),
                css_class="sheet-choices",
            )
        )

    @property
    def chosen(self) -> dict:
        """What `printed_plan` takes; what cannot be understood is as if it were not chosen."""
        data = self.cleaned_data if self.is_valid() else {}
        return {
            "language": Language(data.get("language") or self.likely),
            "phones": bool(data.get("phones")),
        }
