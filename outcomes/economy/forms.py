"""The questions of the two pages. Everything typed stands in the address, so they are GETs."""

from collections.abc import Mapping

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from outcomes.economy import assumptions
from outcomes.economy.assumptions import Assumption, Assumptions, Group, Spread
from outcomes.economy.calculation import Effect, Estimate
from outcomes.economy.numbers import LONGEST, read_number
from outcomes.economy.sources import (
    NAMES,
    PUBLISHED_WITH,
    PUBLISHED_WITHOUT,
    Origin,
    Results,
)
from outcomes.economy.wording import in_field, plain, points
from outcomes.models import EconomyScenario
from outcomes.recidivism import DEFAULT, DEFINITIONS
from primus.forms import Section, Segmented, SubmitButton, helper

# How far the three shares may be from 100% together (proportion): a rounded third.
SHARES_TOLERANCE = 0.0015

OWN = ("own_without", "own_with", "own_low", "own_high")
TO_READ = _("Write a number, like 1,500 or 3.5.")


class NumberField(forms.Field):
    """A number as people write it, in either language; kept in its unit, a share as 0–1."""

    default_error_messages = {"required": TO_READ, "invalid": TO_READ}
    widget = forms.TextInput

    def __init__(
        self, *, least: float, most: float, factor: int = 1, whole: bool = False, **kwargs
    ):
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": LONGEST}
            ),
        )
        super().__init__(**kwargs)
        self.least, self.most, self.factor, self.whole = least, most, factor, whole

    @classmethod
    def of(cls, one: Assumption, **kwargs) -> "NumberField":
        return cls(
            label=one.label,
            least=one.least,
            most=one.most,
            factor=one.factor,
            whole=one.whole,
            **kwargs,
        )

    def to_python(self, value):
        text = (value or "").strip()
        if not text:
            return None
        typed = read_number(text)
        if typed is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return typed / self.factor

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if not self.least <= value <= self.most:
            raise forms.ValidationError(
                gettext("Write a number between %(least)s and %(most)s.")
                % {
                    "least": plain(self.least * self.factor, 1 if self.least % 1 else 0),
                    "most": plain(self.most * self.factor),
                },
                code="bounds",
            )
        if self.whole and value != int(value):
            raise forms.ValidationError(gettext("Write a whole number."), code="whole")


def _keys(group: Group) -> list[str]:
    return [one.key for one in assumptions.BY_KEY.values() if one.group == group]


