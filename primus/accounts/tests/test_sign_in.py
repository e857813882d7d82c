"""Signing in and out: who gets in, what is told to whoever does not, and where one lands."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from primus.accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def sign_in(client, email, password=PASSWORD, **more):
    return client.post(SIGN_IN, {"login": email, "password": password, **more})


@pytest.fixture
def user():
    return UserFactory(staff=True, email="someone@example.org")


def test_the_right_password_lets_in(client, user):
    response = sign_in(client, "Someone@Example.org")
    assert response.status_code == 302
    assert response["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(client, user):
    known = sign_in(client, user.email, "wrong")
    unknown = sign_in(client, "nobody@example.org", "wrong")
    assert known.status_code == unknown.status_code == 200
    assert len(told(known)) == 1
    assert told(known) == told(unknown)
    assert "_auth_user_id" not in client.session


def test_what_was_typed_stays_but_not_the_password(client, user):
    page = sign_in(client, user.email, "half-remembered").content.decode()
    assert user.email in page
    assert "half-remembered" not in page


def test_the_session_gets_a_new_key(client, user):
    client.get(SIGN_IN)
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(client, user.email)
    assert client.session.session_key != before


def test_an_expired_session_brings_back_to_where_one_was(client, user):
    asked = client.get("/account/?a=1")
    assert asked.status_code == 302
    page = client.get(asked["Location"])
    assert 'name="next" value="/account/?a=1"' in page.content.decode()
    assert sign_in(client, user.email, next="/account/?a=1")["Location"] == "/account/?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "javascript:alert(1)",
        "/\\evil.example",
        "http://[",
    ],
)
def test_next_leads_nowhere_else(client, user, elsewhere):
    assert sign_in(client, user.email, next=elsewhere)["Location"] == reverse("home")


def told(response) -> list[str]:
    return list(response.context["form"].non_field_errors())


def test_too_many_wrong_passwords_for_one_address_are_stopped(client, user):
    for _ in range(5):
        sign_in(client, user.email, "wrong")
    stopped = sign_in(client, user.email, PASSWORD)
    assert stopped.status_code == 200
    assert "_auth_user_id" not in client.session
    assert told(stopped) != told(sign_in(client, "other@example.org", "wrong"))


def test_an_address_nobody_has_is_stopped_just_so(client, user):
    def six_attempts(email):
        cache.clear()
        return [told(sign_in(client, email, "wrong")) for _ in range(6)]

    known = six_attempts(user.email)
    assert known == six_attempts("nobody@example.org")
    assert known[4] != known[5]


def test_a_machine_gets_a_friendly_429(client):
    answers = [client.post(SIGN_IN, {"login": "x", "password": ""}) for _ in range(31)]
    assert {response.status_code for response in answers[:30]} == {200}
    last = answers[30]
    assert last.status_code == 429
    assert last["Retry-After"] == "60"
    assert "Primus" in last.content.decode()


def test_sign_up_is_closed_also_by_post(client):
    for response in (
        client.get("/sign-up/"),
        client.post(
            "/sign-up/", {"email": "new@example.org", "password1": PASSWORD, "password2": PASSWORD}
        ),
    ):
        assert response.status_code == 200
        assert "account/signup_closed.html" in [t.name for t in response.templates]
    assert not type(UserFactory.build()).objects.filter(email="new@example.org").exists()


def test_signing_out_takes_a_post(client_for, user):
    client = client_for(user)
    assert client.get("/sign-out/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/sign-out/")["Location"] == SIGN_IN
    assert "_auth_user_id" not in client.session


def test_a_deactivated_user_is_out_at_the_next_request(client_for, user):
    client = client_for(user)
    assert client.get("/account/").status_code == 200
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/account/")["Location"].startswith(SIGN_IN)


def test_a_deactivated_user_does_not_get_in(client):
    user = UserFactory(inactive=True)
    response = sign_in(client, user.email)
    assert response["Location"] == reverse("account_inactive")
    assert "_auth_user_id" not in client.session
    assert client.get(response["Location"]).status_code == 200


def test_the_stored_language_comes_along_to_a_new_device(client):
    user = UserFactory(staff=True, language="en")
    assert sign_in(client, user.email).cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_signing_in_needs_the_form_of_this_site(user):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, user.email).status_code == 403


class TestPartialUpdates:
    """What htmx asks for after the session has ended."""

    HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/account/?tab=2"}

    def test_reading_takes_the_whole_page_to_sign_in_and_back(self, client):
        response = client.get("/account/", headers=self.HTMX)
        assert response.status_code == 204
        assert response["HX-Redirect"] == "/sign-in/?next=%2Faccount%2F%3Ftab%3D2"

    def test_a_page_that_is_no_address_is_no_error(self, client):
        response = client.get("/account/", headers={**self.HTMX, "HX-Current-URL": "http://["})
        assert response["HX-Redirect"] == "/sign-in/?next=%2F"

    def test_saving_leaves_the_page_with_what_was_typed(self, client):
        response = client.post("/account/", {"phone": "1"}, headers=self.HTMX)
        assert response.status_code == 401
        assert "HX-Redirect" not in response

    def test_other_redirects_are_left_alone(self, client_for, user):
        response = client_for(user).get("/", headers=self.HTMX)
        assert response.status_code == 302


@pytest.mark.parametrize("key", ["\\000" * 9, "æ" * 32, "'; --' " * 5, "x" * 5000])
def test_a_session_key_that_no_database_can_hold_is_nobodys(client, key):
    client.cookies[settings.SESSION_COOKIE_NAME] = f'"{key}"' if "0" in key else key
    response = client.get("/account/")
    assert response.status_code == 302
    assert response["Location"].startswith(SIGN_IN)
