"""The charts of the economy and of a municipality's preparation."""

from outcomes.charts.base import Chart
from outcomes.charts.economy.breakeven import BreakEvenChart
from outcomes.charts.economy.mentors import MentorsChart
from outcomes.charts.economy.payers import PayersChart
from outcomes.charts.economy.returned import ReturnedChart
from outcomes.charts.economy.tornado import TornadoChart

ECONOMY_CHARTS: dict[str, Chart] = {
    chart.name: chart for chart in (BreakEvenChart(), TornadoChart(), PayersChart())
}
READINESS_CHARTS: dict[str, Chart] = {
    chart.name: chart for chart in (ReturnedChart(), MentorsChart())
}

__all__ = ["ECONOMY_CHARTS", "READINESS_CHARTS"]
