from django.urls import path

from primus.demo import mail_views, views

urlpatterns = [
    path("demo/sign-in/", views.demo_sign_in, name="demo_sign_in"),
    path("demo/mail/", mail_views.demo_mail, name="demo_mail"),
    path("demo/mail/<slug:key>/", mail_views.demo_mail_message, name="demo_mail_message"),
]
