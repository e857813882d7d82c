from django.urls import path

from mentoring.views import (
    caseload,
    checklist,
    concerns,
    enrolment,
    enrolment_parts,
    home,
    meeting,
    needs,
    pairing,
    reminders,
)

urlpatterns = [
    path("home/", home.mentor_home, name="mentor_home"),
    path("meetings/new/", meeting.meeting_create, name="meeting_create"),
    path("enrolments/", caseload.enrolment_list, name="enrolment_list"),
    path("enrolments/<int:pk>/pair/", pairing.pair_create, name="pair_create"),
    path("pairs/<int:pk>/undo/", pairing.pair_undo, name="pair_undo"),
    path("seats/<int:pk>/undo/", pairing.seat_undo, name="seat_undo"),
    path("seats/<int:pk>/vacate/", pairing.seat_vacate, name="seat_vacate"),
    path("concerns/<int:pk>/", concerns.concern, name="concern"),
    path("enrolments/<int:pk>/", enrolment.enrolment, name="enrolment"),
    path(
        "enrolments/<int:pk>/meetings/",
        enrolment_parts.enrolment_meetings,
        name="enrolment_meetings",
    ),
    path("enrolments/<int:pk>/plan/", enrolment_parts.enrolment_plan, name="enrolment_plan"),
    path("enrolments/<int:pk>/needs/", needs.enrolment_needs, name="enrolment_needs"),
    path("enrolments/<int:pk>/needs/<slug:stage>/", needs.needs_rate, name="needs_rate"),
    path("enrolments/<int:pk>/people/", enrolment_parts.enrolment_people, name="enrolment_people"),
    path("enrolments/<int:pk>/checklist/", checklist.checklist_save, name="checklist_save"),
    path("reminders/<int:pk>/seen/", reminders.reminder_seen, name="reminder_seen"),
]
