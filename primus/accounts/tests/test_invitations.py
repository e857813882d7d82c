"""Inviting people and accepting, once."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mentoring.models import MentorState
from primus.access.models import AccessEntry, Event
from primus.accounts import invitations
from primus.accounts.models import Invitation, Role, User
from primus.accounts.tests.factories import InvitationFactory, UserFactory

NEW = "seven green bicycles"
AARHUS, ODENSE = "0751", "0461"


def token_in(message) -> str:
    return re.search(r"/invitation/([^/\s]+)/", message.body)[1]


def form(**changes):
    data = {
        "role": Role.MENTOR,
        "first_name": "Birthe",
        "last_name": "Nyskov",
        "email": "birthe@example.org",
        "municipalities": [AARHUS],
    }
    return {**data, **changes}


@pytest.mark.django_db
class TestInviting:
    def test_the_administrator_invites_and_the_invited_begins(
        self, administrator_client, client, worker_at_once
    ):
        with worker_at_once():
            response = administrator_client.post("/invitations/new/", form())
        assert response["Location"] == "/invitations/"
        (message,) = mail.outbox
        assert message.to == ["birthe@example.org"]
        for name in ("Birthe", "Nyskov", "Aarhus"):
            assert name not in message.subject + message.body
        page = client.get(f"/invitation/{token_in(message)}/")
        assert "Birthe" in page.content.decode()
        response = client.post(f"/invitation/{token_in(message)}/", {"password1": NEW})
        assert response["Location"] == "/"
        user = User.objects.get(email="birthe@example.org")
        assert client.session["_auth_user_id"] == str(user.pk)
        assert user.check_password(NEW)
        assert user.mentor.municipality_id == AARHUS
        assert user.mentor.state == MentorState.APPLICANT
        created = AccessEntry.objects.get(event=Event.CREATE)
        assert created.object_type == "accounts.invitation"

    def test_the_token_is_kept_as_a_hash_only(self, administrator_user, worker_at_once):
        with worker_at_once():
            invitation = invitations.invite(
                administrator_user,
                email="a@example.org",
                first_name="A",
                last_name="B",
                role=Role.STAFF,
            )
        token = token_in(mail.outbox[0])
        stored = Invitation.objects.filter(pk=invitation.pk).values().get()
        assert token not in str(stored)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"municipalities": []}, "municipalities"),
            ({"municipalities": [AARHUS, ODENSE]}, "municipalities"),
            ({"role": Role.COORDINATOR, "municipalities": []}, "municipalities"),
            ({"role": "emperor"}, "role"),
            ({"email": "not an address"}, "email"),
            ({"first_name": ""}, "first_name"),
        ],
    )
    def test_what_does_not_fit_is_said_beside_the_field(self, administrator_client, changes, field):
        page = administrator_client.post("/invitations/new/", form(**changes))
        assert page.status_code == 200
        assert page.context["form"].errors[field]
        assert "Nyskov" in page.content.decode()
        assert not Invitation.objects.exists()

    def test_staff_and_administrators_have_no_municipality(self, administrator_client):
        administrator_client.post("/invitations/new/", form(role=Role.STAFF))
        assert Invitation.objects.get().municipality_codes == []

    def test_a_coordinator_joins_with_their_municipalities(self, client):
        InvitationFactory(token="t", role=Role.COORDINATOR, municipality_codes=[AARHUS, ODENSE])
        client.post("/invitation/t/", {"password1": NEW})
        coordinator = User.objects.get(role=Role.COORDINATOR).coordinator
        assert {place.code for place in coordinator.municipalities.all()} == {AARHUS, ODENSE}

    def test_an_address_with_a_user_or_an_invitation_is_refused(self, administrator_client):
        UserFactory(email="taken@example.org")
        InvitationFactory(email="waiting@example.org")
        for email in ("Taken@example.org", "Waiting@example.org"):
            page = administrator_client.post("/invitations/new/", form(email=email))
            assert page.context["form"].errors["email"], email
        assert Invitation.objects.count() == 1

    def test_the_database_keeps_one_waiting_invitation_per_address(self):
        InvitationFactory(email="same@example.org", accepted_at=timezone.now())
        InvitationFactory(email="same@example.org")
        with pytest.raises(IntegrityError), transaction.atomic():
            InvitationFactory(email="SAME@example.org")


@pytest.mark.django_db
class TestCoordinatorsInvite:
    def test_mentors_to_their_own_municipalities(self, coordinator_client):
        page = coordinator_client.get("/invitations/new/")
        assert "role" not in page.context["form"].fields
        assert 'value="0751"' in page.content.decode()
        assert 'value="0461"' not in page.content.decode()
        coordinator_client.post("/invitations/new/", form(role=Role.ADMINISTRATOR))
        assert Invitation.objects.get().role == Role.MENTOR

    def test_nowhere_else(self, coordinator_client):
        page = coordinator_client.post("/invitations/new/", form(municipalities=[ODENSE]))
        assert page.context["form"].errors["municipalities"]
        assert not Invitation.objects.exists()

    def test_they_see_and_change_only_what_they_sent(self, coordinator_client, coordinator_user):
        own = InvitationFactory(invited_by=coordinator_user)
        other = InvitationFactory()
        page = coordinator_client.get("/invitations/").content.decode()
        assert own.email in page
        assert other.email not in page
        for verb in ("resend", "revoke"):
            response = coordinator_client.post(f"/invitations/{other.pk}/{verb}/")
            assert response.status_code == 404
        assert Invitation.objects.filter(pk=other.pk).exists()

    @pytest.mark.parametrize("who", ["mentor_client", "staff_client"])
    def test_others_invite_nobody(self, request, who):
        client = request.getfixturevalue(who)
        assert client.get("/invitations/").status_code == 404
        assert client.post("/invitations/new/", form()).status_code == 404
        assert not Invitation.objects.exists()


@pytest.mark.django_db
class TestAccepting:
    def gone(self, client, token="t"):
        for response in (
            client.get(f"/invitation/{token}/"),
            client.post(f"/invitation/{token}/", {"password1": NEW}),
        ):
            assert response.status_code == 410
            assert "accounts/invitation_gone.html" in [t.name for t in response.templates]

    def test_a_used_token(self, client, client_for):
        InvitationFactory(token="t")
        client.post("/invitation/t/", {"password1": NEW})
        self.gone(client_for())
        assert User.objects.filter(role=Role.MENTOR).count() == 1

    def test_an_expired_token(self, client):
        InvitationFactory(token="t", expires_at=timezone.now() - timedelta(seconds=1))
        self.gone(client)

    def test_an_unknown_token(self, client):
        self.gone(client, "nothing")

    def test_an_address_that_got_a_user_meanwhile(self, client):
        invitation = InvitationFactory(token="t")
        UserFactory(email=invitation.email)
        assert client.post("/invitation/t/", {"password1": NEW}).status_code == 410
        invitation.refresh_from_db()
        assert invitation.accepted_at is None

    def test_a_password_like_the_own_name(self, client):
        invitation = InvitationFactory(token="t", first_name="Bartholomæus")
        page = client.post("/invitation/t/", {"password1": "bartholomæus1"})
        assert page.context["form"].errors["password1"]
        invitation.refresh_from_db()
        assert invitation.accepted_at is None

    def test_the_language_of_the_page_becomes_the_users(self, client):
        InvitationFactory(token="t", role=Role.STAFF)
        client.cookies["primus_language"] = "en"
        client.post("/invitation/t/", {"password1": NEW})
        assert User.objects.get(role=Role.STAFF).language == "en"

    def test_taken_back(self, administrator_client, client):
        invitation = InvitationFactory(token="t")
        administrator_client.post(f"/invitations/{invitation.pk}/revoke/")
        self.gone(client)
        assert AccessEntry.objects.filter(
            event=Event.DELETE, object_type="accounts.invitation", object_id=invitation.pk
        ).exists()

    def test_sent_again_with_a_new_link_and_term(
        self, administrator_client, client, worker_at_once
    ):
        invitation = InvitationFactory(token="old", expires_at=timezone.now() - timedelta(days=1))
        with worker_at_once():
            administrator_client.post(f"/invitations/{invitation.pk}/resend/")
        self.gone(client, "old")
        assert client.get(f"/invitation/{token_in(mail.outbox[0])}/").status_code == 200

    def test_neither_after_it_was_accepted(self, administrator_client):
        invitation = InvitationFactory(accepted_at=timezone.now())
        for verb in ("resend", "revoke"):
            assert (
                administrator_client.post(f"/invitations/{invitation.pk}/{verb}/").status_code
                == 404
            )
        assert not invitations.resend(invitation)
        assert not invitations.revoke(invitation)

    def test_a_task_that_comes_too_late_sends_nothing(self):
        invitations.send(InvitationFactory(accepted_at=timezone.now()).pk)
        assert mail.outbox == []


def test_of_two_who_accept_at_once_one_gets_in(transactional_db):
    InvitationFactory(token="t")

    def attempt(_):
        try:
            return invitations.accept("t", password=NEW, language="da").pk
        except invitations.NoSuchInvitation:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(attempt, range(6)))
    assert sum(result is not None for result in results) == 1
    assert User.objects.filter(role=Role.MENTOR).count() == 1


def test_the_list_asks_a_fixed_number_of_questions(administrator_client, query_budget):
    InvitationFactory.create_batch(12)
    administrator_client.get("/invitations/")
    with query_budget(8) as few:
        administrator_client.get("/invitations/")
    InvitationFactory.create_batch(40)
    with query_budget(8) as many:
        page = administrator_client.get("/invitations/")
    assert len(few) == len(many)
    assert len(page.context["page"]) == 50
