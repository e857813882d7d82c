from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.charts.base import (
    HALF,
    Chart,
    DashboardSubject,
    DataTable,
    Words,
    cell_text,
    percent,
    ticks,
)
from outcomes.charts.canvas import Canvas
from outcomes.charts.recidivism import how

LEFT, RIGHT = 48, 52
TOP = 20
BASE = {True: 260, False: 500}  # on a phone, on a laptop
LINE = 18


@dataclass(frozen=True)
class Dot:
    """One municipality: how many can be measured, the share, and where the limits are there."""

    name: str
    rate: dict
    limits: dict

    @property
    def share(self) -> float:
        return self.rate["share"]

    def is_outside(self, which: str) -> bool:
        """Whether the share is outside the limits ``"95"`` or ``"998"``."""
        return not self.limits[f"low{which}"] <= self.share <= self.limits[f"high{which}"]


def limits_at(limits: list[dict], of: float) -> dict:
    """The limits for so many people, between two stored ones in proportion."""
    if of <= limits[0]["of"]:
        return limits[0]
    for here, there in pairwise(limits):
        if of <= there["of"]:
            part = (of - here["of"]) / (there["of"] - here["of"])
            return {name: here[name] + part * (there[name] - here[name]) for name in here}
    return limits[-1]


def _dots(subject: DashboardSubject) -> list[Dot]:
    funnel = subject.figures["funnel"][subject.definition.key]
    found = []
    for row in subject.figures["municipalities"]:
        rate = row["recidivism"][subject.definition.key]["rate"]
        if "share" in rate:
            found.append(Dot(row["name"], rate, limits_at(funnel["limits"], rate["of"])))
    return sorted(found, key=lambda dot: (dot.rate["of"], dot.name))


