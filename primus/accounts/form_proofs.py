"""Whose page a form was sent from, when nobody is signed in any more.

A form that takes long to fill in carries a proof: its token and its reader's number, signed. With
it a form that arrives without a session may be kept for that reader, or given back to the page it
came from. It opens nothing: neither is anything saved by it nor is anything shown that the form
did not bring itself.
"""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from primus.accounts.models import User

SALT = "primus.accounts.form_proofs"
# A phone that lay without signal over the weekend still delivers.
VALID_FOR = timedelta(days=7)


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=SALT)


def _fingerprint(user: User) -> str:
    """Changes with the password: what was proved before is then worth nothing."""
    return salted_hmac(SALT, user.get_session_auth_hash()).hexdigest()[:16]


def issue(user: User, token: UUID | str) -> str:
    """The proof that a form with this token was shown to the user."""
    return _signer().sign(f"{user.pk}:{token}:{_fingerprint(user)}")


def _read(proof: str, token: UUID | str, max_age: timedelta | None) -> tuple[int, str] | None:
    try:
        reader, of_token, fingerprint = _signer().unsign(proof, max_age=max_age).split(":")
    except (signing.BadSignature, ValueError):
        return None
    return (int(reader), fingerprint) if of_token == str(token) else None


def reader_of(proof: str, token: UUID | str) -> int | None:
    """The number of the user whose page it was, however long ago; None for what is no proof."""
    found = _read(proof, token, None)
    return found[0] if found else None


def may_keep(proof: str, token: UUID | str) -> User | None:
    """The user for whom a form may be kept although they are not signed in."""
    found = _read(proof, token, VALID_FOR)
    if found is None:
        return None
    user = User.objects.active().filter(pk=found[0]).first()
    if user is None or not constant_time_compare(found[1], _fingerprint(user)):
        return None
    return user
