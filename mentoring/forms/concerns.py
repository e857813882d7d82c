from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from primus.forms import helper


class OutcomeForm(forms.Form):
    """What came of a concern, in the coordinator's words to the mentor who raised it."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The mentors see this on the enrolment's page."),
        error_messages={"required": _("Write what came of it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False)
        self.helper.layout = Layout("outcome")
