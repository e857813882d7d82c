"""Noting at the same moment as somebody else, on a database that really lets them."""

import pytest
from django.urls import reverse

from outcomes.models import FollowUp, Reoffence
from participants.models import Consent, ConsentKind
from participants.tests.factories import ConsentFactory, EnrolmentFactory, in_days
from primus.testing.threads import codes_at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def followed():
    enrolment = EnrolmentFactory(past_year=True)
    ConsentFactory(enrolment=enrolment, kind=ConsentKind.OFFENCES)
    return enrolment


def test_of_those_who_note_at_once_one_does_and_the_others_are_told(
    client_for, coordinator, followed
):
    page = reverse("followup", args=[followed.pk])
    clients = [client_for(coordinator.user) for _ in range(6)]
    days = [in_days(-number) for number in range(6)]
    codes = codes_at_once(
        *[
            lambda client=client, day=day: client.post(page, {"register_date": day, "seen": ""})
            for client, day in zip(clients, days, strict=True)
        ]
    )
    assert sorted(codes) == [200] * 5 + [302]
    row = FollowUp.objects.get()
    add = reverse("reoffence_create", args=[row.pk])
    said = {"offence_on": in_days(-300), "convicted_on": in_days(-200), "sanction": "fine"}
    codes = codes_at_once(*[lambda client=client: client.post(add, said) for client in clients])
    assert sorted(codes) == [200] * 5 + [302]
    assert Reoffence.objects.count() == 1


def test_nothing_is_left_of_what_is_noted_while_the_consent_is_taken_back(
    client_for, coordinator, followed
):
    page = reverse("followup", args=[followed.pk])
    for _ in range(4):
        consent = Consent.objects.get(enrolment=followed, withdrawn_on=None)
        back = reverse("consent_withdraw", args=[consent.pk])
        codes = codes_at_once(
            lambda: client_for(coordinator.user).post(page, {"register_date": in_days(-1)}),
            lambda back=back: client_for(coordinator.user).post(back, {"withdrawn_on": in_days(0)}),
        )
        assert codes == [302, 302]
        assert not FollowUp.objects.exists()
        ConsentFactory(enrolment=followed, kind=ConsentKind.OFFENCES)
