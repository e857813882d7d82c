from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outcomes.charts.base import HALF, Chart, DataTable, Words, lines
from outcomes.charts.canvas import Canvas
from outcomes.charts.economy.subjects import EconomySubject, effect_said, prices
from outcomes.economy.sensitivity import COUNT_HOURS, EFFECT, Swing
from outcomes.economy.wording import points, ratio, with_unit

ROW, LINE, TOP, BAR, AXIS = 50, 18, 8, 14, 36
# How many are drawn; the table has all.
MOST = 8
# A title names the first only when it moves the result so much more than the second.
CLEARLY = 1.5
MARGIN = 44


def name_of(swing: Swing) -> str:
    if swing.key == EFFECT:
        return _("The effect")
    if swing.key == COUNT_HOURS:
        return _("Volunteers' hours")
    assert swing.assumption is not None
    return str(swing.assumption.label)


def end_of(swing: Swing, value: float) -> str:
    """One end of what is varied, as it is read."""
    if swing.key == EFFECT:
        return _("%(points)s fewer of 100") % {"points": points(value)}
    if swing.key == COUNT_HOURS:
        return _("counted") if value else _("not counted")
    assert swing.assumption is not None
    return with_unit(swing.assumption, value)


class TornadoChart(Chart):
    """What the result would be with one assumption changed at a time."""

    name = "tornado"
    width = HALF

    def words(self, subject: EconomySubject) -> Words:
        swings = subject.reading.swings
        title = _("What matters most")
        if len(swings) > 1 and swings[0].span >= CLEARLY * swings[1].span:
            title = _("%(name)s: this matters most") % {"name": name_of(swings[0])}
        return Words(
            title,
            _("Kroner back for each krone, when one thing at a time is changed"),
            _(
                "The effect over its 95% interval where it has one, the rest over their range, "
                "else by 25% to each side. Dashed: as chosen."
            )
            + " "
            + prices(subject)
            + " "
            + effect_said(subject),
        )

    def has_figures(self, subject: EconomySubject) -> bool:
        return subject.reading.result is not None and bool(subject.reading.swings)

    def table(self, subject: EconomySubject) -> DataTable:
        rows = [
            [
                name_of(swing),
                end_of(swing, swing.low),
                _closer(swing.at_low),
                end_of(swing, swing.high),
                _closer(swing.at_high),
            ]
            for swing in subject.reading.swings
        ]
        head = [_("What"), _("From"), _("Then back"), pgettext("from … to …", "To"), _("Then back")]
        return DataTable(head, rows)

    def draw(self, subject: EconomySubject, width: int, theme) -> Canvas:
        swings = subject.reading.swings[:MOST]
        result = subject.reading.result
        assert result is not None
        assert result.back is not None
        now = result.back.value
        ends = [0.0, 1.0, now, *(end for s in swings for end in (s.at_low, s.at_high))]
        least, most = min(ends), max(ends)
        labels = [lines(name_of(swing), width) for swing in swings]
        base = TOP + sum(ROW + LINE * (len(label) - 1) for label in labels)
        canvas = Canvas(width, base + AXIS, theme)

        def x(value: float) -> float:
            return MARGIN + (width - 2 * MARGIN) * (value - least) / (most - least)

        y = TOP - ROW
        for swing, label in zip(swings, labels, strict=True):
            y += ROW
            for number, line in enumerate(label):
                y += LINE if number else 0
                canvas.text(0, y + 15, line, ink=True, halo=True)
            # Beside the bars only: the words above them stay clear.
            band = (y + 20, y + 24 + BAR)
            if not x(1) - 8 < x(min(swing.at_low, swing.at_high)) < x(1) + 44:
                # Where the number would stand on it, the number is enough.
                canvas.line(x(1), band[0], x(1), band[1], "line-strong")
            canvas.line(x(now), band[0], x(now), band[1], "ink", dash=(3, 3))
            for value in (swing.at_low, swing.at_high):
                left, right = sorted((x(now), x(value)))
                # What draws the result down is paler than what lifts it.
                opacity = 0.28 if value < now else 1.0
                canvas.rect(left, y + 22, right - left, BAR, opacity=opacity)
            low, high = sorted((swing.at_low, swing.at_high))
            if low < now:
                canvas.text(x(low) - 5, y + 34, _closer(low), align="end", bold=True, halo=True)
            if high > now:
                canvas.text(x(high) + 5, y + 34, _closer(high), bold=True, halo=True)
        canvas.text(x(1), base + 18, _("1 kr."), align="middle")
        apart = abs(x(now) - x(1)) > 48
        canvas.text(x(now), base + (18 if apart else 34), ratio(now), align="middle", bold=True)
        return canvas


def _closer(value: float) -> str:
    """A result close enough to be told from its neighbours; not how surely it is known."""
    return ratio(value, half_width=0)
