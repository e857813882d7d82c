"""The forms of a trial: making one, assessing somebody, and what becomes of them."""

import uuid

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from outcomes.models import (
    Eligibility,
    NotInTrialReason,
    RiskGroup,
    Stratum,
    Trial,
    TrialSubject,
)
from outcomes.recidivism import DEFAULT, DEFINITIONS
from outcomes.trials.enrolling import wrong_days
from outcomes.trials.randomisation import BLOCK_SIZES, LENGTH, bounds, check_blocks
from outcomes.trials.refusals import TrialRefused
from participants.models import Enrolment, Municipality
from participants.models.consent import ConsentForm
from primus.accounts.invitation_forms import Municipalities, municipality_choices
from primus.forms import Chips, DayField, Section, Segmented, helper

SIZES = (2, 3, 4, 6, 8, 9, 10, 12)
SHARES: list[tuple[str, str | Promise]] = [
    ("1:1", gettext_lazy("As many with as without")),
    ("2:1", gettext_lazy("Two with for one without")),
    ("3:1", gettext_lazy("Three with for one without")),
]


class Refusable(forms.Form):
    """A form whose verb may refuse. ``ABOUT``: which question each refusal is about."""

    ABOUT: dict[str, str] = {}

    def refuse(self, refused) -> None:
        self.add_error(self.ABOUT.get(refused.code), refused.sentence)


def of(model, name: str, **overrides) -> forms.Field:
    """The model's own field, so that its length and rules are said in one place."""
    return model._meta.get_field(name).formfield(**overrides)


def number_of(name: str, refusal: str, **overrides) -> forms.Field:
    """A number of a trial, with the model's bounds: said at once, in the words of the verb."""
    least, most = bounds(name)
    sentence = TrialRefused.SENTENCES[refusal]
    return of(
        Trial,
        name,
        min_value=least,
        max_value=most,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
        **overrides,
    )


def choices_of(enum, label, **more) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=enum, widget=forms.RadioSelect, **more)


