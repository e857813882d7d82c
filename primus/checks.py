"""Combinations of settings that must not be. Each stops the start with a sentence."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security)
def check_installation(app_configs, **kwargs) -> list[Error]:
    if not settings.PRODUCTION:
        return []
    errors = []
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
                hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587.",
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
    return errors
