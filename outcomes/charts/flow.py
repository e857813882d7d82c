from django.utils.translation import gettext as _

from outcomes.charts.base import (
    HALF,
    Chart,
    DataTable,
    Words,
    cell_text,
    hidden_text,
    number,
    percent,
)
from outcomes.charts.canvas import Canvas
from outcomes.disclosure import Shown

BAR = 24
# A share of fewer says nothing in a title.
ENOUGH = 20


def _labels() -> dict[str, str]:
    return {
        "referred": _("Referred"),
        "consented": _("Consent given"),
        "paired": _("Mentor pair found"),
        "released": _("Released"),
        "contacted": _("In contact after release"),
        "six_months": _("In contact after 6 months"),
        "completed": _("12 months completed"),
    }


def _sum(values: list[Shown]) -> int | None:
    """Their sum, or None where one of them is hidden."""
    return sum(values) if all(isinstance(value, int) for value in values) else None  # type: ignore[arg-type]


class FlowChart(Chart):
    """How far those referred have come: who took each step, dropped out before it, or still may."""

    name = "flow"
    width = HALF

    def words(self, subject):
        steps = subject.figures["flow"]
        referred, completed = steps[0]["n"], steps[-1]["n"]
        waiting = _sum([step["pending"] for step in steps])
        title = _("From referral to a completed year")
        # Everybody is counted, so there is no interval. While as many may still complete as have,
        # the share says more of the time than of the programme.
        decided = (
            isinstance(referred, int) and isinstance(completed, int) and waiting is not None
        ) and referred >= ENOUGH
        if decided and completed > waiting:
            title = _("%(percent)s have completed the whole year so far") % {
                "percent": percent(completed / referred)
            }
        lead = _("From referral to 12 months after release, everybody who was referred")
        if subject.period:
            lead = _(
                "From referral to 12 months after release, everybody who was referred in %(year)s"
            ) % {"year": subject.period}
        return Words(
            title,
            lead,
            _(
                "Per cent: of those referred. Hatched: has not come that far yet. "
                "Dropped out: the enrolment ended before the step."
            ),
        )

    def has_figures(self, subject):
        return subject.figures["flow"][0]["n"] != 0

    def table(self, subject):
        labels, steps = _labels(), subject.figures["flow"]
        referred = steps[0]["n"]
        rows = []
        for index, step in enumerate(steps):
            before = steps[index - 1] if index else {"dropped": None, "pending": None}
            rows.append(
                [
                    labels[step["step"]],
                    step["n"],
                    _share(step["n"], referred) or "–",
                    before["dropped"],
                    before["pending"],
                ]
            )
        head = [
            _("Step"),
            _("People"),
            _("Of those referred"),
            _("Dropped out since the step before"),
            _("May still take the step"),
        ]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        steps, labels = subject.figures["flow"], _labels()
        narrow = width < HALF
        row, head = (54, 24) if narrow else (40, 28)
        canvas = Canvas(width, head + row * len(steps) - (8 if narrow else 12), theme)
        left, right = (0, width - 152) if narrow else (186, width - 152)
        # Words are wider than numbers.
        wider = 18 if any(isinstance(step["dropped"], str) for step in steps[:-1]) else 0
        right -= wider
        columns = width - 100 - wider, width - 54 - wider, width
        canvas.text(columns[2], 16, _("dropped out"), align="end")
        for index, step in enumerate(steps):
            top = head + index * row
            if narrow:
                canvas.text(0, top + 16, labels[step["step"]], ink=True)
                top += 22
            else:
                canvas.text(left - 12, top + 17, labels[step["step"]], align="end", ink=True)
            _bar(canvas, steps, index, left, right, top)
            if isinstance(step["n"], int):
                share = _share(step["n"], steps[0]["n"])
                canvas.text(columns[0], top + 17, cell_text(step["n"]), align="end", bold=True)
                canvas.text(columns[1], top + 17, share, align="end")
            if index:
                dropped = steps[index - 1]["dropped"]
                said = (
                    f"−{number(dropped)}"
                    if isinstance(dropped, int) and dropped
                    else cell_text(dropped)
                )
                canvas.text(columns[2], top + 17, said, align="end")
        return canvas


def _share(n: Shown, of: Shown) -> str:
    return percent(n / of) if isinstance(n, int) and isinstance(of, int) and of else ""


def _bar(canvas: Canvas, steps: list[dict], index: int, left, right, top) -> None:
    """One step: who took it, hatched who may still, pale who will not."""
    n, referred = steps[index]["n"], steps[0]["n"]
    if not isinstance(n, int) or not isinstance(referred, int):
        canvas.hatch(left, top, 56, BAR)
        canvas.text(left + 64, top + 17, hidden_text(n if isinstance(n, str) else referred))
        return
    room = (right - left) / max(referred, 1)
    canvas.rect(left, top, right - left, BAR, "line", radius=3, opacity=0.45)
    canvas.rect(left, top, room * n, BAR, radius=3)
    waiting = _sum([step["pending"] for step in steps[:index]])
    if not waiting:
        return
    canvas.hatch(left + room * n, top, room * waiting, BAR)
    # Only the last step says it: those who wait there wait at some step before.
    if index == len(steps) - 1:
        said = _("%(n)s on the way") % {"n": number(waiting)}
        end = left + room * (n + waiting)
        if right - end > 6.6 * len(said) + 8:
            canvas.text(end + 8, top + 17, said, ink=True)
