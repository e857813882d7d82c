from django.urls import path

from participants.views import consents, referral

urlpatterns = [
    path("enrolments/new/", referral.enrolment_create, name="enrolment_create"),
    path("enrolments/new/alike/", referral.referral_alike, name="referral_alike"),
    path("enrolments/<int:pk>/consents/", consents.enrolment_consents, name="enrolment_consents"),
    path("consents/<int:pk>/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
]
