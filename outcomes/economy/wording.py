"""How the results are written: no more digits than the certainty bears."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from outcomes.charts.base import decimal, number
from outcomes.economy.assumptions import Assumption, Unit
from outcomes.economy.calculation import Estimate

MILLION = 1_000_000
# Written with two figures where an interval is wide, with three where only prices are behind.
ROUGH, CLOSE = 2, 3


def signed(text: str) -> str:
    """A negative number with the minus sign that figures have."""
    return text.replace("-", "−") if text.startswith("-") else text


def significant(value: float, figures: int) -> float:
    """`value` rounded to so many significant figures."""
    return float(f"{value:.{figures - 1}e}")


def plain(value: float, places: int = 0) -> str:
    """A number as the language writes it; nothing is ever «−0»."""
    rounded = round(value, places)
    if rounded == 0:
        rounded = 0.0
    text = number(round(rounded)) if places == 0 else decimal(rounded, places)
    return signed(text)


def kroner(value: float, figures: int = CLOSE) -> str:
    """«24,100 kr.», «1.2 million kr.»; `figures` significant."""
    rounded = significant(value, figures)
    if abs(rounded) < MILLION:
        return _("%(n)s kr.") % {"n": plain(rounded)}
    return _("%(n)s million kr.") % {"n": millions(rounded, figures)}


def millions(value: float, figures: int = CLOSE) -> str:
    """Kroner in millions, without the unit: «1.2»."""
    rounded = significant(value, figures) / MILLION
    before = len(str(int(abs(rounded))))
    return plain(rounded, max(figures - before, 0))


def kroner_estimate(value: Estimate) -> str:
    """«190,000 kr. [43,000–300,000]», in one unit; an interval below 0 reads «−5,000 to 9,000»."""
    figures = ROUGH if value.has_interval else CLOSE
    text = kroner(value.value, figures)
    ends = kroner_interval(value)
    return f"{text} {ends}" if ends else text


def kroner_interval(value: Estimate) -> str:
    """The interval of an amount, in the unit that the amount itself is written in; or nothing."""
    if value.low is None or value.high is None:
        return ""
    middle = significant(value.value, ROUGH)
    if abs(middle) >= MILLION:
        # As closely as the amount itself: two figures of it.
        places = ROUGH - len(str(int(abs(middle) / MILLION)))
        low, high = (no_zero(end / MILLION, places) for end in (value.low, value.high))
    else:
        low, high = (plain(significant(end, ROUGH)) for end in (value.low, value.high))
    return between(low, high, value.low)


def no_zero(value: float, places: int) -> str:
    """A number with so many decimals, or with one more where it would read as 0 and is not."""
    if value and round(value, places) == 0:
        return plain(significant(value, 1), max(places + 1, 1))
    return plain(round(value, places), max(places, 0))


def between(low: str, high: str, value: float) -> str:
    """An interval: [3–9]; with «to» where a minus would be read as the dash."""
    if value < 0:
        return _("[%(low)s to %(high)s]") % {"low": low, "high": high}
    return f"[{low}–{high}]"


def ratio(value: float, half_width: float | None = None) -> str:
    """Kroner per krone. Whole from 2 up where it is not known closer; near 1 with the decimals
    that it takes to tell it from 1."""
    size = abs(value)
    rough = half_width is None or half_width >= 1
    places = 0 if size >= 10 or (rough and size >= 2) else 1
    while places < 2 and value != 1 and round(value, places) == 1:
        places += 1
    return plain(value, places)


def ratio_estimate(value: Estimate) -> str:
    """«8 [2–13]»: kroner per krone with its interval."""
    ends = ratio_interval(value)
    text = ratio(value.value, half_width(value))
    return f"{text} {ends}" if ends else text


def ratio_interval(value: Estimate) -> str:
    if value.low is None or value.high is None:
        return ""
    width = half_width(value)
    return between(ratio(value.low, width), ratio(value.high, width), value.low)


def half_width(value: Estimate) -> float | None:
    """Half of the interval, in the unit of the estimate; None where it is not known."""
    if value.low is None or value.high is None:
        return None
    return (value.high - value.low) / 2


def points(share: float) -> str:
    """A difference of proportions (0–1) in percentage points: a decimal below ten, if any."""
    return plain(100 * share, _places(100 * share))


def _places(value: float) -> int:
    """One decimal below ten, unless it is a whole number."""
    return 1 if abs(value) < 9.95 and round(value, 1) != round(value) else 0


def points_estimate(value: Estimate) -> str:
    """«38 [8–60]» in percentage points, without the unit."""
    hundred = value.line(100)
    return f"{points(value.value)} {_ends(hundred, _places(hundred.value))}".rstrip()


def _ends(value: Estimate, places: int) -> str:
    """An interval with so many decimals; nothing where it is not known."""
    if value.low is None or value.high is None:
        return ""
    return between(no_zero(value.low, places), no_zero(value.high, places), value.low)


def people(value: float) -> str:
    """People who are expected, not counted: whole from ten, one decimal below."""
    return plain(value, _places(value))


def people_roughly(value: float) -> str:
    """People who follow from the effect: two figures, however many they are."""
    return people(significant(value, ROUGH)) if abs(value) >= 100 else people(value)


def people_estimate(value: Estimate) -> str:
    """«23 [5–36]»."""
    return f"{people_roughly(value.value)} {people_interval(value)}".rstrip()


def people_interval(value: Estimate) -> str:
    """The interval of people who are expected, as closely as they are themselves."""
    size = abs(value.value)
    return _ends(value, ROUGH - len(str(int(size))) if size >= 100 else int(size < 9.95))


def in_field(one: Assumption, value: float) -> str:
    """An assumption's value as it stands in its field: «505,300», «3.5»."""
    shown = round(value * one.factor, 4)
    if shown == int(shown):
        return number(int(shown))
    return number_format(shown, decimal_pos=4, use_l10n=True).rstrip("0")


def with_unit(one: Assumption, value: float) -> str:
    """The same with its unit, as it stands in a table: «505,300 kr.», «3.5%»."""
    text = in_field(one, value)
    if one.unit == Unit.KRONER:
        return _("%(n)s kr.") % {"n": text}
    if one.unit == Unit.SHARE:
        return _("%(n)s%%") % {"n": text}
    return text
