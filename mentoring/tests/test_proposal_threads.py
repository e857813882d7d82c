"""Asking, answering and handing over at the same moment: exactly one wins, nothing is half done."""

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.models import MentorPair, PairProposal, ProposalState, Replacement, Seat
from mentoring.tests.desk_factories import PairProposalFactory
from mentoring.tests.factories import MentorFactory, PairFactory
from mentoring.tests.test_pairing_threads import at_once, lost, page
from participants.tests.factories import (
    ELSEWHERE,
    CoordinatorFactory,
    EnrolmentFactory,
    in_days,
)
from participants.transfers import Place

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TIMES = 2


def answered(proposal, **said):
    """The requests by which both say yes."""
    return [
        (answer.mentor, reverse("proposal_answer", args=[answer.pk]), {"do": "yes", **said})
        for answer in proposal.answers.select_related("mentor").order_by("number")
    ]


@pytest.mark.parametrize("time", range(TIMES))
def test_both_say_yes_at_the_same_moment(client_for, time):
    proposal = PairProposalFactory()
    answers = at_once(client_for, *answered(proposal))
    assert [answer.status_code for answer in answers] == [302, 302]
    pair = MentorPair.objects.get()
    proposal.refresh_from_db()
    assert (proposal.state, proposal.pair) == (ProposalState.PAIRED, pair)
    assert Seat.objects.held().count() == 2


@pytest.mark.parametrize("time", range(TIMES))
def test_two_coordinators_ask_for_the_same_participant_or_pair_it(client_for, time):
    enrolment = EnrolmentFactory()
    mentors = [MentorFactory() for _ in range(4)]
    one, other = CoordinatorFactory(), CoordinatorFactory()
    asked = {"mentors": [m.pk for m in mentors[:2]], "how": "ask", "seat": "both"}
    lost(
        at_once(
            client_for,
            (one, page(enrolment), asked),
            (other, page(enrolment), asked | {"mentors": [m.pk for m in mentors[2:]]}),
        )
    )
    proposal = PairProposal.objects.get()
    assert proposal.answers.count() == 2

    second = EnrolmentFactory()
    at_once(
        client_for,
        (one, page(second), asked),
        (other, page(second), asked | {"mentors": [m.pk for m in mentors[2:]], "how": "pair"}),
    )
    # Whoever was first: the pair stands, and nobody is asked beside it.
    assert MentorPair.objects.get().enrolment == second
    assert not PairProposal.objects.open().filter(enrolment=second).exists()


@pytest.mark.parametrize("time", range(TIMES))
def test_the_last_place_of_one_mentor_in_two_proposals(client_for, time):
    wanted = MentorFactory(capacity=1)
    proposals = [PairProposalFactory(asked=[wanted, MentorFactory()]) for _ in range(2)]
    last = []
    for proposal in proposals:
        first, second = answered(proposal)
        client_for(second[0]).post(*second[1:])
        last.append(first)
    answers = at_once(client_for, *last)
    assert [answer.status_code for answer in answers] == [302, 302]
    states = sorted(PairProposal.objects.values_list("state", "overtaken_by"))
    assert states == [("overtaken", "full"), ("paired", "")]
    assert MentorPair.objects.count() == 1
    assert Seat.objects.count() == 2


@pytest.mark.parametrize("time", range(TIMES))
def test_an_enrolment_that_ends_while_the_last_says_yes(client_for, time):
    proposal = PairProposalFactory()
    first, second = answered(proposal)
    client_for(first[0]).post(*first[1:])
    today = timezone.localdate().isoformat()
    ending = {"ended_on": today, "end_reason": "withdrew", "shown": f"{today} withdrew"}
    path = reverse("enrolment_end", args=[proposal.enrolment.pk])
    at_once(client_for, second, (CoordinatorFactory(), path, ending))
    assert not PairProposal.objects.open().exists()
    proposal.enrolment.refresh_from_db()
    assert proposal.enrolment.end_reason == "withdrew"
    assert not Seat.objects.held().exists()


@pytest.mark.parametrize("time", range(TIMES))
def test_a_mentor_who_leaves_while_they_are_the_last_to_say_yes(client_for, time):
    proposal = PairProposalFactory()
    first, second = answered(proposal)
    client_for(first[0]).post(*first[1:])
    mentor = second[0]
    step = {"seen": "active", "state": "left", "reached_on": timezone.localdate().isoformat()}
    at_once(
        client_for,
        second,
        (CoordinatorFactory(), reverse("mentor_step", args=[mentor.pk]), step),
    )
    # Either they have left and follow nobody, or they follow and have not left.
    mentor.refresh_from_db()
    assert not PairProposal.objects.open().exists()
    assert Seat.objects.held().filter(mentor=mentor).exists() == (mentor.state == "active")
    assert mentor.user.is_active == (mentor.state == "active")


@pytest.mark.parametrize("time", range(TIMES))
def test_an_enrolment_that_moves_away_while_the_last_says_yes(client_for, time):
    proposal = PairProposalFactory()
    first, second = answered(proposal)
    client_for(first[0]).post(*first[1:])
    there = CoordinatorFactory(municipalities=[ELSEWHERE])
    path = reverse("municipality_move", args=[proposal.enrolment.pk])
    move = {"seen": str(Place.of(proposal.enrolment)), "coordinator": there.pk}
    at_once(client_for, second, (CoordinatorFactory(), f"{path}?to={ELSEWHERE}", move))
    proposal.refresh_from_db()
    proposal.enrolment.refresh_from_db()
    assert proposal.enrolment.municipality_id == ELSEWHERE
    paired = proposal.state == ProposalState.PAIRED
    assert paired or proposal.overtaken_by == "elsewhere"
    assert Seat.objects.held().count() == (2 if paired else 0)


@pytest.mark.parametrize("time", range(TIMES))
def test_one_seat_is_handed_over_once(client_for, time):
    pair = PairFactory()
    seat = pair.seats.get(number=1)
    said = {"starts_on": in_days(0).isoformat(), "overlap_days": 5}
    path = reverse("seat_replace", args=[seat.pk])
    lost(
        at_once(
            client_for,
            (CoordinatorFactory(), path, said | {"mentors": MentorFactory().pk}),
            (CoordinatorFactory(), path, said | {"mentors": MentorFactory().pk}),
        )
    )
    made = Replacement.objects.get()
    assert made.outgoing == seat
    assert Seat.objects.current().count() == 2
    assert Seat.objects.held().count() == 3


@pytest.mark.parametrize("time", range(TIMES))
def test_a_seat_that_is_given_up_while_it_is_handed_over(client_for, time):
    pair = PairFactory()
    seat = pair.seats.get(number=1)
    new = MentorFactory()
    said = {"starts_on": in_days(0).isoformat(), "overlap_days": 5, "mentors": new.pk}
    at_once(
        client_for,
        (CoordinatorFactory(), reverse("seat_replace", args=[seat.pk]), said),
        (CoordinatorFactory(), reverse("seat_vacate", args=[seat.pk]), {}),
    )
    # Whoever was first: the one who left is gone, and is only replaced if it was before that.
    seat.refresh_from_db()
    assert seat.held_until == in_days(0)
    assert Seat.objects.filter(mentor=new).count() == Replacement.objects.count() <= 1
