"""Pages for what went wrong. They look like the product and say what to do.

They are drawn without the request's context processors: these ask session and database, which
may be what is gone.
"""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseNotAllowed
from django.template.loader import get_template
from django.utils import translation
from kombu.exceptions import OperationalError as BrokerError

from primus.access.declare import public
from primus.accounts import language
from primus.accounts.refused import keep_sent

# Something the whole installation stands on is away for a moment.
AWAY = (OperationalError, InterfaceError, BrokerError)
RETRY_SECONDS = 60


def page(request, template: str, status: int, **headers: str) -> HttpResponse:
    """One error page in the reader's language."""
    chosen = language.chosen(request)
    with translation.override(chosen):
        body = get_template(template).render({"demo": settings.PRIMUS_DEMO})
    return HttpResponse(
        body,
        status=status,
        headers={
            "Cache-Control": "no-store, private",
            "Content-Language": chosen,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )


@public
def bad_request(request, exception=None):
    return page(request, "400.html", 400)


@public
def csrf_failure(request, reason=""):
    return keep_sent(request) or page(request, "403_csrf.html", 403)


@public
def forbidden(request, exception=None):
    return page(request, "403.html", 403)


@public
def not_found(request, exception=None):
    return page(request, "404.html", 404)


class WrongMethodMiddleware:
    """A page where a view only says that it is not asked in this way, which is an empty answer.

    One meets it by opening the address of a button, as after signing in again.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return page(request, "405.html", 405, Allow=response.headers["Allow"])
        return response


@public
def too_many_requests(request):
    return page(request, "429.html", 429, Retry_After=str(RETRY_SECONDS))


@public
def server_error(request):
    """500; or 503 where the database or the broker does not answer, since that passes."""
    if isinstance(sys.exception(), AWAY):
        return service_unavailable(request)
    return page(request, "500.html", 500)


@public
def service_unavailable(request):
    return page(request, "503.html", 503, Retry_After=str(RETRY_SECONDS))
