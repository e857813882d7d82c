from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from primus.accounts import language
from primus.accounts.refused import keep_sent


class LanguageMiddleware:
    """Danish unless the reader has chosen otherwise."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = language.chosen(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", chosen)
        return response


class SignedOutFragmentMiddleware:
    """A partial update asked for after the session has ended.

    htmx would follow the redirect and put the sign-in page in the middle of this one. What was
    only to be shown takes the whole page to sign-in and back again. What was to be saved is
    answered 401 and nothing more: the page stays, with what was typed on it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or response.status_code != 302:
            return response
        sign_in = reverse("account_login")
        if urlsplit(response.headers["Location"]).path != sign_in:
            return response
        if request.method != "GET":
            return HttpResponse(status=401)
        try:
            page = urlsplit(request.headers.get("HX-Current-URL", ""))
        except ValueError:  # no address at all
            page = urlsplit("/")
        here = f"{page.path}?{page.query}" if page.query else page.path or "/"
        return HttpResponse(
            status=204, headers={"HX-Redirect": f"{sign_in}?{urlencode({'next': here})}"}
        )


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Django's own; but what was sent after the session had ended may be kept by its view."""

    def handle_no_permission(self, request, view_func):
        return keep_sent(request) or super().handle_no_permission(request, view_func)
