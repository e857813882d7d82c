from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outcomes.charts.base import (
    FULL,
    HALF,
    Chart,
    DashboardSubject,
    DataTable,
    Words,
    absent,
    cell_text,
    days_text,
    hidden_text,
    interval,
    of_whole_year,
    percent,
    rate_text,
    share_text,
)
from outcomes.charts.canvas import Canvas
from outcomes.charts.recidivism import how, measure
from outcomes.charts.strips import Estimate, draw_scale, draw_strip
from outcomes.disclosure import Shown

ROW, NARROW_ROW = 32, 52


@dataclass(frozen=True)
class Row:
    """One municipality in the table; the rates are the stored ones."""

    code: str
    name: str
    released: Shown
    without_two: dict
    pair_time: dict
    first_contact: dict
    rhythm: float | None
    rate: dict
    not_observable: Shown


def _row(stored: dict, definition: str) -> Row:
    counted = stored["recidivism"][definition]
    return Row(
        stored["code"],
        stored["name"],
        stored["released"],
        stored["without_two"],
        stored["pair_time"],
        stored["first_contact"],
        stored["rhythm"],
        counted["rate"],
        counted["not_observable"],
    )


# How the table can be sorted: by what, the largest first; hidden ones come last, by name.
SORTS = {
    "released": gettext_lazy("Most released first"),
    "name": gettext_lazy("By name"),
    "share": gettext_lazy("Highest share first"),
}


def municipality_rows(subject: DashboardSubject, sort: str = "released") -> list[Row]:
    """The municipalities that have figures, sorted."""
    stored = subject.figures.get("municipalities", [])
    rows = [_row(one, subject.definition.key) for one in stored]
    rows.sort(key=lambda row: row.name)
    if sort == "released":
        rows.sort(key=lambda row: -row.released if isinstance(row.released, int) else 1)
    elif sort == "share":
        rows.sort(key=lambda row: -row.rate.get("share", -1))
    return rows


def all_row(subject: DashboardSubject) -> Row:
    """The whole country, as the last line of the table."""
    figures, counted = subject.figures, subject.recidivism
    return Row(
        "",
        _("All"),
        figures["without_two"]["of"],
        figures["without_two"],
        figures["pair_time"],
        figures["first_contact"],
        figures["rhythm"].get("mean"),
        counted["rate"],
        counted["not_observable"],
    )


class MunicipalitiesChart(Chart):
    """The municipalities beside each other. On the page it is a table, in a picture the strips."""

    name = "municipalities"
    width = FULL

    def words(self, subject):
        lead = _("Those released, and a new sentence for those who can be measured")
        if subject.period:
            lead = _(
                "Those released in %(year)s, and a new sentence for those who can be measured"
            ) % {"year": subject.period}
        notes = [
            _(
                "%(how)s Dotted: all municipalities. Counts under five are hidden, and others "
                "where a hidden one could be worked out."
            )
            % {"how": how(subject.definition)}
        ]
        if any(of_whole_year(row.first_contact) for row in municipality_rows(subject)):
            notes.append(_("¹ Contact: of those released at least a year ago."))
        return Words(
            _("The municipalities"),
            lead,
            " ".join(notes),
        )

    def has_figures(self, subject):
        return bool(subject.figures.get("municipalities"))

    def table(self, subject):
        head = [
            _("Municipality"),
            _("Released"),
            _("Released without two mentors"),
            _("Days from referral to mentor pair"),
            _("Contact within 3 days"),
            _("Meetings a month"),
            _("New sentence"),
            _("Can be measured"),
            _("Share"),
            _("95% interval"),
            _("Cannot be measured"),
        ]
        rows = [
            [
                row.name,
                row.released,
                row.without_two["n"],
                _time(row.pair_time),
                _share(row.first_contact),
                row.rhythm,
                row.rate["n"],
                row.rate["of"],
                percent(row.rate["share"]) if "share" in row.rate else "–",
                interval(row.rate["low"], row.rate["high"]) if "share" in row.rate else "–",
                row.not_observable,
            ]
            for row in [*municipality_rows(subject), all_row(subject)]
        ]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        rows = [*municipality_rows(subject), all_row(subject)]
        overall = subject.recidivism["rate"].get("share")
        narrow = width < HALF
        height, head = (NARROW_ROW if narrow else ROW), 52
        canvas = Canvas(width, head + height * len(rows) + 4, theme)
        left, right = (4, width - 4) if narrow else (200 if width >= FULL else 130, width - 240)
        canvas.text(0, 16, measure(subject.definition), bold=True)
        draw_scale(canvas, left, right, 42, ["0", cell_text(50), percent(1)])
        for index, row in enumerate(rows):
            top = head + index * height
            whole = index == len(rows) - 1
            if whole:
                canvas.line(0, top, width, top, "line-strong")
            canvas.text(0, top + 20, row.name, bold=whole, ink=True)
            estimate = Estimate.of_rate(row.rate)
            is_hidden = estimate.is_hidden
            share = absent(row.rate["n"], row.rate["of"]) if is_hidden else share_text(row.rate)
            if not narrow:
                canvas.text(width - 130, top + 20, _counted(row.rate), align="end")
            canvas.text(width, top + 20, share, align="end", bold=whole, ink=True)
            y = top + (38 if narrow else 15)
            draw_strip(canvas, left, right, y, estimate, 1.0, reference=overall)
        return canvas


def _counted(rate: dict) -> str:
    if isinstance(rate["n"], str) or isinstance(rate["of"], str):
        return hidden_text(rate["n"] if isinstance(rate["n"], str) else rate["of"])
    return "–" if not rate["of"] else rate_text(rate)


def _share(rate: dict) -> str:
    if "share" in rate:
        return percent(rate["share"]) + (" ¹" if of_whole_year(rate) else "")
    return "–" if rate["of"] == 0 else absent(rate["n"], rate["of"])


def _time(time: dict) -> str:
    if time.get("median") is None and time["n"] != 0:
        return absent(time["n"])
    return days_text(time)
