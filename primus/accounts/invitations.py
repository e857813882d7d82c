"""Inviting someone, and accepting. The token is made when the e-mail is written, and kept only
as a hash: whoever reads the database or the queue cannot accept for another."""

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.accounts import mail, tasks
from primus.accounts.models import Invitation, Role, User, default_expiry, hash_token
from primus.accounts.signals import user_joined
from primus.refusals import Refused


class InvitationRefused(Refused):
    """An invitation that cannot be."""

    SENTENCES = {
        "user": _("There is already a user with that e-mail."),
        "invited": _("That e-mail has an invitation already. Send it again from the list."),
        "one_place": _("A mentor belongs to one municipality."),
        "some_place": _("A coordinator works in at least one municipality."),
        "no_place": _("That role has no municipality."),
    }


class NoSuchInvitation(Exception):
    """The token is unknown, used, revoked or too old; which of them is not told."""


def invite(
    by: User,
    *,
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    municipality_codes: list[str] | None = None,
) -> Invitation:
    """Invite someone, and send the e-mail when the transaction is done.

    Raises InvitationRefused where the address has a user or an invitation already, or where the
    municipalities do not fit the role.
    """
    email = email.strip().lower()
    codes = sorted(set(municipality_codes or []))
    _check_places(role, codes)
    if User.objects.filter(email__iexact=email).exists():
        raise InvitationRefused("user")
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email,
                first_name=first_name.strip(),
                last_name=last_name.strip(),
                role=role,
                municipality_codes=codes,
                token_hash=hash_token(Invitation.new_token()),
                invited_by=by,
            )
    except IntegrityError as error:
        raise InvitationRefused("invited") from error
    transaction.on_commit(lambda: tasks.send_invitation.delay(invitation.pk))
    return invitation


def never_let_in():
    """The users who were made by somebody else and have no password yet."""
    return User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def invite_known(by: User, user: User, *, municipality_codes: list[str]) -> Invitation:
    """Invite somebody who is a user already and has never had a password.

    Accepting gives them one, and nothing else. Raises InvitationRefused where they can sign in,
    or have an invitation that waits.
    """
    if not never_let_in().filter(pk=user.pk).exists():
        raise InvitationRefused("user")
    _check_places(user.role, municipality_codes)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=user.email,
                first_name=user.first_name,
                last_name=user.last_name,
                role=user.role,
                municipality_codes=municipality_codes,
                token_hash=hash_token(Invitation.new_token()),
                invited_by=by,
                user=user,
            )
    except IntegrityError as error:
        raise InvitationRefused("invited") from error
    transaction.on_commit(lambda: tasks.send_invitation.delay(invitation.pk))
    return invitation


def _check_places(role: str, codes: list[str]) -> None:
    if role == Role.MENTOR and len(codes) != 1:
        raise InvitationRefused("one_place")
    if role == Role.COORDINATOR and not codes:
        raise InvitationRefused("some_place")
    if role not in {Role.MENTOR, Role.COORDINATOR} and codes:
        raise InvitationRefused("no_place")


def resend(invitation: Invitation) -> bool:
    """Send a waiting invitation again: a new link, the old one ends, and a new term begins.

    False where it was accepted meanwhile.
    """
    waiting = Invitation.objects.waiting().filter(pk=invitation.pk)
    if not waiting.update(expires_at=default_expiry()):
        return False
    transaction.on_commit(lambda: tasks.send_invitation.delay(invitation.pk))
    return True


def revoke(invitation: Invitation) -> bool:
    """Take a waiting invitation back. False where it was accepted meanwhile."""
    deleted, _rows = Invitation.objects.waiting().filter(pk=invitation.pk).delete()
    return bool(deleted)


def send(invitation_id: int) -> None:
    """Make a new token for an open invitation and send it; nothing where it is open no longer."""
    token = Invitation.new_token()
    invitation = Invitation.objects.open().filter(pk=invitation_id).first()
    if invitation is None:
        return
    claimed = Invitation.objects.open().filter(pk=invitation_id)
    if not claimed.update(token_hash=hash_token(token)):
        return
    mail.send(
        "invitation",
        _("You are invited"),
        invitation.email,
        # What the invited person reads is not known yet.
        language=settings.LANGUAGE_CODE,
        link=settings.BASE_URL + reverse("invitation_accept", kwargs={"token": token}),
        days=settings.INVITATION_DAYS,
    )


def accept(token: str, *, password: str, language: str) -> User:
    """Turn an open invitation into a user who can sign in, with what their role needs.

    Raises NoSuchInvitation, also for whoever comes second with the same token.
    """
    with transaction.atomic():
        invitation = Invitation.objects.for_token(token).first()
        if invitation is None:
            raise NoSuchInvitation
        # Claimed by a conditional update: of two at once, one changes a row.
        claimed = Invitation.objects.for_token(token).filter(pk=invitation.pk)
        if not claimed.update(accepted_at=timezone.now()):
            raise NoSuchInvitation
        if invitation.user_id is not None:
            return _let_in(invitation.user_id, password, language)
        user = User(
            email=invitation.email,
            first_name=invitation.first_name,
            last_name=invitation.last_name,
            role=invitation.role,
            language=language,
        )
        user.set_password(password)
        try:
            user.save()
        except IntegrityError as error:
            # The address got a user by another way while the invitation waited.
            raise NoSuchInvitation from error
        Invitation.objects.filter(pk=invitation.pk).update(user=user)
        user_joined.send(sender=User, user=user, municipality_codes=invitation.municipality_codes)
    return user


def _let_in(user_id: int, password: str, language: str) -> User:
    """Give a user who has none their password. Raises NoSuchInvitation where they must not."""
    user = never_let_in().active().select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NoSuchInvitation
    user.set_password(password)
    user.language = language
    user.save(update_fields=["password", "language"])
    return user
