from gunicorn.glogging import Logger

from primus.log_lines import without_secrets


class SecretlessLogger(Logger):
    """Gunicorn's own log, in which an address that opens something stands without its secret."""

    def atoms(self, resp, req, environ, request_time):
        """What the access log can say of a request."""
        atoms = super().atoms(resp, req, environ, request_time)
        return {
            name: without_secrets(value) if isinstance(value, str) else value
            for name, value in atoms.items()
        }
