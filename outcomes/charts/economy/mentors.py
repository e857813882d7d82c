from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.charts.base import (
    HALF,
    PIXELS_PER_CHARACTER,
    Chart,
    DataTable,
    Words,
    cell_text,
    ticks,
)
from outcomes.charts.canvas import Canvas
from outcomes.charts.economy.subjects import ReadinessSubject
from outcomes.economy.readiness import Recruiting

LEFT, RIGHT, TOP, BASE = 44, 16, 28, 180
# How many columns of months the axis names.
MOST_LABELS = 6
# How far a line of text reaches up from the line it stands on.
LABEL = 24


class MentorsChart(Chart):
    """How the number of mentors grows month by month, up to what is needed."""

    name = "mentors"
    width = HALF

    def words(self, subject: ReadinessSubject) -> Words:
        recruiting = _recruiting(subject)
        title = _("With so few new mentors a month there are not enough within ten years")
        if recruiting.enough == 0:
            title = _("There are mentors enough already")
        elif recruiting.enough is not None:
            title = ngettext(
                "There are mentors enough after %(months)s month",
                "There are mentors enough after %(months)s months",
                recruiting.enough,
            ) % {"months": recruiting.enough}
        return Words(
            title,
            _("Mentors who are ready, months from today. Dashed: what is needed in full operation"),
            _("Assumed: new mentors a month, how long it takes, and how many stop in a year."),
        )

    def has_figures(self, subject: ReadinessSubject) -> bool:
        readiness = subject.reading.readiness
        return bool(readiness and readiness.recruiting.needed)

    def table(self, subject: ReadinessSubject) -> DataTable:
        recruiting = _recruiting(subject)
        rows: list[list] = [
            [number, round(ready), recruiting.needed]
            for number, ready in enumerate(recruiting.ready)
            if number % _every(len(recruiting.ready)) == 0
        ]
        return DataTable([_("Months from today"), _("Mentors ready"), _("Needed")], rows)

    def draw(self, subject: ReadinessSubject, width: int, theme) -> Canvas:
        recruiting = _recruiting(subject)
        canvas = Canvas(width, BASE + 48, theme)
        ready, last = recruiting.ready, len(recruiting.ready) - 1
        scale = ticks(max(*ready, recruiting.needed))

        def x(month: float) -> float:
            return LEFT + (width - LEFT - RIGHT) * month / last

        def y(mentors: float) -> float:
            return BASE - (BASE - TOP) * mentors / scale[-1]

        for value in scale:
            canvas.line(LEFT, y(value), width - RIGHT, y(value), "grid")
            canvas.text(LEFT - 8, y(value) + 5, cell_text(value), align="end")
        canvas.line(LEFT, BASE, width - RIGHT, BASE, "line-strong")
        canvas.line(
            LEFT, y(recruiting.needed), width - RIGHT, y(recruiting.needed), "ink", dash=(3, 3)
        )
        points = [(x(m), y(n)) for m, n in enumerate(ready)]
        canvas.polyline(points, "primary")
        needed = _("%(n)s needed") % {"n": cell_text(recruiting.needed)}
        at = _clear_of(points, y(recruiting.needed), PIXELS_PER_CHARACTER * len(needed) + 8)
        canvas.text(at, y(recruiting.needed) - 7, needed, bold=True, halo=True)
        if recruiting.enough:
            canvas.dot(x(recruiting.enough), y(ready[recruiting.enough]))
        for month in range(0, last + 1, _every(last + 1)):
            canvas.text(x(month), BASE + 20, str(month), align="middle")
        canvas.text(width - RIGHT, BASE + 40, _("months from today"), align="end")
        return canvas


def _clear_of(points: list[tuple[float, float]], level: float, width: float) -> float:
    """Where on the line at `level` words of `width` pixels stand that the curve does not cross:
    as far to the left as can be."""
    end = points[-1][0]
    for start in range(int(points[0][0]) + 6, int(end - width), 4):
        # The curve a little before and after too: it runs straight between two months.
        near = [
            height
            for here, there in pairwise(points)
            if there[0] >= start - 8 and here[0] <= start + width
            for height in (here[1], there[1])
        ]
        if min(near) > level + 4 or max(near) < level - LABEL:
            return start
    return end - width


def _every(months: int) -> int:
    """How many months lie between those that are named."""
    return next(step for step in (1, 2, 3, 6, 12, 24) if months / step <= MOST_LABELS * 1.5)


def _recruiting(subject: ReadinessSubject) -> Recruiting:
    readiness = subject.reading.readiness
    assert readiness is not None
    return readiness.recruiting
