import uuid

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import AuthorityContact
from primus.forms import helper


class ContactForm(forms.ModelForm):
    """Somebody at an authority who works on the case, and how to reach them."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AuthorityContact
        fields = ["authority", "name", "phone", "email", "note"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
            "phone": forms.TextInput(
                attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}
            ),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "note": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        }
        labels = {
            "authority": _("Where do they work?"),
            "name": _("Name"),
            "phone": _("Phone"),
            "email": _("E-mail"),
            "note": _("Good to know"),
        }
        help_texts = {"note": _("For example when they answer the phone. No health matters here.")}
        error_messages = {
            "authority": {"required": _("Choose where they work.")},
            "name": {"required": _("Write a name, or what to ask for.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        self.fields["authority"].choices = [("", "–"), *self.fields["authority"].choices[1:]]
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout("token", "authority", "name", "phone", "email", "note")

    def clean(self):
        data = super().clean()
        told = ("phone", "email")
        if not any(data.get(name) for name in told) and not any(n in self.errors for n in told):
            self.add_error("phone", _("Write a phone number or an e-mail."))
        return data

    def values(self) -> dict[str, str]:
        """The fields of the contact as the form says them."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def renew(self) -> None:
        """A token of its own for what the form says now."""
        self.data = self.data.copy()
        self.data["token"] = str(uuid.uuid4())
