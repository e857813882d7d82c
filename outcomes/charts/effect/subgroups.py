from math import log, sqrt
from typing import Any

from django.utils.translation import gettext as _

from outcomes.charts.base import (
    FULL,
    Chart,
    DataTable,
    Words,
    cell_text,
    decimal,
    lines,
    rate_text,
)
from outcomes.charts.canvas import Canvas
from outcomes.charts.effect.subject import stamped
from outcomes.charts.effect.survival import ARMS, arm_label
from outcomes.effects.numbers import p_value, ratio
from outcomes.effects.words import FACTOR_WORDS, level_words, subgroups_lead, subgroups_title

# The scale of the ratios is of logarithms: half is as far from 1 as double.
LEAST, MOST = 0.125, 4.0
TICKS = (0.25, 0.5, 1.0, 2.0)
ROW = 32


class SubgroupsChart(Chart):
    """The relative risk in each subgroup, with interval and test for interaction."""

    name = "subgroups"
    width = FULL

    def words(self, subject):
        return Words(
            subgroups_title(subject.figures),
            subgroups_lead(subject.figures),
            _(
                "The groups were chosen before anything was counted, by what was known before the "
                "draw. The squares' area follows the number of people. Katz' 95% intervals; "
                "interaction by Cochran's test of their logarithms."
            ),
        )

    def has_figures(self, subject):
        return any(
            level["relative_risk"]
            for factor in subject.figures["subgroups"]
            for level in factor["levels"]
        )

    def table(self, subject):
        head = [
            _("Group"),
            *(arm_label(arm) for arm in ARMS),
            _("Relative risk"),
            _("95% interval"),
            _("Interaction, p"),
        ]
        rows: list[list[Any]] = [_row(_("All"), _all(subject.figures), None)]
        for factor in subject.figures["subgroups"]:
            for number, level in enumerate(factor["levels"]):
                p = factor["p"] if number == 0 else None
                rows.append(_row(level_words(factor["factor"], level["level"]), level, p))
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        wide = width >= FULL
        rows = 1 + sum(len(factor["levels"]) for factor in subject.figures["subgroups"])
        gaps = 14 * len(subject.figures["subgroups"])
        row = ROW if wide else 84
        head = 36 if wide else 30
        canvas = Canvas(width, head + row * rows + gaps + 34, theme)
        scale = Scale(canvas, *((548, 860) if wide else (12, width - 12)))
        if wide:
            _head(canvas, width)
        else:
            _directions(canvas, scale, 16)
        base = canvas.height - 32
        scale.axis(head - 6, base)
        if wide:
            scale.no_difference(head - 6, base)
        y = head + row / 2
        drawing = _Rows(canvas, scale, wide, subject.figures)
        drawing.row(_("All"), _all(subject.figures), y, whole=True)
        for factor in subject.figures["subgroups"]:
            y += 14
            first = y + row
            for level in factor["levels"]:
                y += row
                drawing.row(level_words(factor["factor"], level["level"]), level, y)
            drawing.test(factor, first, y)
        return stamped(canvas, subject)


def _all(figures: dict[str, Any]) -> dict[str, Any]:
    """Everybody, as a row like those of the groups."""
    return {
        **{arm: figures["arms"][arm]["rate"] for arm in ARMS},
        "relative_risk": figures["measures"]["relative_risk"],
        "reason": figures["reasons"].get("relative_risk"),
    }


def _row(label: str, row: dict[str, Any], p: float | None) -> list:
    value = row["relative_risk"]
    return [
        label,
        *(_rate(row[arm]) for arm in ARMS),
        decimal(value["estimate"], 2) if value else None,
        ratio(value) if value else None,
        p_value(p) if p is not None else None,
    ]


def _rate(rate: dict[str, Any]) -> str:
    """«6 of 21», or why not: a rate is hidden as a whole, since half of one tells the rest."""
    if "share" in rate:
        return rate_text(rate)
    return cell_text(0) if rate["of"] == 0 else _("too few")


def _size(row: dict[str, Any], whole: int) -> float:
    """The side of a square whose area follows the number of people."""
    people = sum(row[arm]["of"] for arm in ARMS)
    return 12 * sqrt(people / max(whole, 1))


def _head(canvas: Canvas, width: int) -> None:
    canvas.text(0, 16, _("Group"))
    canvas.text(360, 16, arm_label("mentors"), align="end")
    canvas.text(500, 16, arm_label("control"), align="end")
    canvas.text(1016, 16, _("Relative risk"), align="end")
    canvas.text(width, 16, _("Interaction, p"), align="end")
    canvas.line(0, 26, width, 26, "line-strong")


