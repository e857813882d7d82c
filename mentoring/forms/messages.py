"""Writing to mentors."""

import uuid

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import Message
from primus.forms import helper


class MessageForm(forms.ModelForm):
    """A subject and a text; whom it goes to is said beside the form."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    class Meta:
        model = Message
        fields = ["subject", "text"]
        labels = {"subject": _("What is it about?"), "text": _("Message")}
        widgets = {
            "subject": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
            "text": forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        }
        error_messages = {
            "subject": {"required": _("Write in a few words what it is about.")},
            "text": {"required": _("Write the message.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        # The browser would cut off what is pasted, without a word.
        self.fields["text"].widget.attrs.pop("maxlength", None)
        self.helper = helper(tag=False)
        self.helper.layout = Layout("token", "subject", "text")

    def renew(self) -> None:
        """A token of its own for what the form says now."""
        self.data = self.data.copy()
        self.data["token"] = str(uuid.uuid4())
