"""What the steps of the referral have in common."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from primus.forms import DayField, helper
from primus.templatetags.primus_ui import longdate


def of(model, name: str, **overrides) -> forms.Field:
    """The model's own field, so that its length and rules are said in one place."""
    return model._meta.get_field(name).formfield(**overrides)


def choices_of(enum, **more) -> forms.ChoiceField:
    return forms.ChoiceField(choices=enum, widget=forms.RadioSelect, **more)


class StepForm(forms.Form):
    """One step. ``before`` is what the steps before it came to, as far as it is right."""

    def __init__(self, *args, user, before: dict[str, Any] | None = None, **kwargs):
        self.user = user
        self.before = before or {}
        self.today = timezone.localdate()
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False, mark_optional=True)
        self.set_up()

    def set_up(self) -> None:
        """Fill in what depends on the reader and on what was answered before."""

    def words(self, without: Collection[str] = ()) -> list[tuple[str, str]]:
        """Each answer with its question, in words; what was not answered is left out."""
        found = []
        for name in self.fields:
            text = "" if name in without else self.word_of(name)
            if text:
                found.append((str(self.fields[name].label), text))
        return found

    def word_of(self, name: str) -> str:
        value = self.cleaned_data.get(name)
        field = self.fields[name]
        if value in (None, "", []):
            return ""
        if isinstance(field, DayField):
            return longdate(value)
        if isinstance(field, forms.ModelChoiceField):
            return str(field.label_from_instance(value))
        if isinstance(field, forms.ChoiceField):
            return capfirst(str(dict(field.choices)[value]))
        return str(value)
