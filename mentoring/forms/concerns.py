"""Raising a concern, and answering one."""

import uuid

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import ConcernTopic, Urgency
from participants.models import Enrolment
from primus.forms import Chips, Part, helper

TEXT_LENGTH = 20_000
URGENCY_ICONS = {Urgency.LIFE: "alert", Urgency.URGENT: "clock", Urgency.SOON: "calendar"}


class ParticipantChoice(forms.ModelChoiceField):
    def label_from_instance(self, enrolment) -> str:
        return enrolment.participant.get_full_name()


class ConcernForm(forms.Form):
    """What a mentor wants the coordinator to know now."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    urgency = forms.ChoiceField(
        label=_("How soon must it be heard?"),
        choices=Urgency,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how soon it must be heard.")},
    )
    enrolment = ParticipantChoice(
        queryset=Enrolment.objects.none(),
        label=_("Who is it about?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose who it is about."),
            "invalid_choice": _("You no longer follow this person."),
        },
    )
    # One tap less where nothing fits: what is not chosen is «something else».
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=ConcernTopic,
        widget=forms.RadioSelect,
        required=False,
    )
    text = forms.CharField(
        label=_("What have you seen or heard?"),
        strip=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you have seen or heard.")},
    )

    def __init__(self, *args, enrolments, loaded, chosen, **kwargs):
        """`enrolments` is the queryset that may be chosen from, `loaded` its rows; `chosen` is
        the one the page was about, or None."""
        kwargs["initial"] = {"token": uuid.uuid4(), "enrolment": chosen and chosen.pk}
        super().__init__(*args, **kwargs)
        # Already fetched, and already limited to what this user may see.
        field = self.fields["enrolment"]
        field.queryset = enrolments
        field.choices = [(e.pk, field.label_from_instance(e)) for e in loaded]
        self.fields["urgency"].icons = URGENCY_ICONS
        # The browser would cut off what is pasted, without a word.
        self.fields["text"].widget.attrs.pop("maxlength", None)
        one = len(loaded) == 1
        self.helper = helper(tag=False)
        self.helper.layout = Layout(
            "token",
            Chips("urgency", wrapper_class="stacked"),
            Part("mentoring/concerns/_about.html", "enrolment") if one else Chips("enrolment"),
            "text",
            Chips("topic"),
        )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        return text


class ActionForm(forms.Form):
    """One thing that was done about a concern, for the mentor who raised it to see."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label=_("What have you done?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The mentor who raised it sees this."),
        error_messages={"required": _("Write what you have done.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="action", **kwargs)
        # The browser would cut off what is pasted, without a word.
        self.fields["text"].widget.attrs.pop("maxlength", None)
        self.helper = helper(tag=False)
        self.helper.layout = Layout("token", "text")


class OutcomeForm(forms.Form):
    """What came of a concern, in the coordinator's words to the mentor who raised it."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The mentor who raised it sees this."),
        error_messages={"required": _("Write what came of it.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False)
        self.helper.layout = Layout("outcome")
