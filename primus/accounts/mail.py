"""E-mails about accounts. They name nobody: an address is all that is in them."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation


def send(template: str, subject, to: str, *, language: str, **context) -> None:
    """Write and send one e-mail in a language; `subject` is a lazy text."""
    with translation.override(language):
        body = render_to_string(
            f"accounts/mail/{template}.txt", {"base_url": settings.BASE_URL, **context}
        )
        send_mail(f"Primus: {subject}", body.strip() + "\n", None, [to])
