from itertools import takewhile

from django.utils.translation import gettext as _

from outcomes.charts.base import (
    HALF,
    Chart,
    DataTable,
    Words,
    cell_text,
    decimal,
    ticks,
    tight,
    too_few,
)
from outcomes.charts.canvas import Canvas

LEFT = 28
TOP, BASE = 28, 228
BELOW_TARGET = 0.28
# The height of a number.
LETTERS = 11


def _interval(month: dict) -> str:
    return f"[{decimal(month['low'])}–{decimal(month['high'])}]" if "mean" in month else "–"


def _is_hidden(month: dict) -> bool:
    """Whether there are people behind a month of which nothing may be told."""
    return "mean" not in month and month["n"] != 0


def _is_below(month: dict, target: float) -> bool:
    """Below the target as it is written: what reads 2.0 has reached 2."""
    return round(month["mean"], 1) < target


class RhythmChart(Chart):
    """Held meetings for each participant in each month after release, beside the target."""

    name = "rhythm"
    width = HALF

    def words(self, subject):
        rhythm = subject.figures["rhythm"]
        lead = _("Meetings held for each participant, by month after release")
        if subject.period:
            lead = _(
                "Meetings held for each participant, by month after release, of those released "
                "in %(year)s"
            ) % {"year": subject.period}
        how = [
            _(
                "Target: at least %(target)s a month (dotted); a bar below it is pale. "
                "Upright: 95%% interval. n: people released for so long; they are counted again "
                "after 1, 3, 6, 9 and 12 months."
            )
            % {"target": cell_text(rhythm["target"])}
        ]
        months = rhythm["months"]
        if any(_is_hidden(m) for m in months) and any("mean" in m for m in months):
            how.append(_("Hatched: not shown."))
        return Words(self._title(rhythm), lead, " ".join(how))

    @staticmethod
    def _title(rhythm: dict) -> str:
        """What the intervals of the months leave no doubt of.

        Where a month is hidden or nobody has come to it, nothing is said of the others: it would
        be read as said of the whole year.
        """
        months, target = rhythm["months"], rhythm["target"]
        if any("mean" not in month for month in months):
            return _("Meetings by month after release")

        def is_surely_below(month: dict) -> bool:
            return _is_below(month, target) and month["high"] < target

        below = list(takewhile(is_surely_below, reversed(months)))
        if len(below) == len(months):
            return _("Fewer meetings than the target in every month")
        if below:
            return _("Fewer meetings than the target from month %(month)d on") % {
                "month": below[-1]["month"]
            }
        if all(month["low"] >= target for month in months):
            return _("The target for meetings is reached in every month")
        return _("Meetings by month after release")

    def has_figures(self, subject):
        return any(month["n"] != 0 for month in subject.figures["rhythm"]["months"])

    def table(self, subject):
        rows = [
            [cell_text(month["month"]), month["n"], month.get("mean"), _interval(month)]
            for month in subject.figures["rhythm"]["months"]
        ]
        head = [_("Month after release"), _("People"), _("Meetings each"), _("95% interval")]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        rhythm = subject.figures["rhythm"]
        if not any("mean" in month for month in rhythm["months"]):
            canvas = Canvas(width, BASE - TOP, theme)
            too_few(canvas, 0, 0, width, BASE - TOP)
            return canvas
        highest = max([month.get("high", 0) for month in rhythm["months"]] + [rhythm["target"]])
        return (_upright if width >= HALF else _lying)(rhythm, ticks(highest), width, theme)


def _upright(rhythm: dict, scale: list[int], width: int, theme) -> Canvas:
    canvas = Canvas(width, 280, theme)
    step = (width - LEFT) / len(rhythm["months"])
    bar = step * 0.68

    def y(value: float) -> float:
        return BASE - (BASE - TOP) * value / scale[-1]

    for tick in scale:
        canvas.line(LEFT, y(tick), width, y(tick), "line-strong" if tick == 0 else "grid")
        canvas.text(LEFT - 8, y(tick) + 5, tick, align="end")
    canvas.text(0, BASE + 44, "n")
    for index, month in enumerate(rhythm["months"]):
        x = LEFT + (index + 0.5) * step
        canvas.text(x, BASE + 20, month["month"], align="middle")
        canvas.text(x, BASE + 44, tight(month["n"]), align="middle")
        if _is_hidden(month):
            canvas.hatch(x - bar / 2, TOP, bar, BASE - TOP)
        if "mean" not in month:
            continue
        opacity = BELOW_TARGET if _is_below(month, rhythm["target"]) else 1
        canvas.rect(x - bar / 2, y(month["mean"]), bar, BASE - y(month["mean"]), opacity=opacity)
        canvas.line(x, y(month["high"]), x, y(month["low"]), "ink", width=2)
        label = y(month["high"]) - 7
        if label - LETTERS - 2 < y(rhythm["target"]) < label + 3:
            # Above the dotted line, whose dashes would be read as a minus.
            label = y(rhythm["target"]) - 5
        canvas.text(x, label, decimal(month["mean"]), align="middle", bold=True, halo=True)
    canvas.line(LEFT, y(rhythm["target"]), width, y(rhythm["target"]), "ink", dash=(3, 3))
    return canvas


def _lying(rhythm: dict, scale: list[int], width: int, theme) -> Canvas:
    """On a phone: a row for each month, so that every number keeps its size."""
    row, bar, top = 26, 18, 28
    left, right = 32, width - 84
    canvas = Canvas(width, top + row * len(rhythm["months"]) + 24, theme)

    def x(value: float) -> float:
        return left + (right - left) * value / scale[-1]

    base = top + row * len(rhythm["months"])
    canvas.text(width, 16, "n", align="end")
    for tick in scale:
        canvas.line(x(tick), top - 4, x(tick), base, "line-strong" if tick == 0 else "grid")
        canvas.text(x(tick), base + 18, tick, align="middle")
    for index, month in enumerate(rhythm["months"]):
        y = top + index * row
        canvas.text(left - 10, y + 14, month["month"], align="end")
        canvas.text(width, y + 14, tight(month["n"]), align="end")
        if _is_hidden(month):
            canvas.hatch(left, y, right - left, bar)
        if "mean" not in month:
            continue
        opacity = BELOW_TARGET if _is_below(month, rhythm["target"]) else 1
        canvas.rect(left, y, x(month["mean"]) - left, bar, opacity=opacity)
        canvas.line(x(month["low"]), y + 9, x(month["high"]), y + 9, "ink", width=2)
        canvas.text(right + 10, y + 14, decimal(month["mean"]), bold=True)
    canvas.line(x(rhythm["target"]), top - 4, x(rhythm["target"]), base, "ink", dash=(3, 3))
    return canvas
