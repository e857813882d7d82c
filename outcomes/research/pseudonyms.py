"""Names that say nothing of whom they stand for, and cannot be made again."""

import hmac
import secrets
from hashlib import sha256

from django.conf import settings

LENGTH = 16


class Pseudonyms:
    """The pseudonyms of one export: keyed hashes (HMAC-SHA-256) of what a row is.

    The key comes of the installation's secret and of chance, and goes with this object: nobody
    can make the pseudonym of somebody they know, and those of two exports cannot be compared.
    """

    def __init__(self) -> None:
        secret = settings.SECRET_KEY.encode()
        self._key = hmac.digest(secret, b"primus.research" + secrets.token_bytes(32), sha256)

    def of(self, kind: str, number: int) -> str:
        """16 hexadecimal figures, the same each time within one export."""
        return hmac.digest(self._key, f"{kind}:{number}".encode(), sha256).hex()[:LENGTH]
