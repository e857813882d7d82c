"""Signing in and all about users. Of allauth's pages only these are there, under its names."""

from allauth.account import views as allauth
from django.urls import path, re_path

from primus.access.declare import public, signed_in
from primus.accounts.views import account, invitations, users

urlpatterns = [
    path("sign-in/", public(allauth.login), name="account_login"),
    path("sign-out/", public(allauth.logout), name="account_logout"),
    path("sign-up/", public(allauth.signup), name="account_signup"),
    path("inactive/", public(allauth.account_inactive), name="account_inactive"),
    path("password/reset/", public(allauth.password_reset), name="account_reset_password"),
    path(
        "password/reset/sent/",
        public(allauth.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "password/reset/done/",
        public(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        public(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("account/", account.my_account, name="my_account"),
    path("account/password/", signed_in(allauth.password_change), name="account_change_password"),
    path("account/confirm/", signed_in(allauth.reauthenticate), name="account_reauthenticate"),
    path("language/", account.choose_language, name="set_language"),
    path("users/", users.user_list, name="user_list"),
    path("users/<int:pk>/deactivate/", users.user_deactivate, name="user_deactivate"),
    path("users/<int:pk>/reactivate/", users.user_reactivate, name="user_reactivate"),
    path("users/<int:pk>/municipalities/", users.user_municipalities, name="user_municipalities"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/new/", invitations.invitation_new, name="invitation_new"),
    path("invitations/<int:pk>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<int:pk>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("invitation/<str:token>/", invitations.invitation_accept, name="invitation_accept"),
]
