from django.urls import path

from participants.views import referral, releases

urlpatterns = [
    path("enrolments/new/", referral.enrolment_create, name="enrolment_create"),
    path("enrolments/<int:pk>/release/", releases.release_confirm, name="release_confirm"),
    path("enrolments/<int:pk>/release/move/", releases.release_move, name="release_move"),
    path("enrolments/<int:pk>/end/", releases.enrolment_end, name="enrolment_end"),
]
