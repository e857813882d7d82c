from allauth.account.adapter import DefaultAccountAdapter
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from primus.accounts import language, tasks


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Sign-up is closed: accounts are made by accepting an invitation, nowhere else."""

    # The same sentence for an address nobody has and for a wrong password.
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The e-mail or the password is not right. Check both, or choose “Forgot?”."
        ),
        "too_many_login_attempts": _(
            "Too many attempts. Wait five minutes, or choose “Forgot?” to get a new password."
        ),
        "enter_current_password": _("That is not your current password."),
        "incorrect_password": _("That is not your password."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        language.remember(response, user.language)
        return response

    def is_safe_url(self, url) -> bool:
        try:
            return super().is_safe_url(url)
        except ValueError:  # no address at all, such as http://[
            return False

    def get_password_change_redirect_url(self, request) -> str:
        return resolve_url("my_account")

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """All that allauth tells of here is a changed password; the worker writes the e-mail."""
        tasks.tell_of_new_password.delay(user.pk)
