"""Whoever looks like somebody known: suggested, asked about, and not given away."""

import pytest
from django.urls import reverse

from participants.models import Enrolment, Participant
from participants.tests.factories import ELSEWHERE, EnrolmentFactory, ParticipantFactory, in_days
from participants.tests.referrals import errors_of, page_of
from primus.access.models import AccessEntry, Event

ALIKE = "/enrolments/new/alike/"


@pytest.fixture
def kevin():
    return ParticipantFactory(first_name="Kevin", last_name="Aagaard")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (("Kevin", "Aagaard", "1990-05-17"), True),
        (("kewin", "Ågård", "17.05.1990"), True),
        (("Aagaard", "Kevin", "1990-05-17"), True),
        (("Kevin", "Aagaard", "1990-05-18"), True),
        (("Kevin", "Aagaard", "1980-05-17"), True),
        (("Kevin", "Nørremark", "1990-05-17"), True),
        (("Kevin", "Nørremark", "1990-05-18"), False),
        (("Kevin", "Aagaard", "1985-03-12"), False),
        (("Bo", "Holm", "1990-05-17"), False),
        (("Kevin", "", "1990-05-17"), False),
        (("Kevin", "Aagaard", "1990-05"), False),
    ],
)
def test_who_looks_alike_is_suggested_while_typing(coordinator_client, kevin, typed, found):
    EnrolmentFactory(ended=True, participant=kevin)
    names = dict(zip(("first_name", "last_name", "birth_date"), typed, strict=True))
    page = coordinator_client.post(ALIKE, names)
    assert (str(kevin) in page.content.decode()) is found
    logged = AccessEntry.objects.filter(event=Event.SEARCH)
    assert [typed[1] in row.detail for row in logged] == [True] * found
    # What is shown already is neither sent nor logged again.
    again = coordinator_client.post(ALIKE, names | {"shown": str(kevin.pk) if found else ""})
    assert again.status_code == (204 if found else 200)
    assert logged.count() == found


def test_it_asks_the_database_as_much_with_many_alike_as_with_one(send, kevin, query_budget):
    EnrolmentFactory(ended=True, participant=kevin)
    send(step="person", go="next")
    with query_budget(20) as one:
        send(step="person", go="next")
    for born in ("1990-05-17", "1990-05-18", "1990-05-11", "1991-05-17"):
        for spelt in ("Kewin", "Kevin"):
            known = ParticipantFactory(first_name=spelt, last_name="Aagård", birth_date=born)
            EnrolmentFactory(participant=known)
    with query_budget(20) as many:
        send(step="person", go="next")
    assert len(many) == len(one)
    with query_budget(35) as whole:
        send(first_name="Ida", last_name="Holm")
    assert Enrolment.objects.filter(participant__first_name="Ida").exists(), whole


def test_day_and_month_the_other_way_round_look_alike(coordinator_client):
    person = ParticipantFactory(first_name="Kevin", last_name="Aagaard", birth_date="1990-05-07")
    EnrolmentFactory(ended=True, participant=person)
    typed = {"first_name": "Kevin", "last_name": "Aagaard", "birth_date": "1990-07-05"}
    assert str(person) in coordinator_client.post(ALIKE, typed).content.decode()


def test_someone_in_the_programme_now_is_named_with_a_link(send, kevin):
    there = EnrolmentFactory(participant=kevin)
    response = send(first_name=" kevin ", last_name="AAGAARD")
    assert list(errors_of(response)) == ["same_person"]
    assert reverse("enrolment", args=[there.pk]) in response.content.decode()
    assert errors_of(send(same_person=str(kevin.pk)))["same_person"]
    assert Enrolment.objects.get() == there
    assert AccessEntry.objects.filter(event=Event.SEARCH, detail__contains=there.pk).exists()


def test_someone_from_before_gets_a_new_enrolment_when_that_is_said(send, kevin):
    before = EnrolmentFactory(ended=True, participant=kevin)
    asked = send(last_name="Ågaard", step="person", go="next")
    assert list(errors_of(asked)) == ["same_person"]
    # Said of somebody who does not look alike, it is not said.
    assert errors_of(send(last_name="Ågaard", same_person="999999"))
    chosen = send(
        last_name="Ågaard",
        step="person",
        choose=str(kevin.pk),
        gender="",
        email="",
        phone="87 87 87 87",
    )
    assert chosen.context["step"] == "release"
    carried = page_of(chosen)
    assert (carried["gender"], carried["last_name"]) == (["male"], ["Aagaard"])

    send(phone="87 87 87 87", same_person=str(kevin.pk))
    new = Enrolment.objects.exclude(pk=before.pk).get()
    assert new.participant == kevin
    assert new.participant.phone == "87 87 87 87"
    before.refresh_from_db()
    assert before.ended_on == in_days(-135)


def test_somebody_else_of_the_same_name_is_somebody_else(send, kevin):
    EnrolmentFactory(participant=kevin)
    page = send(step="person", choose="other")
    assert page.context["step"] == "release"
    answer = page_of(page)["same_person"][0]
    # Not for whoever comes to look alike later.
    another = ParticipantFactory(first_name="Kewin", last_name="Aagaard")
    EnrolmentFactory(participant=another)
    assert errors_of(send(same_person=answer))
    assert send(same_person=f"{answer},{another.pk}").status_code == 302
    assert Participant.objects.count() == 3


def test_someone_elsewhere_is_not_given_away(send, kevin):
    EnrolmentFactory(municipality_id=ELSEWHERE, participant=kevin)
    assert send().status_code == 302
    assert Participant.objects.count() == 2


def test_someone_from_before_who_is_elsewhere_now_is_not_given_away_either(send, kevin):
    EnrolmentFactory(ended=True, participant=kevin)
    EnrolmentFactory(municipality_id=ELSEWHERE, participant=kevin)
    assert send(same_person=str(kevin.pk)).status_code == 302
    assert Participant.objects.count() == 2
