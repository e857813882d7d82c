"""The administrator's page of users."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from participants.tests.factories import CoordinatorFactory, EnrolmentFactory
from primus.access.models import AccessEntry, Event
from primus.accounts import activation
from primus.accounts.models import Role, User
from primus.accounts.tests.factories import UserFactory

AARHUS, ODENSE = "0751", "0461"


@pytest.mark.django_db
class TestTheList:
    def test_shows_role_state_and_municipalities(self, administrator_client, mentor, coordinator):
        gone = UserFactory(inactive=True, staff=True)
        page = administrator_client.get("/users/").content.decode()
        for user in (mentor.user, coordinator.user, gone):
            assert user.email in page
        assert page.count("Aarhus") == 2

    def test_shows_nothing_of_the_cases(self, administrator_client):
        enrolment = EnrolmentFactory()
        page = administrator_client.get("/users/").content.decode()
        assert enrolment.participant.last_name not in page
        assert enrolment.case_number not in page

    @pytest.mark.parametrize("who", ["mentor_client", "coordinator_client", "staff_client"])
    def test_is_the_administrators_alone(self, request, who):
        assert request.getfixturevalue(who).get("/users/").status_code == 404

    def test_finds_by_parts_of_name_or_address_and_writes_what_was_sought(
        self, administrator_client
    ):
        found = UserFactory(first_name="Ingelise", last_name="Fjordgaard", email="if@example.org")
        other = UserFactory(first_name="Ingelise", last_name="Bakke")
        for text in ("inge fjord", "if@example"):
            page = administrator_client.post("/users/", {"q": text}, follow=True).content.decode()
            assert found.email in page
            assert other.email not in page
        row = AccessEntry.objects.filter(event=Event.SEARCH).order_by("pk").first()
        assert row.detail == f"inge fjord; {found.pk}"

    def test_what_is_searched_for_is_not_in_the_address_and_is_forgotten_when_opened_anew(
        self, administrator_client
    ):
        staff = UserFactory(staff=True)
        page = administrator_client.post("/users/", {"q": staff.first_name}, follow=True)
        assert page.redirect_chain[-1][0] == "/users/?found=1"
        assert list(page.context["page"]) == [staff]
        assert list(administrator_client.get("/users/?found=1").context["page"]) == [staff]
        assert len(administrator_client.get("/users/").context["page"]) > 1
        assert len(administrator_client.get("/users/?found=1").context["page"]) > 1

    def test_a_search_that_finds_nobody_is_written_too(self, administrator_client):
        page = administrator_client.post("/users/", {"q": "Nobodyatall"}, follow=True)
        assert page.status_code == 200
        assert AccessEntry.objects.get(event=Event.SEARCH).detail == "Nobodyatall"

    def test_filters_by_role_and_state(self, administrator_client):
        staff = UserFactory(staff=True)
        gone = UserFactory(staff=True, inactive=True)
        page = administrator_client.post(
            "/users/", {"role": "staff", "is_active": "true"}, follow=True
        )
        assert list(page.context["page"]) == [staff]
        page = administrator_client.post(
            "/users/", {"role": "staff", "is_active": "false"}, follow=True
        )
        assert list(page.context["page"]) == [gone]

    def test_pages_of_fifty_and_the_same_number_of_queries(
        self, administrator_client, query_budget
    ):
        CoordinatorFactory.create_batch(3)
        administrator_client.get("/users/")
        with query_budget(12) as few:
            administrator_client.get("/users/")
        CoordinatorFactory.create_batch(60)
        with query_budget(12) as many:
            page = administrator_client.get("/users/")
        assert len(few) == len(many)
        assert len(page.context["page"]) == 50
        assert len(administrator_client.get("/users/", {"page": 2}).context["page"]) == 14


@pytest.mark.django_db
class TestDeactivating:
    def act(self, client, user, verb="deactivate"):
        response = client.post(f"/users/{user.pk}/{verb}/", follow=True)
        user.refresh_from_db()
        return response

    def test_out_and_in_again(self, administrator_client, staff_user):
        self.act(administrator_client, staff_user)
        assert not staff_user.is_active
        self.act(administrator_client, staff_user, "reactivate")
        assert staff_user.is_active
        rows = AccessEntry.objects.filter(event=Event.CHANGE, object_id=staff_user.pk)
        assert rows.count() == 2

    def test_not_oneself(self, administrator_client, administrator_user):
        UserFactory(administrator=True)
        self.act(administrator_client, administrator_user)
        assert administrator_user.is_active

    def test_another_administrator(self, administrator_client):
        other = UserFactory(administrator=True)
        self.act(administrator_client, other)
        assert not other.is_active

    def test_takes_a_post(self, administrator_client, staff_user):
        assert administrator_client.get(f"/users/{staff_user.pk}/deactivate/").status_code == 405
        staff_user.refresh_from_db()
        assert staff_user.is_active

    @pytest.mark.parametrize("who", ["mentor_client", "coordinator_client", "staff_client"])
    @pytest.mark.parametrize("verb", ["deactivate", "reactivate", "municipalities"])
    def test_is_the_administrators_alone(self, request, who, verb):
        other = CoordinatorFactory().user
        client = request.getfixturevalue(who)
        assert client.post(f"/users/{other.pk}/{verb}/").status_code == 404
        other.refresh_from_db()
        assert other.is_active

    def test_someone_who_is_no_longer_administrator_deactivates_nobody(self, staff_user):
        was = UserFactory(administrator=True)
        UserFactory(administrator=True)
        User.objects.filter(pk=was.pk).update(is_active=False)
        with pytest.raises(activation.ActivationRefused):
            activation.deactivate(staff_user, by=was)


def test_two_administrators_cannot_deactivate_each_other(transactional_db):
    one, two = UserFactory(administrator=True), UserFactory(administrator=True)

    def attempt(pair):
        try:
            activation.deactivate(pair[0], by=pair[1])
        except activation.ActivationRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(attempt, [(one, two), (two, one)]))
    assert sorted(done) == [False, True]
    assert User.objects.active().filter(role=Role.ADMINISTRATOR).count() == 1


@pytest.mark.django_db
class TestMunicipalitiesOfACoordinator:
    def test_take_effect_at_their_next_request(
        self, administrator_client, coordinator, coordinator_client
    ):
        row = AccessEntry.objects.create(
            user_label="x", role="mentor", event=Event.READ, view="v", municipality_code=ODENSE
        )
        assert row not in coordinator_client.get("/access-log/").context["rows"]
        response = administrator_client.post(
            f"/users/{coordinator.user_id}/municipalities/", {"municipalities": [ODENSE]}
        )
        assert response["Location"] == "/users/"
        assert [place.code for place in coordinator.municipalities.all()] == [ODENSE]
        assert row in coordinator_client.get("/access-log/").context["rows"]

    def test_none_is_refused_beside_the_field(self, administrator_client, coordinator):
        page = administrator_client.post(f"/users/{coordinator.user_id}/municipalities/", {})
        assert page.context["form"].errors["municipalities"]
        assert coordinator.municipalities.count() == 1

    def test_the_form_begins_with_those_of_today(self, administrator_client, coordinator):
        page = administrator_client.get(f"/users/{coordinator.user_id}/municipalities/")
        assert page.context["form"]["municipalities"].value() == [AARHUS]

    def test_only_coordinators_have_them(self, administrator_client, staff_user):
        url = f"/users/{staff_user.pk}/municipalities/"
        assert administrator_client.get(url).status_code == 404
