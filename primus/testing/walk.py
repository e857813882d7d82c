"""Walking every URL of Primus as everyone: the pieces that the walk is made of."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from primus.testing.cast import Cast
from primus.testing.reference import OWN_APPS

NO_ROW = 2**40
BEYOND_ANY_ROW = 2**70

_SELECT = "SELECT * FROM {}"

# Those who may see the case `cast.own`; everyone else of the same role owns something else.
CASE_PEOPLE = frozenset({"mentor", "partner", "coordinator"})


@dataclass(frozen=True)
class Route:
    """One URL of the resolver: where it leads and what it is called."""

    name: str | None
    route: str
    view: Callable[..., Any]

    @property
    def entry(self):
        return getattr(self.view, "entry", None)

    @property
    def view_name(self) -> str:
        return f"{self.view.__module__}.{self.view.__name__}"


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    """Every URL, however deep it is included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield Route(pattern.name, route, pattern.callback)
        else:
            yield from routes(pattern, route)


@dataclass(frozen=True)
class Recipe:
    """How the walk reaches one URL, and for whom it opens.

    ``kwargs(cast)``: the arguments that lead to something that `owners` own. ``owners``: names
    in the cast; None is everyone whose role is declared. ``missing``: the arguments that lead to
    nothing at all. ``query(cast)``: what follows the question mark.
    """

    kwargs: Callable[[Cast], dict] = lambda cast: {}
    owners: frozenset[str] | None = None
    missing: dict | None = None
    query: Callable[[Cast], dict] = lambda cast: {}
    # Shows a page without reaching anybody when it is only opened (an empty form).
    reaches_nobody: bool = False
    # Who may enter and has nothing there, so that nothing is written to the log.
    empty_for: frozenset[str] = frozenset()
    # Closes the connection to the database, which ends the transaction of an ordinary test.
    own_connection: bool = False
    # Answers only in demonstration mode.
    demo: bool = False

    def path(self, name: str, cast: Cast) -> str:
        return _with_query(reverse(name, kwargs=self.kwargs(cast)), self.query(cast))

    def missing_paths(self, name: str, cast: Cast) -> list[str]:
        """Where there is nothing: the same URL for numbers that no row has."""
        if self.missing is not None:
            return [_with_query(reverse(name, kwargs=self.missing), self.query(cast))]
        kwargs = self.kwargs(cast)
        numbers = [key for key, value in kwargs.items() if isinstance(value, int)]
        if numbers:
            return [
                reverse(name, kwargs=kwargs | dict.fromkeys(numbers, number))
                for number in (NO_ROW, BEYOND_ANY_ROW)
            ]
        query = self.query(cast)
        return [
            _with_query(reverse(name, kwargs=kwargs), dict.fromkeys(query, number))
            for number in (NO_ROW, BEYOND_ANY_ROW)
            if query
        ]


def _with_query(path: str, query: dict) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def of_case(kind: str = "enrolment", owners=CASE_PEOPLE, **options) -> Recipe:
    """A URL whose number is a row of the case: the enrolment itself, a meeting, a concern …"""
    return Recipe(lambda cast: {"pk": getattr(cast.own, kind).pk}, frozenset(owners), **options)


@contextmanager
def undone() -> Iterator[None]:
    """What the block does to the database is undone at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, list[tuple]]:
    """All that is stored, but for the access log itself. Read past the ORM, since it is asked for
    after every step of the walk."""
    stored = {}
    with connection.cursor() as cursor:
        for label in OWN_APPS:
            for model in apps.get_app_config(label).get_models(include_auto_created=True):
                if model._meta.label != "access.AccessEntry":
                    cursor.execute(_SELECT.format(connection.ops.quote_name(model._meta.db_table)))
                    stored[model._meta.label] = sorted(cursor.fetchall(), key=repr)
    return stored


def body(response) -> str:
    """What a response says, without what differs between any two requests."""
    text = response.content.decode()
    request = response.wsgi_request
    for address in (request.get_full_path(), request.path):
        text = text.replace(address, "ADDRESS")
    return re.sub(r"\b[a-zA-Z0-9]{64}\b", "TOKEN", text)
