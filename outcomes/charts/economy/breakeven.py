from django.utils.translation import gettext as _

from outcomes.charts.base import HALF, PIXELS_PER_CHARACTER, Chart, DataTable, Words, ticks
from outcomes.charts.canvas import Canvas
from outcomes.charts.economy.subjects import EconomySubject, effect_said, prices
from outcomes.economy.wording import points, points_estimate, ratio, ratio_estimate

LEFT, RIGHT, TOP, BASE = 40, 20, 28, 240
STEP = 0.10


class BreakEvenChart(Chart):
    """Kroner back for each krone, by how much rarer a new sentence is with mentors."""

    name = "break-even"
    width = HALF

    def words(self, subject: EconomySubject) -> Words:
        result = subject.reading.result
        assert result is not None
        reduction, pays_from = result.effect.reduction, result.break_even
        title = _("When it pays")
        if pays_from is not None and reduction.is_above(pays_from):
            title = _("The effect lies above what it takes to pay")
        elif pays_from is None or reduction.is_below(pays_from):
            title = _("The effect lies below what it takes to pay")
        return Words(
            title,
            _("Kroner back for each krone, by how many fewer of 100 have a new sentence"),
            _("Thick line: 95% interval of the effect. Ring: where it pays.")
            + " "
            + prices(subject)
            + " "
            + effect_said(subject),
        )

    def has_figures(self, subject: EconomySubject) -> bool:
        return subject.reading.result is not None and subject.reading.result.back is not None

    def table(self, subject: EconomySubject) -> DataTable:
        result = subject.reading.result
        assert result is not None
        assert result.back is not None
        rows: list[list] = []
        if result.break_even is not None:
            rows.append([_("Where it pays"), points(result.break_even), ratio(1.0)])
        rows.append(
            [_("The effect"), points_estimate(result.effect.reduction), ratio_estimate(result.back)]
        )
        per_point = result.gain / result.cost.total
        for share in (0.1, 0.2, 0.3, 0.4, 0.5):
            rows.append([_("With an effect of"), points(share), ratio(share * per_point)])
        head = ["", _("Fewer of 100 with a new sentence"), _("Kroner back")]
        return DataTable(head, rows)

    def draw(self, subject: EconomySubject, width: int, theme) -> Canvas:
        result = subject.reading.result
        assert result is not None
        effect = result.effect.reduction
        per_unit = result.gain / result.cost.total
        known = [effect.value, effect.low or 0.0, effect.high or 0.0]
        first = min(0.0, *(_down(end) for end in known))
        last = min(max(0.4, *(_up(end) for end in known), _up(result.break_even or 0)), 1.0)
        scale = ticks(max(last * per_unit, 2))
        top, bottom = scale[-1], min(0.0, first * per_unit)
        canvas = Canvas(width, BASE + 52, theme)

        def x(share: float) -> float:
            return LEFT + (width - LEFT - RIGHT) * (share - first) / (last - first)

        def y(back: float) -> float:
            return TOP + (BASE - TOP) * (top - back) / (top - bottom)

        for value in scale:
            canvas.line(LEFT, y(value), width - RIGHT, y(value), "grid")
            label = _("%(n)s kr.") % {"n": value} if value == top else str(value)
            if value == top:
                # Above its line: on a phone there is no room for the unit beside it.
                canvas.text(0, y(value) - 9, label)
            else:
                canvas.text(LEFT - 8, y(value) + 5, label, align="end")
        canvas.line(LEFT, y(0), width - RIGHT, y(0), "line-strong")
        canvas.line(LEFT, y(1), width - RIGHT, y(1), "ink", dash=(3, 3))
        ends = (x(first), y(first * per_unit), x(last), y(last * per_unit))
        canvas.line(*ends, "primary", width=1.5)
        if effect.low is not None and effect.high is not None:
            between = [(x(end), y(end * per_unit)) for end in (effect.low, effect.high)]
            canvas.line(*between[0], *between[1], "primary", width=6, cap="round")
        canvas.dot(x(effect.value), y(effect.value * per_unit), "ink", radius=6)
        canvas.text(
            x(effect.value) - 12,
            y(effect.value * per_unit) - 8,
            _("%(n)s kr.") % {"n": ratio(effect.value * per_unit)},
            align="end",
            bold=True,
            halo=True,
        )
        if result.break_even is not None and first <= result.break_even <= last:
            canvas.dot(x(result.break_even), y(1), "ink", radius=5, hollow=True)
            pays = _("from %(n)s") % {"n": points(result.break_even)}
            if y(1) + 17 < BASE:
                canvas.text(x(result.break_even) + 12, y(1) + 16, pays, bold=True)
            else:
                # Below the ring it would stand on the numbers of the axis.
                end = max(x(result.break_even) - 8, LEFT + 6 + PIXELS_PER_CHARACTER * len(pays))
                canvas.text(end, y(1) - 9, pays, align="end", bold=True, halo=True)
        steps = round((last - first) / STEP)
        every = 1 if steps <= 7 else 2
        for number in range(0, steps + 1, every):
            share = first + number * STEP
            canvas.text(x(share), BASE + 20, points(share), align="middle")
        canvas.text(width - RIGHT, BASE + 42, _("fewer of 100 with a new sentence"), align="end")
        return canvas


def _up(share: float) -> float:
    """The next whole tenth above."""
    return -_down(-share)


def _down(share: float) -> float:
    return (share // STEP) * STEP