class TrialForm(Refusable):
    """What is decided when a trial is made, and never after."""

    ABOUT = {
        "name_taken": "name",
        "one_size": "block_sizes",
        "size_does_not_fit": "block_sizes",
        "bad_length": "length",
        "bad_horizon": "horizon_days",
        "no_municipality": "municipalities",
    }

    name = of(Trial, "name")
    purpose = of(
        Trial,
        "purpose",
        label=gettext_lazy("What it is to show"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    definition = forms.ChoiceField(
        label=gettext_lazy("What counts as a new offence"),
        initial=DEFAULT.key,
        help_text=gettext_lazy(
            "The primary outcome. The others are shown beside it on the page of the effect."
        ),
    )
    horizon_days = number_of(
        "horizon_days",
        "bad_horizon",
        label=gettext_lazy("Days each is followed from the release"),
    )
    share = forms.ChoiceField(
        label=gettext_lazy("With and without two mentors"),
        choices=SHARES,
        initial="1:1",
        widget=forms.RadioSelect,
    )
    block_sizes = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Block sizes"),
        coerce=int,
        choices=[
            (size, ngettext_lazy("%(n)d person", "%(n)d people", "n") % {"n": size})
            for size in SIZES
        ],
        initial=list(BLOCK_SIZES),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "In each block the arms are shared exactly. How long each block is, is drawn among "
            "those you choose, so that nobody can tell where one ends. Choose two or more."
        ),
    )
    length = number_of(
        "length",
        "bad_length",
        label=gettext_lazy("Places in each stratum"),
        initial=LENGTH,
        help_text=gettext_lazy(
            "For each municipality and risk group. More than you will need: no places are added "
            "later."
        ),
    )
    municipalities = forms.MultipleChoiceField(
        label=gettext_lazy("Municipalities"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["definition"].choices = [(d.key, d.name) for d in DEFINITIONS.values()]
        self.fields["municipalities"].choices = municipality_choices()
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout(
            Section(gettext_lazy("The question"), "name", "purpose", "definition", "horizon_days"),
            Section(
                gettext_lazy("The draw"),
                Chips("share"),
                Chips("block_sizes"),
                lead=gettext_lazy(
                    "The whole order is drawn when you make the trial, and is sealed. Its hash "
                    "is published at once, so that anybody can check later that nothing was "
                    "changed."
                ),
            ),
            Section(gettext_lazy("Where"), "length", Municipalities("municipalities")),
        )

    def clean_name(self) -> str:
        """Told with the other errors; whoever takes the name meanwhile is met by the verb."""
        name = " ".join(self.cleaned_data["name"].split())
        if Trial.objects.filter(name=name).exists():
            self.refuse(TrialRefused("name_taken"))
        return name

    def clean(self):
        data = super().clean()
        if data.get("share") and data.get("block_sizes"):
            try:
                check_blocks(data["block_sizes"], dict(enumerate(self._weights(), start=1)))
            except TrialRefused as refused:
                self.refuse(refused)
        return data

    def _weights(self) -> list[int]:
        return [int(weight) for weight in self.cleaned_data["share"].split(":")]

    def design(self) -> dict:
        """What new_trial takes."""
        with_mentors, without = self._weights()
        data = {name: value for name, value in self.cleaned_data.items() if name != "share"}
        return data | {"weight_with": with_mentors, "weight_without": without}


ANSWERS: list[tuple[str, str | Promise]] = [
    (ConsentForm.WRITTEN, gettext_lazy("Yes, in writing")),
    (ConsentForm.ORAL, gettext_lazy("Yes, orally")),
    ("", gettext_lazy("Has not answered yet")),
]


class AssessmentForm(Refusable):
    """Whether somebody can and will take part, and what is known before the draw."""

    ABOUT = {
        "reason_missing": "not_eligible_reason",
        "consent_missing": "consent_on",
        "not_in_trial": "municipality",
        "release_before_assessment": "expected_release",
    }
    BASELINE = ("age_group", "priors", "release_kind", "expected_release")

    token = forms.UUIDField(widget=forms.HiddenInput)
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Municipality"),
        queryset=Municipality.objects.none(),
        empty_label=gettext_lazy("Choose a municipality"),
    )
    risk_group = choices_of(
        RiskGroup,
        gettext_lazy("Risk group"),
        help_text=gettext_lazy(
            "Highest: has been sentenced several times before, or was refused parole."
        ),
    )
    assessed_on = DayField(label=gettext_lazy("Assessed on"))
    eligibility = choices_of(Eligibility, gettext_lazy("What came of it?"))
    not_eligible_reason = choices_of(
        NotInTrialReason, gettext_lazy("Why can they not take part?"), required=False
    )
    consent_form = forms.ChoiceField(
        label=gettext_lazy("Have they said yes?"),
        choices=ANSWERS,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "To being drawn, to us keeping whether there are new convictions, whichever arm they "
            "are drawn to, and to what we keep being used for research without names."
        ),
    )
    consent_on = DayField(label=gettext_lazy("They said yes on"), required=False)
    age_group = of(TrialSubject, "age_group", widget=forms.RadioSelect)
    priors = of(TrialSubject, "priors", widget=forms.RadioSelect)
    release_kind = of(TrialSubject, "release_kind", widget=forms.RadioSelect)
    expected_release = DayField(label=gettext_lazy("Expected release"), required=False)

    def __init__(self, *args, trial: Trial, user, subject: TrialSubject | None = None, **kwargs):
        today = timezone.localdate()
        kwargs["initial"] = {
            "token": uuid.uuid4(),
            "assessed_on": today,
            "consent_on": today,
            "consent_form": None,
        }
        super().__init__(*args, **kwargs)
        places = Municipality.objects.of_coordinator(user).filter(
            pk__in=Stratum.objects.filter(trial=trial).values("municipality")
        )
        field = self.fields["municipality"]
        field.queryset = places.order_by("name")
        own = list(places[:2])
        if len(own) == 1:
            self.initial["municipality"] = own[0].pk
        for name in ("age_group", "priors", "release_kind"):
            box = self.fields[name]
            box.choices = [(value, label) for value, label in box.choices if value]
        for name in ("assessed_on", "consent_on"):
            self.fields[name].widget.attrs["max"] = today.isoformat()
        if subject is not None:
            self._show(subject)
        self.helper = helper(tag=False)
        self.helper.layout = Layout(
            "token",
            Section(
                gettext_lazy("Can they take part?"),
                Div("municipality", "assessed_on", css_class="form-pair"),
                Segmented("risk_group"),
                Chips("eligibility"),
                Div(Chips("not_eligible_reason"), css_class="if-not-eligible"),
            ),
            Div(
                Section(
                    gettext_lazy("Will they?"),
                    Chips("consent_form"),
                    Div("consent_on", css_class="if-said-yes"),
                ),
                Section(
                    gettext_lazy("Known before the draw"),
                    Segmented("age_group"),
                    Segmented("priors"),
                    Chips("release_kind"),
                    "expected_release",
                    lead=gettext_lazy("For the subgroups. It cannot be changed after the draw."),
                ),
                css_class="if-eligible",
            ),
        )

    def _show(self, subject: TrialSubject) -> None:
        for name in self.fields:
            if name == "municipality":
                self.initial[name] = subject.municipality_id
            elif name != "token":
                self.initial[name] = getattr(subject, name)
        if subject.consent_on is None:
            self.initial["consent_on"] = timezone.localdate()

    def clean(self):
        data = super().clean()
        eligibility = data.get("eligibility")
        can = eligibility == Eligibility.ELIGIBLE
        wrong = wrong_days(
            assessed_on=data.get("assessed_on"),
            consent_on=data.get("consent_on") if can and data.get("consent_form") else None,
            expected_release=data.get("expected_release") if can else None,
        )
        if eligibility == Eligibility.NOT_ELIGIBLE and not data.get("not_eligible_reason"):
            self.refuse(TrialRefused("reason_missing"))
        if can:
            if data.get("consent_form") and not (
                data.get("consent_on") or "consent_on" in self.errors
            ):
                self.refuse(TrialRefused("consent_missing"))
            for name in self.BASELINE:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Answer this before the draw."))
        for name, code in wrong.items():
            self.add_error(name, TrialRefused(code).sentence)
        return data

    def answers(self) -> dict:
        """The fields of the subject; a day without a yes is none."""
        data = dict(self.cleaned_data)
        data.pop("token")
        if not data["consent_form"]:
            data["consent_on"] = None
        return data


