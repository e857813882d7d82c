"""How stored figures are written: hidden counts as a hatch and a word, rates with their parts."""

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outcomes.charts import base
from outcomes.charts.base import HALF, PHONE
from outcomes.charts.picture import as_of
from outcomes.disclosure import SMALL, WITHHELD

register = template.Library()


@register.filter
def cell(value) -> str:
    """A count, or why it is not shown; «–» for what does not exist."""
    if value == SMALL:
        why = _("Fewer than five people. Not shown, so that nobody can be recognised.")
    elif value == WITHHELD:
        why = _("Not shown, so that a hidden number cannot be worked out from it.")
    else:
        return base.cell_text(value)
    return format_html(
        '<span class="suppressed" title="{}">{}</span>', why, base.hidden_text(value)
    )


@register.filter
def hidden(value) -> bool:
    return value in (SMALL, WITHHELD)


@register.filter
def rate_of(rate: dict) -> str:
    """«61 of 187», or the hatch."""
    if hidden(rate["n"]):
        return cell(rate["n"])
    if hidden(rate["of"]):
        return cell(rate["of"])
    return "–" if rate["of"] == 0 else base.rate_text(rate)


@register.filter
def percent(share: float) -> str:
    return base.percent(share)


@register.filter
def whole_percent(share: float) -> str:
    """A proportion (0–1) in whole per cent, without the sign."""
    return base.number(round(100 * share))


@register.filter
def tile_percent(share: float) -> str:
    """A proportion (0–1) in per cent without the sign: one decimal below ten."""
    return number_format(100 * share, decimal_pos=1 if 0 < share < 0.095 else 0)


@register.filter
def interval(rate: dict) -> str:
    return base.interval(rate["low"], rate["high"]) if "share" in rate else ""


@register.inclusion_tag("outcomes/_strip.html")
def strip(rate: dict, top: float = 1.0, reference: dict | None = None) -> dict:
    """An interval on a line from 0 to `top` (0–1); `reference` is a rate to compare with."""

    def at(share: float) -> str:
        return f"{100 * min(share / top, 1):.1f}%"

    context: dict = {"hidden": any(hidden(rate[part]) for part in ("n", "of"))}
    if "share" in rate:
        context |= {name: at(rate[name]) for name in ("low", "share", "high")}
    if reference and "share" in reference:
        context["reference"] = at(reference["share"])
    return context


@register.simple_tag
def chart_address(subject: base.Subject, name: str, kind: str) -> str:
    """Where a chart's file is."""
    return subject.address(name, kind)


@register.inclusion_tag("outcomes/_chart.html", takes_context=True)
def chart(context, name: str) -> dict:
    """A chart in its card: words, picture for theme and width, table, files.

    The page's context has ``charts`` ({name: Chart}) and their ``subject``.
    """
    drawing, subject = context["charts"][name], context["subject"]
    version = {"v": subject.stamp, "lang": get_language()}

    def picture(theme: str, width: int) -> str:
        return subject.address(name, "svg", bare=1, theme=theme, width=width, **version)

    return {
        "chart": drawing,
        "as_of": as_of(subject),
        "words": drawing.words(subject),
        "table": drawing.table(subject),
        "phone_light": picture("light", PHONE),
        "phone_dark": picture("dark", PHONE),
        "tablet_light": picture("light", HALF),
        "tablet_dark": picture("dark", HALF),
        "wide_light": picture("light", drawing.width),
        "wide_dark": picture("dark", drawing.width),
        "csv": subject.address(name, "csv"),
        "png": subject.address(name, "png"),
    }
