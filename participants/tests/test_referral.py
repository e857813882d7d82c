"""The referral form, as a coordinator uses it."""

import threading
import uuid
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from participants.models import Consent, Enrolment, Institution, Participant
from participants.tests.factories import (
    ELSEWHERE,
    HOME,
    CoordinatorFactory,
    EnrolmentFactory,
    ParticipantFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event

URL = "/enrolments/new/"


def filled(**changes) -> dict:
    data = {
        "token": str(uuid.uuid4()),
        "first_name": "Kevin",
        "last_name": "Aagaard",
        "birth_date": "17.05.1990",
        "gender": "male",
        "languages": ["da", "so"],
        "phone": "12 34 56 78",
        "email": "",
        "postcode": "8000",
        "municipality": HOME,
        "institution": str(Institution.objects.earliest("name").pk),
        "referred_on": in_days(-3).isoformat(),
        "expected_release": in_days(60).strftime("%d-%m-%Y"),
        "release_kind": "parole",
        "gender_wish": "male",
        "wishes": "Gerne en, der kender til byggefaget.",
        "consent_given_on": in_days(-3).isoformat(),
        "consent_form": "written",
    }
    return data | changes


def errors_of(response) -> dict:
    return response.context["form"].errors


def test_it_saves_the_person_the_enrolment_and_the_consent(coordinator_client, coordinator_user):
    response = coordinator_client.post(URL, filled())
    enrolment = Enrolment.objects.get()
    assert response.url == reverse("enrolment", args=[enrolment.pk])
    person = enrolment.participant
    assert (person.get_full_name(), person.birth_date) == ("Kevin Aagaard", date(1990, 5, 17))
    assert person.languages == ["da", "so"]
    assert enrolment.municipality_id == HOME
    assert enrolment.expected_release == in_days(60)
    assert enrolment.created_by == coordinator_user
    consent = Consent.objects.get(enrolment=enrolment)
    assert (consent.kind, consent.form, consent.given_on) == (
        "participation",
        "written",
        in_days(-3),
    )
    logged = AccessEntry.objects.filter(event=Event.CREATE)
    assert sorted(logged.values_list("object_type", flat=True)) == [
        "participants.enrolment",
        "participants.participant",
    ]


@pytest.mark.parametrize("written", ["12.03.1987", "12-03-1987", "1987-03-12"])
def test_days_are_understood_as_danes_write_them(coordinator_client, written):
    coordinator_client.post(URL, filled(birth_date=written))
    assert Participant.objects.get().birth_date == date(1987, 3, 12)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", in_days(-14 * 365).isoformat()),
        ("birth_date", "1890-01-01"),
        ("birth_date", "31-02-1990"),
        ("birth_date", ""),
        ("first_name", "  "),
        ("expected_release", in_days(-4).isoformat()),
        ("expected_release", in_days(5 * 366 + 2).isoformat()),
        ("referred_on", in_days(1).isoformat()),
        ("postcode", "80 00"),
        ("postcode", "99"),
        ("phone", "ring"),
        ("languages", []),
        ("languages", ["xx"]),
        ("municipality", ELSEWHERE),
        ("institution", "0"),
        ("consent_given_on", ""),
        ("consent_given_on", in_days(1).isoformat()),
        ("consent_form", ""),
        ("release_kind", "escaped"),
        ("token", "no token"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_lost(
    coordinator_client, field, value
):
    response = coordinator_client.post(URL, filled(**{field: value}))
    assert response.status_code == 200
    assert list(errors_of(response)) == [field]
    assert not Participant.objects.exists()
    page = response.content.decode()
    assert "Gerne en, der kender til byggefaget." in page
    if field != "token":
        assert f'id="id_{field}_error"' in page


def test_only_own_municipalities_are_offered(coordinator_client):
    form = coordinator_client.get(URL).context["form"]
    assert [code for code, _ in form.fields["municipality"].choices] == [HOME]


def test_a_coordinator_without_a_municipality_is_told_so(client_for):
    page = client_for(CoordinatorFactory(municipalities=[])).get(URL)
    assert page.context["has_places"] is False


def test_someone_in_the_programme_now_is_named_with_a_link(coordinator_client):
    there = EnrolmentFactory(
        participant=ParticipantFactory(first_name="Kevin", last_name="Aagaard")
    )
    response = coordinator_client.post(URL, filled(first_name=" kevin ", last_name="AAGAARD"))
    assert "Kevin Aagaard" in errors_of(response)["first_name"][0]
    assert reverse("enrolment", args=[there.pk]) in response.content.decode()
    assert Enrolment.objects.get() == there
    assert AccessEntry.objects.filter(event=Event.READ, object_id=there.pk).exists()


def test_someone_from_before_gets_a_new_enrolment_when_that_is_confirmed(coordinator_client):
    before = EnrolmentFactory(
        ended=True, participant=ParticipantFactory(first_name="Kevin", last_name="Aagaard")
    )
    asked = coordinator_client.post(URL, filled(phone="87 87 87 87"))
    assert list(errors_of(asked)) == ["same_person"]
    number = str(before.participant_id)
    assert f'value="{number}"' in asked.content.decode()
    assert "Det er samme person: Opret et nyt forløb" in asked.content.decode()
    # Ticked for somebody else is not ticked.
    assert errors_of(coordinator_client.post(URL, filled(same_person="999999")))

    coordinator_client.post(URL, filled(phone="87 87 87 87", same_person=number))
    new = Enrolment.objects.exclude(pk=before.pk).get()
    assert new.participant_id == before.participant_id
    assert new.participant.phone == "87 87 87 87"
    before.refresh_from_db()
    assert before.ended_on == in_days(-135)


def test_someone_elsewhere_is_not_given_away(coordinator_client):
    EnrolmentFactory(
        municipality_id=ELSEWHERE,
        participant=ParticipantFactory(first_name="Kevin", last_name="Aagaard"),
    )
    response = coordinator_client.post(URL, filled())
    assert response.status_code == 302
    assert Participant.objects.count() == 2


def test_someone_from_before_who_is_elsewhere_now_is_not_given_away_either(coordinator_client):
    person = ParticipantFactory(first_name="Kevin", last_name="Aagaard")
    EnrolmentFactory(ended=True, participant=person)
    EnrolmentFactory(municipality_id=ELSEWHERE, participant=person)
    asked = coordinator_client.post(URL, filled())
    assert list(errors_of(asked)) == ["same_person"]
    response = coordinator_client.post(URL, filled(same_person=str(person.pk)))
    assert response.status_code == 302
    assert Participant.objects.count() == 2


def test_the_same_form_sent_twice_saves_once(coordinator_client):
    data = filled()
    first = coordinator_client.post(URL, data)
    second = coordinator_client.post(URL, data)
    assert first.url == second.url
    assert Enrolment.objects.count() == Participant.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_saves_once(client_for):
    coordinator = CoordinatorFactory()
    data = filled()
    barrier = threading.Barrier(2)
    urls = []

    def send():
        client = client_for(coordinator)
        barrier.wait(10)
        urls.append(client.post(URL, data).url)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(urls)) == 1
    assert len(urls) == 2
    assert Enrolment.objects.count() == Participant.objects.count() == 1
