from django.urls import path

from outcomes.views import charts, dashboard, effect, followup

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
    # What the registers say of one person
    path("enrolments/<int:pk>/follow-up/", followup.followup, name="followup"),
    path("trial-subjects/<int:pk>/follow-up/", followup.followup_subject, name="followup_subject"),
    path("follow-ups/<int:pk>/remove/", followup.followup_remove, name="followup_remove"),
    path("follow-ups/<int:pk>/reoffences/new/", followup.reoffence_create, name="reoffence_create"),
    path(
        "follow-ups/<int:pk>/reoffences/remove/",
        followup.reoffence_remove,
        name="reoffence_remove",
    ),
    path("reoffences/<int:pk>/", followup.reoffence, name="reoffence"),
    path("effect/", effect.effect, name="effect"),
    path("effect/recompute/", effect.effect_recompute, name="effect_recompute"),
    path("effect/<int:pk>/", effect.effect_trial, name="effect_trial"),
    path(
        "effect/<int:pk>/charts/<slug:name>.<slug:kind>", effect.effect_chart, name="effect_chart"
    ),
]
