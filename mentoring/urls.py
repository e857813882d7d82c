from django.urls import path

from mentoring.views import reminders

urlpatterns = [
    path("reminders/<int:pk>/seen/", reminders.reminder_seen, name="reminder_seen"),
]
