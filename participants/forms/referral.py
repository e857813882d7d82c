"""The referral of a person to the programme."""

import uuid

from crispy_forms.layout import Div, Layout
from dateutil.relativedelta import relativedelta
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.languages import Language
from participants.models import (
    Enrolment,
    Gender,
    GenderWish,
    Institution,
    InstitutionKind,
    Municipality,
    Participant,
    ReleaseKind,
)
from participants.models.consent import ConsentForm
from participants.models.participant import postcode_validator
from participants.referral import Known, find_known
from participants.releases import ReleaseRefused, check_expected
from primus.accounts.validators import phone_validator
from primus.forms import Chips, DayField, Section, Segmented, SubmitButton, helper
from primus.templatetags.primus_ui import shortdate

YOUNGEST, OLDEST = 15, 100


class InstitutionChoice(forms.ModelChoiceField):
    """The institutions in use, those of a kind together."""

    def __init__(self, **kwargs):
        in_use = Institution.objects.filter(is_active=True).order_by("name")
        super().__init__(queryset=in_use, empty_label=gettext_lazy("Choose"), **kwargs)

    def group(self) -> None:
        """Read the institutions, once for each form."""
        kinds: dict[str, list] = {kind: [] for kind in InstitutionKind.values}
        for place in self.queryset:
            kinds[place.kind].append((place.pk, place.name))
        groups = [(InstitutionKind(k).label, places) for k, places in kinds.items() if places]
        self.choices = [("", self.empty_label), *groups]


def _of(model, name: str, **overrides) -> forms.Field:
    """The model's own field, so that its length and rules are said in one place."""
    return model._meta.get_field(name).formfield(**overrides)


