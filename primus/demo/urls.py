from django.urls import path

from primus.demo import mail_views

urlpatterns = [
    path("demo/mail/", mail_views.demo_mail, name="demo_mail"),
    path("demo/mail/<slug:key>/", mail_views.demo_mail_message, name="demo_mail_message"),
]
