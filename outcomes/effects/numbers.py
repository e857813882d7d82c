"""How the figures of a trial are written: differences, ratios, tests and their intervals."""

from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from outcomes.charts.base import decimal, number

MINUS = "\N{MINUS SIGN}"


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
