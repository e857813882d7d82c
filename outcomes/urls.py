from django.urls import path

from outcomes.views import (
    charts,
    dashboard,
    economy,
    effect,
    followup,
    readiness,
    research,
    trial,
    trial_subjects,
)

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
    # What a krone gives back, and what a municipality needs
    path("economy/", economy.economy, name="economy"),
    path("economy/charts/<slug:name>.<slug:kind>", economy.economy_chart, name="economy_chart"),
    path("economy/scenarios/", economy.scenario_create, name="scenario_create"),
    path("economy/scenarios/<int:pk>/", economy.scenario, name="scenario"),
    path("economy/scenarios/<int:pk>/remove/", economy.scenario_remove, name="scenario_remove"),
    path("readiness/", readiness.readiness, name="readiness"),
    path("readiness/<slug:code>/", readiness.readiness_municipality, name="readiness_municipality"),
    path(
        "readiness/<slug:code>/charts/<slug:name>.<slug:kind>",
        readiness.readiness_chart,
        name="readiness_chart",
    ),
    # Data handed to research
    path("extracts/", research.research_export, name="research_export"),
    path("extracts/<int:pk>/file/", research.research_file, name="research_file"),
    # A trial: made by staff, its people assessed and drawn by coordinators
    path("trials/", trial.trial_list, name="trial_list"),
    path("trials/new/", trial.trial_create, name="trial_create"),
    path("trials/<int:pk>/", trial.trial, name="trial"),
    path("trials/<int:pk>/close/", trial.trial_close, name="trial_close"),
    path("trials/<int:pk>/order.txt", trial.trial_order, name="trial_order"),
    path("trials/<int:pk>/subjects/new/", trial_subjects.trial_assess, name="trial_assess"),
    path("trial-subjects/<int:pk>/", trial_subjects.trial_subject, name="trial_subject"),
    path(
        "trial-subjects/<int:pk>/assessment/",
        trial_subjects.trial_reassess,
        name="trial_reassess",
    ),
    path("trial-subjects/<int:pk>/draw/", trial_subjects.trial_draw, name="trial_draw"),
    path("trial-subjects/<int:pk>/release/", trial_subjects.trial_release, name="trial_release"),
    path("trial-subjects/<int:pk>/case-file/", trial_subjects.trial_link, name="trial_link"),
    path(
        "trial-subjects/<int:pk>/case-file/remove/",
        trial_subjects.trial_unlink,
        name="trial_unlink",
    ),
    path(
        "trial-subjects/<int:pk>/consent/withdraw/",
        trial_subjects.trial_withdraw,
        name="trial_withdraw",
    ),
]
