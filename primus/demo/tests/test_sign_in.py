"""One button per role, in demonstration mode only."""

import pytest

from primus.accounts.models import Role
from primus.accounts.tests.factories import UserFactory
from primus.demo.accounts import DEMO_ACCOUNTS

pytestmark = pytest.mark.django_db
URL = "/demo/sign-in/"


@pytest.fixture
def demo(settings):
    settings.PRIMUS_DEMO = True


@pytest.fixture
def people():
    return {
        role: UserFactory(email=email, role=role, language="en") for email, role in DEMO_ACCOUNTS
    }


@pytest.mark.parametrize("role", Role)
def test_a_button_signs_in_as_that_role(client, demo, people, role):
    page = client.get("/sign-in/").content.decode()
    assert f'name="role" value="{role.value}"' in page
    assert people[role].first_name in page
    response = client.post(URL, {"role": role.value})
    assert response["Location"] == "/"
    assert response.cookies["primus_language"].value == "en"
    assert client.session["_auth_user_id"] == str(people[role].pk)


def test_leads_on_to_where_one_was_going_and_nowhere_else(client, demo, people):
    page = client.get("/sign-in/", {"next": "/account/"}).content.decode()
    assert page.count('name="next" value="/account/"') == 2
    assert client.post(URL, {"role": "staff", "next": "/account/"})["Location"] == "/account/"
    away = client.post(URL, {"role": "staff", "next": "https://evil.example/"})
    assert away["Location"] == "/"


@pytest.mark.parametrize("after", ["nowhere", "http://[", "/\\evil.example", "mentor_home"])
def test_what_is_no_path_leads_home(client, demo, people, after):
    assert client.post(URL, {"role": "staff", "next": after})["Location"] == "/"


@pytest.mark.parametrize("role", ["", "emperor"])
def test_an_unknown_role_signs_nobody_in(client, demo, people, role):
    assert client.post(URL, {"role": role}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_takes_a_post(client, demo, people):
    assert client.get(URL).status_code == 405


def test_shows_no_button_for_who_is_not_there(client, demo):
    page = client.get("/sign-in/")
    assert page.status_code == 200
    assert URL not in page.content.decode()


def test_outside_demonstration_mode_there_is_none_of_it(client, people):
    page = client.get("/sign-in/").content.decode()
    assert URL not in page
    assert "badge-demo" not in page
    for response in (client.get(URL), client.post(URL, {"role": "administrator"})):
        assert response.status_code == 404
    assert "_auth_user_id" not in client.session


def test_every_page_says_that_it_is_a_demonstration(client, demo, people):
    assert "badge-demo" in client.get("/sign-in/").content.decode()
    assert "badge-demo" in client.get("/nothing/here/").content.decode()
    client.post(URL, {"role": "administrator"})
    for page in ("/account/", "/users/", "/access-log/", "/invitations/", "/account/password/"):
        assert "badge-demo" in client.get(page).content.decode(), page
