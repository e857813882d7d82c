from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outcomes.charts.base import (
    HALF,
    Chart,
    DataTable,
    Words,
    cell_text,
    interval,
    percent,
    rate_text,
    share_text,
)
from outcomes.charts.canvas import Canvas
from outcomes.charts.strips import Estimate, draw_scale, draw_strip
from outcomes.recidivism import DEFINITIONS, Definition

ROW, NARROW_ROW = 64, 108


def window_text(definition: Definition) -> str:
    """«any new conviction, 2 years»: what counts, and for how long."""
    years = round(definition.window / 365)
    return ngettext("%(counted)s, %(years)d year", "%(counted)s, %(years)d years", years) % {
        "counted": definition.counted,
        "years": years,
    }


class DefinitionsChart(Chart):
    """The same people, counted by each of the definitions."""

    name = "definitions"
    width = HALF

    def words(self, subject):
        lead = _("The same people, counted in %(n)d ways") % {"n": len(DEFINITIONS)}
        if subject.period:
            lead = _("The same people, released in %(year)s, counted in %(n)d ways") % {
                "n": len(DEFINITIONS),
                "year": subject.period,
            }
        return Words(
            _("How new crime is counted"),
            lead,
            _(
                "Convictions take time: one year is waited for, by Justice Data Lab's definition "
                "half a year. Until then nobody is counted. Brackets: 95% interval."
            ),
        )

    def rows(self, subject) -> list[tuple[Definition, dict]]:
        found = subject.figures["recidivism"]
        return [(d, found[key]) for key, d in DEFINITIONS.items() if key in found]

    def table(self, subject):
        rows = []
        for definition, counted in self.rows(subject):
            rate = counted["rate"]
            shown = "share" in rate
            rows.append(
                [
                    str(definition.name),
                    rate["n"],
                    rate["of"],
                    percent(rate["share"]) if shown else "–",
                    interval(rate["low"], rate["high"]) if shown else "–",
                    counted["not_observable"],
                ]
            )
        head = [
            _("Definition"),
            _("New sentence"),
            _("Can be measured"),
            _("Share"),
            _("95% interval"),
            _("Cannot be measured"),
        ]
        return DataTable(head, rows)

    def draw(self, subject, width, theme):
        rows = self.rows(subject)
        narrow = width < HALF
        height = NARROW_ROW if narrow else ROW
        canvas = Canvas(width, height * len(rows) + 24, theme)
        left, right = (4, width - 4) if narrow else (4, width - 220)
        for index, (definition, counted) in enumerate(rows):
            top, rate = index * height, counted["rate"]
            chosen = definition == subject.definition
            canvas.text(0, top + 17, definition.name, bold=chosen, ink=True)
            of = rate_text(rate) if isinstance(rate["n"], int) else cell_text(rate["n"])
            share = share_text(rate)
            if narrow:
                canvas.text(0, top + 39, of)
                canvas.text(width, top + 39, share, align="end", bold=True)
                canvas.text(0, top + 61, _waiting(counted["not_observable"]))
            else:
                said = f"{of}, {share}" if "share" in rate else of
                canvas.text(width, top + 17, said, align="end", bold=chosen, ink=True)
                canvas.text(width, top + 41, _waiting(counted["not_observable"]), align="end")
            draw_strip(
                canvas, left, right, top + (80 if narrow else 36), Estimate.of_rate(rate), 1.0
            )
        labels = ["0", cell_text(50), percent(1)]
        draw_scale(canvas, left, right, height * len(rows) + 12, labels)
        return canvas


def _waiting(n) -> str:
    return _("Cannot be measured: %(n)s") % {"n": cell_text(n)}
