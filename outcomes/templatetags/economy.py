"""How the results of the economy are written in templates; see outcomes.economy.wording."""

from django import template

from outcomes.economy import findings, wording
from outcomes.economy.assumptions import GAIN_SERIOUS, PAYER_NAMES
from outcomes.effects.words import period

register = template.Library()

register.filter("kroner_estimate", wording.kroner_estimate)
register.filter("kroner_interval", wording.kroner_interval)
register.filter("ratio_estimate", wording.ratio_estimate)
register.filter("ratio_interval", wording.ratio_interval)
register.filter("points", wording.points)
register.filter("points_estimate", wording.points_estimate)
register.filter("people", wording.people)
register.filter("people_estimate", wording.people_estimate)
register.filter("people_roughly", wording.people_roughly)
register.filter("people_interval", wording.people_interval)
register.filter("verdict", findings.verdict)
register.filter("period", period)


@register.filter
def is_of_serious_crime(gain: float) -> bool:
    """Whether a gain is the one that is quoted for serious crime alone."""
    return gain == GAIN_SERIOUS


@register.filter
def kroner(value: float) -> str:
    """An amount that rests on prices only: three significant figures."""
    return wording.kroner(value)


@register.filter
def kroner_roughly(value: float) -> str:
    """An amount that rests on the effect: two significant figures."""
    return wording.kroner(value, wording.ROUGH)


@register.filter
def kroner_as_given(value: float) -> str:
    """An amount as it was given, in whole kroner."""
    return wording.kroner(value, 12) if abs(value) < wording.MILLION else wording.kroner(value)


@register.filter
def ratio(value) -> str:
    """Kroner back for each krone of an estimate, without its interval."""
    return wording.ratio(value.value, wording.half_width(value))


@register.filter
def of_100(share: float) -> str:
    """A proportion (0–1) as so many of a hundred."""
    return wording.plain(100 * share)


@register.filter
def per_cent(share: float) -> str:
    """A proportion (0–1) in per cent without the sign; a decimal where it is needed."""
    shown = round(100 * share, 1)
    return wording.plain(shown, 0 if shown == int(shown) else 1)


@register.filter
def payer_name(key: str) -> str:
    return str(PAYER_NAMES[key])
