"""Every URL of Primus. Each view says itself who may enter (primus.access.declare)."""

from django.urls import include, path

from primus import home
from primus.health import healthz

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("", include("primus.accounts.urls")),
    path("", include("primus.access.urls")),
    path("", include("primus.jobs.urls")),
    path("", include("primus.spreadsheets.urls")),
    path("", include("participants.urls")),
    path("", include("mentoring.urls")),
    path("", include("outcomes.urls")),
    path("", include("primus.demo.urls")),
]

handler400 = "primus.errors.bad_request"
handler403 = "primus.errors.forbidden"
handler404 = "primus.errors.not_found"
handler429 = "primus.errors.too_many_requests"
handler500 = "primus.errors.server_error"
