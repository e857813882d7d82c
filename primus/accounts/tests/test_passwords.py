"""Forgotten and changed passwords."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from primus.accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "seven green bicycles"
RESET = "/password/reset/"


def link_in(message) -> str:
    return re.search(r"http://localhost:8000(/\S+)", message.body)[1]


@pytest.fixture
def user():
    return UserFactory(staff=True, language="en")


@pytest.fixture
def reset_link(client, user, worker_at_once):
    with worker_at_once():
        client.post(RESET, {"email": user.email})
    return link_in(mail.outbox[0])


def test_known_and_unknown_addresses_are_answered_alike(
    client, user, worker_at_once, django_assert_num_queries
):
    with django_assert_num_queries(0):
        known = client.post(RESET, {"email": user.email})
    with django_assert_num_queries(0):
        unknown = client.post(RESET, {"email": "nobody@example.org"})
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"] == reverse("account_reset_password_done")
    assert client.get(known["Location"]).status_code == 200


def test_only_a_known_address_gets_an_e_mail(client, user, worker_at_once):
    inactive = UserFactory(inactive=True)
    with worker_at_once():
        for email in ("nobody@example.org", inactive.email, user.email.upper()):
            client.post(RESET, {"email": email})
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_the_e_mail_names_nobody_and_is_in_the_users_language(reset_link, user):
    message = mail.outbox[0]
    for name in (user.first_name, user.last_name):
        assert name not in message.subject + message.body
    assert "password" in message.subject


def test_the_link_lets_one_choose_a_password_once(client, user, reset_link, worker_at_once):
    form = client.get(reset_link)
    # The key is not in the address of the page with the form.
    assert form["Location"].endswith("-set-password/")
    with worker_at_once():
        saved = client.post(form["Location"], {"password1": NEW})
    assert saved["Location"] == reverse("account_reset_password_from_key_done")
    assert client.get(saved["Location"]).status_code == 200
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert "changed" in mail.outbox[-1].subject
    again = client.get(reset_link)
    assert again.status_code == 200
    assert again.context["token_fail"]


def test_a_link_that_was_tampered_with_says_so(client, reset_link):
    page = client.get(reset_link[:-3] + "x/")
    assert page.status_code == 200
    assert page.context["token_fail"]


@pytest.mark.parametrize("weak", ["short", "123456789012", "password1234"])
def test_a_weak_password_is_refused_beside_the_field(client, user, reset_link, weak):
    form = client.get(reset_link)["Location"]
    page = client.post(form, {"password1": weak})
    assert page.status_code == 200
    assert page.context["form"].errors["password1"]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_changing_the_password_signs_out_elsewhere_and_not_here(client_for, user, worker_at_once):
    here, elsewhere = client_for(user), client_for(user)
    with worker_at_once():
        response = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW})
    assert response["Location"] == reverse("my_account")
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert mail.outbox[0].to == [user.email]
    assert user.first_name not in mail.outbox[0].body


def test_changing_takes_the_password_one_has(client_for, user):
    page = client_for(user).post("/account/password/", {"oldpassword": "no", "password1": NEW})
    assert page.status_code == 200
    assert page.context["form"].errors["oldpassword"]
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_confirming_that_it_is_oneself(client_for, user):
    client = client_for(user)
    assert client.get("/account/confirm/?next=/account/").status_code == 200
    wrong = client.post("/account/confirm/", {"password": "no"})
    assert wrong.context["form"].errors["password"]
    right = client.post("/account/confirm/", {"password": PASSWORD, "next": "/account/"})
    assert right["Location"] == "/account/"
