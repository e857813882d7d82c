"""The language someone has chosen: kept in a cookie, and with the user for the next device."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

KNOWN = {code for code, _ in settings.LANGUAGES}


def chosen(request: HttpRequest) -> str:
    """The language of this request: what was chosen on the page, else Danish.

    A browser set to English says nothing about the volunteer who uses it, so it is not asked.
    """
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language if language in KNOWN else settings.LANGUAGE_CODE


def remember(response: HttpResponse, language: str) -> None:
    """Keep the language in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
