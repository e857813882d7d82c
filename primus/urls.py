"""Every URL of Primus. Each view says itself who may enter (primus.access.declare)."""

from django.urls import include, path
from django.views.i18n import set_language

from primus import home
from primus.access.declare import public
from primus.health import healthz

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("language/", public(set_language), name="set_language"),
    path("", include("primus.accounts.urls")),
    path("", include("primus.access.urls")),
    path("", include("primus.jobs.urls")),
    path("", include("participants.urls")),
    path("", include("mentoring.urls")),
    path("", include("outcomes.urls")),
    path("", include("primus.demo.urls")),
]

handler400 = "primus.errors.bad_request"
handler403 = "primus.errors.forbidden"
handler404 = "primus.errors.not_found"
handler500 = "primus.errors.server_error"
