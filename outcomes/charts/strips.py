"""Intervals on a line, for rows of charts: a point with its 95% interval, from 0 to a top."""

from dataclasses import dataclass

from outcomes.charts.canvas import Canvas

HEIGHT = 12


@dataclass(frozen=True)
class Estimate:
    """A value with its interval, in the unit of its scale. Where it may not be shown, hidden."""

    value: float | None
    low: float | None = None
    high: float | None = None
    is_hidden: bool = False

    @classmethod
    def of_rate(cls, rate: dict) -> "Estimate":
        """A stored rate; one of nobody is neither shown nor hidden."""
        if "share" in rate:
            return cls(rate["share"], rate["low"], rate["high"])
        return cls(None, is_hidden=rate["of"] != 0)

    @classmethod
    def of_time(cls, time: dict) -> "Estimate":
        """A stored median of days."""
        if time.get("median") is not None:
            return cls(time["median"], time.get("low"), time.get("high"))
        return cls(None, is_hidden=time["n"] != 0)

    def is_apart_from(self, other: "Estimate") -> bool:
        """Whether the two intervals leave no value that both allow."""
        ends = (self.low, self.high, other.low, other.high)
        if any(end is None for end in ends):
            return False
        return bool(self.low > other.high or self.high < other.low)  # type: ignore[operator]


def draw_strip(
    canvas: Canvas,
    left: float,
    right: float,
    y: float,
    estimate: Estimate,
    top: float,
    *,
    color: str = "primary",
    reference: float | None = None,
) -> None:
    """The line from 0 to `top`, the interval on it, and a dotted upright at `reference`."""

    def x(value: float) -> float:
        return left + (right - left) * min(max(value / top, 0), 1)

    if estimate.is_hidden:
        canvas.hatch(left, y - HEIGHT / 2, right - left, HEIGHT)
        return
    canvas.line(left, y, right, y, "grid")
    if reference is not None:
        canvas.line(x(reference), y - 11, x(reference), y + 11, "ink", dash=(3, 3))
    if estimate.value is None:
        return
    low = 0 if estimate.low is None else estimate.low
    high = top if estimate.high is None else estimate.high
    canvas.line(x(low), y, x(high), y, color, width=2, cap="round")
    canvas.dot(x(estimate.value), y, color, radius=4.5)


def draw_scale(canvas: Canvas, left: float, right: float, y: float, labels: list[str]) -> None:
    """The words of a scale in equal steps, the outermost within its ends."""
    last = len(labels) - 1
    for index, label in enumerate(labels):
        align = "start" if index == 0 else "end" if index == last else "middle"
        canvas.text(left + (right - left) * index / last, y, label, align=align)
