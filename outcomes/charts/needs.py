from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.charts.base import (
    FULL,
    HALF,
    PIXELS_PER_CHARACTER,
    TWO_THIRDS,
    Chart,
    DataTable,
    Words,
    cell_text,
    decimal,
    hidden_text,
    lines,
    tight,
)
from outcomes.charts.canvas import Canvas
from outcomes.charts.icons import draw_icon
from participants.models import RatingStage, SupportArea

LOWEST, HIGHEST = 1, 5
# Months from release: the start is two months before.
MONTHS = {
    RatingStage.START: -2,
    RatingStage.RELEASE: 0,
    RatingStage.MONTH_3: 3,
    RatingStage.MONTH_6: 6,
    RatingStage.MONTH_12: 12,
}
FIRST, LAST = RatingStage.START, RatingStage.MONTH_12
HEAD = 32
# How many panels stand beside each other, from which width.
COLUMNS = ((FULL, 5), (TWO_THIRDS, 3), (HALF, 2), (0, 1))
LABELS, PANEL_GAP = 64, 24
PLOT, NARROW_PLOT = (60, 164), (46, 126)


class NeedsChart(Chart):
    """How the five areas stood at start, at release, and after 3, 6 and 12 months."""

    name = "needs"
    width = FULL

    def words(self, subject):
        lead = _(
            "Mean rating of needs, from 1 (acute) to 5 (stable), at start, at release, and after "
            "3, 6 and 12 months"
        )
        if subject.period:
            lead = _(
                "Mean rating of needs, from 1 (acute) to 5 (stable), at start, at release, and "
                "after 3, 6 and 12 months, of those released in %(year)s"
            ) % {"year": subject.period}
        needs = subject.figures["needs"]
        finding = self._finding(needs)
        how = [
            _(
                "n: people with a rating, without «no need». Missing: should have been rated and "
                "were not. Band: 95% interval. Dotted: nobody was rated in between."
            )
        ]
        if finding:
            # The curve is of everybody rated at each stage; the title is not.
            how.append(
                _("The title is about those assessed both at the start and after 12 months.")
            )
        return Words(finding or _("Needs from start to 12 months"), lead, " ".join(how))

    @staticmethod
    def _finding(needs: dict) -> str:
        """From the intervals of the change from start to 12 months, for the same people.

        Where one area's is hidden, nothing is said of the others: it would look like the only one.
        Nor is anything where an end of a curve is hidden, on which it could be seen.
        """
        changes = {a: _change(needs[a]) for a in SupportArea if _change(needs[a])}
        if len(changes) < len(SupportArea) or not all(_has_both_ends(needs[a]) for a in changes):
            return ""
        better = [area for area, change in changes.items() if change["low"] > 0]
        worse = [area for area, change in changes.items() if change["high"] < 0]
        if len(better) == len(SupportArea):
            order = sorted(changes, key=lambda area: changes[area]["mean"])
            least, most = order[0], order[-1]
            is_most = changes[most]["low"] > max(changes[area]["high"] for area in order[:-1])
            is_least = changes[least]["high"] < min(changes[area]["low"] for area in order[1:])
            if is_most and is_least:
                return _("%(most)s moves most, %(least)s least") % {
                    "most": most.label,
                    "least": str(least.label).lower(),
                }
            if is_most:
                return _("Everything gets better, %(most)s most") % {
                    "most": str(most.label).lower()
                }
            return _("Things have got better in all five areas")
        if len(better) == 1 and not worse:
            return _("%(area)s: things have got better") % {"area": better[0].label}
        if better and not worse:
            return _("Things have got better in %(n)d of the five areas") % {"n": len(better)}
        if worse and not better:
            return _("Things have got worse in %(n)d of the five areas") % {"n": len(worse)}
        return ""

    def has_figures(self, subject):
        return any(
            stage["n"] != 0
            for area in subject.figures["needs"].values()
            for stage in area["stages"]
        )

    def table(self, subject):
        rows = []
        for area in SupportArea:
            need = subject.figures["needs"][area]
            for stage in need["stages"]:
                rows.append(
                    [
                        str(area.label),
                        str(RatingStage(stage["stage"]).label),
                        stage["n"],
                        stage.get("mean"),
                        _interval(stage, decimal),
                        stage["missing"],
                        stage["no_need"],
                    ]
                )
            change = need["change"]
            mean = _signed(change["mean"]) if "mean" in change else None
            rows.append(
                [
                    str(area.label),
                    _("change, the same people"),
                    change["n"],
                    mean,
                    _interval(change, _signed),
                    None,
                    None,
                ]
            )
        head = [
            _("Area"),
            _("When"),
            _("People"),
            _("Mean"),
            _("95% interval"),
            _("Missing"),
            _("No need"),
        ]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        """Small multiples on one scale: five beside each other, fewer where it is narrower."""
        needs = subject.figures["needs"]
        columns = next(most for least, most in COLUMNS if width >= least)
        gap = 24
        panel = (width - gap * (columns - 1)) / columns
        rows = -(-len(SupportArea) // columns)
        plot = PLOT if columns > 1 else NARROW_PLOT
        height = plot[1] + LABELS + PANEL_GAP
        canvas = Canvas(width, rows * height - PANEL_GAP + 8, theme)
        for index, area in enumerate(SupportArea):
            column, row = index % columns, index // columns
            part = Canvas(width, height, theme)
            _Panel(part, area, needs[area], min(panel, 296), plot).draw()
            canvas.paste(part, column * (panel + gap), row * height)
        return canvas


def _change(need: dict) -> dict:
    return need["change"] if "mean" in need["change"] else {}


def _has_both_ends(need: dict) -> bool:
    return {FIRST, LAST} <= {stage["stage"] for stage in need["stages"] if "mean" in stage}


def _interval(mean: dict, write) -> str:
    return f"[{write(mean['low'])} – {write(mean['high'])}]" if "mean" in mean else "–"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + decimal(abs(value))


class _Panel:
    """One area, drawn in the upper left corner of its canvas; `plot` is its top and base."""

    def __init__(self, canvas: Canvas, area: SupportArea, need: dict, width: float, plot):
        self.canvas, self.area, self.width = canvas, area, width
        self.stages = {RatingStage(stage["stage"]): stage for stage in need["stages"]}
        self.top, self.base = plot
        self.left, self.right = 22, width - 32

    def x(self, stage: RatingStage) -> float:
        month = (self.right - self.left - 20) / (MONTHS[LAST] - MONTHS[FIRST])
        return self.left + 18 + (MONTHS[stage] - MONTHS[FIRST]) * month

    def y(self, value: float) -> float:
        value = min(max(value, LOWEST), HIGHEST)
        return self.base - (self.base - self.top) * (value - LOWEST) / (HIGHEST - LOWEST)

    def draw(self) -> None:
        canvas, base = self.canvas, self.base
        _heading(canvas, self.area, self.width)
        for value in range(LOWEST, HIGHEST + 1):
            color = "line-strong" if value == LOWEST else "grid"
            canvas.line(self.left, self.y(value), self.right, self.y(value), color)
            if value % 2:
                canvas.text(self.left - 10, self.y(value) + 5, value, align="end")
        self._curve()
        labels = self._early_labels() | {RatingStage.MONTH_3: "3", RatingStage.MONTH_6: "6"}
        canvas.text(0, base + 42, "n")
        for stage, label in labels.items():
            canvas.text(self.x(stage), base + 20, label, align="middle")
            n = tight(self.stages[stage]["n"])
            canvas.text(self.x(stage), base + 42, n, align="middle", ink=True)
        canvas.text(self.width, base + 20, _("12 mo."), align="end")
        last = self.stages[LAST]
        canvas.text(self.x(LAST), base + 42, tight(last["n"]), align="middle", ink=True)
        canvas.text(0, base + LABELS, _missing(last["missing"]))

    def _early_labels(self) -> dict[RatingStage, str]:
        """Start and release; where there is room for one only, the one the curve begins at."""
        labels = {FIRST: _("start"), RatingStage.RELEASE: _("rel.")}
        widest = [
            max(len(label), len(tight(self.stages[stage]["n"]))) for stage, label in labels.items()
        ]
        room = self.x(RatingStage.RELEASE) - self.x(FIRST)
        if room >= PIXELS_PER_CHARACTER * sum(widest) / 2 + 4:
            return labels
        begins_later = (
            "mean" not in self.stages[FIRST] and "mean" in self.stages[RatingStage.RELEASE]
        )
        del labels[FIRST if begins_later else RatingStage.RELEASE]
        return labels

    def _curve(self) -> None:
        """The means with their band; across a stage that nobody was rated at, or that is hidden,
        the line is dotted and has no band."""
        canvas, color, order, x, y = self.canvas, str(self.area), list(MONTHS), self.x, self.y
        known = [stage for stage in order if "mean" in self.stages[stage]]
        if not known:
            if any(isinstance(self.stages[stage]["n"], str) for stage in order):
                canvas.hatch(x(FIRST), self.top, x(LAST) - x(FIRST), self.base - self.top)
            return
        for here, there in pairwise(known):
            a, b = self.stages[here], self.stages[there]
            ends = [(x(here), y(a["mean"])), (x(there), y(b["mean"]))]
            if order.index(there) - order.index(here) > 1:
                canvas.polyline(ends, color, dash=(1, 6))
                continue
            upper = [(x(here), y(a["high"])), (x(there), y(b["high"]))]
            lower = [(x(there), y(b["low"])), (x(here), y(a["low"]))]
            canvas.polygon([*upper, *lower], color)
            canvas.polyline(ends, color)
        for stage in known:
            canvas.dot(x(stage), y(self.stages[stage]["mean"]), color, radius=3.5)
        first, last = known[0], known[-1]
        if first != last:
            mean, above = self.stages[first]["mean"], y(self.stages[first]["high"]) - 8
            canvas.text(x(first), above, decimal(mean), align="middle", bold=True, halo=True)
        mean = self.stages[last]["mean"]
        canvas.text(x(last) + 9, y(mean) + 5, decimal(mean), bold=True)


def _missing(missing) -> str:
    if isinstance(missing, str):
        return _("Missing at 12 months: %(n)s") % {"n": hidden_text(missing)}
    return ngettext("%(n)s is missing at 12 months", "%(n)s are missing at 12 months", missing) % {
        "n": cell_text(missing)
    }


def _heading(canvas: Canvas, area: SupportArea, width: float) -> None:
    canvas.rect(0, 0, 24, 24, f"{area}-tint", radius=7)
    draw_icon(canvas, area, 4, 4, 16)
    for number, line in enumerate(lines(area.label, int(width - HEAD))[:2]):
        canvas.text(HEAD, 17 + 18 * number, line, ink=True)
