"""Lying bars with their words above them: what the charts of this folder share."""

from dataclasses import dataclass

from outcomes.charts.canvas import Canvas
from outcomes.economy.calculation import Estimate

ROW = 56
TOP = 4
BAR = 16


@dataclass(frozen=True)
class Bar:
    """One bar: what it is, its value as it is drawn and as it is read."""

    label: str
    value: Estimate
    text: str
    color: str = "primary"


def lying_bars(canvas: Canvas, bars: list[Bar]) -> None:
    """Bars from 0, their label and value above them, and a whisker for the interval."""
    ends = [0.0]
    for bar in bars:
        ends += [bar.value.value, bar.value.low or 0.0, bar.value.high or 0.0]
    least, most = min(ends), max(ends)
    span = (most - least) or 1.0

    def x(value: float) -> float:
        return 4 + (canvas.width - 8) * (value - least) / span

    for number, bar in enumerate(bars):
        y = TOP + ROW * number
        canvas.text(0, y + 16, bar.label, ink=True)
        canvas.text(canvas.width, y + 16, bar.text, bold=True, align="end")
        left, right = sorted((x(0), x(bar.value.value)))
        canvas.rect(left, y + 26, right - left, BAR, bar.color)
        # Beside the bar only: the words above it stay clear.
        canvas.line(x(0), y + 22, x(0), y + 30 + BAR, "line-strong")
        if bar.value.low is not None and bar.value.high is not None:
            middle = y + 26 + BAR / 2
            low, high = x(bar.value.low), x(bar.value.high)
            canvas.line(low, middle, high, middle, "ink", width=1.5)
            for end in (low, high):
                canvas.line(end, middle - 5, end, middle + 5, "ink", width=1.5)