class FunnelChart(Chart):
    """Each municipality's share against its size, with how far chance alone would carry it."""

    name = "funnel"
    width = HALF

    def words(self, subject):
        outside = [dot for dot in _dots(subject) if dot.is_outside("998")]
        title = _("No municipality is outside what chance allows")
        if outside:
            title = ngettext(
                "%(n)d municipality is outside what chance allows",
                "%(n)d municipalities are outside what chance allows",
                len(outside),
            ) % {"n": len(outside)}
        lead = _("New sentence, by how many of those released can be measured")
        if subject.period:
            lead = _("New sentence, by how many of those released in %(year)s can be measured") % {
                "year": subject.period
            }
        return Words(
            title,
            lead,
            _(
                "The fewer people, the more a share moves by chance: a small municipality high or "
                "low in the funnel is neither bad nor good. By chance alone, 1 of 20 is outside "
                "the 95%% limits, and 1 of 500 outside the 99.8%% ones; those outside are "
                "named where there is room. Municipalities whose share is hidden are not drawn. "
                "%(how)s"
            )
            % {"how": how(subject.definition)},
        )

    def has_figures(self, subject):
        funnel = subject.figures.get("funnel", {}).get(subject.definition.key)
        return bool(funnel and funnel["limits"] and _dots(subject))

    def table(self, subject):
        rows = [
            [
                dot.name,
                dot.rate["n"],
                dot.rate["of"],
                percent(dot.share),
                _limits(dot, "95"),
                _limits(dot, "998"),
                _where(dot),
            ]
            for dot in reversed(_dots(subject))
        ]
        head = [
            _("Municipality"),
            _("New sentence"),
            _("Can be measured"),
            _("Share"),
            _("%(level)s limits") % {"level": _("95%")},
            _("%(level)s limits") % {"level": _("99.8%")},
            _("Where"),
        ]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        funnel = subject.figures["funnel"][subject.definition.key]
        dots = _dots(subject)
        base = BASE[width < HALF]
        canvas = Canvas(width, base + 48, theme)
        scale = ticks(max(dot.rate["of"] for dot in dots))
        right = width - RIGHT
        ends = [min(dot.limits["high998"], 1.0) for dot in dots]
        highest = max([dot.share for dot in dots] + ends + [0.4])
        top_value = min(ceil(round(highest * 5, 9)) / 5, 1.0)

        def x(of: float) -> float:
            return LEFT + (right - LEFT) * of / scale[-1]

        def y(share: float) -> float:
            return base - (base - TOP) * min(max(share, 0), top_value) / top_value

        for fifth in range(round(top_value * 5) + 1):
            last = fifth == round(top_value * 5)
            label = percent(fifth / 5) if last else cell_text(20 * fifth)
            canvas.line(LEFT, y(fifth / 5), right, y(fifth / 5), "grid" if fifth else "line-strong")
            canvas.text(LEFT - 8, y(fifth / 5) + 5, label, align="end")
        for tick in scale:
            canvas.text(x(tick), base + 20, cell_text(tick), align="middle")
        canvas.text(
            (LEFT + right) / 2, base + 42, _("released who can be measured"), align="middle"
        )
        self._limits(canvas, funnel, scale[-1], top_value, x, y, right)
        labels = _Labels(canvas, LEFT, right, TOP, base)
        # Those furthest outside are named first.
        for dot in sorted(dots, key=lambda dot: not dot.is_outside("998")):
            outside = dot.is_outside("95")
            at = (x(dot.rate["of"]), y(dot.share))
            canvas.dot(*at, radius=4.5 if outside else 3.5, hollow=not outside)
            if outside:
                labels.put(*at, dot.name)
        return canvas

    @staticmethod
    def _limits(canvas, funnel: dict, end: float, top: float, x, y, right: float) -> None:
        """The country's share and the two funnels around it, named where they end."""
        within = [at for at in funnel["limits"] if at["of"] < end]
        points = [*within, {**limits_at(funnel["limits"], end), "of": end}]
        for which, dash in (("95", ()), ("998", (5, 4))):
            for side in ("low", "high"):
                # What is above the scale begins where it comes into it.
                seen = [at for at in points if at[side + which] <= top]
                curve = [(x(at["of"]), y(at[side + which])) for at in seen]
                canvas.polyline(curve, "line-strong", width=1.25, dash=dash)
        canvas.line(x(0), y(funnel["share"]), right, y(funnel["share"]), "ink", dash=(3, 3))
        last = points[-1]
        words = [
            (y(last["high998"]), _("99.8%")),
            (y(last["high95"]), _("95%")),
            (y(funnel["share"]), percent(funnel["share"])),
            (y(last["low95"]), _("95%")),
            (y(last["low998"]), _("99.8%")),
        ]
        # From the middle outwards, each clear of the one before.
        middle = words[2][0]
        canvas.text(right + 6, middle + 5, words[2][1], bold=True)
        for outwards, side in ((words[1::-1], -1), (words[3:], 1)):
            taken = middle
            for at, word in outwards:
                taken = max(at, taken + LINE) if side > 0 else min(at, taken - LINE)
                canvas.text(right + 6, taken + 5, word)


class _Labels:
    """Names beside their dots, each clear of those that stand already. Where there is no room
    near its dot, a name is left out; the table has it."""

    def __init__(self, canvas: Canvas, left: float, right: float, top: float, base: float):
        self.canvas, self.sides, self.heights = canvas, (left, right), (top, base)
        self.taken: list[tuple[float, float, float]] = []

    def put(self, x: float, y: float, name: str) -> None:
        width = 7.2 * len(name)
        for aside in (0, -LINE, LINE, -2 * LINE, 2 * LINE):
            for start, align in ((x + 10, "start"), (x - 10 - width, "end")):
                if self._is_free(start, start + width, y + aside):
                    self.taken.append((start, start + width, y + aside))
                    at = x + 10 if align == "start" else x - 10
                    self.canvas.text(at, y + aside + 5, name, align=align, bold=True, halo=True)
                    return

    def _is_free(self, start: float, end: float, y: float) -> bool:
        within = self.sides[0] <= start and end <= self.sides[1]
        within = within and self.heights[0] <= y <= self.heights[1]
        return within and not any(
            abs(y - other) < LINE and start < taken_end and taken_start < end
            for taken_start, taken_end, other in self.taken
        )


def _limits(dot: Dot, which: str) -> str:
    low, high = dot.limits[f"low{which}"], dot.limits[f"high{which}"]
    return f"{cell_text(round(100 * low))}–{percent(high)}"


def _where(dot: Dot) -> str:
    if dot.is_outside("998"):
        return _("outside both limits")
    return (
        _("outside the %(level)s limits") % {"level": _("95%")}
        if dot.is_outside("95")
        else _("within the limits")
    )
