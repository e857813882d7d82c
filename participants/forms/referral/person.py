"""The first step: who is referred."""

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.alike import Alike, find_alike
from participants.forms.referral.base import StepForm, choices_of, of
from participants.languages import Language
from participants.languages import names as language_names
from participants.models import Gender, Participant
from participants.people_rules import PersonRefused, check_birth
from primus.accounts.validators import phone_validator
from primus.forms import Chips, DayField, Part, Segmented
from primus.templatetags.primus_ui import shortdate

SOMEBODY_ELSE = "other:"


class PersonForm(StepForm):
    """Who is referred, and whether they are somebody who is known already."""

    first_name = of(Participant, "first_name", label=gettext_lazy("First name"))
    last_name = of(Participant, "last_name", label=gettext_lazy("Last name"))
    birth_date = DayField(label=gettext_lazy("Date of birth"))
    # The number of the participant whom it is, or that it is none of those who look alike.
    same_person = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    gender = choices_of(Gender, label=gettext_lazy("Gender"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages a conversation can be held in"),
        choices=Language,
        widget=forms.CheckboxSelectMultiple,
        initial=[Language.DANISH],
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    phone = of(Participant, "phone", label=gettext_lazy("Phone"), validators=[phone_validator])
    email = of(Participant, "email", label=gettext_lazy("E-mail"))

    def set_up(self) -> None:
        self.alike: list[Alike] = []
        self.known: Alike | None = None
        for name in ("first_name", "last_name", "phone", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs["inputmode"] = "numeric"
        self.fields["birth_date"].widget.attrs["max"] = self.today.isoformat()
        self.helper.layout = Layout(
            Div(
                Div("first_name", "last_name", css_class="form-pair"),
                Div("birth_date", Segmented("gender"), css_class="form-pair"),
                css_id="who",
            ),
            Part("participants/_alike_part.html", "same_person"),
            Chips("languages"),
            Div("phone", "email", css_class="form-pair"),
        )

    def clean_birth_date(self):
        day = self.cleaned_data["birth_date"]
        try:
            check_birth(day)
        except PersonRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        return day

    def clean(self):
        data = super().clean()
        named = data.get("first_name") and data.get("last_name") and data.get("birth_date")
        if not named or "same_person" in self.errors:
            return data
        self.alike = find_alike(
            self.user, data["first_name"], data["last_name"], data["birth_date"]
        )
        answer = data["same_person"]
        self.known = chosen_of(self.alike, answer)
        if self.known is not None and self.known.current is not None:
            sentence = _("%(name)s is in the programme now, so there is nothing to refer to.")
            name = self.known.participant.get_full_name()
            self.add_error("same_person", sentence % {"name": name})
        elif self.known is None and not is_somebody_else(self.alike, answer):
            self.add_error(
                "same_person", _("Look at the people below: is it one of them, or somebody else?")
            )
        return data

    def told(self) -> dict:
        """What is said of those who look alike: whom it was said to be, or not to be, or that it
        is asked; and what was looked for."""
        data = self.cleaned_data
        answer = data.get("same_person", "")
        first, last, born = (data.get(n) for n in ("first_name", "last_name", "birth_date"))
        return {
            "shown": [self.known] if self.known else self.alike,
            "known": self.known,
            "somebody_else": bool(self.alike)
            and self.known is None
            and is_somebody_else(self.alike, answer),
            "answer": answer,
            "searched": f"{first} {last} {born}" if self.alike else "",
        }

    def word_of(self, name: str) -> str:
        if name == "languages":
            return capfirst(language_names(self.cleaned_data["languages"]))
        if name == "birth_date":
            return shortdate(self.cleaned_data["birth_date"])
        return "" if name == "same_person" else super().word_of(name)


def chosen_of(alike: list[Alike], answer: str) -> Alike | None:
    """The one among those who look alike whose number the answer is."""
    return next((one for one in alike if str(one.participant.pk) == answer), None)


def somebody_else(alike: list[Alike]) -> str:
    """The answer that it is none of these."""
    return SOMEBODY_ELSE + ",".join(str(one.participant.pk) for one in alike)


def is_somebody_else(alike: list[Alike], answer: str) -> bool:
    """Whether it was said of each of those who look alike that it is not them.

    Not only «somebody else»: somebody else than these, and not than those of a name before.
    """
    said = answer.removeprefix(SOMEBODY_ELSE).split(",")
    return not alike or (
        answer.startswith(SOMEBODY_ELSE) and {str(a.participant.pk) for a in alike} <= set(said)
    )
