from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.charts.base import (
    HALF,
    Chart,
    DashboardSubject,
    DataTable,
    Words,
    absent,
    days_text,
    number,
    of_whole_year,
    share_text,
)
from outcomes.charts.canvas import Canvas
from outcomes.charts.recidivism import measure
from outcomes.charts.strips import Estimate, draw_strip


@dataclass(frozen=True)
class Pair:
    """One measure of a municipality and of the country, on one scale from 0 to `top`."""

    label: str
    own: Estimate
    country: Estimate
    own_text: str
    country_text: str
    top: float
    scale: str


def _pairs(subject: DashboardSubject) -> list[Pair]:
    figures, country = subject.figures, subject.figures["country"]
    key = subject.definition.key
    rates = [
        (_("Released without two mentors"), figures["without_two"], country["without_two"]),
        (_contact(figures["first_contact"]), figures["first_contact"], country["first_contact"]),
        (measure(subject.definition), subject.recidivism["rate"], country["recidivism"][key]),
    ]
    pairs = [
        Pair(
            label,
            Estimate.of_rate(own),
            Estimate.of_rate(whole),
            _rate_text(own),
            _rate_text(whole),
            1.0,
            _("0–100%"),
        )
        for label, own, whole in rates
    ]
    own, whole = figures["pair_time"], country["pair_time"]
    top = time_top(own, whole)
    pairs.insert(
        0,
        Pair(
            _("Days from referral to mentor pair"),
            Estimate.of_time(own),
            Estimate.of_time(whole),
            _time_text(own),
            _time_text(whole),
            top,
            _("0–%(n)s days") % {"n": number(round(top))},
        ),
    )
    return pairs


def time_top(*times: dict) -> float:
    """The end of a scale of days: twice the target, or as far as an interval reaches."""
    ends = [time[name] for time in times for name in ("median", "high") if time.get(name)]
    return max([2 * times[0]["target"], *ends])


class ComparisonChart(Chart):
    """A municipality beside the whole country, each with its own interval."""

    name = "comparison"
    width = HALF

    def words(self, subject):
        pairs = _pairs(subject)
        apart = [pair for pair in pairs if pair.own.is_apart_from(pair.country)]
        title = _("Compared with the whole country")
        if apart:
            title = ngettext(
                "%(n)d of %(of)d measures differs from the whole country",
                "%(n)d of %(of)d measures differ from the whole country",
                len(apart),
            ) % {"n": len(apart), "of": len(pairs)}
        return Words(
            title,
            _("The municipality's own figure, and the whole country's, with 95% intervals"),
            _(
                "Where the two intervals overlap, the difference may be chance. "
                "The municipality is itself part of the whole country."
            ),
        )

    def has_figures(self, subject):
        return "country" in subject.figures

    def table(self, subject):
        rows = [[pair.label, pair.own_text, pair.country_text] for pair in _pairs(subject)]
        return DataTable([_("Measure"), subject.name, _("Whole country")], rows)

    def draw(self, subject, width, theme):
        pairs = _pairs(subject)
        narrow = width < HALF
        row = 104 if narrow else 84
        canvas = Canvas(width, row * len(pairs) - 12, theme)
        left, right = (0, width) if narrow else (140, width - 120)
        for index, pair in enumerate(pairs):
            top = index * row
            canvas.text(0, top + 16, pair.label, bold=True)
            if not narrow:
                canvas.text(width, top + 16, pair.scale, align="end")
            for line, (name, estimate, text, color) in enumerate(
                (
                    (subject.name, pair.own, pair.own_text, "primary"),
                    (_("Whole country"), pair.country, pair.country_text, "arm-control"),
                )
            ):
                at = top + (38 + 34 * line if narrow else 40 + 24 * line)
                canvas.text(0, at, name, ink=True)
                canvas.text(width, at, text, align="end", bold=not line)
                strip = at + 12 if narrow else at - 5
                draw_strip(canvas, left, right, strip, estimate, pair.top, color=color)
        return canvas


def _contact(rate: dict) -> str:
    if of_whole_year(rate):
        return _("Contact within 3 days, released at least a year ago")
    return _("Contact within 3 days")


def _rate_text(rate: dict) -> str:
    hidden = Estimate.of_rate(rate).is_hidden
    return absent(rate["n"], rate["of"]) if hidden else share_text(rate)


def _time_text(time: dict) -> str:
    return absent(time["n"]) if Estimate.of_time(time).is_hidden else days_text(time)