class AssumptionsForm(forms.Form):
    """What both pages ask: the effect, the prices, what is saved and by whom.

    It is always bound: what the address leaves out has its default.
    """

    asked: list[Assumption] = []

    effect = forms.ChoiceField(label=_("The effect is taken from"))
    trial = forms.ChoiceField(label=_("Trial"), required=False)
    definition = forms.ChoiceField(
        label=_("New crime is counted as"),
        choices=[(key, definition.name) for key, definition in DEFINITIONS.items()],
        required=False,
    )
    own_without = NumberField(
        label=_("Of 100 without mentors, a new sentence"),
        least=0,
        most=1,
        factor=100,
        required=False,
    )
    own_with = NumberField(
        label=_("Of 100 with mentors, a new sentence"),
        least=0,
        most=1,
        factor=100,
        required=False,
    )
    own_low = NumberField(
        label=_("At least so many fewer of 100"), least=-1, most=1, factor=100, required=False
    )
    own_high = NumberField(
        label=_("At most so many fewer of 100"), least=-1, most=1, factor=100, required=False
    )
    count_hours = forms.ChoiceField(
        label=_("Volunteers' hours"),
        choices=[("no", _("not counted")), ("yes", _("counted"))],
        widget=forms.RadioSelect,
    )
    spread = forms.ChoiceField(
        label=_("The saving comes"),
        choices=[(Spread.EVEN, _("evenly")), (Spread.EARLY, _("mostly early"))],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Mapping[str, str], *, results: Results):
        defaults = self.default_data(results)
        given = {key: value for key, value in data.items() if key in defaults}
        # A trial's result that is no longer there is answered with what there is, not an error.
        self.wanted = given.get("effect", "")
        if self.wanted in set(Origin) - set(results.origins):
            given["effect"] = Origin.PUBLISHED
        super().__init__({**defaults, **given})
        self.fields.update({one.key: NumberField.of(one) for one in self.asked})
        self.fields["effect"].choices = [(origin, NAMES[origin]) for origin in results.origins]
        self.fields["trial"].choices = [("", ""), *results.trials]
        if given.get("trial") not in dict(results.trials):
            self.data["trial"] = results.trials[0][0] if results.trials else ""
        self.several_trials = len(results.trials) > 1
        self.lay_out()

    @classmethod
    def default_data(cls, results: Results) -> dict[str, str]:
        """What the fields hold before anybody has typed in them."""
        data = {
            one.key: "" if one.default is None else in_field(one, one.default) for one in cls.asked
        }
        return data | {
            "effect": results.origins[0],
            "trial": "",
            "definition": DEFAULT.key,
            "own_without": plain(100 * PUBLISHED_WITHOUT),
            "own_with": plain(100 * PUBLISHED_WITH),
            "own_low": "",
            "own_high": "",
            "count_hours": "no",
            "spread": Spread.EVEN,
        }

    # --- How it looks ---

    def lay_out(self) -> None:
        self.helper = helper(get=True)
        self.helper.form_id = "assumptions"
        self.helper.layout = Layout(*self.sections())

    def show_at(self, path: str, *, typing: bool, then: str = "") -> None:
        """Where the form asks, and which part of the answer it leads to. While one is typing, what
        is wrong stands beside its field only."""
        self.helper.form_action = path + then
        self.helper.form_show_errors = not typing
        self.helper.attrs |= {
            "hx-get": path,
            "hx-trigger": "change",
            "hx-target": "#economy",
            "hx-select": "#economy",
            "hx-swap": "outerHTML",
            "hx-push-url": "true",
            "hx-sync": "this:replace",
        }

    def sections(self) -> list:
        raise NotImplementedError

    def effect_section(self) -> Section:
        trial = ["trial"] if self.several_trials else []
        return Section(
            _("The effect"),
            "effect",
            Div(*trial, "definition", css_class="econ-fields", data_for="highest trial"),
            Div(
                "own_without",
                "own_with",
                "own_low",
                "own_high",
                css_class="econ-fields",
                data_for="own",
            ),
        )

    def cost_section(self) -> Section:
        return Section(
            _("What a participant costs"),
            Div(*_keys(Group.COST), css_class="econ-fields"),
            Segmented("count_hours"),
            Div(*_keys(Group.HOURS), css_class="econ-fields"),
            lead=_("These prices are assumptions. Put the programme's own in their place."),
        )

    def gain_section(self) -> Section:
        return Section(
            _("What is saved"),
            Div(*_keys(Group.GAIN), css_class="econ-fields"),
            Segmented("spread"),
            lead=_(
                "505,300 kr. for any crime, 764,000 kr. for serious crime (SØM, as quoted to the "
                "Legal Affairs Committee)."
            ),
        )

    def payers_section(self) -> Section:
        return Section(
            _("Who saves"),
            Div(*_keys(Group.PAYERS), css_class="econ-fields econ-thirds"),
            lead=_("An assumption: how the saving is divided is not public. Together 100%."),
        )

    # --- What is right together ---

    def clean(self):
        given = super().clean()
        shares = [given.get(key) for key in assumptions.PAYER_KEYS]
        if None not in shares and abs(sum(shares) - 1) > SHARES_TOLERANCE:
            self.add_error(
                assumptions.PAYER_KEYS[-1],
                gettext("The three shares are %(sum)s%% together. They must be 100%%.")
                % {"sum": points(sum(shares))},
            )
        if given.get("effect") == Origin.OWN:
            self._check_own(given)
        else:
            # What is not asked for is not wrong either.
            for name in OWN:
                self.errors.pop(name, None)
        return given

    def _check_own(self, given) -> None:
        without, with_mentors = given.get("own_without"), given.get("own_with")
        low, high = given.get("own_low"), given.get("own_high")
        for name in OWN[:2]:
            if given.get(name) is None and name not in self.errors:
                self.add_error(name, TO_READ)
        if (low is None) != (high is None):
            if not self.errors.keys() & {"own_low", "own_high"}:
                empty = "own_low" if low is None else "own_high"
                self.add_error(empty, gettext("Write both ends of the interval, or none."))
        elif None not in (low, high) and low > high:
            self.add_error("own_low", gettext("The least is above the most."))
        elif None not in (low, high, without, with_mentors):
            reduction = without - with_mentors
            if not low - 1e-9 <= reduction <= high + 1e-9:
                self.add_error(
                    "own_low",
                    gettext("The difference is %(points)s, which lies outside the interval.")
                    % {"points": points(reduction)},
                )

    # --- What was typed ---

    @property
    def typed(self) -> dict[str, str]:
        """Every answer as it stands in an address, the defaults too: they may change one day."""
        return {name: str(self.data.get(name, "")) for name in self.fields}

    @property
    def given(self) -> Assumptions:
        """The assumptions, when the form is valid."""
        data = self.cleaned_data
        return Assumptions(
            {one.key: data[one.key] for one in self.asked if data[one.key] is not None},
            count_hours=data["count_hours"] == "yes",
            spread=Spread(data["spread"]),
        )

    @property
    def own_effect(self) -> Effect:
        """The effect by the numbers typed, when the form is valid."""
        data = self.cleaned_data
        without, with_mentors = data["own_without"], data["own_with"]
        reduction = without - with_mentors
        low, high = data.get("own_low"), data.get("own_high")
        if low is not None and high is not None:
            # A rounded end may lie a hair inside of the difference.
            low, high = min(low, reduction), max(high, reduction)
        return Effect(Estimate(reduction, low, high), without, with_mentors)


