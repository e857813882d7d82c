"""What becomes of a form that comes too late: signed out meanwhile, or from a page grown old.

Such a form is turned away before its view runs. A view whose forms take long to fill in says with
``@kept_when_refused`` how it keeps what was typed.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Keep = Callable[[HttpRequest], HttpResponse | None]


def kept_when_refused(keep: Keep) -> Callable:
    """Declare what is done with what was sent to a view that does not get to run.

    `keep` gets the request, which nobody answers for: it must not trust its user, and shows
    nothing. It gives an answer, or None for the ordinary one.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.keep_sent = keep  # type: ignore[attr-defined]
        return view

    return decorate


def keep_sent(request: HttpRequest) -> HttpResponse | None:
    """The answer of the view's own `keep`, where it has one and something was sent."""
    match = request.resolver_match
    keep = getattr(match.func, "keep_sent", None) if match else None
    return keep(request) if keep and request.method == "POST" else None
