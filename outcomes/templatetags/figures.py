"""How stored figures are written: hidden counts as a hatch and a word, rates with their parts."""

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outcomes.charts import base
from outcomes.charts.base import HALF, PHONE, TWO_THIRDS
from outcomes.charts.comparison import time_top
from outcomes.charts.definitions import window_text
from outcomes.charts.picture import as_of
from outcomes.charts.strips import Estimate
from outcomes.disclosure import SMALL, WITHHELD

register = template.Library()

# How many columns of a table fit a phone.
MOST_ON_A_PHONE = 6
STRIP_TOPS = (0.12, 0.25, 0.5, 1.0)

register.filter("window_text", window_text)
register.filter("of_whole_year", base.of_whole_year)


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
def rate_percent(rate: dict) -> str:
    """The share of a rate in whole per cent, or the hatch; «–» of nobody."""
    if "share" in rate:
        return base.percent(rate["share"])
    return "–" if rate["of"] == 0 else hidden_rate(rate["n"], rate["of"])


@register.filter
def days(time: dict) -> str:
    """A median of days with its interval, or the hatch; «–» of nobody."""
    if time.get("median") is None and time["n"] != 0:
        return hidden_rate(time["n"])
    value, _space, ends = base.days_text(time).partition(" ")
    return format_html('{} <span class="muted fw-normal">{}</span>', value, ends) if ends else value


@register.simple_tag
def hidden_rate(*counts) -> str:
    """The hatch in the place of a rate or a median that is made of these counts."""
    if SMALL not in counts:
        return cell(WITHHELD)
    why = _("Too few people. Not shown, so that nobody can be recognised.")
    return format_html('<span class="suppressed" title="{}">{}</span>', why, _("too few"))


@register.simple_tag
def why_hidden(*counts) -> str:
    """Why a rate or a median is not shown, as a line of its own."""
    if SMALL in counts:
        return _("Too few people to show it")
    return _("Hidden, so that another hidden number cannot be worked out")


@register.filter
def whole(value: float) -> str:
    """A number without decimals where it has none."""
    return base.decimal_or_whole(value)


@register.filter
def mean(value: float | None) -> str:
    """A mean with one decimal; «–» where there is none."""
    return "–" if value is None else base.decimal(value)


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
    return base.decimal(100 * share) if 0 < share < 0.095 else whole_percent(share)


@register.filter
def interval(rate: dict) -> str:
    return base.interval(rate["low"], rate["high"]) if "share" in rate else ""


@register.filter
def tile_interval(rate: dict) -> str:
    """The 95% interval of a rate, as exactly as its share is written in a tile."""
    if not 0 < rate["share"] < 0.095:
        return base.interval(rate["low"], rate["high"])
    low, high = (base.decimal(100 * rate[end]) for end in ("low", "high"))
    return f"[{low}–{high}]"


@register.filter
def strip_top(rate: dict) -> float:
    """The end of a strip's scale (0–1): the least of a few that the interval fits into."""
    return next(top for top in STRIP_TOPS if rate.get("high", 1) <= top)


@register.inclusion_tag("outcomes/_strip.html")
def strip(rate: dict, top: float = 1.0, reference: dict | None = None) -> dict:
    """An interval on a line from 0 to `top` (0–1); `reference` is a rate to compare with."""
    other = reference["share"] if reference and "share" in reference else None
    return _strip(Estimate.of_rate(rate), top, other)


@register.inclusion_tag("outcomes/_strip.html")
def days_strip(time: dict) -> dict:
    """A median of days on a line from 0 to at least twice its target, which is dotted."""
    return _strip(Estimate.of_time(time), time_top(time), time["target"])


@register.filter
def days_interval(time: dict) -> str:
    """The interval of a median of days: «[17–21]»."""
    return base.days_text(time).partition(" ")[2]


@register.filter
def days_top(time: dict) -> str:
    """The end of that line."""
    return base.number(round(time_top(time)))


@register.filter
def days_target(time: dict) -> str:
    """Where on that line the target is, in per cent."""
    return f"{100 * time['target'] / time_top(time):.1f}%"


def _strip(estimate: Estimate, top: float, reference: float | None) -> dict:
    def at(value: float) -> str:
        return f"{100 * min(value / top, 1):.1f}%"

    context: dict = {"hidden": estimate.is_hidden}
    if estimate.value is not None:
        context |= {
            "value": at(estimate.value),
            "low": at(estimate.low or 0),
            "high": at(top if estimate.high is None else estimate.high),
        }
    if reference is not None:
        context["reference"] = at(reference)
    return context


@register.filter
def words_of(chart: base.Chart, subject: base.Subject) -> base.Words:
    """A chart's title, what it measures, and how that is counted."""
    return chart.words(subject)


@register.filter
def is_same(one, other) -> bool:
    return one == other


@register.inclusion_tag("outcomes/_files.html", takes_context=True)
def chart_foot(context, name: str) -> dict:
    """What stands under a figure: how it is counted, when, and its files."""
    return files(context, name)


def files(context, name: str) -> dict:
    """A chart's words, and where its files are."""
    drawing, subject = context["charts"][name], context["subject"]
    return {
        "chart": drawing,
        "words": drawing.words(subject),
        "as_of": as_of(subject),
        "csv": subject.address(name, "csv"),
        "png": subject.address(name, "png"),
    }


@register.inclusion_tag("outcomes/_chart.html", takes_context=True)
def chart(context, name: str) -> dict:
    """A chart in its card: words, picture for theme and width, table, files.

    The page's context has ``charts`` ({name: Chart}) and their ``subject``.
    """
    drawing, subject = context["charts"][name], context["subject"]
    version = {"v": subject.stamp, "lang": get_language()}

    def picture(theme: str, width: int) -> str:
        return subject.address(name, "svg", bare=1, theme=theme, width=width, **version)

    table = drawing.table(subject)
    return {
        **files(context, name),
        "head": table.head,
        # Each value with the name of its column: on a phone a wide table stands as blocks.
        "rows": [list(zip(table.head, row, strict=True)) for row in table.rows],
        "is_wide": len(table.head) > MOST_ON_A_PHONE,
        "phone_light": picture("light", PHONE),
        "phone_dark": picture("dark", PHONE),
        "tablet_light": picture("light", HALF),
        "tablet_dark": picture("dark", HALF),
        "wide_light": picture("light", drawing.width),
        "wide_dark": picture("dark", drawing.width),
        # On A4, a wider one would be too small to read.
        "paper": picture("light", min(drawing.width, TWO_THIRDS)),
    }
