from django.utils.translation import gettext as _

from outcomes.charts.base import HALF, Chart, DataTable, Words, cell_text, too_few
from outcomes.charts.canvas import Canvas
from outcomes.counting import Seats
from participants.phases import CURRENT_PHASES


def _groups(figures: dict) -> list[tuple[str, list[tuple[str, object]]]]:
    now, mentors = figures["now"], figures["mentors"]
    seats = {
        Seats.TWO: _("Two mentors"),
        Seats.VACANT: _("A vacant seat"),
        Seats.NONE: _("No mentor pair"),
    }
    return [
        (
            _("Enrolments under way"),
            [(label, now["seats"][key]) for key, label in seats.items()],
        ),
        (
            _("Mentors"),
            [
                (_("Mentors who take part"), mentors["active"]),
                (_("Can follow one more"), mentors["with_room"]),
                (_("Free places with them"), mentors["places_free"]),
            ],
        ),
    ]


class CapacityChart(Chart):
    """Mentors and room, beside the enrolments that lack a mentor. As they are today."""

    name = "capacity"
    width = HALF

    def words(self, subject):
        now, mentors = subject.figures["now"], subject.figures["mentors"]
        title = _("Mentors and room")
        # Everyone is counted, so there is no interval: what is found is so.
        lacking = (now["seats"][Seats.VACANT], now["seats"][Seats.NONE])
        free = mentors["places_free"]
        if all(isinstance(value, int) for value in (*lacking, free, now["under_way"])):
            missing = lacking[0] + 2 * lacking[1]
            if missing > free:
                title = _("Fewer free places than mentors missing")
            elif now["under_way"] and not missing:
                title = _("All enrolments under way have two mentors")
        return Words(
            title,
            _("Enrolments under way by their mentors, and the mentors' free places, today"),
            _(
                "Mentors: take part now and have every clearance. "
                "A vacant seat: the pair has lost a mentor."
            ),
        )

    def table(self, subject):
        now = subject.figures["now"]
        rows = [
            [group, label, value]
            for group, parts in _groups(subject.figures)
            for label, value in parts
        ]
        rows.append([_("Mentors"), _("Places"), subject.figures["mentors"]["places"]])
        for phase in CURRENT_PHASES:
            if phase in now["phases"]:
                rows.append([_("Enrolments under way"), str(phase.label), now["phases"][phase]])
        rows.append([_("Enrolments under way"), _("All"), now["under_way"]])
        rows.append([_("Enrolments"), _("Ended"), now["ended"]])
        return DataTable([_("Of what"), _("State"), _("Number")], rows)

    def draw(self, subject, width, theme):
        groups = _groups(subject.figures)
        narrow = width < HALF
        if all(isinstance(value, str) for _title, parts in groups for _label, value in parts):
            canvas = Canvas(width, 200, theme)
            too_few(canvas, 0, 0, width, 200)
            return canvas
        label_width = 0 if narrow else 176
        row_height, bar = (50, 20) if narrow else (32, 22)
        heights = [28 + row_height * len(parts) for _title, parts in groups]
        canvas = Canvas(width, sum(heights) + 12, theme)
        room = width - label_width - 52
        y = 0
        for title, parts in groups:
            most = max([n for _label, n in parts if isinstance(n, int)] + [1])
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