class ReferralForm(forms.Form):
    """A person and their enrolment, from one conversation with them."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    first_name = _of(Participant, "first_name", label=gettext_lazy("First name"))
    last_name = _of(Participant, "last_name", label=gettext_lazy("Last name"))
    birth_date = DayField(label=gettext_lazy("Date of birth"))
    # Shown only when someone of that name and birth date is known already.
    same_person = forms.CharField(
        label=gettext_lazy("It is the same person: give them a new enrolment"),
        help_text=gettext_lazy("The earlier enrolment stays as it is."),
        required=False,
        widget=forms.HiddenInput,
    )
    gender = forms.ChoiceField(
        label=gettext_lazy("Gender"), choices=Gender, widget=forms.RadioSelect
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages a conversation can be held in"),
        choices=Language,
        widget=forms.CheckboxSelectMultiple,
        initial=[Language.DANISH],
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )
    phone = _of(
        Participant,
        "phone",
        label=gettext_lazy("Phone"),
        validators=[phone_validator],
    )
    email = _of(Participant, "email", label=gettext_lazy("E-mail"))

    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Municipality after release"),
        queryset=Municipality.objects.none(),
        empty_label=gettext_lazy("Choose"),
    )
    postcode = _of(
        Participant,
        "postcode",
        label=gettext_lazy("Postcode after release"),
        validators=[postcode_validator],
    )
    institution = InstitutionChoice(label=gettext_lazy("Institution now"))
    referred_on = DayField(label=gettext_lazy("Referred on"))
    expected_release = DayField(label=gettext_lazy("Expected release"))
    release_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of release"), choices=ReleaseKind, widget=forms.RadioSelect
    )

    gender_wish = forms.ChoiceField(
        label=gettext_lazy("The mentors"),
        choices=GenderWish,
        widget=forms.RadioSelect,
        initial=GenderWish.ANY,
    )
    wishes = _of(
        Enrolment,
        "wishes",
        label=gettext_lazy("What matters to them"),
        help_text=gettext_lazy("When they can meet, what they hope for, what they know about."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    consent_given_on = DayField(label=gettext_lazy("When did they say yes?"))
    consent_form = forms.ChoiceField(
        label=gettext_lazy("How did they say it?"),
        choices=ConsentForm,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, user, **kwargs):
        self.user = user
        self.known: Known | None = None
        self.today = timezone.localdate()
        kwargs["initial"] = {
            "token": uuid.uuid4(),
            "referred_on": self.today,
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, **kwargs)
        own = Municipality.objects.of_coordinator(user)
        self.fields["municipality"].queryset = own
        places = list(own)
        if len(places) == 1:
            self.initial.setdefault("municipality", places[0].pk)
        self.fields["municipality"].choices = [
            *([("", gettext_lazy("Choose"))] if len(places) != 1 else []),
            *[(place.pk, place.name) for place in places],
        ]
        self.fields["institution"].group()
        for name in ("first_name", "last_name", "phone", "email", "postcode"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for name in ("phone", "postcode"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
        for name in ("birth_date", "referred_on", "consent_given_on"):
            self.fields[name].widget.attrs["max"] = self.today.isoformat()
        self.helper = helper(mark_optional=True)
        self.helper.layout = Layout(
            "token",
            Section(
                _("The person"),
                Div("first_name", "last_name", css_class="form-pair"),
                Div("birth_date", Segmented("gender"), css_class="form-pair"),
                "same_person",
                Chips("languages"),
                Div("phone", "email", css_class="form-pair"),
            ),
            Section(
                _("The release"),
                Div("institution", "municipality", css_class="form-pair"),
                Div("referred_on", "expected_release", css_class="form-pair"),
                Chips("release_kind"),
                Div("postcode", css_class="form-pair"),
            ),
            Section(_("Wishes"), Chips("gender_wish"), "wishes"),
            Section(
                _("Consent to taking part"),
                Div("consent_given_on", Segmented("consent_form"), css_class="form-pair"),
                lead=_("They have been told what we keep and why, and that they can stop any day."),
            ),
            Div(
                SubmitButton(_("Save the referral"), "btn-primary btn-lg", icon="check"),
                css_class="form-end",
            ),
        )

    def clean_birth_date(self):
        day = self.cleaned_data["birth_date"]
        age = relativedelta(self.today, day).years
        if day > self.today or not YOUNGEST <= age <= OLDEST:
            raise forms.ValidationError(
                _("Check the year: a participant is between %(youngest)d and %(oldest)d years old.")
                % {"youngest": YOUNGEST, "oldest": OLDEST}
            )
        return day

    def _not_in_future(self, name: str, sentence: str):
        day = self.cleaned_data[name]
        if day > self.today:
            raise forms.ValidationError(sentence)
        return day

    def clean_referred_on(self):
        return self._not_in_future("referred_on", _("A referral cannot be in the future."))

    def clean_consent_given_on(self):
        return self._not_in_future(
            "consent_given_on", _("Write the day they said yes; it cannot be in the future.")
        )

    def clean(self):
        data = super().clean()
        born, referred = data.get("birth_date"), data.get("referred_on")
        expected, consented = data.get("expected_release"), data.get("consent_given_on")
        if referred and born and referred < born:
            self.add_error("referred_on", _("The referral cannot be before the birth."))
        if consented and born and consented < born:
            self.add_error("consent_given_on", _("The consent cannot be before the birth."))
        if expected and referred:
            try:
                check_expected(expected, referred)
            except ReleaseRefused as refused:
                self.add_error("expected_release", refused.sentence)
        if born and data.get("first_name") and data.get("last_name"):
            self._look_up(data)
        return data

    def _look_up(self, data) -> None:
        """Ask before a person who is known gets a new enrolment; refuse one who is in now."""
        self.known = find_known(
            self.user, data["first_name"], data["last_name"], data["birth_date"]
        )
        if self.known is None:
            return
        name = self.known.participant.get_full_name()
        if self.known.current:
            sentence = _("%(name)s is already in the programme, with the same date of birth.")
            self.add_error("first_name", sentence % {"name": name})
            return
        number = str(self.known.participant.pk)
        field = self.fields["same_person"]
        field.widget = forms.CheckboxInput(
            attrs={"value": number}, check_test=lambda value: str(value) == number
        )
        # Not only «ticked»: ticked for this person, and not for one of another name before.
        if self.data.get(self.add_prefix("same_person")) != number:
            sentence = _(
                "%(name)s, with the same date of birth, was in the programme until %(day)s. "
                "Is it the same person?"
            )
            day = shortdate(self.known.latest.ended_on)
            self.add_error("same_person", sentence % {"name": name, "day": day})

    def parts(self) -> dict[str, dict]:
        """What was filled in, sorted as the verb `refer` takes it."""
        data = self.cleaned_data
        person = ("first_name", "last_name", "birth_date", "gender", "phone", "email", "postcode")
        course = ("municipality", "institution", "referred_on", "expected_release")
        course += ("release_kind", "gender_wish", "wishes")
        return {
            "participant": {**{n: data[n] for n in person}, "languages": data["languages"]},
            "enrolment": {n: data[n] for n in course},
            "consent": {"given_on": data["consent_given_on"], "form": data["consent_form"]},
        }