def _directions(canvas: Canvas, scale: "Scale", y: float) -> None:
    middle = scale.x(1)
    canvas.text(middle - 10, y, _("fewer sentences"), align="end")
    canvas.text(middle + 10, y, _("more"))


class Scale:
    """Ratios from left to right, on a logarithmic scale."""

    def __init__(self, canvas: Canvas, left: float, right: float):
        self.canvas, self.left, self.right = canvas, left, right

    def x(self, value: float) -> float:
        inside = min(max(value, LEAST), MOST)
        return self.left + (self.right - self.left) * log(inside / LEAST) / log(MOST / LEAST)

    def axis(self, top: float, base: float) -> None:
        for tick in TICKS:
            x = self.x(tick)
            if tick != 1:
                self.canvas.line(x, top, x, base, "grid")
            places = {0.25: 2, 0.5: 1}.get(tick, 0)
            self.canvas.text(x, base + 22, decimal(tick, places), align="middle")

    def no_difference(self, top: float, base: float) -> None:
        """The dotted line at 1."""
        self.canvas.line(self.x(1), top, self.x(1), base, "ink", dash=(3, 3))

    def interval(self, value: dict[str, Any], y: float) -> None:
        low, high = value["lower"], value["upper"]
        self.canvas.line(self.x(low), y, self.x(high), y, "primary", width=2, cap="round")
        # What goes on beyond the scale ends in a point.
        for end, beyond, way in ((self.left, low < LEAST, 1), (self.right, high > MOST, -1)):
            if beyond:
                arrow = [(end, y), (end + 8 * way, y - 5), (end + 8 * way, y + 5)]
                self.canvas.polygon(arrow, "primary", opacity=1)


class _Rows:
    """Draws the rows of one picture: on a laptop in columns, on a phone one under the other."""

    def __init__(self, canvas: Canvas, scale: Scale, wide: bool, figures: dict[str, Any]):
        self.canvas, self.scale, self.wide = canvas, scale, wide
        shown = [figures["arms"][arm]["rate"]["of"] for arm in ARMS]
        self.people = sum(shown)

    def row(self, label: str, row: dict[str, Any], y: float, *, whole: bool = False) -> None:
        value = row["relative_risk"]
        said = f"{decimal(value['estimate'], 2)}  {ratio(value)}" if value else "–"
        style = {"bold": True} if whole else {"ink": True}
        if self.wide:
            self.canvas.text(0, y + 5, label, **style)
            self.canvas.text(360, y + 5, _rate(row["mentors"]), align="end", **style)
            self.canvas.text(500, y + 5, _rate(row["control"]), align="end", **style)
            self.canvas.text(1016, y + 5, said, align="end", **style)
        else:
            self.canvas.text(0, y - 20, label, halo=True, **style)
            self.canvas.text(self.canvas.width, y - 20, said, align="end", halo=True, **style)
            rates = _("%(with)s with, %(without)s without") % {
                "with": _rate(row["mentors"]),
                "without": _rate(row["control"]),
            }
            self.canvas.text(0, y, rates, halo=True)
            y += 20
            # Not through the words between the rows.
            self.scale.no_difference(y - 10, y + 10)
        if not value:
            return
        self.scale.interval(value, y)
        x = self.scale.x(value["estimate"])
        if whole:
            diamond = [(x - 8, y), (x, y - 8), (x + 8, y), (x, y + 8)]
            self.canvas.polygon(diamond, "primary", opacity=1)
        else:
            side = _size(row, self.people)
            self.canvas.rect(x - side / 2, y - side / 2, side, side, "primary", radius=1)

    def test(self, factor: dict[str, Any], first: float, last: float) -> None:
        """The interaction p beside its pair."""
        if factor["p"] is None:
            return
        text = p_value(factor["p"])
        if self.wide:
            for y in (first, last):
                self.canvas.line(1056, y, 1064, y, "line-strong")
            self.canvas.line(1064, first, 1064, last, "line-strong")
            middle = (first + last) / 2
            self.canvas.line(1064, middle, 1072, middle, "line-strong")
            self.canvas.text(self.canvas.width, middle + 5, text, align="end", ink=True)
        else:
            name = str(FACTOR_WORDS[factor["factor"]][0])
            said = _("%(factor)s: interaction, p = %(p)s") % {"factor": name, "p": text}
            self.canvas.text(0, last + 44, lines(said, self.canvas.width)[0], halo=True)
