"""Signing in by one button, in demonstration mode only."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from primus.access.declare import public
from primus.accounts import language
from primus.accounts.models import User
from primus.demo.accounts import DEMO_ACCOUNTS


def demo_only(view):
    """A 404 outside demonstration mode, whatever the method."""

    def guarded(request, *args, **kwargs):
        if not settings.PRIMUS_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@public
@demo_only
@require_POST
def demo_sign_in(request):
    """Sign in as the fictitious person of a role."""
    emails = {role.value: email for email, role in DEMO_ACCOUNTS}
    email = emails.get(request.POST.get("role", ""), "")
    user = User.objects.active().filter(email=email).first()
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    after = request.POST.get("next", "")
    # A path of ours; `redirect` would take a word for the name of a view.
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    if not after.startswith("/") or not safe:
        after = reverse(settings.LOGIN_REDIRECT_URL)
    response = HttpResponseRedirect(after)
    language.remember(response, user.language)
    return response
