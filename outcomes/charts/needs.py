from django.utils.translation import gettext as _

from outcomes.charts.base import (
    FULL,
    HALF,
    Chart,
    DataTable,
    Words,
    cell_text,
    decimal,
    hidden_text,
    lines,
)
from outcomes.charts.canvas import Canvas
from outcomes.charts.icons import draw_icon
from participants.models import SupportArea

LOWEST, HIGHEST = 1, 5


class NeedsChart(Chart):
    """How the five areas stood at start, and how they stand now, for the same people."""

    name = "needs"
    width = FULL

    def words(self, subject):
        needs = subject.figures["needs"]
        better = [area for area in SupportArea if _interval(needs[area])[0] > 0]
        worse = [area for area in SupportArea if _interval(needs[area])[1] < 0]
        title = _("Needs at start and now")
        if len(better) == len(SupportArea):
            title = _("Things have got better in all five areas")
        elif len(better) == 1 and not worse:
            title = _("%(area)s: things have got better") % {"area": better[0].label}
        elif better and not worse:
            title = _("Things have got better in %(n)d of the five areas") % {"n": len(better)}
        elif worse and not better:
            title = _("Things have got worse in %(n)d of the five areas") % {"n": len(worse)}
        return Words(
            title,
            _("Mean rating of needs at start and now, from 1 (acute) to 5 (stable)"),
            _(
                "The same people at both times: rated at start and again later. "
                "Now is the latest rating. «No need» is left out."
            ),
        )

    def table(self, subject):
        rows = []
        for area in SupportArea:
            need = subject.figures["needs"][area]
            low, high = need.get("change", (None, None))
            change = None if low is None else f"{_signed(low)} – {_signed(high)}"
            rows.append(
                [str(area.label), need["n"], need.get("start"), need.get("now"), change or "–"]
            )
        head = [
            _("Area"),
            _("People"),
            _("Mean at start"),
            _("Mean now"),
            _("Change, 95% interval"),
        ]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        return (_wide if width >= HALF else _narrow)(subject.figures["needs"], width, theme)


def _interval(need: dict) -> tuple[float, float]:
    low, high = need.get("change", (0, 0))
    return low, high


def _signed(value: float) -> str:
    return ("+" if value > 0 else "−" if value < 0 else "") + decimal(abs(value))


def _wide(needs: dict, width: int, theme) -> Canvas:
    """Small multiples: five panels on one scale; on a narrower screen three and two."""
    columns = 5 if width >= FULL else 2
    gap = 24
    panel = (width - gap * (columns - 1)) / columns
    rows = -(-len(SupportArea) // columns)
    height = 220
    canvas = Canvas(width, rows * height - 8, theme)
    for index, area in enumerate(SupportArea):
        column, row = index % columns, index // columns
        part = Canvas(width, height, theme)
        _panel(part, area, needs[area], min(panel, 240))
        canvas.paste(part, column * (panel + gap), row * height)
    return canvas


def _heading(canvas: Canvas, area: SupportArea, y: float, width: float) -> None:
    canvas.rect(0, y, 24, 24, f"{area}-tint", radius=7)
    draw_icon(canvas, area, 4, y + 4, 16)
    for number, line in enumerate(lines(area.label, int(width - 32))[:2]):
        canvas.text(32, y + 17 + 18 * number, line, ink=True)


def _panel(canvas: Canvas, area: SupportArea, need: dict, width: float) -> None:
    top, base, left, right = 60, 164, 20, width - 32

    def y(value: float) -> float:
        return base - (base - top) * (value - LOWEST) / (HIGHEST - LOWEST)

    _heading(canvas, area, 0, width)
    if "now" not in need:
        canvas.hatch(left, top, right - left, base - top)
        canvas.line(left, base, right, base, "line-strong")
        canvas.text(left, base + 22, _people(need))
        return
    for value in range(LOWEST, HIGHEST + 1):
        color = "line-strong" if value == LOWEST else "grid"
        canvas.line(left, y(value), right, y(value), color)
        if value % 2:
            canvas.text(left - 10, y(value) + 5, value, align="end")
    x1, x2 = left + 28, right - 20
    canvas.line(x1, y(need["start"]), x2, y(need["now"]), str(area), width=2.25, cap="round")
    canvas.dot(x1, y(need["start"]), str(area), radius=4)
    canvas.dot(x2, y(need["now"]), str(area), radius=4)
    canvas.text(
        x1, y(need["start"]) - 11, decimal(need["start"]), align="middle", bold=True, halo=True
    )
    canvas.text(x2 + 10, y(need["now"]) + 5, decimal(need["now"]), bold=True, halo=True)
    canvas.text(x1, base + 20, _("start"), align="middle")
    canvas.text(x2, base + 20, _("now"), align="middle")
    canvas.text(left, base + 44, _people(need))


def _narrow(needs: dict, width: int, theme) -> Canvas:
    """On a phone: one row for each area, the scale lying down."""
    row, left, right = 92, 8, width - 8
    canvas = Canvas(width, row * len(SupportArea) + 24, theme)

    def x(value: float) -> float:
        return left + 12 + (right - left - 24) * (value - LOWEST) / (HIGHEST - LOWEST)

    for index, area in enumerate(SupportArea):
        need, y = needs[area], index * row
        part = Canvas(width, row, theme)
        _heading(part, area, 0, width - 76)
        canvas.paste(part, 0, y)
        canvas.text(width, y + 17, _people(need), align="end")
        line = y + 60
        if "now" not in need:
            canvas.hatch(left, line - 8, right - left, 16)
            continue
        canvas.line(left, line, right, line, "grid")
        for value in range(LOWEST, HIGHEST + 1):
            canvas.line(x(value), line - 4, x(value), line + 4, "grid")
        start, now = x(need["start"]), x(need["now"])
        canvas.line(start, line, now, line, str(area), width=2.25)
        canvas.dot(start, line, str(area), radius=4, hollow=True)
        canvas.dot(now, line, str(area), radius=4.5)
        # The two numbers beside their dots, away from each other.
        back = need["now"] < need["start"]
        canvas.text(
            start - (-10 if back else 10),
            line + 5,
            decimal(need["start"]),
            align="start" if back else "end",
            halo=True,
        )
        canvas.text(
            now + (-10 if back else 10),
            line + 5,
            decimal(need["now"]),
            align="end" if back else "start",
            bold=True,
            halo=True,
        )
    foot = row * len(SupportArea) + 12
    canvas.text(x(1), foot, _("1 acute"), align="start")
    canvas.text(x(5), foot, _("5 stable"), align="end")
    return canvas


def _people(need: dict) -> str:
    if isinstance(need["n"], str):
        return hidden_text(need["n"])
    return _("n = %(n)s") % {"n": cell_text(need["n"])}
