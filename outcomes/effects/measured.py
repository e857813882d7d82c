"""The measures of a trial: four that stand first, and a table of all. What is missing says why."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from outcomes.charts.base import decimal, interval, percent
from outcomes.effects.numbers import (
    between,
    nnt_interval,
    nnt_number,
    nnt_whole,
    p_value,
    points,
    ratio,
    signed,
)
from outcomes.effects.stored import definition_of
from outcomes.effects.words import period, why_missing


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

    hazard_below = why_missing(figures, "hazard_ratio")
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
            else why_missing(figures, "risk_difference"),
        ),
        Tile(
            _("Relative risk"),
            decimal(relative["estimate"], 2) if relative else "–",
            "",
            ratio(relative) if relative else why_missing(figures, "relative_risk"),
        ),
        Tile(
            _("Hazard ratio"),
            decimal(hazard["estimate"], 2) if hazard else "–",
            "",
            hazard_below,
        ),
        _pairs_tile(pairs, why_missing(figures, "nnt")),
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
        return "–", why_missing(figures, key)
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
