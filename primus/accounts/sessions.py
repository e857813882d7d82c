"""Sessions in the database, for keys that a database can look up."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's own, which takes any text of a cookie for a key; PostgreSQL refuses some of them."""

    def __init__(self, session_key: str | None = None):
        known = (
            session_key if session_key and session_key.isascii() and session_key.isalnum() else None
        )
        super().__init__(known)
