from dataclasses import dataclass
from datetime import date
from math import ceil

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.charts.base import (
    HALF,
    PIXELS_PER_CHARACTER,
    Chart,
    DashboardSubject,
    DataTable,
    Words,
    absent,
    cell_text,
    interval,
    lines,
    percent,
    rate_text,
)
from outcomes.charts.canvas import Canvas
from outcomes.recidivism import Definition

LEFT = 48
TOP, BASE = 20, 220
# A title gives the share only when it is known within this, to either side (0–1).
TITLE_PRECISION = 0.10
# The room that a number needs beside its point.
BESIDE = 64
MOST_COLUMNS = {True: 3, False: 7}  # on a phone, on a laptop
MOST_WAITING = {True: 1, False: 3}


@dataclass(frozen=True)
class Column:
    label: str
    rate: dict
    starred: bool = False


def measure(definition: Definition) -> str:
    """«New sentence within 2 years»: the plain name of what a definition counts."""
    years = round(definition.window / 365)
    return ngettext(
        "New sentence within %(years)d year", "New sentence within %(years)d years", years
    ) % {"years": years}


def how(definition: Definition) -> str:
    """A definition in a sentence or two, for the foot of a figure."""
    return _(
        "%(name)s: %(counted)s. The offence falls within %(window)s days of the release, and the "
        "conviction within %(total)s. Until then nobody is counted."
    ) % {
        "name": definition.name,
        "counted": definition.counted,
        "window": cell_text(definition.window),
        "total": cell_text(definition.window + definition.wait),
    }


def _years(subject: DashboardSubject) -> list[dict]:
    """The years of release, where the figures are of all of them."""
    return subject.recidivism.get("years", []) if not subject.period else []


def _columns(subject: DashboardSubject) -> list[Column]:
    """All years: those that can be measured. One year: itself, and for a municipality the same
    year in the whole country beside it."""
    if _years(subject):
        return [
            Column(str(year["year"]), year["rate"], starred=year["not_observable"] != 0)
            for year in _years(subject)
            if year["rate"]["of"] != 0
        ]
    columns = [Column(subject.period or subject.name, subject.recidivism["rate"])]
    if not subject.is_country:
        country = subject.figures["country"]["recidivism"][subject.definition.key]
        columns = [
            Column(subject.name, subject.recidivism["rate"]),
            Column(_("Whole country"), country),
        ]
    return [column for column in columns if column.rate["of"] != 0]


def _waiting_years(subject: DashboardSubject) -> list[dict]:
    """The years of which nobody can be measured yet."""
    return [
        year for year in _years(subject) if year["rate"]["of"] == 0 and year["not_observable"] != 0
    ]


def _leaves_years_out(subject: DashboardSubject) -> bool:
    """Whether there are fewer people in the years that are told of than in all together.

    A hidden year that stands there says itself that it is not shown.
    """
    years, overall = _years(subject), subject.recidivism["rate"]
    for part in ("n", "of"):
        counts = [year["rate"][part] for year in years]
        known = all(isinstance(count, int) for count in [*counts, overall[part]])
        if known and sum(counts) != overall[part]:
            return True
    return False


