from typing import Any

from django.utils.translation import gettext as _

from outcomes.charts.base import (
    HALF,
    Chart,
    DataTable,
    Words,
    cell_text,
    interval,
    number,
    percent,
)
from outcomes.charts.canvas import Canvas, stairs
from outcomes.charts.effect.subject import stamped
from outcomes.effects.numbers import leaves_out

TWO_THIRDS = 754
ARMS = {"mentors": "primary", "control": "arm-control"}
LEFT, TOP, PLOT = 48, 20, 584
# The labels at the ends of two curves need three lines each.
LABEL = 62


def arm_label(arm: str) -> str:
    """What an arm is called."""
    return _("Two mentors") if arm == "mentors" else _("Without mentors")


class SurvivalChart(Chart):
    """The share without a new sentence by month, by arm, with how many are still followed."""

    name = "survival"
    width = TWO_THIRDS

    def words(self, subject):
        title = _("Without a new sentence after release")
        way = leaves_out(subject.figures["measures"]["hazard_ratio"], 1)
        if way < 0:
            title = _("With two mentors, new sentences came less often")
        elif way > 0:
            title = _("With two mentors, new sentences came more often")
        return Words(
            title,
            _("Share without a new sentence, months after release, with 95% interval"),
            _(
                "Kaplan–Meier, told of at the end of each month. Those who died or left the "
                "country count for as long as they were followed, so it differs a little from the "
                "shares. Bands: 95% interval."
            ),
        )

    def has_figures(self, subject):
        return subject.figures["curve"] is not None

    def table(self, subject):
        curve, at_risk = subject.figures["curve"], subject.figures["at_risk"]
        points = {arm: {p["month"]: p for p in curve[arm]} for arm in ARMS}
        followed = {arm: {} for arm in ARMS}
        if at_risk:
            followed = {
                arm: dict(zip(at_risk["months"], at_risk[arm], strict=True)) for arm in ARMS
            }
        months = sorted({m for arm in ARMS for m in (*points[arm], *followed[arm])})
        head = [_("Month")]
        for arm in ARMS:
            head += [
                arm_label(arm),
                _("%(arm)s: 95%% interval") % {"arm": arm_label(arm)},
                _("%(arm)s: still followed") % {"arm": arm_label(arm)},
            ]
        rows: list[list[Any]] = []
        for month in months:
            row: list[Any] = [str(month)]
            for arm in ARMS:
                point = points[arm].get(month)
                row += [
                    percent(point["survival"]) if point else None,
                    interval(*_band(point)) if point else None,
                    followed[arm].get(month),
                ]
            rows.append(row)
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        figures = subject.figures
        narrow = width < HALF
        height = 280 if narrow else PLOT
        top = TOP + (LABEL if narrow else 0)
        base, right = top + height, width - (12 if narrow else 160)
        risk_rows = 4 if narrow else 2
        room = 40 + 24 * (risk_rows + 1) if figures["at_risk"] else 0
        canvas = Canvas(width, base + 36 + room, theme)
        last = figures["months"]

        def x(month: float) -> float:
            return LEFT + (right - LEFT) * month / last

        def y(share: float) -> float:
            return base - height * share

        for quarter in range(5):
            color = "grid" if quarter else "line-strong"
            canvas.line(LEFT, y(quarter / 4), right, y(quarter / 4), color)
            text = percent(1) if quarter == 4 else number(25 * quarter)
            canvas.text(LEFT - 8, y(quarter / 4) + 5, text, align="end")
        step = 6 if narrow else 3
        for month in range(0, last + 1, step):
            canvas.line(x(month), base, x(month), base + 5, "line-strong")
            # On a phone there is no room for the word, which the line above the picture has too.
            end = month == last and not narrow
            text = _("%(n)s months") % {"n": month} if end else str(month)
            canvas.text(x(month), base + 24, text, align="middle")
        ends = {}
        for arm, color in ARMS.items():
            points = figures["curve"][arm]
            upper = stairs([(x(p["month"]), y(_band(p)[1])) for p in points])
            lower = stairs([(x(p["month"]), y(_band(p)[0])) for p in points])
            if len(points) > 1:
                canvas.polygon([*upper, *reversed(lower)], color)
        for arm, color in ARMS.items():
            points = figures["curve"][arm]
            canvas.polyline(stairs([(x(p["month"]), y(p["survival"])) for p in points]), color)
            ends[arm] = y(points[-1]["survival"])
        if narrow:
            places = {"mentors": (0, 0), "control": (width / 2 + 4, 0)}
        else:
            places = {arm: (right + 12, at) for arm, at in _apart(ends, TOP, base).items()}
        for arm, (left, at) in places.items():
            _label(canvas, arm, figures["curve"][arm][-1], left, at)
        if figures["at_risk"]:
            _at_risk(canvas, figures["at_risk"], x, base + 60, narrow=narrow)
        return stamped(canvas, subject)


def _band(point: dict[str, Any]) -> tuple[float, float]:
    """The interval of a point; where it cannot be estimated the curve itself."""
    low, high = point["lower"], point["upper"]
    return (point["survival"],) * 2 if low is None or high is None else (low, high)  # type: ignore[return-value]


def _apart(ends: dict[str, float], top: float, base: float) -> dict[str, float]:
    """Where the labels begin: at the ends of their curves, not on one another."""
    first, second = sorted(ends, key=lambda arm: ends[arm])
    at = {first: ends[first] - 16, second: ends[second] - 16}
    lacking = LABEL - (at[second] - at[first])
    if lacking > 0:
        at[first] -= lacking / 2
        at[second] += lacking / 2
    over = max(at[second] + LABEL - base, 0) - max(top - at[first], 0)
    return {arm: place - over for arm, place in at.items()}


def _label(canvas: Canvas, arm: str, point: dict[str, Any], left: float, top: float) -> None:
    canvas.text(left, top + 14, arm_label(arm), bold=True, color=ARMS[arm])
    said = _("%(percent)s no new sentence") % {"percent": percent(point["survival"])}
    canvas.text(left, top + 34, said, ink=True)
    canvas.text(left, top + 54, interval(*_band(point)))


def _at_risk(canvas: Canvas, at_risk: dict[str, Any], x, top: float, *, narrow: bool) -> None:
    """The numbers under the axis; on a phone every second of them."""
    canvas.text(0 if narrow else LEFT, top, _("Still followed without a new sentence"), ink=True)
    for arm, color in ARMS.items():
        top += 24
        if narrow:
            canvas.text(0, top, arm_label(arm), bold=True, color=color)
            top += 24
        else:
            canvas.text(x(at_risk["months"][-1]) + 24, top, arm_label(arm), bold=True, color=color)
        for month, n in list(zip(at_risk["months"], at_risk[arm], strict=True))[
            :: 2 if narrow else 1
        ]:
            canvas.text(x(month), top, cell_text(n), align="middle", bold=True)
