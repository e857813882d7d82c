"""How a view says who may enter and what it writes to the access log.

``@entry(roles=…, event=…)`` stands above every view; a test fails on a URL without one.
Whoever has not one of the roles gets a 404, exactly as for what does not exist. The view and
the rendering of its page run in one transaction with the log: if the log cannot be written,
nothing is shown. ``event=None`` says that the view reaches nobody's personal data.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse

from primus.access import log
from primus.access.models import Event
from primus.accounts.models import Role

SAFE = {"GET", "HEAD", "OPTIONS"}
CHANGES = {Event.CREATE, Event.CHANGE, Event.DELETE}
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Entry:
    """What one view declares."""

    roles: frozenset[str]
    event: Event | None
    public: bool = False


class NotVisible(Http404):
    """Answers as what does not exist, and tells the access log whose it was, if anybody's."""

    def __init__(self, obj: models.Model | None):
        super().__init__()
        self.obj = obj


class NothingRecorded(RuntimeError):
    """A view that declares an access event answered with a page and recorded none."""


class Recorder:
    """Writes the access log for one request; views reach it as ``request.access``."""

    def __init__(self, request: HttpRequest, view: str, event: Event | None):
        self.user = request.user
        self.view = view
        # Opening a form that would change something only reads.
        self.event = Event.READ if event in CHANGES and request.method in SAFE else event
        self.written = False

    def _event(self, event: Event | None) -> Event:
        chosen = event or self.event
        if chosen is None:
            raise NothingRecorded(f"{self.view} records access but declares no event")
        self.written = True
        return chosen

    def one(self, obj: models.Model, event: Event | None = None, detail: str = "") -> None:
        log.record(self.user, self._event(event), obj, view=self.view, detail=detail)

    def many(
        self, objects: Iterable[models.Model], event: Event | None = None, detail: str = ""
    ) -> None:
        log.record_list(self.user, self._event(event), objects, view=self.view, detail=detail)

    def nobody(self) -> None:
        """The page turned out to reach no person (an empty form, a form with errors)."""
        self.written = True


def entry(*, roles: Iterable[Role], event: Event | None) -> Callable:
    """Declare who may enter a view, and the access event it writes."""
    declared = Entry(frozenset(roles), event)

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        name = f"{view.__module__}.{view.__name__}"

        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            user = request.user
            try:
                if user.role not in declared.roles:
                    raise Http404
                # What reaches no person and changes nothing has nothing to keep together, and on
                # SQLite a transaction would hold up every other page meanwhile.
                together = event is not None or request.method not in SAFE
                with transaction.atomic() if together else nullcontext():
                    request.access = Recorder(request, name, event)
                    response = view(request, *args, **kwargs)
                    if hasattr(response, "render") and not response.is_rendered:
                        response = response.render()
                    shown = response.status_code < 300
                    if event is not None and shown and not request.access.written:
                        raise NothingRecorded(name)
            except Http404 as refusal:
                log.record_refusal(
                    user,
                    view=name,
                    obj=getattr(refusal, "obj", None),
                    object_id=next(
                        (v for v in kwargs.values() if isinstance(v, int) and v <= LARGEST_ID), None
                    ),
                )
                raise
            return response

        guarded.entry = declared
        return guarded

    return decorate


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare a view that anyone may enter, signed in or not, and that reaches no person."""

    @wraps(view)
    def open_view(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return view(request, *args, **kwargs)

    open_view.entry = Entry(frozenset(), None, public=True)
    return login_not_required(open_view)


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare a view for every role that reaches no person but the user themselves."""
    return entry(roles=Role, event=None)(view)


def get_visible(
    request: HttpRequest, queryset, *, event: Event | None = None, record: bool = True, **lookup
):
    """The one object that `lookup` names among those the user may see, and a row in the log
    (with `record=False` none: the view writes what it comes to).

    Raises Http404 alike for what does not exist and for what is not theirs.
    """
    try:
        obj = queryset.visible_to(request.user).get(**lookup)
    except queryset.model.DoesNotExist as missing:
        raise NotVisible(queryset.model._base_manager.filter(**lookup).first()) from missing
    except (ValueError, OverflowError) as missing:
        raise Http404 from missing
    if record:
        request.access.one(obj, event)
    return obj
