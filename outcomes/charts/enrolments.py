from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.charts.base import HALF, Chart, DataTable, Words, cell_text
from outcomes.charts.canvas import Canvas
from outcomes.figures import Seats
from participants.phases import CURRENT_PHASES


def _groups(figures: dict) -> list[tuple[str, list[tuple[str, object]]]]:
    seats = {
        Seats.TWO: _("Two mentors"),
        Seats.VACANT: _("A vacant seat"),
        Seats.NONE: _("No mentor pair"),
    }
    return [
        (_("Phase"), [(str(phase.label), figures["phases"][phase]) for phase in CURRENT_PHASES]),
        (_("Mentors"), [(label, figures["seats"][key]) for key, label in seats.items()]),
    ]


class EnrolmentsChart(Chart):
    """Enrolments under way: by phase, and by whether they have their two mentors."""

    name = "enrolments"
    width = HALF

    def words(self, subject):
        figures = subject.figures
        under_way, seats = figures["under_way"], figures["seats"]
        title = _("Enrolments under way")
        # Everyone is counted, so there is no interval: what is found is so.
        if isinstance(under_way, int) and under_way:
            if under_way == seats[Seats.TWO]:
                title = _("All enrolments under way have two mentors")
            elif isinstance(seats[Seats.NONE], int) and seats[Seats.NONE]:
                title = ngettext(
                    "%(n)s enrolment has no mentor pair",
                    "%(n)s enrolments have no mentor pair",
                    seats[Seats.NONE],
                ) % {"n": cell_text(seats[Seats.NONE])}
        return Words(
            title,
            _("Enrolments under way by phase, and by mentors today"),
            _("Under way: referred and not ended. A vacant seat: the pair has lost a mentor."),
        )

    def table(self, subject):
        rows = [
            [group, label, value]
            for group, parts in _groups(subject.figures)
            for label, value in parts
        ]
        rows.append([_("All"), _("Under way"), subject.figures["under_way"]])
        rows.append([_("All"), _("Ended"), subject.figures["ended"]])
        return DataTable([_("By"), _("State"), _("Enrolments")], rows)

    def draw(self, subject, width, theme):
        groups = _groups(subject.figures)
        narrow = width < HALF
        label_width = 0 if narrow else 196
        row_height, bar = (50, 20) if narrow else (32, 22)
        heights = [28 + row_height * len(parts) for _title, parts in groups]
        canvas = Canvas(width, sum(heights) + 12, theme)
        room = width - label_width - 44
        most = max([n for _t, parts in groups for _l, n in parts if isinstance(n, int)] + [1])
        y = 0
        for title, parts in groups:
            canvas.text(0, y + 16, title, bold=True)
            y += 28
            for label, value in parts:
                top = y + (22 if narrow else 0)
                middle = top + bar / 2 + 5
                canvas.text(
                    0 if narrow else label_width - 12,
                    y + 16 if narrow else middle,
                    label,
                    align="start" if narrow else "end",
                    ink=True,
                )
                if isinstance(value, str):
                    canvas.hatch(label_width, top, 56, bar)
                    canvas.text(label_width + 64, middle, cell_text(value))
                else:
                    length = room * value / most
                    canvas.rect(label_width, top, length, bar, radius=3)
                    canvas.text(label_width + length + 8, middle, cell_text(value), bold=True)
                y += row_height
            y += 12
        return canvas
