"""The one question before data are handed to research."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from outcomes.models import ResearchExport
from primus.forms import SubmitButton, helper

# Shorter than this says nothing.
SHORTEST = 20


class PurposeForm(forms.ModelForm):
    """What the data are for; it stands in the access log for good."""

    class Meta:
        model = ResearchExport
        fields = ["purpose"]
        widgets = {"purpose": forms.Textarea(attrs={"rows": 4})}
        labels = {"purpose": _("What are the data for?")}
        help_texts = {
            "purpose": _(
                "The project, who receives them, and the agreement. It is kept in the access log, "
                "so write no name of a participant."
            )
        }
        error_messages = {"purpose": {"required": _("Write what the data are for.")}}

    def __init__(self, *args, another: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        # Beside a file that is ready, making one more is not what the page is for.
        look = "btn-outline-secondary" if another else "btn-primary btn-lg"
        self.helper = helper()
        self.helper.attrs["data-once"] = True
        self.helper.layout = Layout("purpose", SubmitButton(_("Make the file"), look))

    def clean_purpose(self) -> str:
        # On one line: it stands in a row of the log.
        purpose = " ".join(self.cleaned_data["purpose"].split())
        if len(purpose) < SHORTEST:
            raise forms.ValidationError(
                _("Say a little more: which project, and who receives the data."), code="short"
            )
        return purpose
