from django.urls import path

from outcomes.views import charts, dashboard

urlpatterns = [
    path("dashboards/", dashboard.dashboard, name="dashboard"),
    path("dashboards/recompute/", dashboard.dashboard_recompute, name="dashboard_recompute"),
    path("dashboards/charts/<slug:name>.<slug:kind>", charts.chart, name="dashboard_chart"),
    path(
        "dashboards/<slug:code>/", dashboard.dashboard_municipality, name="dashboard_municipality"
    ),
    path(
        "dashboards/<slug:code>/charts/<slug:name>.<slug:kind>",
        charts.chart_municipality,
        name="dashboard_municipality_chart",
    ),
]
