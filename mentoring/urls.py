from django.urls import path

from mentoring.views import checklist, enrolment, home, meeting, reminders

urlpatterns = [
    path("home/", home.mentor_home, name="mentor_home"),
    path("meetings/new/", meeting.meeting_create, name="meeting_create"),
    path("enrolments/<int:pk>/", enrolment.enrolment, name="enrolment"),
    path("enrolments/<int:pk>/checklist/", checklist.checklist_save, name="checklist_save"),
    path("reminders/<int:pk>/seen/", reminders.reminder_seen, name="reminder_seen"),
]
