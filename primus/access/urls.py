from django.urls import path

from primus.access.views import log

urlpatterns = [
    path("access-log/", log.access_log, name="access_log"),
]
