"""The charts: each a resource of its own, as SVG, PNG and CSV. These are the dashboards'."""

from outcomes.charts.base import Chart, DashboardSubject
from outcomes.charts.capacity import CapacityChart
from outcomes.charts.comparison import ComparisonChart
from outcomes.charts.definitions import DefinitionsChart
from outcomes.charts.flow import FlowChart
from outcomes.charts.funnel import FunnelChart
from outcomes.charts.municipalities import MunicipalitiesChart
from outcomes.charts.needs import NeedsChart
from outcomes.charts.recidivism import RecidivismChart
from outcomes.charts.rhythm import RhythmChart

CHARTS: dict[str, Chart] = {
    chart.name: chart
    for chart in (
        FlowChart(),
        RhythmChart(),
        NeedsChart(),
        RecidivismChart(),
        DefinitionsChart(),
        FunnelChart(),
        ComparisonChart(),
        CapacityChart(),
        MunicipalitiesChart(),
    )
}

__all__ = ["CHARTS", "Chart", "DashboardSubject"]
