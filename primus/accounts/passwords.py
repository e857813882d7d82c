"""A forgotten password, and the news of a changed one."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from primus.accounts import mail
from primus.accounts.models import User


def send_reset(email: str) -> None:
    """Send a link to choose a new password, if the address is that of an active user who has one.

    Who has never had one comes in by an invitation.
    """
    user = User.objects.active().filter(email__iexact=email.strip()).first()
    if user is None or not user.has_usable_password():
        return
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    mail.send(
        "password_reset",
        _("Choose a new password"),
        user.email,
        language=user.language,
        link=settings.BASE_URL + path,
        hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
    )


def tell_of_change(user_id: int) -> None:
    """Tell a user that their password was changed, in case it was not they who did it."""
    user = User.objects.active().filter(pk=user_id).first()
    if user is None:
        return
    mail.send(
        "password_changed",
        _("Your password was changed"),
        user.email,
        language=user.language,
        link=settings.BASE_URL + reverse("account_reset_password"),
    )
