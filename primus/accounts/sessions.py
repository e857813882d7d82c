"""Sessions in the database, for keys that a database can look up."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's own, which takes any text of a cookie for a key; PostgreSQL refuses some of them."""

    def _validate_session_key(self, key):
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()