class ReleaseForm(Refusable):
    ABOUT = dict.fromkeys(("in_future", "release_before_assessment"), "released_on")

    released_on = DayField(label=gettext_lazy("Released on"))

    def __init__(self, *args, subject: TrialSubject, **kwargs):
        today = timezone.localdate()
        expected = subject.expected_release
        planned = expected if expected is not None and expected <= today else today
        kwargs["initial"] = {"released_on": subject.released_on or planned}
        super().__init__(*args, **kwargs)
        self.fields["released_on"].widget.attrs["max"] = today.isoformat()
        self.helper = helper(tag=False)
        self.helper.layout = Layout("released_on")


class WithdrawalForm(Refusable):
    ABOUT = dict.fromkeys(("in_future", "withdrawn_before_given"), "withdrawn_on")

    withdrawn_on = DayField(label=gettext_lazy("Taken back on"))

    def __init__(self, *args, subject: TrialSubject, **kwargs):
        today = timezone.localdate()
        kwargs["initial"] = {"withdrawn_on": today}
        super().__init__(*args, **kwargs)
        self.fields["withdrawn_on"].widget.attrs |= {
            "min": subject.consent_on.isoformat() if subject.consent_on else "",
            "max": today.isoformat(),
        }
        self.helper = helper(tag=False)
        self.helper.layout = Layout("withdrawn_on")


class CaseNumberForm(Refusable):
    """Which case file is theirs, when it is not among those that are offered."""

    ABOUT = dict.fromkeys(
        ("no_such_case", "linked_already", "linked_to_another", "withdrawn"), "case_number"
    )

    case_number = forms.CharField(
        label=gettext_lazy("Case number"),
        max_length=30,
        help_text=gettext_lazy("As it stands on the case file: P-00042."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False)
        self.helper.layout = Layout("case_number")

    def clean_case_number(self) -> int:
        number = Enrolment.case_number_in(self.cleaned_data["case_number"])
        if number is None:
            raise forms.ValidationError(TrialRefused("no_such_case").sentence)
        return number


def baseline_words(subject: TrialSubject) -> list[tuple[str, str]]:
    """What was known before the draw, each with its question, in words."""
    words = [
        (_("Municipality"), subject.municipality.name),
        (_("Risk group"), subject.get_risk_group_display()),
        (_("Age"), subject.get_age_group_display()),
        (_("Earlier sentences"), subject.get_priors_display()),
        (_("Kind of release"), subject.get_release_kind_display()),
    ]
    return [(question, capfirst(str(answer))) for question, answer in words if answer]
