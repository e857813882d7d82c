"""What the figures of a trial say in words, and never more than their intervals bear.

The written rule: a finding is said only where the interval leaves out that there is no
difference. Where it does not, the title is the name of what is measured.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outcomes.charts.base import decimal, interval, number, percent
from outcomes.recidivism import DEFINITIONS, Definition
from outcomes.trials.consort import NOT_FOLLOWED

MINUS = "\N{MINUS SIGN}"
# Several groups are looked at, and one of them may stand out by chance: the usual 5% is shared
# between the tests (Bonferroni).
SIGNIFICANT = 0.05

FACTOR_WORDS: dict[str, tuple[str | Promise, dict[str, str | Promise]]] = {
    "risk": (
        gettext_lazy("Risk group"),
        {
            "highest": gettext_lazy("Highest risk"),
            "other": gettext_lazy("Other risk"),
        },
    ),
    "priors": (
        gettext_lazy("Earlier sentences"),
        {
            "few": gettext_lazy("Earlier sentences: 0–2"),
            "many": gettext_lazy("Earlier sentences: 3 or more"),
        },
    ),
    "release": (
        gettext_lazy("Kind of release"),
        {
            "parole": gettext_lazy("Released on parole"),
            "no_parole": gettext_lazy("Not on parole"),
        },
    ),
    "age": (
        gettext_lazy("Age"),
        {
            "under_30": gettext_lazy("Under 30 years"),
            "from_30": gettext_lazy("30 years and over"),
        },
    ),
}
# Why a measure is not there. The codes are the engine's, and one of our own.
WHY_NOT: dict[str, str | Promise] = {
    "protected": gettext_lazy("Not shown: too few people are behind it."),
    "empty_cohort": gettext_lazy("Nobody has been followed yet."),
    "empty_arm": gettext_lazy("Nobody in one of the groups can be measured yet."),
    "one_arm": gettext_lazy("There is only one group, and nothing to compare with."),
    "more_than_two_arms": gettext_lazy("It compares two groups, and there are more."),
    "too_many_arms": gettext_lazy("It compares two groups, and there are more."),
    "no_events": gettext_lazy("Nobody in one of the groups has a new sentence."),
    "zero_variance": gettext_lazy("The figures do not tell how uncertain it would be."),
    "zero_difference": gettext_lazy("There is no difference between the groups."),
    "monotone_likelihood": gettext_lazy("The groups do not overlap enough for an estimate."),
    "incomplete_follow_up": gettext_lazy("Not everybody has been followed to the end."),
    "horizon_beyond_follow_up": gettext_lazy("Nobody has been followed that long yet."),
    "median_not_reached": gettext_lazy("Fewer than half have a new sentence."),
    "no_strata": gettext_lazy("The draw was not divided into parts."),
    "missing_stratum": gettext_lazy("It is not known of everybody which part of the draw."),
    "one_subgroup": gettext_lazy("There is only one group to look at."),
    "not_detectable": gettext_lazy("So few people could not show any difference."),
}


def why_not(code: str) -> str:
    """The sentence for a coded reason."""
    return str(WHY_NOT.get(code, _("It cannot be estimated from these figures.")))


def period(definition: Definition) -> str:
    """How long the window is, as it stands after «within»."""
    years = round(definition.window / 365)
    words = {1: _("one year"), 2: _("two years")}
    return words.get(years) or ngettext("%(n)s year", "%(n)s years", years) % {"n": years}


def definition_of(figures: dict[str, Any]) -> Definition:
    return DEFINITIONS[figures["definition"]]


def signed(value: float, places: int = 0) -> str:
    """A number with a real minus."""
    text = number(round(abs(value))) if places == 0 else decimal(abs(value), places)
    below = round(value, places) < 0
    return f"{MINUS}{text}" if below else text


def points(value: float, places: int = 0) -> str:
    """A difference of risks (0–1) in percentage points, without the word."""
    return signed(100 * value, places)


def between(low: float, high: float, show=points) -> str:
    """[−44 to −5]: with a word, because a dash beside a minus cannot be read."""
    return _("[%(low)s to %(high)s]") % {"low": show(low), "high": show(high)}


def ratio(value: dict[str, Any]) -> str:
    """[0.36–0.93]"""
    return f"[{decimal(value['lower'], 2)}–{decimal(value['upper'], 2)}]"


def p_value(p: float) -> str:
    """Three decimals, or that it is smaller than they can say."""
    return _("below %(p)s") % {"p": decimal(0.001, 3)} if p < 0.001 else decimal(p, 3)


def leaves_out(value: dict[str, Any] | None, nothing: float) -> int:
    """Which way an interval leaves out that there is no difference: -1, 1, or 0 if it does not."""
    if value is None or value["lower"] is None or value["upper"] is None:
        return 0
    return -1 if value["upper"] < nothing else 1 if value["lower"] > nothing else 0


@dataclass(frozen=True)
class Headline:
    """What stands first on the page: the title, and below it what the figures say.

    ``risks``: how many of 100 with and without mentors, empty where there is nothing to say;
    ``said`` is then why, and else what the interval allows.
    """

    title: str
    said: str
    risks: dict[str, str]


def headline(figures: dict[str, Any]) -> Headline:
    """The title by the written rule, the risks of 100 people, and what their interval allows."""
    within = {"period": period(definition_of(figures))}
    difference = figures["measures"]["risk_difference"]
    title = _("New sentence within %(period)s, with and without mentors") % within
    if difference is None:
        return Headline(title, nothing_to_say(figures), {})
    risks = {
        arm: number(round(100 * figures["arms"][arm]["rate"]["share"]))
        for arm in ("mentors", "control")
    }
    ends = sorted(round(abs(100 * difference[end])) for end in ("lower", "upper"))
    found = {"least": number(ends[0]), "most": number(ends[1])}
    way = leaves_out(difference, 0)
    if way < 0:
        title = _("With two mentors, fewer had a new sentence")
        said = _("The difference is between %(least)s and %(most)s fewer of 100 (95%% interval).")
    elif way > 0:
        title = _("With two mentors, more had a new sentence")
        said = _("The difference is between %(least)s and %(most)s more of 100 (95%% interval).")
    else:
        found = {
            "fewer": number(round(abs(100 * difference["lower"]))),
            "more": number(round(abs(100 * difference["upper"]))),
        }
        said = _(
            "The difference may be anything from %(fewer)s fewer to %(more)s more of 100 (95%% "
            "interval). So the trial does not show whether mentors make a difference."
        )
    return Headline(title, said % found, risks)


def nothing_to_say(figures: dict[str, Any]) -> str:
    """Why there is no result."""
    rates = [figures["arms"][arm]["rate"] for arm in ("mentors", "control")]
    if all(rate["of"] == 0 for rate in rates):
        definition = definition_of(figures)
        return _(
            "Nobody has been followed long enough yet. It takes %(months)s months from a release "
            "until it is known what became of it."
        ) % {"months": number(round((definition.window + definition.wait) * 12 / 365))}
    if any(rate["of"] == 0 for rate in rates):
        return _(
            "There is nothing to compare with yet: nobody in one of the groups has been followed "
            "long enough."
        )
    return _("Too few people are behind the figures for them to be shown.")


# --- Each measure ----------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """One row of the table of measures: its name, estimate, interval, and what it means."""

    name: str
    estimate: str
    interval: str
    meaning: str


def measures(figures: dict[str, Any]) -> list[Measure]:
    """Every measure, in the order that they are read in; those that are not there say why."""
    return [
        Measure(name, *_shown(figures, key, write), meaning)
        for key, name, write, meaning in _rows(figures)
    ]


def _shown(figures: dict[str, Any], key: str, write) -> tuple[str, str]:
    value = figures["measures"][key]
    if value is None:
        return "–", why_not(figures["reasons"].get(key, "protected"))
    return write(value)


def _rows(figures: dict[str, Any]):
    definition = definition_of(figures)
    within = {"period": period(definition)}
    return [
        (
            "risk_difference",
            _("Risk difference"),
            lambda v: (
                _("%(n)s percentage points") % {"n": points(v["estimate"], 1)},
                between(v["lower"], v["upper"]),
            ),
            _("How many fewer (or more) of 100 had a new sentence with mentors. 0: no difference."),
        ),
        (
            "relative_risk",
            _("Relative risk"),
            lambda v: (decimal(v["estimate"], 2), ratio(v)),
            _("The risk with mentors, divided by the risk without. 1: no difference."),
        ),
        (
            "nnt",
            _("Pairs to avoid one new sentence (NNT)"),
            lambda v: (nnt_number(v), nnt_interval(v)),
            _("How many people must be given two mentors for one of them to avoid a new sentence."),
        ),
        (
            "hazard_ratio",
            _("Hazard ratio"),
            lambda v: (decimal(v["estimate"], 2), f"{ratio(v)}, p = {p_value(v['p'])}"),
            _("How often new sentences come with mentors, divided by how often without. 1: alike."),
        ),
        (
            "log_rank",
            _("Log-rank test"),
            lambda v: (f"χ² = {decimal(v['chi2'], 2)}", f"p = {p_value(v['p'])}"),
            _("How likely so different curves would be if mentors made no difference."),
        ),
        (
            "stratified_log_rank",
            _("Log-rank test, stratified"),
            lambda v: (f"χ² = {decimal(v['chi2'], 2)}", f"p = {p_value(v['p'])}"),
            _("The same, comparing only people of the same municipality and risk group."),
        ),
        (
            "rmst_difference",
            _("Longer without a new sentence (RMST)"),
            lambda v: (
                _("%(n)s days") % {"n": signed(v["estimate"])},
                f"{between(v['lower'], v['upper'], signed)}, p = {p_value(v['p'])}",
            ),
            _(
                "How many more days within %(period)s people were without a new sentence with "
                "mentors, on average."
            )
            % within,
        ),
        (
            "cumulative_incidence",
            _("Share when death and emigration are counted apart"),
            lambda v: (
                _("%(with)s with, %(without)s without")
                % {
                    "with": percent(v["mentors"]["incidence"]),
                    "without": percent(v["control"]["incidence"]),
                },
                ", ".join(
                    interval(v[arm]["lower"], v[arm]["upper"])
                    if v[arm]["lower"] is not None
                    else "–"
                    for arm in ("mentors", "control")
                ),
            ),
            _("Who has died or left the country can get no new sentence; here that is counted."),
        ),
        (
            "minimum_detectable_effect",
            _("Smallest difference the trial could find"),
            lambda v: (
                _("%(n)s percentage points") % {"n": points(-abs(v["difference"]), 1)},
                _("with a power of %(power)s") % {"power": percent(v["power"])},
            ),
            _("So large must the effect be for a trial of this size to find it 8 times out of 10."),
        ),
    ]


def nnt_number(value: dict[str, Any]) -> str:
    """The estimate, one decimal; a number needed to harm says so."""
    text = decimal(abs(value["estimate"]), 1)
    return text if value["direction"] == "benefit" else _("%(n)s to harm") % {"n": text}


def nnt_whole(value: dict[str, Any]) -> str:
    """Whole people, rounded up: nobody is given half a pair."""
    return number(ceil(abs(value["estimate"])))


def nnt_interval(value: dict[str, Any]) -> str:
    """The interval, also when it runs through infinity: then it is told from both its ends."""
    if not value["disjoint"]:
        ends = sorted((abs(value["lower"]), abs(value["upper"])))
        return f"[{decimal(ends[0], 1)}–{decimal(ends[1], 1)}]"
    return _("[%(benefit)s to benefit – ∞ – %(harm)s to harm]") % {
        "benefit": decimal(abs(value["lower"]), 1),
        "harm": decimal(abs(value["upper"]), 1),
    }


# --- Subgroups -------------------------------------------------------------------------


def level_words(factor: str, level: str) -> str:
    """What a group is called, standing by itself."""
    return str(FACTOR_WORDS[factor][1][level])


def subgroups_title(figures: dict[str, Any]) -> str:
    """Whether a group stands out: only where a test is under its share of 5%."""
    tests = [factor["p"] for factor in figures["subgroups"] if factor["p"] is not None]
    if not tests:
        return _("Relative risk in groups")
    if min(tests) < SIGNIFICANT / len(tests):
        return _("The difference is not the same in all groups")
    return _("No group clearly stands out")


def subgroups_lead(figures: dict[str, Any]) -> str:
    """What is measured, and what the tests say."""
    measured = _("Relative risk of a new sentence within %(period)s.") % {
        "period": period(definition_of(figures))
    }
    tests = [factor["p"] for factor in figures["subgroups"] if factor["p"] is not None]
    if not tests:
        return measured
    limit = {"limit": decimal(SIGNIFICANT / len(tests), 3)}
    if min(tests) < SIGNIFICANT / len(tests):
        said = _(
            "A test for interaction is under %(limit)s (5%% shared between the tests). It is one "
            "trial: what differs between groups has to be found again in another."
        )
    else:
        said = _(
            "No test for interaction is under %(limit)s (5%% shared between the tests), so what "
            "differs between the groups can be chance."
        )
    return f"{measured} {said % limit}"


# --- Other parts of the page -----------------------------------------------------------


@dataclass(frozen=True)
class Tile:
    """One of the four figures that stand first. ``unit`` follows the figure in small."""

    label: str
    value: str
    unit: str
    below: str


def tiles(figures: dict[str, Any]) -> list[Tile]:
    """The four measures that are met first; «–» with the reason for one that is not there."""
    found = figures["measures"]
    difference, relative = found["risk_difference"], found["relative_risk"]
    hazard, test, pairs = found["hazard_ratio"], found["log_rank"], found["nnt"]

    def missing(key: str) -> str:
        return why_not(figures["reasons"].get(key, "protected"))

    hazard_below = missing("hazard_ratio")
    if hazard:
        hazard_below = ratio(hazard)
        if test:
            hazard_below = _("%(interval)s, log-rank p = %(p)s") % {
                "interval": ratio(hazard),
                "p": p_value(test["p"]),
            }
    return [
        Tile(
            _("Risk difference"),
            points(difference["estimate"], 1) if difference else "–",
            _("percentage points") if difference else "",
            between(difference["lower"], difference["upper"])
            if difference
            else missing("risk_difference"),
        ),
        Tile(
            _("Relative risk"),
            decimal(relative["estimate"], 2) if relative else "–",
            "",
            ratio(relative) if relative else missing("relative_risk"),
        ),
        Tile(
            _("Hazard ratio"),
            decimal(hazard["estimate"], 2) if hazard else "–",
            "",
            hazard_below,
        ),
        _pairs_tile(pairs, missing("nnt")),
    ]


def _pairs_tile(pairs: dict[str, Any] | None, missing: str) -> Tile:
    label = _("Pairs to avoid one new sentence")
    if not pairs:
        return Tile(label, "–", "", missing)
    if pairs["disjoint"]:
        # Whether a pair helps or harms cannot be told: no number stands in large.
        return Tile(label, "–", "", _("NNT %(interval)s") % {"interval": nnt_interval(pairs)})
    if pairs["direction"] == "harm":
        label = _("Pairs for one more new sentence")
    below = _("NNT %(n)s %(interval)s") % {"n": nnt_number(pairs), "interval": nnt_interval(pairs)}
    return Tile(label, nnt_whole(pairs), "", below)


def not_counted(figures: dict[str, Any]) -> list[str]:
    """Why some are part of no proportion, of either arm."""
    arms = [figures["arms"][arm]["reasons"] for arm in ("mentors", "control")]
    return [
        str(words)
        for reason, words in NOT_FOLLOWED.items()
        if any(reason in reasons for reasons in arms)
    ]


def why_no_curve(figures: dict[str, Any]) -> str:
    """Why the curves are not there, where they are not."""
    if figures["curve"] is not None:
        return ""
    return why_not(figures["reasons"].get("log_rank", "protected"))
