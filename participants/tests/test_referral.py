"""The referral, step by step, as a coordinator fills it in."""

import threading
import uuid
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from mentoring.tests.factories import PairFactory
from participants.models import Consent, Enrolment, Participant
from participants.tests.factories import (
    ELSEWHERE,
    HOME,
    CoordinatorFactory,
    EnrolmentFactory,
    in_days,
)
from participants.tests.referrals import STEPS, URL, errors_of, filled, page_of
from primus.access.models import AccessEntry, Event
from primus.accounts.form_proofs import issue


def test_it_is_asked_step_by_step_and_nothing_is_lost_on_the_way(coordinator_client, coordinator):
    whole = filled(coordinator=coordinator.pk)
    page = coordinator_client.get(URL)
    for step in STEPS:
        assert page.context["step"] == step
        fields = {name: whole[name] for name in page.context["form"].fields if name in whole}
        page = coordinator_client.post(URL, page_of(page) | fields | {"go": "next"})
    assert page.context["step"] == "summary"
    words = " ".join(text for _, _, rows in page.context["parts"] for _, text in rows)
    for text in ("Kevin", "Aagaard", "somali", "Gerne en, der kender til byggefaget.", "Aarhus"):
        assert text in words
    # Back to a part from the summary, without changing it, and on again.
    back = coordinator_client.post(URL, page_of(page) | {"go": "release"})
    assert back.context["step"] == "release"
    assert back.context["form"]["postcode"].value() == "8000"
    again = coordinator_client.post(
        URL,
        page_of(back)
        | {"go": "summary", "institution": whole["institution"], "municipality": HOME},
    )
    assert again.context["step"] == "summary"
    saved = coordinator_client.post(URL, page_of(again) | {"go": "save"})
    assert saved.url == reverse("enrolment", args=[Enrolment.objects.get().pk])
    assert Enrolment.objects.get().wishes == whole["wishes"]


def test_going_back_keeps_what_is_not_right_yet(coordinator_client):
    half = {"step": "release", "typed": ["person", "release"], "tried": "person", "go": "back"}
    page = coordinator_client.post(URL, filled(**half, expected_release="31.2.2027"))
    assert page.context["step"] == "person"
    assert not errors_of(page)
    assert page_of(page)["expected_release"] == ["31.2.2027"]


def test_it_saves_the_person_the_enrolment_and_the_consents(send, coordinator):
    response = send()
    enrolment = Enrolment.objects.get()
    assert response.url == reverse("enrolment", args=[enrolment.pk])
    person = enrolment.participant
    assert (person.get_full_name(), person.birth_date) == ("Kevin Aagaard", date(1990, 5, 17))
    assert person.languages == ["da", "so"]
    assert enrolment.municipality_id == HOME
    assert enrolment.expected_release == in_days(60)
    assert (enrolment.created_by, enrolment.coordinator) == (coordinator.user, coordinator)
    assert (enrolment.source, enrolment.trade) == ("prison", "construction")
    assert enrolment.wished_times == ["weekday_evening"]
    given = set(Consent.objects.values_list("kind", "form", "given_on"))
    # What has no day of its own was given on the day of the first.
    assert given == {("participation", "written", in_days(-3)), ("offences", "oral", in_days(-3))}
    logged = AccessEntry.objects.filter(event=Event.CREATE)
    assert sorted(logged.values_list("object_type", flat=True)) == [
        "participants.enrolment",
        "participants.participant",
    ]