class EconomyForm(AssumptionsForm):
    """What a krone gives back."""

    asked = assumptions.ECONOMY

    def sections(self) -> list:
        return [
            self.effect_section(),
            self.cost_section(),
            self.gain_section(),
            self.payers_section(),
            Section(_("How many"), Div(*_keys(Group.SCALE), css_class="econ-fields")),
            SubmitButton(_("Calculate"), "btn-primary"),
        ]


class ReadinessForm(AssumptionsForm):
    """What it takes in a municipality. Before anybody has said how many are released there is
    nothing wrong, and nothing to tell."""

    asked = assumptions.READINESS

    def __init__(self, data: Mapping[str, str], *, results: Results):
        super().__init__(data, results=results)
        self.fields["releases"].required = "releases" in data
        self.order_fields([one.key for one in self.asked])

    @property
    def says_releases(self) -> bool:
        return self.cleaned_data.get("releases") is not None

    def sections(self) -> list:
        return [
            Section(
                _("The municipality"),
                Div(*_keys(Group.PLACE), *_keys(Group.MENTORS), css_class="econ-fields"),
                SubmitButton(_("Calculate"), "btn-primary"),
            ),
            self.effect_section(),
            self.cost_section(),
            self.gain_section(),
            self.payers_section(),
            SubmitButton(_("Calculate"), "btn-outline-secondary"),
        ]


class ScenarioForm(forms.Form):
    """The name that a set of assumptions is kept under. That it is taken, the verb says."""

    name = forms.CharField(
        label=_("Name of the scenario"),
        max_length=EconomyScenario._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The template writes the form: it has more in it than the name.
        self.helper = helper(tag=False)
        self.helper.layout = Layout("name", SubmitButton(_("Save"), "btn-primary"))
