"""Keeping a text sealed in the database: what is written can be opened by this installation only.

Fernet (AES-128-CBC with HMAC-SHA256) of the cryptography package. The keys of the installation
are in SEALING_KEYS: the first seals, all of them open, and a new one is put first to change them.
A wrong key opens nothing and a changed text is not read: both raise SealBroken.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class SealBroken(Exception):
    """A sealed text cannot be opened: the key is another, or somebody has changed the text."""


def new_key() -> str:
    """A key by the operating system's generator, as SEALING_KEYS takes it."""
    return Fernet.generate_key().decode()


def keys_are_good(keys: list[str]) -> bool:
    """Whether there is a key, and each of them is one."""
    try:
        return bool([Fernet(key) for key in keys])
    except ValueError:
        return False


def seal(text: str, key: str = "") -> str:
    """The text sealed with the installation's first key, or with a key of its own.

    How long it is tells how long the text is, in steps of 16 bytes.
    """
    return _lock(key).encrypt(text.encode()).decode()


def unseal(sealed: str, key: str = "") -> str:
    """The text again. Raises SealBroken when the key is another or the text was changed."""
    try:
        return _lock(key).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error


def reseal(sealed: str) -> str:
    """The same text sealed with the installation's first key. Raises SealBroken as `unseal`."""
    try:
        return _lock("").rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBroken from error


def _lock(key: str) -> MultiFernet:
    keys = [key] if key else settings.SEALING_KEYS
    try:
        return MultiFernet([Fernet(one) for one in keys])
    except ValueError as error:
        raise SealBroken from error
