from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from outcomes.charts.base import (
    HALF,
    Chart,
    DataTable,
    Words,
    cell_text,
    interval,
    lines,
    percent,
    rate_text,
)
from outcomes.charts.canvas import Canvas

LEFT = 48
TOP, BASE = 20, 220
# A title gives the share only when it is known within this, to either side (0–1).
TITLE_PRECISION = 0.10
MOST_COLUMNS = {True: 3, False: 7}  # on a phone, on a laptop


@dataclass(frozen=True)
class Column:
    label: str
    rate: dict
    starred: bool = False


def _columns(subject) -> list[Column]:
    """The country: years of release that can be measured. A municipality: itself and all."""
    recidivism = subject.figures["recidivism"]
    if not subject.is_country:
        return [
            Column(subject.place, recidivism["rate"]),
            Column(_("Whole country"), subject.figures["country"]["recidivism"]),
        ]
    return [
        Column(str(year["year"]), year["rate"], starred=year["not_observable"] != 0)
        for year in recidivism["years"]
        if year["rate"]["of"] != 0
    ]


class RecidivismChart(Chart):
    """The share with a new sentence within two years, and who cannot be measured yet."""

    name = "recidivism"
    width = HALF

    def words(self, subject):
        recidivism = subject.figures["recidivism"]
        rate = recidivism["rate"]
        title = _("New sentence within two years")
        lead = _("Share of those released, with 95% interval")
        if "share" in rate:
            if max(rate["high"] - rate["share"], rate["share"] - rate["low"]) <= TITLE_PRECISION:
                title = _("%(percent)s have a new sentence within two years") % {
                    "percent": percent(rate["share"])
                }
            lead = _("%(rate)s %(interval)s. Share of those released, with 95%% interval") % {
                "rate": rate_text(rate),
                "interval": interval(rate["low"], rate["high"]),
            }
        return Words(title, lead, self.definition(subject))

    @staticmethod
    def definition(subject) -> str:
        text = _(
            "The Prison and Probation Service's definition: a new offence within two years of "
            "release that leads to prison, suspended or not, or supervision. One more year is "
            "waited for the conviction; before that nobody is counted."
        )
        if subject.is_country and any(c.starred for c in _columns(subject)):
            text += " " + _("* Part of the year cannot be measured.")
        return text

    def has_figures(self, subject):
        return subject.figures["recidivism"]["not_observable"] != 0 or any(
            column.rate["of"] != 0 for column in _columns(subject)
        )

    def table(self, subject):
        recidivism = subject.figures["recidivism"]
        rows = []
        if subject.is_country:
            for year in recidivism["years"]:
                rows.append(_table_row(str(year["year"]), year["rate"], year["not_observable"]))
            rows.append(_table_row(_("All"), recidivism["rate"], recidivism["not_observable"]))
        else:
            rows.append(_table_row(subject.place, recidivism["rate"], recidivism["not_observable"]))
            rows.append(
                _table_row(_("Whole country"), subject.figures["country"]["recidivism"], "")
            )
        head = [
            _("Year of release") if subject.is_country else _("Municipality"),
            _("New sentence"),
            _("Can be measured"),
            _("Share"),
            _("95% interval"),
            _("Cannot be measured yet"),
        ]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        canvas = Canvas(width, 272, theme)
        narrow = width < HALF
        columns = _columns(subject)[-MOST_COLUMNS[narrow] :]
        waiting = subject.figures["recidivism"]["not_observable"]
        # The hatched part is at full height, and wide enough for its words.
        hatched = 0 if waiting == 0 else (128 if narrow else 196) if columns else width - LEFT
        right = width - hatched
        highest = max([c.rate["high"] for c in columns if "high" in c.rate] + [0.4])
        top_value = ceil(highest * 5) / 5

        def y(share: float) -> float:
            return BASE - (BASE - TOP) * share / top_value

        for fifth in range(round(top_value * 5) + 1):
            share = fifth / 5
            canvas.line(LEFT, y(share), right, y(share), "grid")
            last = fifth == round(top_value * 5)
            label = percent(share) if last else cell_text(round(100 * share))
            canvas.text(LEFT - 8, y(share) + 5, label, align="end")
        if hatched:
            canvas.hatch(right + 8, TOP, hatched - 8, BASE - TOP)
            self._plate(canvas, waiting, right + 8, hatched - 8)
        canvas.line(LEFT, BASE, width, BASE, "line-strong")
        overall = subject.figures["recidivism"]["rate"]
        if subject.is_country and "share" in overall and len(columns) > 1:
            canvas.line(LEFT, y(overall["share"]), right, y(overall["share"]), "ink", dash=(3, 3))
        step = (right - LEFT) / max(len(columns), 1)
        for index, column in enumerate(columns):
            self._column(canvas, column, LEFT + (index + 0.5) * step, step, y)
        return canvas

    @staticmethod
    def _column(canvas, column: Column, x: float, step: float, y) -> None:
        rate = column.rate
        label = lines(column.label + ("*" if column.starred else ""), int(step), 8)
        canvas.text(x, BASE + 20, label[0], align="middle", ink=True)
        if "share" in rate:
            canvas.line(x, y(rate["low"]), x, y(rate["high"]), "primary", width=2, cap="round")
            canvas.dot(x, y(rate["share"]))
            canvas.text(x + 11, y(rate["share"]) - 7, percent(rate["share"]), bold=True, halo=True)
            below = f"{cell_text(rate['n'])}/{cell_text(rate['of'])}"
        elif rate["of"] == 0:
            below = "–"
        else:
            box = min(step - 12, 44)
            canvas.hatch(x - box / 2, TOP, box, BASE - TOP)
            below = _("too few")
        canvas.text(x, BASE + 42, below, align="middle")

    @staticmethod
    def _plate(canvas, waiting, x: float, width: float) -> None:
        """On the hatched part: that it cannot be measured, how many, and what it takes."""
        heading = lines(_("Cannot be measured yet"), int(width - 24), 8)
        told = _("%(n)s released. It takes three years from release until all is known.") % {
            "n": cell_text(waiting)
        }
        body = lines(told, int(width - 24)) if width > 150 else [cell_text(waiting)]
        canvas.plate(x + 6, TOP + 8, width - 12, 20 * (len(heading) + len(body)) + 14)
        for number, line in enumerate([*heading, *body]):
            canvas.text(x + 14, TOP + 30 + 20 * number, line, bold=number < len(heading), ink=True)


def _table_row(label: str, rate: dict, waiting) -> list:
    shown = "share" in rate
    return [
        label,
        rate["n"],
        rate["of"],
        percent(rate["share"]) if shown else "–",
        interval(rate["low"], rate["high"]) if shown else "–",
        waiting,
    ]
