from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outcomes.charts.base import HALF, Chart, DataTable, Words, cell_text, number, ticks
from outcomes.charts.canvas import Canvas

FIRST_COLUMN = 40
TOP, BASE = 24, 216


def _months(figures: dict) -> list[tuple[date, object]]:
    return [(date.fromisoformat(row["month"]), row["held"]) for row in figures["meetings"]]


class MeetingsChart(Chart):
    """Held meetings in each of the last 24 months."""

    name = "meetings"
    width = HALF

    def words(self, subject):
        title = _("Meetings held each month")
        change = subject.figures["meetings_change"]
        if change is not None and change[0] > 0:
            title = _("More meetings than a year ago")
        elif change is not None and change[1] < 0:
            title = _("Fewer meetings than a year ago")
        return Words(
            title,
            _("Meetings that were held, by month, the last 24 months"),
            _("Pale: the month is not over. Hatched: fewer than five people were met."),
        )

    def table(self, subject):
        rows = [
            [date_format(month, "YEAR_MONTH_FORMAT"), held]
            for month, held in reversed(_months(subject.figures))
        ]
        return DataTable([_("Month"), _("Meetings held")], rows)

    def draw(self, subject, width, theme):
        months = _months(subject.figures)
        canvas = Canvas(width, 264, theme)
        shown = [held for _month, held in months if isinstance(held, int)]
        scale = ticks(max([*shown, 1]))
        step = (width - FIRST_COLUMN) / len(months)
        bar = step * 0.68

        def height(value: float) -> float:
            return BASE - (BASE - TOP) * value / scale[-1]

        # Where every month is hidden or empty, there is nothing to measure with a scale.
        for tick in scale if any(shown) else [0]:
            canvas.line(FIRST_COLUMN, height(tick), width, height(tick), "grid")
            canvas.text(FIRST_COLUMN - 8, height(tick) + 5, number(tick), align="end")
        for index, (_month, held) in enumerate(months):
            x = FIRST_COLUMN + index * step + (step - bar) / 2
            if isinstance(held, str):
                canvas.hatch(x, TOP, bar, BASE - TOP)
            elif held:
                soft = index == len(months) - 1
                top = height(held)
                canvas.rect(x, top, bar, BASE - top, opacity=0.28 if soft else 1)
        canvas.line(FIRST_COLUMN, BASE, width, BASE, "line-strong")
        for index in self._labelled(months):
            x = FIRST_COLUMN + (index + 0.5) * step
            value = months[index][1]
            x = min(x, width - 4 * len(cell_text(value)) - 2)
            canvas.text(
                x, height(value) - 7, cell_text(value), align="middle", bold=True, halo=True
            )
        self._time_axis(canvas, months, step, width)
        return canvas

    @staticmethod
    def _labelled(months) -> list[int]:
        """The bars that carry their number: the highest, and the last month that is over."""
        full = [(held, i) for i, (_m, held) in enumerate(months[:-1]) if isinstance(held, int)]
        if not full:
            return []
        highest = max(full)[1]
        last = full[-1][1]
        apart = last - highest >= 3
        return [highest, last] if apart else [last]

    @staticmethod
    def _time_axis(canvas, months, step, width) -> None:
        every = (1, 7) if width < HALF else (1, 4, 7, 10)
        named_year = None
        for index, (month, _held) in enumerate(months):
            if month.month not in every:
                continue
            x = FIRST_COLUMN + (index + 0.5) * step
            canvas.text(x, BASE + 20, date_format(month, "M").lower().rstrip("."), align="middle")
            if month.year != named_year:
                named_year = month.year
                canvas.text(x, BASE + 42, named_year, align="middle")
