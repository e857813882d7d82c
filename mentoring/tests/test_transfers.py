"""Moving an enrolment to another institution, municipality or coordinator: access follows."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from mentoring.letters import send_letters
from mentoring.models import Letter, PairProposal, ProposalState, Seat
from mentoring.tests.desk_factories import PairProposalFactory
from mentoring.tests.factories import ConcernFactory, PairFactory
from participants.models import ChangeKind, EnrolmentChange, Institution
from participants.tests.factories import (
    ELSEWHERE,
    CoordinatorFactory,
    CoordinatorNoteFactory,
    EnrolmentFactory,
    in_days,
)
from participants.transfers import Place, TransferRefused
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


def url(name, enrolment) -> str:
    return reverse(name, args=[enrolment.pk])


@pytest.fixture
def here(coordinator):
    enrolment = EnrolmentFactory(pre_release=True, coordinator=coordinator)
    PairFactory(enrolment=enrolment)
    return enrolment


@pytest.fixture
def there():
    return CoordinatorFactory(municipalities=[ELSEWHERE])


def data(enrolment, **more) -> dict:
    return {"seen": str(Place.of(enrolment)), "note": "", **more}


def to_odense(client, enrolment, receiver, **more):
    return client.post(
        f"{url('municipality_move', enrolment)}?to={ELSEWHERE}",
        data(enrolment, coordinator=receiver.pk, **more),
    )


def test_a_move_to_another_institution_is_kept_with_the_day_and_who(
    coordinator_client, coordinator_user, here
):
    new = Institution.objects.exclude(pk=here.institution_id).latest("name")
    sent = data(here, institution=new.pk, on=in_days(-3).isoformat(), note="Ring til vagten")
    coordinator_client.post(url("institution_move", here), sent)
    here.refresh_from_db()
    assert here.institution == new
    change = EnrolmentChange.objects.get()
    assert (change.kind, change.after) == (ChangeKind.INSTITUTION, new.name)
    assert (change.effective_on, change.changed_by) == (in_days(-3), coordinator_user)
    # Sent again by a page that is out of date, it changes nothing.
    again = coordinator_client.post(url("institution_move", here), sent)
    assert again.status_code == 200
    assert EnrolmentChange.objects.count() == 1
    ahead = data(here, institution=Institution.objects.earliest("name").pk)
    later = coordinator_client.post(
        url("institution_move", here), ahead | {"on": in_days(1).isoformat()}
    )
    assert list(later.context["form"].errors) == ["on"]


def test_one_who_is_released_moves_to_no_institution(coordinator_client, coordinator):
    released = EnrolmentFactory(post_release=True)
    answer = coordinator_client.get(url("institution_move", released))
    assert answer.url == url("enrolment", released)
    ways = coordinator_client.get(url("municipality_move", released)).context["ways"]
    assert [way.url_name for way in ways] == ["municipality_move", "coordinator_change"]


def test_access_follows_to_the_other_municipality_at_once(
    coordinator_client, coordinator, there, here, client_for
):
    note = CoordinatorNoteFactory(enrolment=here)
    concern = ConcernFactory(enrolment=here)
    asked = PairProposalFactory(enrolment=here)
    step = coordinator_client.get(url("municipality_move", here), {"to": ELSEWHERE})
    assert step.context["nobody"] == ""
    mentor = here.pairs.get().seats.first().mentor
    assert mentor.user.first_name in step.text
    done = to_odense(coordinator_client, here, there, note="Hun vil bo hos sin søster", postcode="")
    here.refresh_from_db()
    assert (here.municipality_id, here.coordinator) == (ELSEWHERE, there)
    assert here.participant.postcode == ""

    receipt = coordinator_client.get(done.url)
    assert receipt.status_code == 200
    assert here.participant.first_name not in receipt.text
    for name in ("enrolment", "enrolment_timeline", "municipality_move", "enrolment_end"):
        assert coordinator_client.get(url(name, here)).status_code == 404
    theirs = client_for(there)
    page = theirs.get(url("enrolment", here)).text
    assert "Hun vil bo hos sin søster" in page
    assert note.text in page
    # The mentors stay until others have been found.
    assert client_for(mentor).get(url("enrolment", here)).status_code == 200
    assert Seat.objects.held().count() == 2
    asked.refresh_from_db()
    assert (asked.state, asked.overtaken_by) == (ProposalState.OVERTAKEN, "elsewhere")
    assert not PairProposal.objects.open().exists()
    assert Letter.objects.filter(concern=concern, recipient=there.user).exists()
    # Both municipalities' logs say so.
    moved = AccessEntry.objects.filter(event=Event.CHANGE, detail__contains="municipality")
    assert set(moved.values_list("municipality_code", flat=True)) == {"0751", ELSEWHERE}
    # Where it goes from there is no longer theirs to know.
    colleague = CoordinatorFactory(municipalities=[ELSEWHERE])
    theirs.post(url("coordinator_change", here), data(here, coordinator=colleague.pk))
    assert coordinator_client.get(done.url).status_code == 404


def test_the_new_coordinator_is_told_without_names(coordinator_client, there, here):
    to_odense(coordinator_client, here, there, note="Hun vil bo hos sin søster")
    send_letters()
    told = [letter for letter in mail.outbox if letter.to == [there.user.email]]
    assert len(told) == 1
    text = told[0].subject + told[0].body
    assert url("enrolment", here) in text
    for secret in (here.participant.first_name, here.participant.last_name, "søster"):
        assert secret not in text
    assert not re.search(r"P-0", text)


def test_who_coordinates_in_both_keeps_seeing_it(client_for, here):
    both = CoordinatorFactory(municipalities=["0751", ELSEWHERE])
    client = client_for(both)
    done = to_odense(client, here, both)
    assert client.get(done.url).context["still"]
    assert client.get(url("enrolment", here)).status_code == 200
    # One tells oneself nothing.
    assert not Letter.objects.filter(enrolment_change__isnull=False).exists()


def test_where_nobody_coordinates_nothing_is_handed_over(coordinator_client, here):
    page = coordinator_client.get(url("municipality_move", here), {"to": "0101"})
    assert page.context["nobody"].sentence in page.text
    coordinator_client.post(f"{url('municipality_move', here)}?to=0101", data(here, coordinator=1))
    here.refresh_from_db()
    assert here.municipality_id == "0751"


def test_a_colleague_takes_over_and_all_still_see_it(coordinator_client, here, client_for):
    colleague = CoordinatorFactory()
    stranger = CoordinatorFactory(municipalities=[ELSEWHERE])
    sent = data(here, note="Far er syg")
    no = coordinator_client.post(
        url("coordinator_change", here), sent | {"coordinator": stranger.pk}
    )
    assert no.context["form"].errors["coordinator"]
    coordinator_client.post(url("coordinator_change", here), sent | {"coordinator": colleague.pk})
    here.refresh_from_db()
    assert here.coordinator == colleague
    assert coordinator_client.get(url("enrolment", here)).status_code == 200
    assert "Far er syg" in client_for(colleague).get(url("enrolment", here)).text
    mentor = Seat.objects.held().first().mentor
    assert "Far er syg" not in client_for(mentor).get(url("enrolment", here)).text


def test_a_page_that_is_out_of_date_moves_nothing(coordinator_client, coordinator, here, there):
    both = CoordinatorFactory(municipalities=["0751", ELSEWHERE])
    stale = data(here, coordinator=both.pk)
    coordinator_client.post(url("coordinator_change", here), stale)
    answer = coordinator_client.post(
        f"{url('municipality_move', here)}?to={ELSEWHERE}",
        {"seen": stale["seen"], "note": "", "coordinator": there.pk},
    )
    assert TransferRefused("changed").sentence in answer.text
    here.refresh_from_db()
    assert here.municipality_id == "0751"
