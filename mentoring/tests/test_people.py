"""The people around a participant: a tap calls, and contacts at authorities come and go."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from mentoring.models import AuthorityContact
from mentoring.tests.factories import AuthorityContactFactory, MentorFactory, PairFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", user__phone="20 20 20 20")


@pytest.fixture
def jonas():
    return MentorFactory(user__first_name="Jonas", user__phone="12345678")


@pytest.fixture
def rasmus(karen, jonas):
    enrolment = EnrolmentFactory(post_release=True, participant__phone="87 65 43 21")
    PairFactory(enrolment=enrolment, seat1=karen, seat2=jonas)
    return enrolment


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


def people(client, enrolment) -> BeautifulSoup:
    page = client.get(reverse("enrolment_people", args=[enrolment.pk]))
    return BeautifulSoup(page.content, "html.parser")


def calls(soup) -> dict[str, str]:
    """What a tap calls, with what the link says last."""
    return {a["href"]: a.contents[-1].strip() for a in soup.select('a[href^="tel:"]')}


def add(client, enrolment, **changes):
    data = {
        "token": str(uuid.uuid4()),
        "authority": "job_centre",
        "name": "Birgit Prøvesen",
        "phone": "70102030",
        "email": "",
        "note": "",
        **changes,
    }
    return client.post(reverse("contact_create", args=[enrolment.pk]), data)


def test_those_one_works_with_are_a_tap_away(client, rasmus, jonas):
    lene = CoordinatorFactory(user__phone="+45 40 40 40 40", user__first_name="Lene").user
    AuthorityContactFactory(enrolment=rasmus, phone="0045 70102030", email="bp@example.org")
    soup = people(client, rasmus)
    assert calls(soup) == {
        "tel:+4587654321": "87 65 43 21",
        "tel:+4512345678": "12 34 56 78",
        "tel:+4540404040": "40 40 40 40",
        "tel:+4570102030": "70 10 20 30",
    }
    written = {a["href"] for a in soup.select('a[href^="mailto:"]')}
    assert {f"mailto:{jonas.user.email}", f"mailto:{lene.email}", "mailto:bp@example.org"} <= (
        written
    )


def test_a_mentor_sees_contact_details_of_nobody_else(client, rasmus):
    elsewhere = CoordinatorFactory(municipalities=["0461"], user__phone="66 66 66 66")
    stranger = MentorFactory(user__phone="55 55 55 55")
    PairFactory(enrolment__post_release=True, seat1=stranger)
    AuthorityContactFactory(phone="44 44 44 44")
    soup = people(client, rasmus)
    assert not {"tel:+4566666666", "tel:+4555555555", "tel:+4544444444"} & set(calls(soup))
    assert elsewhere.user.email not in soup.text


def test_a_mentor_and_a_coordinator_keep_the_same_list(client, client_for, rasmus, karen):
    assert add(client, rasmus).status_code == 302
    contact = AuthorityContact.objects.get()
    assert (contact.enrolment, contact.added_by) == (rasmus, karen.user)
    coordinator = client_for(CoordinatorFactory())
    changed = {"authority": "bank", "name": "Bent", "phone": "", "email": "b@example.org"}
    coordinator.post(reverse("contact", args=[contact.pk]), changed)
    contact.refresh_from_db()
    assert (contact.authority, contact.name, contact.phone) == ("bank", "Bent", "")
    assert contact.added_by == karen.user
    for _ in range(2):
        data = {"contact": contact.pk}
        gone = client.post(reverse("contact_remove", args=[rasmus.pk]), data, follow=True)
        assert gone.status_code == 200
    assert not AuthorityContact.objects.exists()
    events = AccessEntry.objects.filter(object_id=contact.pk, object_type__endswith="contact")
    written = {row.event for row in events if row.event != Event.READ}
    assert written == {Event.CREATE, Event.CHANGE, Event.DELETE}
    assert {row.object_label for row in events} == {rasmus.case_number}


def test_a_double_tap_adds_one_contact(client, rasmus):
    token = str(uuid.uuid4())
    for _ in range(3):
        assert add(client, rasmus, token=token).status_code == 302
    assert AuthorityContact.objects.count() == 1
    changed = add(client, rasmus, token=token, name="En anden")
    assert AuthorityContact.objects.count() == 1
    soup = BeautifulSoup(changed.content, "html.parser")
    assert soup.select_one("#id_name")["value"] == "En anden"
    add(client, rasmus, token=soup.select_one("[name=token]")["value"], name="En anden")
    assert AuthorityContact.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"authority": ""}, "authority"),
        ({"authority": "invented"}, "authority"),
        ({"phone": "spørg i receptionen"}, "phone"),
        ({"phone": "", "email": ""}, "phone"),
        ({"email": "ikke en mail"}, "email"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_a_wrong_answer_is_told_beside_the_field_and_nothing_is_lost(
    client, rasmus, changes, field
):
    response = add(client, rasmus, **{"note": "Træffes 9–12", **changes})
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one(f"#id_{field}_error")
    assert soup.select_one("#id_note")["value"] == changes.get("note", "Træffes 9–12")
    assert not AuthorityContact.objects.exists()


def test_a_refused_change_leaves_the_contact_as_it_was(client, rasmus):
    contact = AuthorityContactFactory(enrolment=rasmus)
    path = reverse("contact", args=[contact.pk])
    client.post(path, {"authority": "bank", "name": "", "phone": "70102030"})
    contact.refresh_from_db()
    assert (contact.name, contact.authority) == ("Birgit Prøvesen", "job_centre")


def test_no_contact_of_another_enrolment_is_removed(client, rasmus):
    other = AuthorityContactFactory()
    path = reverse("contact_remove", args=[rasmus.pk])
    for number in (other.pk, "rubbish"):
        assert client.post(path, {"contact": number}).status_code == 302
    assert AuthorityContact.objects.filter(pk=other.pk).exists()


def test_the_contacts_of_an_ended_enrolment_are_read_and_not_changed(client_for):
    enrolment = EnrolmentFactory(ended=True)
    contact = AuthorityContactFactory(enrolment=enrolment)
    client = client_for(CoordinatorFactory())
    assert contact.name in people(client, enrolment).text
    assert client.get(reverse("contact", args=[contact.pk])).status_code == 404
    assert add(client, enrolment).status_code == 404


def test_address_of_a_contact_writes_to_that_address_alone(client, rasmus):
    assert add(client, rasmus, email="a?bcc=b@example.org").status_code == 302
    mails = {a["href"] for a in people(client, rasmus).select('a[href^="mailto:"]')}
    assert "mailto:a%3Fbcc%3Db@example.org" in mails
