"""The second step: from where, to where, and when."""

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy

from participants.forms.referral.base import StepForm, choices_of, of
from participants.models import (
    Institution,
    InstitutionKind,
    Municipality,
    Participant,
    ReleaseKind,
)
from participants.models.participant import postcode_validator
from participants.people_rules import PersonRefused, check_referred
from participants.releases import ReleaseRefused, check_expected
from primus.forms import Chips, DayField


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


class ReleaseForm(StepForm):
    """Where they are released from and to, and when."""

    institution = InstitutionChoice(label=gettext_lazy("Institution now"))
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Municipality after release"),
        queryset=Municipality.objects.none(),
        empty_label=gettext_lazy("Choose"),
    )
    referred_on = DayField(label=gettext_lazy("Referred on"))
    expected_release = DayField(label=gettext_lazy("Expected release"))
    release_kind = choices_of(ReleaseKind, label=gettext_lazy("Kind of release"))
    postcode = of(
        Participant,
        "postcode",
        label=gettext_lazy("Postcode after release"),
        validators=[postcode_validator],
        help_text=gettext_lazy("So that we can find mentors who live near by."),
    )

    def __init__(self, *args, turned_down: bool = False, **kwargs):
        # Whose release is far away is turned down for that very reason.
        self.turned_down = turned_down
        super().__init__(*args, **kwargs)

    def set_up(self) -> None:
        own = Municipality.objects.of_coordinator(self.user)
        self.fields["municipality"].queryset = own
        places = list(own)
        if len(places) == 1:
            self.initial.setdefault("municipality", places[0].pk)
        self.initial.setdefault("referred_on", self.today)
        self.fields["municipality"].choices = [
            *([("", gettext_lazy("Choose"))] if len(places) != 1 else []),
            *[(place.pk, place.name) for place in places],
        ]
        self.fields["institution"].group()
        self.fields["postcode"].widget.attrs |= {"autocomplete": "off", "inputmode": "numeric"}
        self.fields["referred_on"].widget.attrs["max"] = self.today.isoformat()
        self.helper.layout = Layout(
            Div("institution", "municipality", css_class="form-pair"),
            Div("referred_on", "expected_release", css_class="form-pair"),
            Chips("release_kind"),
            Div("postcode", css_class="form-pair"),
        )

    def clean_referred_on(self):
        day = self.cleaned_data["referred_on"]
        try:
            check_referred(day, self.before.get("birth_date"))
        except PersonRefused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        return day

    def clean(self):
        data = super().clean()
        expected, referred = data.get("expected_release"), data.get("referred_on")
        if expected and referred:
            try:
                check_expected(expected, referred)
            except ReleaseRefused as refused:
                if not (self.turned_down and refused.code == "too_far"):
                    self.add_error("expected_release", refused.sentence)
        return data