class RecidivismChart(Chart):
    """The share with a new sentence, by year of release, and who cannot be measured yet."""

    name = "recidivism"
    width = HALF

    def words(self, subject):
        rate = subject.recidivism["rate"]
        title = measure(subject.definition)
        by_year = bool(_years(subject))
        if by_year:
            lead = _("Share of those released, by year of release, with 95% interval")
        elif subject.period:
            lead = _("Share of those released in %(year)s, with 95%% interval") % {
                "year": subject.period
            }
        else:
            lead = _("Share of those released, with 95% interval")
        if "share" in rate:
            years = round(subject.definition.window / 365)
            if max(rate["high"] - rate["share"], rate["share"] - rate["low"]) <= TITLE_PRECISION:
                title = ngettext(
                    "%(percent)s have a new sentence within %(years)d year",
                    "%(percent)s have a new sentence within %(years)d years",
                    years,
                ) % {"percent": percent(rate["share"]), "years": years}
            lead = f"{rate_text(rate)} {interval(rate['low'], rate['high'])}. {lead}"
        return Words(title, lead, self._definition(subject))

    @staticmethod
    def _definition(subject) -> str:
        parts = [how(subject.definition)]
        if _years(subject):
            parts.append(_("Dotted: all years together."))
            if _leaves_years_out(subject):
                parts.append(
                    _("Years with too few people are not drawn, but count in all years together.")
                )
            if any(column.starred for column in _columns(subject)):
                parts.append(_("* Some of those released that year cannot be measured."))
        return " ".join(parts)

    def has_figures(self, subject):
        counted = subject.recidivism
        return counted["not_observable"] != 0 or counted["rate"]["of"] != 0

    def table(self, subject):
        recidivism = subject.recidivism
        rows = [
            _table_row(str(year["year"]), year["rate"], year["not_observable"])
            for year in _years(subject)
        ]
        own = subject.period or _("All years")
        rows.append(_table_row(own, recidivism["rate"], recidivism["not_observable"]))
        if not subject.is_country:
            country = subject.figures["country"]["recidivism"][subject.definition.key]
            rows.append(_table_row(_("Whole country"), country, None))
        head = [
            _("Year of release"),
            _("New sentence"),
            _("Can be measured"),
            _("Share"),
            _("95% interval"),
            _("Cannot be measured"),
        ]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        narrow = width < HALF
        columns = _columns(subject)[-MOST_COLUMNS[narrow] :]
        years = _waiting_years(subject)[-MOST_WAITING[narrow] :]
        waiting = subject.recidivism["not_observable"]
        # The hatched part is at full height, and wide enough for its words.
        hatched = 0
        if waiting != 0:
            hatched = (128 if narrow else 210) if columns else width - LEFT
        right = width - hatched
        step = (right - LEFT) / max(len(columns), 1)
        under = [_fitting(_under(column.rate), step) for column in columns]
        labels = [lines(c.label + ("*" if c.starred else ""), int(step), 8)[:2] for c in columns]
        # What stands under the names of the columns, of which one may take two lines.
        below = BASE + 22 + 20 * max([len(label) for label in labels] + [1])
        canvas = Canvas(width, below + 10 + 18 * (max(map(len, under), default=1) - 1), theme)
        overall = subject.recidivism["rate"] if _years(subject) else {}
        top_value = _top(columns, overall)

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
            self._plate(canvas, subject, right + 8, hatched - 8)
            self._waiting(canvas, years, right + 8, hatched - 8, below)
        canvas.line(LEFT, BASE, width, BASE, "line-strong")
        if "share" in overall and columns:
            canvas.line(LEFT, y(overall["share"]), right, y(overall["share"]), "ink", dash=(3, 3))
        for index, column in enumerate(columns):
            x = LEFT + (index + 0.5) * step
            for line, label in enumerate(labels[index]):
                canvas.text(x, BASE + 20 + 18 * line, label, align="middle", ink=True)
            self._column(canvas, column.rate, x, step, y, index == len(columns) - 1)
            for line, said in enumerate(under[index]):
                canvas.text(x, below + 18 * line, said, align="middle")
        return canvas

    @staticmethod
    def _column(canvas, rate: dict, x: float, step: float, y, is_last: bool) -> None:
        """The share with its interval, or the hatch."""
        if "share" in rate:
            canvas.line(x, y(rate["low"]), x, y(rate["high"]), "primary", width=2, cap="round")
            canvas.dot(x, y(rate["share"]))
            label = percent(rate["share"])
            if step < BESIDE:
                # No room beside the point: the number stands on the interval.
                canvas.text(x, y(rate["high"]) - 8, label, align="middle", bold=True, halo=True)
            else:
                at = (x - 11, "end") if is_last and step < 2 * BESIDE else (x + 11, "start")
                y_at = y(rate["share"]) - 7
                canvas.text(at[0], y_at, label, align=at[1], bold=True, halo=True)
            return
        box = min(step - 12, 44)
        canvas.hatch(x - box / 2, TOP, box, BASE - TOP)

    @staticmethod
    def _plate(canvas, subject, x: float, width: float) -> None:
        """On the hatched part: that it cannot be measured, how many, and when it can be."""
        heading = lines(_("Cannot be measured"), int(width - 24), 8)
        body = lines(_told(subject), int(width - 24))
        canvas.plate(x + 6, TOP + 8, width - 12, 20 * (len(heading) + len(body)) + 14)
        for number, line in enumerate([*heading, *body]):
            canvas.text(x + 14, TOP + 30 + 20 * number, line, bold=number < len(heading), ink=True)

    @staticmethod
    def _waiting(canvas, years: list[dict], x: float, width: float, below: float) -> None:
        """Under the hatched part: the years that are in it, and how many wait in each."""
        step = width / max(len(years), 1)
        for index, year in enumerate(years):
            middle = x + (index + 0.5) * step
            canvas.text(middle, BASE + 20, year["year"], align="middle", ink=True)
            canvas.text(middle, below, cell_text(year["not_observable"]), align="middle")


def _told(subject: DashboardSubject) -> str:
    """How many wait, and when the first year of theirs can be measured to its end."""
    waiting = subject.recidivism["not_observable"]
    starred = [int(c.label) for c in _columns(subject) if c.starred]
    years = [int(year["year"]) for year in _waiting_years(subject)] or starred
    if subject.period:
        years = [int(subject.period)]
    known_on = [(subject.definition.complete_on(date(year, 12, 31)), year) for year in years]
    later = [(day, year) for day, year in known_on if day > subject.day]
    if isinstance(waiting, str):
        # How many is hidden, and when it will be known is not.
        if not later:
            return _("How many is not shown.")
        return _("How many is not shown. All of %(year)s can be measured from %(date)s.") % {
            "year": later[0][1],
            "date": date_format(later[0][0], "DATE_FORMAT"),
        }
    counted = {"n": cell_text(waiting)}
    if not later:
        return ngettext("%(n)s released.", "%(n)s released.", waiting) % counted
    return ngettext(
        "%(n)s released. All of %(year)s can be measured from %(date)s.",
        "%(n)s released. All of %(year)s can be measured from %(date)s.",
        waiting,
    ) % (counted | {"year": later[0][1], "date": date_format(later[0][0], "DATE_FORMAT")})


def _under(rate: dict) -> list[str]:
    """What stands under a column, in the parts it may be broken into: «61/», «187»."""
    if "share" in rate:
        return [f"{cell_text(rate['n'])}/", cell_text(rate["of"])]
    first, *rest = absent(rate["n"], rate["of"]).split(" ")
    return [first, *(f" {word}" for word in rest)]


def _fitting(parts: list[str], width: float) -> list[str]:
    """In one line, in one for each part, or only a dash: never into the next column's."""
    for told in (["".join(parts)], [part.strip() for part in parts]):
        if max(map(len, told)) * PIXELS_PER_CHARACTER <= width:
            return told
    return ["–"]


def _top(columns: list[Column], overall: dict) -> float:
    """The end of the scale: whole fifths, at least two of them; the dotted share lies within."""
    highest = max([column.rate.get("high", 0) for column in columns] + [0.4])
    highest = max(highest, overall.get("share", 0))
    return ceil(round(highest * 5, 9)) / 5


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
