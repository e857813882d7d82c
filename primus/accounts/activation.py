"""Letting a user in, or not. A user is never deleted: what they did names them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from primus.accounts.models import Role, User
from primus.accounts.signals import user_shut_out
from primus.refusals import Refused


class ActivationRefused(Refused):
    """Who may sign in stays as it is."""

    SENTENCES = {
        "oneself": _("You cannot deactivate yourself. Ask another administrator."),
        "last": _("There must be an administrator left who can sign in."),
        "seats": _(
            "%(name)s still follows a participant. The coordinator must find another mentor first."
        ),
    }


def deactivate(user: User, *, by: User) -> None:
    """Keep a user from signing in; one who is signed in is out at their next request.

    Raises ActivationRefused for oneself, for the last administrator, and for a mentor who follows
    somebody.
    """
    if user.pk == by.pk:
        raise ActivationRefused("oneself")
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
            raise ActivationRefused("last")
        shut_out(user)


def shut_out(user: User) -> None:
    """Keep a user from signing in, whoever decided it.

    Raises ActivationRefused where something stands in the way. Call it in a transaction.
    """
    user_shut_out.send(sender=User, user=user)
    User.objects.filter(pk=user.pk).update(is_active=False)


def reactivate(user: User) -> None:
    """Let a user sign in again, with the password they had."""
    User.objects.filter(pk=user.pk).update(is_active=True)
