"""What every response says to the browser about what it may do."""

import pytest

from primus.accounts.tests.factories import PASSWORD
from primus.settings import CONTENT_SECURITY_POLICY

pytestmark = pytest.mark.django_db


def directives(response) -> dict[str, list[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.mark.parametrize("url", ["/sign-in/", "/nothing/", "/sign-up/", "/invitation/x/"])
def test_the_policy_is_strict_everywhere(client, url):
    policy = directives(client.get(url))
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    for values in policy.values():
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & set(values)


def test_a_picture_that_is_opened_by_itself_has_the_policy_too(client, settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    picture = client.get("/static/img/icons.svg")
    assert b"<svg" in b"".join(picture.streaming_content)
    assert directives(picture)["script-src"] == ["'self'"]
    picture.close()


def test_nothing_in_the_settings_loosens_it():
    assert set(CONTENT_SECURITY_POLICY) == {"DIRECTIVES"}


def test_the_other_headers(client):
    response = client.get("/sign-in/")
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_are_not_kept(client_for, staff_user):
    assert "no-store" in client_for(staff_user).get("/account/")["Cache-Control"]


def test_the_session_is_out_of_reach_of_scripts(client, staff_user):
    response = client.post("/sign-in/", {"login": staff_user.email, "password": PASSWORD})
    cookie = response.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_what_was_said_is_not_kept_in_the_browser(client_for, staff_user):
    client = client_for(staff_user)
    saved = client.post("/account/", {"phone": "", "language": "en"})
    assert "messages" not in saved.cookies
    assert "Your account is saved." in client.get("/account/").content.decode()


def test_no_page_carries_a_script_or_a_style_of_its_own(administrator_client):
    for url in ("/users/", "/invitations/new/", "/access-log/", "/account/"):
        page = administrator_client.get(url).content.decode()
        assert "<style" not in page
        assert ' style="' not in page
        assert page.count("<script") == page.count("<script src=")
        assert " onclick" not in page
