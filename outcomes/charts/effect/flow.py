from django.utils.translation import gettext as _

from outcomes.charts.base import Chart, DataTable, Words, cell_text, hidden_text, lines
from outcomes.charts.canvas import Canvas
from outcomes.charts.effect.subject import stamped
from outcomes.charts.effect.survival import ARMS, arm_label
from outcomes.disclosure import Shown
from outcomes.models import NotInTrialReason
from outcomes.trials.consort import NOT_FOLLOWED

ONE_THIRD = 348
LINE = 20
PADDING = 12
CHARACTER = 7.4


def _sentence(shown: str, hidden: str, n: Shown) -> str:
    """«41 said no», or with a word where the number may not be shown.

    One to four are never shown, so that no words for one are needed.
    """
    return hidden % {"n": hidden_text(n)} if isinstance(n, str) else shown % {"n": cell_text(n)}


class TrialFlowChart(Chart):
    """Who was assessed, drawn, followed and counted (CONSORT 2025)."""

    name = "flow"
    width = ONE_THIRD

    def words(self, subject):
        return Words(
            _("Who is counted"),
            _("Everybody is counted in the group they were drawn to, whatever they got"),
            _("CONSORT 2025 flow, counted from what happened. Intention to treat."),
        )

    def table(self, subject):
        figures = subject.figures
        flow = figures["flow"]
        rows = [
            [_("Assessed"), flow["assessed"], None],
            [_("Said no"), flow["declined"], None],
            [_("Could not take part"), flow["not_eligible"], None],
            *(
                [_("Could not: %(why)s") % {"why": NotInTrialReason(reason).label}, n, None]
                for reason, n in flow["reasons"].items()
            ),
            [_("Not drawn yet"), flow["waiting"], None],
            [_("Drawn by lot"), flow["randomised"], None],
        ]
        mentors, control = (figures["arms"][arm] for arm in ARMS)
        rows.append([_("Drawn to the group"), mentors["drawn"], control["drawn"]])
        if _is_noted(figures):
            rows.append([_("Got two mentors"), mentors["received"], control["received"]])
        for reason, words in NOT_FOLLOWED.items():
            if reason in mentors["reasons"] or reason in control["reasons"]:
                values = [arm["reasons"].get(reason, 0) for arm in (mentors, control)]
                rows.append([_("Not counted: %(why)s") % {"why": words}, *values])
        rows.append(
            [_("Not counted, together"), mentors["not_observable"], control["not_observable"]]
        )
        rows.append([_("Counted in the result"), mentors["rate"]["of"], control["rate"]["of"]])
        # What is before the draw has one number, for both groups.
        head = [_("Step"), arm_label("mentors"), arm_label("control"), _("Both groups")]
        return DataTable(
            head,
            [[row[0], None, None, row[1]] if row[2] is None else [*row, None] for row in rows],
        )

    def draw(self, subject, width, theme):
        figures = subject.figures
        flow = figures["flow"]
        canvas = Canvas(width, 0, theme)
        middle, half = width / 2, (width - 20) / 2
        wide = min(240, width)
        box = Box(canvas)
        y = box.draw(middle, 0, wide, flow["assessed"], [_("assessed")])
        aside = _aside(flow)
        # To the right of the line, broken where the picture ends.
        words = [part for text in aside for part in lines(text, int(width / 2 - 34), CHARACTER)]
        gap = max(LINE * len(words) + 24, 44)
        canvas.line(middle, y, middle, y + gap, "line-strong")
        if words:
            canvas.line(middle, y + gap / 2, middle + 20, y + gap / 2, "line-strong")
            first = y + gap / 2 - LINE * len(words) / 2 + 15
            for number, text in enumerate(words):
                canvas.text(middle + 28, first + LINE * number, text, ink=True)
        y = box.draw(middle, y + gap, wide, flow["randomised"], [_("drawn by lot")])
        centres = {"mentors": half / 2, "control": width - half / 2}
        canvas.line(middle, y, middle, y + 16, "line-strong")
        canvas.line(centres["mentors"], y + 16, centres["control"], y + 16, "line-strong")
        for centre in centres.values():
            canvas.line(centre, y + 16, centre, y + 32, "line-strong")
        y = self._arms(box, figures, centres, half, y + 32)
        canvas.height = round(y) + 2
        return stamped(canvas, subject)

    def _arms(self, box, figures, centres, half, y) -> float:
        drawn = {arm: figures["arms"][arm] for arm in ARMS}
        received = {arm: _received(figures, arm) for arm in ARMS}
        ends = [
            box.draw(
                centres[arm], y, half, drawn[arm]["drawn"], received[arm], arm_label(arm), color
            )
            for arm, color in ARMS.items()
        ]
        y = max(ends)
        lost = {
            arm: lines(
                _sentence(
                    _("%(n)s cannot be counted"),
                    _("not counted: %(n)s"),
                    drawn[arm]["not_observable"],
                ),
                int(half),
                CHARACTER,
            )
            for arm in ARMS
        }
        rows = max(len(texts) for texts in lost.values())
        for arm, texts in lost.items():
            start = ends[list(ARMS).index(arm)]
            box.canvas.line(centres[arm], start, centres[arm], y + 20, "line-strong")
            for number, text in enumerate(texts):
                box.canvas.text(centres[arm], y + 40 + LINE * number, text, align="middle")
            below = y + 48 + LINE * (rows - 1)
            box.canvas.line(centres[arm], below, centres[arm], below + 22, "line-strong")
        y += 70 + LINE * (rows - 1)
        return max(
            box.draw(centres[arm], y, half, drawn[arm]["rate"]["of"], [_("counted in the result")])
            for arm in ARMS
        )


