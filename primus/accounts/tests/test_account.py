"""One's own account, and the language of the pages."""

import pytest
from django.conf import settings

from primus.accounts.models import User

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(response) -> str:
    return response["Content-Language"]


@pytest.mark.parametrize(
    "who", ["mentor_client", "coordinator_client", "staff_client", "administrator_client"]
)
def test_everyone_has_the_page(request, who):
    assert request.getfixturevalue(who).get("/account/").status_code == 200


def test_phone_and_language_can_be_changed_and_nothing_else(staff_client, staff_user):
    response = staff_client.post(
        "/account/",
        {"phone": "87 65 43 21", "language": "en", "role": "administrator", "email": "x@y.dk"},
    )
    assert response["Location"] == "/account/"
    before = staff_user.email
    staff_user.refresh_from_db()
    assert (staff_user.phone, staff_user.language) == ("87 65 43 21", "en")
    assert (staff_user.role, staff_user.email) == ("staff", before)
    assert language_of(staff_client.get("/account/")) == "en"


def test_what_is_wrong_keeps_what_was_typed(staff_client):
    for phone in ("abc", "12", "1" * 30):
        page = staff_client.post("/account/", {"phone": phone, "language": "da"})
        assert page.context["form"].errors["phone"]
    assert "1" * 30 in page.content.decode()


class TestLanguage:
    def test_is_danish_whatever_the_browser_asks_for(self, client):
        page = client.get("/sign-in/", headers={"Accept-Language": "en"})
        assert language_of(page) == "da"
        assert '<html lang="da">' in page.content.decode()

    def test_can_be_switched_before_signing_in(self, client):
        response = client.post("/language/", {"language": "en", "next": "/sign-in/"})
        assert response["Location"] == "/sign-in/"
        assert response.cookies[COOKIE]["max-age"] == 60 * 60 * 24 * 365
        assert response.cookies[COOKIE]["httponly"]
        assert '<html lang="en">' in client.get("/sign-in/").content.decode()

    def test_is_kept_with_the_user(self, staff_client, staff_user):
        staff_client.post("/language/", {"language": "en", "next": "/account/"})
        staff_user.refresh_from_db()
        assert staff_user.language == "en"

    @pytest.mark.parametrize("language", ["xx", "", "sv"])
    def test_unknown_ones_change_nothing(self, staff_client, staff_user, language):
        staff_client.post("/language/", {"language": language, "next": "/account/"})
        assert User.objects.get(pk=staff_user.pk).language == "da"
        assert language_of(staff_client.get("/account/")) == "da"

    def test_takes_a_post_and_leads_nowhere_else(self, client):
        assert client.get("/language/?language=en").status_code == 405
        response = client.post("/language/", {"language": "en", "next": "https://evil.example/"})
        assert "evil" not in response["Location"]
