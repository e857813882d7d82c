"""Every URL × everyone × what is theirs and what is not.

A new URL needs one line in ``recipes.RECIPES``; the walk fails until it has it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import get_resolver, reverse

from participants.tests.factories import in_days
from primus.access.models import AccessEntry, Event
from primus.accounts.tests.factories import UserFactory
from primus.testing.axe import names_in
from primus.testing.cast import Cast
from primus.testing.walk import Recipe, Route, body, everything, routes, undone
from primus.tests.recipes import RECIPES

pytestmark = pytest.mark.django_db

ROUTES = sorted(routes(), key=lambda route: route.name or route.route)
BY_NAME = {route.name: route for route in ROUTES}

KNOWN = [name for name in BY_NAME if name in RECIPES]
GUARDED = [name for name in KNOWN if BY_NAME[name].entry and not BY_NAME[name].entry.public]
PUBLIC = [name for name in KNOWN if name not in GUARDED and not RECIPES[name].own_connection]
REACHING_A_ROW = [
    name for name in GUARDED if "<" in BY_NAME[name].route and name not in ("dashboard_chart",)
]


def test_every_url_has_a_name_and_every_name_one_url():
    names = [route.name for route in ROUTES]
    assert None not in names, [route.route for route in ROUTES if route.name is None]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name or route.route)
def test_every_url_declares_who_may_enter(route):
    assert route.entry is not None, f"{route.view_name} is not decorated with @entry"
    assert route.entry.public or route.entry.roles, f"{route.view_name} opens for no role"


def test_every_url_has_a_recipe():
    assert sorted(set(BY_NAME) - set(RECIPES)) == [], "add a line to RECIPES for each"


def test_every_recipe_has_a_url():
    assert sorted(set(RECIPES) - set(BY_NAME)) == [], "take these lines out of RECIPES"


def test_error_pages_declare_themselves_too():
    for code in (400, 403, 404, 500):
        assert get_resolver().resolve_error_handler(code).entry.public


def may_enter(route, recipe: Recipe, name: str, user) -> bool:
    if user.role not in route.entry.roles:
        return False
    return recipe.owners is None or name in recipe.owners


@pytest.mark.parametrize("name", GUARDED)
def test_the_walk(cast, client_for, name):
    """Everyone asks for the same thing: it opens for those whose it is, and is not there for the
    rest, exactly as what has never been there."""
    recipe = RECIPES[name]
    path = recipe.path(name, cast)
    missing = recipe.missing_paths(name, cast)
    assert missing or name not in REACHING_A_ROW, "say which arguments lead to nothing (missing=…)"
    # Signing in writes to the user, so everyone is signed in before anyone asks.
    clients = {who: client_for(user) for who, user in cast.by_name.items()}
    before = everything()
    for who, user in cast.by_name.items():
        for method in ("get", "post"):
            ask = Ask(BY_NAME[name], recipe, who, user, getattr(clients[who], method), method)
            with undone():
                if not user.is_authenticated:
                    ask.is_led_to_signing_in(path)
                elif may_enter(ask.route, recipe, who, user):
                    ask.is_let_in(path, before)
                    ask.finds_nothing_at(missing)
                else:
                    ask.is_refused(path, before, missing)
                ask.leaves_no_name_in_the_log()


@dataclass
class Ask:
    """Somebody asks for one URL in one way."""

    route: Route
    recipe: Recipe
    who: str
    user: object
    send: Callable
    method: str

    def answer(self, path: str):
        response = self.send(path)
        self.told = f"{self.who} {self.method.upper()} {path}: {response.status_code}"
        return response

    def rows(self, *, refused: bool) -> list[AccessEntry]:
        rows = AccessEntry.objects.filter(user=self.user, view=self.route.view_name)
        return [row for row in rows if (row.event == Event.REFUSED) == refused]

    def is_led_to_signing_in(self, path):
        response = self.answer(path)
        assert response.status_code == 302, self.told
        assert response.url.startswith(reverse("account_login")), self.told
        assert not AccessEntry.objects.exists(), self.told

    def is_let_in(self, path, before):
        response = self.answer(path)
        assert response.status_code in (200, 302, 303, 405), self.told
        assert not self.rows(refused=True), self.told
        if self.method == "get":
            assert before == everything(), f"{self.told} changed something"
            reaches = self.route.entry.event and not self.recipe.reaches_nobody
            if reaches and response.status_code == 200 and self.who not in self.recipe.empty_for:
                assert self.rows(refused=False), f"{self.told}, and nothing in the log"

    def finds_nothing_at(self, missing):
        # By POST, because some answer to nothing else. Where the number stands in the query, a
        # mentor who chooses what is not there is shown their own.
        if self.method == "post" and self.route.name in REACHING_A_ROW:
            for path in missing:
                assert self.answer(path).status_code == 404, self.told

    def is_refused(self, path, before, missing):
        response = self.answer(path)
        told = self.told
        # What is only sent says so to those of the role, whatever the number.
        wrong_method = response.status_code == 405 and self.user.role in self.route.entry.roles
        assert response.status_code == 404 or wrong_method, told
        assert self.rows(refused=True) or wrong_method, f"{told}, and no refusal in the log"
        assert not self.rows(refused=False), told
        assert before == everything(), f"{told} changed something"
        # One number is enough here; the other kind is asked for by those who are let in.
        for nothing in missing[:1]:
            answer = self.answer(nothing)
            assert answer.status_code == response.status_code, self.told
            assert body(answer) == body(response), f"{told} differs from what does not exist"
            assert differing_headers(answer, response) == set(), told

    def leaves_no_name_in_the_log(self):
        for row in AccessEntry.objects.all():
            written = f"{row.object_label} {row.detail} {row.view} {row.object_type}"
            assert not names_in(written), f"{self.told} wrote {written!r}"


def differing_headers(one, other) -> set[str]:
    names = {*one.headers, *other.headers} - {"Content-Length"}
    return {name for name in names if one.headers.get(name) != other.headers.get(name)}


@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_public_opens_for_everyone(cast, client_for, settings, name):
    recipe = RECIPES[name]
    path = recipe.path(name, cast)
    for demo in (False, True):
        settings.PRIMUS_DEMO = demo
        for who, user in cast.by_name.items():
            for method in ("get", "post"):
                with undone():
                    client = client_for(user)
                    response = getattr(client, method)(path)
                    told = f"{who} {method.upper()} {path}: {response.status_code}"
                    if recipe.demo and not demo:
                        assert response.status_code == 404, told
                    else:
                        assert response.status_code != 500, told
                    assert not names_in(response.content.decode()) or name == "invitation_accept"


@pytest.mark.django_db(transaction=True)
def test_health_is_told_to_everyone_and_names_nobody(client_for):
    """By itself, because it begins with a new connection to the database."""
    cast = Cast()
    for user in cast.by_name.values():
        response = client_for(user).get(reverse("healthz"))
        assert response.status_code in (200, 503)
        assert not names_in(response.content.decode())


def test_nobody_but_its_owner_logs_a_meeting_by_choosing_the_enrolment(cast, client_for):
    """The enrolment stands in the form, not in the address."""
    chosen = {"enrolment": cast.own.enrolment.pk, "state": "held", "mode": "cafe"}
    others = ("left", "starting", "stranger", "other_coordinator")
    clients = {who: client_for(cast.by_name[who]) for who in others}
    before = everything()
    for who, client in clients.items():
        query = cast.other.enrolment.pk if who == "other_coordinator" else ""
        path = f"{reverse('meeting_create')}?enrolment={query}"
        response = client.post(path, chosen)
        assert response.status_code == 200, who
        assert cast.own.participant.first_name not in response.content.decode()
    assert everything() == before


def test_losing_the_seat_takes_effect_on_the_next_request(cast, client_for):
    client = client_for(cast.mentor)
    path = reverse("enrolment", args=[cast.own.enrolment.pk])
    assert client.get(path).status_code == 200
    cast.own.pair.seats.filter(mentor__user=cast.mentor).update(held_until=in_days(0))
    assert client.get(path).status_code == 404


def test_losing_the_municipality_takes_effect_on_the_next_request(cast, client_for):
    client = client_for(cast.coordinator)
    path = reverse("enrolment", args=[cast.own.enrolment.pk])
    assert client.get(path).status_code == 200
    cast.coordinator.coordinator.municipalities.clear()
    assert client.get(path).status_code == 404


def test_being_deactivated_takes_effect_on_the_next_request(cast, client_for):
    client = client_for(cast.coordinator)
    path = reverse("enrolment", args=[cast.own.enrolment.pk])
    assert client.get(path).status_code == 200
    type(cast.coordinator).objects.filter(pk=cast.coordinator.pk).update(is_active=False)
    assert client.get(path).status_code == 302


def test_a_user_without_the_record_of_their_role_meets_no_error(db, client_for):
    """A coordinator or mentor who has been invited and not been given a place yet."""
    for role in ("mentor", "coordinator"):
        client = client_for(UserFactory(role=role))
        for route in ROUTES:
            own = route.entry is not None and role in route.entry.roles
            if own and "<" not in route.route:
                assert client.get(reverse(route.name)).status_code in (200, 302, 404, 405)