def _is_noted(figures) -> bool:
    """Whether it is noted who got mentors: nobody has a case file in a trial from before Primus."""
    return any(figures["arms"][arm]["received"] != 0 for arm in ARMS)


def _received(figures, arm: str) -> list[str]:
    if not _is_noted(figures):
        return []
    n = figures["arms"][arm]["received"]
    if arm == "mentors":
        return [_sentence(_("%(n)s got both"), _("got both: %(n)s"), n)]
    if n == 0:
        return []
    return [
        _sentence(
            _("%(n)s got them all the same"),
            _("got them all the same: %(n)s"),
            n,
        )
    ]


def _aside(flow) -> list[str]:
    """Those who were assessed and not drawn."""
    said_no, could_not, waiting = flow["declined"], flow["not_eligible"], flow["waiting"]
    texts = []
    if said_no != 0:
        texts.append(_sentence(_("%(n)s said no"), _("said no: %(n)s"), said_no))
    if could_not != 0:
        texts.append(
            _sentence(
                _("%(n)s could not take part"),
                _("could not take part: %(n)s"),
                could_not,
            )
        )
    if waiting != 0:
        texts.append(
            _sentence(
                _("%(n)s not drawn yet"),
                _("not drawn yet: %(n)s"),
                waiting,
            )
        )
    return texts


class Box:
    """A box of the flow: a number, and under it what it counts."""

    def __init__(self, canvas: Canvas):
        self.canvas = canvas

    def draw(
        self, centre, top, width, n: Shown, texts: list[str], label: str = "", color: str = ""
    ) -> float:
        """Draw it with its upper edge at `top`; returns the lower edge."""
        fitted = [part for text in texts for part in lines(text, int(width - 12), CHARACTER)]
        height = LINE * (1 + bool(label) + len(fitted)) + 2 * PADDING - 4
        left = centre - width / 2
        self.canvas.rect(left, top, width, height, color or "line-strong", radius=8)
        self.canvas.rect(left + 1, top + 1, width - 2, height - 2, "surface", radius=7)
        y = top + PADDING + 13
        self.canvas.text(centre, y, cell_text(n), align="middle", bold=True)
        if label:
            y += LINE
            self.canvas.text(centre, y, label, align="middle", bold=True, color=color)
        for text in fitted:
            y += LINE
            self.canvas.text(centre, y, text, align="middle", ink=not label)
        return top + height
