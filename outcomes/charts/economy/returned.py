from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outcomes.charts.base import HALF, Chart, DataTable, Words
from outcomes.charts.canvas import Canvas
from outcomes.charts.economy.bars import ROW, TOP, Bar, lying_bars
from outcomes.charts.economy.payers import saved_text
from outcomes.charts.economy.subjects import ReadinessSubject, effect_said, prices
from outcomes.economy.assumptions import PAYER_NAMES
from outcomes.economy.calculation import Estimate
from outcomes.economy.readiness import Readiness
from outcomes.economy.wording import kroner, kroner_estimate


class ReturnedChart(Chart):
    """What a year's participants cost, and what comes back to whom."""

    name = "returned"
    width = HALF

    def words(self, subject: ReadinessSubject) -> Words:
        return Words(
            _("What it costs, and who saves"),
            _("For the participants of one year, over the years that are counted"),
            _("Line: 95% interval of the effect. How the saving is divided is an assumption.")
            + " "
            + prices(subject)
            + " "
            + effect_said(subject),
        )

    def has_figures(self, subject: ReadinessSubject) -> bool:
        return bool(subject.reading.readiness and subject.reading.readiness.participants)

    def amounts(self, readiness: Readiness) -> list[tuple[str, Estimate]]:
        people = readiness.participants
        return [
            (str(PAYER_NAMES[payer.key]), payer.saved.line(people))
            for payer in readiness.result.payers
        ]

    def table(self, subject: ReadinessSubject) -> DataTable:
        readiness = subject.reading.readiness
        assert readiness is not None
        rows: list[list] = [
            [name, kroner_estimate(amount)] for name, amount in self.amounts(readiness)
        ]
        rows.append([_("All together"), kroner_estimate(readiness.year.saved)])
        rows.append([_("The programme costs"), kroner(readiness.year.cost)])
        return DataTable([_("Who"), pgettext("money", "Saved")], rows)

    def draw(self, subject: ReadinessSubject, width: int, theme) -> Canvas:
        readiness = subject.reading.readiness
        assert readiness is not None
        cost = readiness.year.cost
        bars = [
            Bar(_("The programme costs"), Estimate(cost), kroner(cost), "arm-control"),
            *(Bar(n, v, saved_text(v, width)) for n, v in self.amounts(readiness)),
        ]
        canvas = Canvas(width, TOP + ROW * len(bars), theme)
        lying_bars(canvas, bars)
        return canvas
