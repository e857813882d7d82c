"""What a participant says yes to and takes back, and that nothing on offences is kept without."""

import pytest
from django.urls import reverse

from outcomes.models import FollowUp, Reoffence
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory
from participants.consents import ConsentRefused, has_consent, require
from participants.models import Consent, ConsentKind
from participants.tests.factories import ConsentFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


def page_of(enrolment) -> str:
    return reverse("enrolment_consents", args=[enrolment.pk])


def take_back(client, consent, day=0):
    url = reverse("consent_withdraw", args=[consent.pk])
    return client.post(url, {"withdrawn_on": in_days(day).isoformat()})


def test_one_is_given_taken_back_and_given_again(coordinator_client, coordinator_user):
    enrolment = EnrolmentFactory()
    yes = {"kind": "municipality", "form": "oral", "given_on": in_days(-2).isoformat()}
    coordinator_client.post(page_of(enrolment), yes)
    first = enrolment.consents.get()
    assert (first.form, first.given_on, first.recorded_by) == (
        "oral",
        in_days(-2),
        coordinator_user,
    )
    # One that is in force is not offered again.
    assert coordinator_client.post(page_of(enrolment), yes).context["form"].errors["kind"]

    assert take_back(coordinator_client, first, -1).url == page_of(enrolment)
    first.refresh_from_db()
    assert (first.withdrawn_on, first.withdrawal_recorded_by) == (in_days(-1), coordinator_user)
    assert take_back(coordinator_client, first).status_code == 302
    coordinator_client.post(page_of(enrolment), yes | {"given_on": in_days(0).isoformat()})
    # Both stand in the history.
    assert enrolment.consents.count() == 2
    assert len(coordinator_client.get(page_of(enrolment)).context["kinds"][1]["before"]) == 1
    logged = AccessEntry.objects.filter(object_type="participants.consent")
    events = [Event.CREATE, Event.READ, Event.CHANGE, Event.READ, Event.CREATE]
    assert list(logged.order_by("pk").values_list("event", flat=True)) == events


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "everything"),
        ("form", "telepathy"),
        ("given_on", in_days(1).isoformat()),
        ("given_on", "31.2.2026"),
        ("given_on", "0202-01-01"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(coordinator_client, field, value):
    enrolment = EnrolmentFactory()
    yes = {"kind": "research", "form": "oral", "given_on": in_days(0).isoformat(), field: value}
    answer = coordinator_client.post(page_of(enrolment), yes)
    assert list(answer.context["form"].errors) == [field]
    assert not enrolment.consents.exists()


@pytest.mark.parametrize("day", [1, -31])
def test_it_is_not_taken_back_before_it_was_given_or_ahead(coordinator_client, day):
    consent = ConsentFactory()
    assert take_back(coordinator_client, consent, day).context["form"].errors["withdrawn_on"]
    assert Consent.objects.in_force().get() == consent


def test_without_the_yes_to_taking_part_the_enrolment_is_to_be_ended(coordinator_client):
    consent = ConsentFactory()
    answer = take_back(coordinator_client, consent)
    assert answer.url == reverse("enrolment_end", args=[consent.enrolment_id])
    assert coordinator_client.get(page_of(consent.enrolment)).context["must_end"]


def test_it_holds_from_the_day_it_was_given_until_it_was_taken_back():
    consent = ConsentFactory(given_on=in_days(-9), withdrawn_on=in_days(-3))
    enrolment, kind = consent.enrolment, consent.kind
    held = [day for day in range(-12, 1) if has_consent(enrolment, kind, in_days(day))]
    assert held == list(range(-9, -3))
    with pytest.raises(ConsentRefused, match="missing_offences"):
        require([enrolment], ConsentKind.OFFENCES)


def test_nothing_on_offences_is_kept_without_consent():
    enrolment = EnrolmentFactory(past_year=True)
    row = FollowUp(enrolment=enrolment, register_date=in_days(0))
    for write in (row.save, lambda: FollowUp.objects.bulk_create([row])):
        with pytest.raises(ConsentRefused, match="missing_offences"):
            write()
    follow_up = FollowUpFactory()
    Consent.objects.update(withdrawn_on=in_days(0))
    with pytest.raises(ConsentRefused, match="missing_offences"):
        ReoffenceFactory(follow_up=follow_up)
    assert not FollowUp.objects.filter(enrolment=enrolment).exists()


def test_what_is_kept_on_offences_goes_when_the_consent_is_taken_back(coordinator_client):
    reoffence, other = ReoffenceFactory(), ReoffenceFactory()
    consent = reoffence.follow_up.enrolment.consents.get()
    take_back(coordinator_client, consent)
    assert Reoffence.objects.get() == other
    assert FollowUp.objects.get() == other.follow_up
