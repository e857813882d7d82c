"""The charts: each a resource of its own, as SVG, PNG and CSV. These are the dashboards'."""

from outcomes.charts.base import Chart, DashboardSubject
from outcomes.charts.enrolments import EnrolmentsChart
from outcomes.charts.meetings import MeetingsChart
from outcomes.charts.municipalities import MunicipalitiesTable
from outcomes.charts.needs import NeedsChart
from outcomes.charts.recidivism import RecidivismChart

CHARTS: dict[str, Chart] = {
    chart.name: chart
    for chart in (
        EnrolmentsChart(),
        MeetingsChart(),
        NeedsChart(),
        RecidivismChart(),
        MunicipalitiesTable(),
    )
}

__all__ = ["CHARTS", "Chart", "DashboardSubject"]
