from django.utils.translation import gettext as _

from outcomes.charts.base import HALF, Chart, DataTable, Words, percent
from outcomes.charts.canvas import Canvas
from outcomes.charts.economy.bars import ROW, TOP, Bar, lying_bars
from outcomes.charts.economy.subjects import EconomySubject, effect_said, prices
from outcomes.economy.assumptions import PAYER_NAMES
from outcomes.economy.calculation import Estimate, Result
from outcomes.economy.wording import kroner, kroner_estimate, kroner_interval, ratio_estimate


class PayersChart(Chart):
    """Who saves how much for each participant, beside what one costs."""

    name = "payers"
    width = HALF

    def words(self, subject: EconomySubject) -> Words:
        return Words(
            _("Who saves what"),
            _("Saved for each participant, beside what one costs. Line: 95% interval"),
            _("How the saving is divided is an assumption.")
            + " "
            + prices(subject)
            + " "
            + effect_said(subject),
        )

    def has_figures(self, subject: EconomySubject) -> bool:
        return subject.reading.result is not None

    def table(self, subject: EconomySubject) -> DataTable:
        result = _result(subject)
        rows: list[list] = [
            [
                str(PAYER_NAMES[payer.key]),
                percent(payer.share),
                kroner_estimate(payer.saved),
                ratio_estimate(payer.back) if payer.back else "–",
            ]
            for payer in result.payers
        ]
        rows.append(
            [
                _("All together"),
                percent(1),
                kroner_estimate(result.saved),
                ratio_estimate(result.back) if result.back else "–",
            ]
        )
        rows.append([_("One participant costs"), "–", kroner(result.cost.total), "–"])
        head = [_("Who"), _("Share"), _("Saved for each participant"), _("Kr. for each krone")]
        return DataTable(head, rows)

    def draw(self, subject: EconomySubject, width: int, theme) -> Canvas:
        result = _result(subject)
        bars = [
            Bar(str(PAYER_NAMES[payer.key]), payer.saved, saved_text(payer.saved, width))
            for payer in result.payers
        ]
        cost = result.cost.total
        bars.append(Bar(_("One participant costs"), Estimate(cost), kroner(cost), "arm-control"))
        canvas = Canvas(width, TOP + ROW * len(bars), theme)
        lying_bars(canvas, bars)
        return canvas


def saved_text(value: Estimate, width: int) -> str:
    """The amount with its interval where there is room, else alone."""
    if width < HALF:
        return kroner(value.value, 2)
    interval = kroner_interval(value)
    return f"{kroner(value.value, 2)} {interval}".strip()


def _result(subject: EconomySubject) -> Result:
    result = subject.reading.result
    assert result is not None
    return result
