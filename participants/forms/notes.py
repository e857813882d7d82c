"""A coordinator's note about an enrolment."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from participants.models import CoordinatorNote
from primus.forms import helper


class NoteForm(forms.Form):
    text = CoordinatorNote._meta.get_field("text").formfield(
        label=_("New note"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the note first.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False)
        self.helper.layout = Layout("text")