@pytest.mark.parametrize(
    ("step", "field", "value"),
    [
        ("person", "birth_date", in_days(-14 * 365).isoformat()),
        ("person", "birth_date", "0202-05-17"),
        ("person", "birth_date", "31-02-1990"),
        ("person", "first_name", "  "),
        ("person", "first_name", "Ke\x00vin"),
        ("person", "last_name", "x" * 10_000),
        ("person", "phone", "ring"),
        ("person", "languages", []),
        ("person", "languages", ["xx"]),
        ("release", "expected_release", in_days(-4).isoformat()),
        ("release", "expected_release", in_days(5 * 366 + 2).isoformat()),
        ("release", "referred_on", in_days(1).isoformat()),
        ("release", "postcode", "80 00"),
        ("release", "municipality", ELSEWHERE),
        ("release", "municipality", "\x00"),
        ("release", "institution", "9" * 40),
        ("release", "release_kind", "escaped"),
        ("wishes", "wished_times", ["at night"]),
        ("wishes", "trade", "alchemy"),
        ("wishes", "wishes", "å" * 10_000),
        ("consents", "consent_participation_on", ""),
        ("consents", "consent_participation_on", "31.2.2026"),
        ("consents", "consent_offences_on", in_days(1).isoformat()),
        ("consents", "consent_participation", ""),
        ("consents", "source", ""),
        ("consents", "coordinator", "0"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_on_its_step(send, step, field, value):
    response = send(**{field: value})
    assert response.status_code == 200
    assert response.context["step"] == step
    assert field in errors_of(response)
    assert f'id="id_{field}_error"' in response.content.decode()
    assert not Participant.objects.exists()
    if field != "wishes":
        assert "Gerne en, der kender til byggefaget." in response.content.decode()


def test_a_change_in_one_step_can_make_another_wrong(send):
    response = send(birth_date=in_days(-16 * 365).isoformat(), referred_on=in_days(-9 * 365))
    assert response.status_code == 302
    response = send(
        token=str(uuid.uuid4()),
        first_name="Ida",
        birth_date=in_days(-16 * 365).isoformat(),
        consent_participation_on=in_days(-17 * 365).isoformat(),
    )
    assert response.context["step"] == "consents"


def test_only_own_municipalities_and_their_coordinators_are_offered(coordinator_client, send):
    colleague, stranger = CoordinatorFactory(), CoordinatorFactory(municipalities=[ELSEWHERE])
    page = send(step="person", go="next")
    assert [code for code, _ in page.context["form"].fields["municipality"].choices] == [HOME]
    response = send(coordinator=stranger.pk)
    assert list(errors_of(response)) == ["coordinator"]
    assert stranger.user.last_name not in response.content.decode()
    send(coordinator=colleague.pk)
    assert Enrolment.objects.get().coordinator == colleague


def test_a_coordinator_without_a_municipality_is_told_so(client_for):
    page = client_for(CoordinatorFactory(municipalities=[])).get(URL)
    assert page.context["has_places"] is False


@pytest.mark.parametrize(
    ("outcome", "reason", "detail"),
    [
        ("not_eligible:release_far", "not_eligible", "release_far"),
        ("declined:no_consent", "declined", "no_consent"),
    ],
)
def test_a_referral_can_come_to_nothing_and_then_little_is_kept(send, outcome, reason, detail):
    far = in_days(9 * 366).isoformat()
    asked = send(step="release", go="turn_down", expected_release=far)
    assert asked.context["step"] == "turn_down"
    closing = {"step": "turn_down", "go": "next", "expected_release": far}
    assert list(errors_of(send(**closing, outcome="", ended_on=""))) == ["outcome", "ended_on"]
    assert errors_of(send(**closing, outcome=outcome, ended_on=in_days(1)))["ended_on"]
    assert errors_of(send(**closing, outcome="completed:", ended_on=in_days(0)))["outcome"]
    send(**closing, outcome=outcome, ended_on=in_days(-1), consent_participation="")
    found = Enrolment.objects.get()
    assert (found.ended_on, found.end_reason, found.end_detail) == (in_days(-1), reason, detail)
    assert (found.wishes, found.wished_times, found.trade) == ("", [], "")
    assert (found.participant.phone, found.participant.postcode) == ("", "")
    assert not found.consents.exists()
    assert found.endings.get().reason == reason
    assert list(Enrolment.objects.taken_in()) == []


def close(client, enrolment, **more):
    """Both steps of ending an enrolment as declined."""
    url = reverse("enrolment_end", args=[enrolment.pk])
    data = {"end_reason": "declined", "declined": "no_wish", "ended_on": in_days(0), **more}
    page = client.post(url, data)
    shown = page.context.get("mark")
    return client.post(url, data | {"shown": shown}) if shown else page


def test_a_referral_that_waits_can_be_turned_down_later(coordinator_client):
    enrolment = EnrolmentFactory(wishes="Gerne om aftenen.", wished_times=["weekday_evening"])
    close(coordinator_client, enrolment, closing_note="Han har sin bror.")
    enrolment.refresh_from_db()
    assert (enrolment.end_reason, enrolment.end_detail) == ("declined", "no_wish")
    assert (enrolment.wishes, enrolment.wished_times) == ("", [])
    assert enrolment.endings.get().closing_note == ""


@pytest.mark.parametrize("how", ["released", "paired"])
def test_whoever_was_taken_in_drops_out_and_is_not_turned_down(coordinator_client, how):
    enrolment = EnrolmentFactory(post_release=how == "released")
    if how == "paired":
        PairFactory(enrolment=enrolment)
    answer = close(coordinator_client, enrolment)
    assert list(errors_of(answer)) == ["end_reason"]
    assert list(Enrolment.objects.taken_in()) == [enrolment]


def test_the_same_form_sent_twice_saves_once(send):
    token = str(uuid.uuid4())
    first, second = send(token=token), send(token=token)
    assert first.url == second.url
    assert Enrolment.objects.count() == Participant.objects.count() == 1


def test_whoever_is_signed_out_meanwhile_gets_back_what_they_typed(client_for, coordinator):
    token = str(uuid.uuid4())
    typed = filled(token=token, proof=issue(coordinator.user, token))
    given_back = client_for().post(URL, typed)
    assert given_back.status_code == 403
    kept = page_of(given_back)
    assert kept["wishes"] == [typed["wishes"]]
    # Sent again after signing in it is as it was, and not saved unasked.
    page = client_for(coordinator).post(URL, kept | {"coordinator": coordinator.pk})
    assert page.context["step"] == "summary"
    assert not Enrolment.objects.exists()
    # Nobody else gets it: neither a form of somebody's making nor another reader.
    assert client_for().post(URL, typed | {"proof": "x"}).status_code == 302
    other = client_for(CoordinatorFactory()).post(URL, kept, follow=True)
    assert typed["wishes"] not in other.content.decode()
    strict = client_for(coordinator, enforce_csrf_checks=True)
    assert page_of(strict.post(URL, typed))["wishes"] == [typed["wishes"]]


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_saves_once(client_for):
    coordinator = CoordinatorFactory()
    data = filled(coordinator=coordinator.pk)
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
