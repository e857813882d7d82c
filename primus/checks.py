"""Combinations of settings that must not be. Each stops the start with a sentence."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from primus.sealing import keys_are_good


@register(Tags.security)
def check_installation(app_configs, **kwargs) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    errors: list[CheckMessage] = []
    if settings.PRIMUS_DEMO:
        errors.append(
            Error(
                "Demonstration mode is on in production: anyone could sign in by one button.",
                hint="Unset PRIMUS_DEMO, or set PRIMUS_ENV=development.",
                id="primus.E001",
            )
        )
    if len(settings.SECRET_KEY) < 50:
        errors.append(
            Error(
                "SECRET_KEY is missing or shorter than 50 characters.",
                hint="Set SECRET_KEY to a long random text and keep it.",
                id="primus.E002",
            )
        )
    if settings.DEBUG:
        errors.append(
            Error(
                "DEBUG is on in production: error pages would show people's data.",
                hint="Unset DEBUG.",
                id="primus.E003",
            )
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        errors.append(
            Error(
                "ALLOWED_HOSTS does not name the hosts this installation answers to.",
                hint="Set ALLOWED_HOSTS to the host names, with commas between them.",
                id="primus.E004",
            )
        )
    if settings.EMAIL_BACKEND == "primus.demo.mailbox.FolderBackend":
        errors.append(
            Error(
                "EMAIL_URL is missing: no reminder would reach anyone.",
                hint="Set EMAIL_URL, for example submission://user:password@mail.example.org:587.",
                id="primus.E005",
            )
        )
    if not settings.BASE_URL.startswith("https://"):
        errors.append(
            Error(
                "BASE_URL does not begin with https://, so links in e-mails would not lead here.",
                hint="Set BASE_URL to the address people use.",
                id="primus.E006",
            )
        )
    if not keys_are_good(settings.SEALING_KEYS):
        errors.append(
            Error(
                "SEALING_KEYS is missing, or one of its keys is not 32 bytes in URL-safe base64.",
                hint="Set SEALING_KEYS to what `python -c 'from cryptography.fernet import Fernet; "
                "print(Fernet.generate_key().decode())'` prints, and keep it.",
                id="primus.E007",
            )
        )
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        errors.append(
            Warning(
                "The database is the embedded one, which holds one machine and few people.",
                hint="Set DATABASE_URL to postgres://user:password@host:5432/name.",
                id="primus.W001",
            )
        )
    if not settings.REDIS_URL:
        errors.append(
            Warning(
                "Without Redis the broker and the cache are folders on this machine.",
                hint="Set REDIS_URL to redis://host:6379/0.",
                id="primus.W002",
            )
        )
    return errors


def refuse_bad_installation() -> None:
    """Stop a process that manage.py's own checks do not stand before: web, worker, beat."""
    errors = [message for message in check_installation(None) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured(" ".join(f"{e.id}: {e.msg} {e.hint}" for e in errors))
