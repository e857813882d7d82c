"""Letting a user in, or not. A user is never deleted: what they did names them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from primus.accounts.models import Role, User


class ActivationError(Exception):
    """It cannot be: `args[0]` is a sentence that says why."""


def deactivate(user: User, *, by: User) -> None:
    """Keep a user from signing in; one who is signed in is out at their next request.

    Raises ActivationError for oneself and for the last administrator.
    """
    if user.pk == by.pk:
        raise ActivationError(_("You cannot deactivate yourself. Ask another administrator."))
    with transaction.atomic():
        # Locked together, so that two administrators cannot deactivate each other at once.
        administrators = set(
            User.objects.active()
            .filter(role=Role.ADMINISTRATOR)
            .order_by("pk")
            .select_for_update()
            .values_list("pk", flat=True)
        )
        if administrators == {user.pk} or by.pk not in administrators:
            raise ActivationError(_("There must be an administrator left who can sign in."))
        User.objects.filter(pk=user.pk).update(is_active=False)


def reactivate(user: User) -> None:
    """Let a user sign in again, with the password they had."""
    User.objects.filter(pk=user.pk).update(is_active=True)
