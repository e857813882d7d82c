"""Two mentors are asked, answer, and become a pair; or something comes in between."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from mentoring.asked import pair_time, shown_proposal, with_pair_time
from mentoring.models import MentorPair, Overtaking, PairProposal, ProposalState, Seat
from mentoring.pairing import form_pair
from mentoring.proposals import ProposalRefused, answer_no, answer_yes, propose
from mentoring.steps import move_to
from mentoring.tasks import send_letters
from mentoring.tests.desk_factories import PairProposalFactory
from mentoring.tests.factories import MentorFactory
from participants.endings import end_enrolment
from participants.models import EndReason, Enrolment, SupportArea
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, NeedRatingFactory
from primus.access.models import AccessEntry, Event
from primus.accounts import activation
from primus.accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lene():
    return CoordinatorFactory()


@pytest.fixture
def enrolment():
    return EnrolmentFactory(
        participant__first_name="Rasmus",
        participant__last_name="Ukendtsen",
        participant__postcode="8260",
        wishes="Ring til Rasmus Ukendtsen",
    )


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", capacity=1)


@pytest.fixture
def jonas():
    return MentorFactory(user__first_name="Jonas", about="Kører lastbil og laver mad.", capacity=1)


@pytest.fixture
def proposal(enrolment, karen, jonas, lene):
    return propose(enrolment, [karen, jonas], lene.user)


def answers(proposal):
    """Karen's and Jonas's, in the order they were asked."""
    return list(proposal.answers.select_related("mentor__user", "proposal").order_by("number"))


def page(answer) -> str:
    return reverse("proposal_answer", args=[answer.pk])


def text(response) -> str:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser").select_one("main").get_text(" ")


def told() -> dict[str, str]:
    """Send what waits; the subject of the last e-mail to each, nobody named in any of them."""
    mail.outbox.clear()
    send_letters()
    for message in mail.outbox:
        for name in ("Rasmus", "Ukendtsen", "Karen", "Jonas", "P-0"):
            assert name not in message.subject + message.body
    return {message.to[0]: message.subject for message in mail.outbox}


def test_both_are_asked_from_the_page_and_told_without_a_name(
    client_for, enrolment, karen, jonas, lene
):
    response = client_for(lene).post(
        reverse("pair_create", args=[enrolment.pk]),
        {"mentors": [karen.pk, jonas.pk], "how": "ask", "seat": "both"},
    )
    assert response.status_code == 302
    proposal = PairProposal.objects.get()
    assert proposal.state == ProposalState.OPEN
    assert proposal.proposed_by == lene.user
    assert not MentorPair.objects.exists()
    assert AccessEntry.objects.filter(event=Event.CREATE, object_id=proposal.pk).exists()
    assert set(told()) == {karen.user.email, jonas.user.email}
    assert str(page(answers(proposal)[0])) in "".join(message.body for message in mail.outbox)


def test_the_profile_says_what_is_needed_and_not_who_it_is(client_for, proposal, enrolment, karen):
    NeedRatingFactory(enrolment=enrolment, area=SupportArea.HOUSING, stage="start", rating=1)
    client = client_for(karen)
    mine, _theirs = answers(proposal)
    home = text(client.get(reverse("mentor_home")))
    assert str(enrolment.institution) in home
    shown = text(client.get(page(mine)))
    for said in (enrolment.municipality, enrolment.institution, "Jonas", "Kører lastbil"):
        assert str(said) in shown
    birth = enrolment.participant.birth_date
    for hidden in ("Rasmus", "Ukendtsen", "8260", str(birth.year), enrolment.case_number):
        assert hidden not in home + shown
    # The one whom it is about is not to be reached in any other way, and the look is in the log.
    for name in ("enrolment", "enrolment_people", "enrolment_plan"):
        assert client.get(reverse(name, args=[enrolment.pk])).status_code == 404
    looked = AccessEntry.objects.get(event=Event.READ, object_type="mentoring.proposalanswer")
    assert (looked.user, looked.object_label) == (karen.user, enrolment.case_number)


def test_somebody_else_is_not_asked(client_for, proposal):
    assert client_for(MentorFactory()).get(page(answers(proposal)[0])).status_code == 404


def test_two_times_yes_is_a_pair(client_for, proposal, enrolment, karen, jonas, lene):
    told()
    mine, theirs = answers(proposal)
    assert client_for(karen).post(page(mine), {"do": "yes"}).url == page(mine)
    assert not MentorPair.objects.exists()
    last = client_for(jonas).post(page(theirs), {"do": "yes"})
    assert last.url == reverse("enrolment", args=[enrolment.pk])
    pair = MentorPair.objects.get()
    assert [(s.number, s.mentor) for s in pair.seats.order_by("number")] == [(1, karen), (2, jonas)]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.pair) == (ProposalState.PAIRED, pair)
    assert set(told()) == {karen.user.email, jonas.user.email, lene.user.email}
    # The address in the first e-mail leads on.
    assert client_for(karen).get(page(mine)).url == reverse("enrolment", args=[enrolment.pk])
    time = pair_time(with_pair_time(Enrolment.objects).get(pk=enrolment.pk))
    assert time.asked_on == time.accepted_on == time.paired_on == timezone.localdate()
    assert time.days == (timezone.localdate() - enrolment.referred_on).days


def test_a_no_says_why_and_ends_it_kindly(client_for, proposal, enrolment, karen, jonas, lene):
    told()
    mine, theirs = answers(proposal)
    answer_yes(mine)
    jonas_reads = client_for(jonas)
    assert "is-invalid" in jonas_reads.post(page(theirs), {"do": "no"}).content.decode()
    assert jonas_reads.post(page(theirs), {"do": "no", "reason": "distance"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DECLINED
    assert not MentorPair.objects.exists()
    assert set(told()) == {karen.user.email, lene.user.email}
    closed = text(client_for(karen).get(page(mine)))
    assert str(enrolment.institution) not in closed
    assert str(enrolment.municipality) not in closed
    assert str(enrolment.institution) not in text(client_for(karen).get(reverse("mentor_home")))
    theirs.refresh_from_db()
    shown = text(client_for(lene).get(reverse("pair_create", args=[enrolment.pk])))
    assert theirs.get_reason_display() in shown


def test_a_yes_may_become_a_no_while_the_other_is_awaited(proposal):
    mine, theirs = answers(proposal)
    answer_yes(mine)
    with pytest.raises(ProposalRefused, match="answered"):
        answer_yes(mine)
    answer_no(mine, "time")
    with pytest.raises(ProposalRefused, match="closed"):
        answer_yes(theirs)


def left(karen, enrolment):
    karen.state = "left"
    karen.save()
    return Overtaking.NOT_ACTIVE


def uncleared(karen, enrolment):
    karen.clearances.all().delete()
    return Overtaking.NOT_CLEARED


def filled(karen, enrolment):
    form_pair(EnrolmentFactory(), [karen, MentorFactory()], None)
    return Overtaking.FULL


@pytest.mark.parametrize("meanwhile", [left, uncleared, filled])
def test_what_no_longer_holds_at_the_last_yes_overtakes_it(
    client_for, proposal, enrolment, karen, jonas, lene, meanwhile
):
    mine, theirs = answers(proposal)
    answer_yes(mine)
    told()
    by = meanwhile(karen, enrolment)
    response = client_for(jonas).post(page(theirs), {"do": "yes"})
    # Jonas is not told what became of Karen.
    assert response.url == page(theirs)
    assert "Karen" not in text(client_for(jonas).get(page(theirs)))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.overtaken_by) == (ProposalState.OVERTAKEN, by)
    assert proposal.overtaken_mentor == karen
    assert not Seat.objects.filter(pair__enrolment=enrolment).exists()
    assert lene.user.email in told()
    shown = text(client_for(lene).get(reverse("pair_create", args=[enrolment.pk])))
    assert karen.user.get_full_name() in shown
    assert str(Overtaking(by).label) in shown


def test_what_is_done_in_another_way_closes_the_question(client_for, proposal, lene):
    """The same two paired by phone have said yes; two others overtake them; an ending does too."""
    other, ended = PairProposalFactory(), PairProposalFactory()
    coordinator = client_for(lene)
    coordinator.post(reverse("proposal_pair", args=[proposal.pk]))
    two = {"mentors": [MentorFactory().pk, MentorFactory().pk], "how": "pair", "seat": "both"}
    coordinator.post(reverse("pair_create", args=[other.enrolment.pk]), two)
    end_enrolment(ended.enrolment, timezone.localdate(), EndReason.WITHDREW)
    found = [PairProposal.objects.get(pk=p.pk) for p in (proposal, other, ended)]
    assert [(p.state, p.overtaken_by) for p in found] == [
        (ProposalState.PAIRED, ""),
        (ProposalState.OVERTAKEN, Overtaking.PAIRED),
        (ProposalState.OVERTAKEN, Overtaking.ENDED),
    ]
    assert found[0].pair == MentorPair.objects.get(enrolment=proposal.enrolment)
    assert found[1].pair is None


def test_the_coordinator_sees_who_waits_and_can_take_it_back(
    client_for, proposal, enrolment, karen, lene
):
    PairProposal.objects.update(proposed_at=timezone.now() - timedelta(days=5))
    assert list(PairProposal.objects.waiting_long()) == [proposal]
    answer_yes(answers(proposal)[0])
    karen.clearances.all().delete()
    coordinator = client_for(lene)
    shown = text(coordinator.get(reverse("pair_create", args=[enrolment.pk])))
    assert "Karen" in shown
    assert "Jonas" in shown
    assert shown_proposal(enrolment).obstacles
    told()
    assert coordinator.post(reverse("proposal_withdraw", args=[proposal.pk])).status_code == 302
    assert set(told()) == {a.mentor.user.email for a in answers(proposal)}
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.WITHDRAWN
    # Twice is too late, and said so.
    again = coordinator.post(reverse("proposal_withdraw", args=[proposal.pk]), follow=True)
    assert ProposalRefused("closed").sentence in again.content.decode()


def test_only_one_question_at_a_time_and_a_mentor_who_leaves_is_asked_no_longer(
    enrolment, proposal, karen, lene
):
    with pytest.raises(ProposalRefused, match="already_asked"):
        propose(enrolment, [MentorFactory(), MentorFactory()], lene.user)
    move_to(karen, "paused", timezone.localdate(), lene.user)
    proposal.refresh_from_db()
    assert (proposal.overtaken_by, proposal.overtaken_mentor) == (Overtaking.NOT_ACTIVE, karen)
    propose(enrolment, [MentorFactory(), MentorFactory()], lene.user)


def test_who_can_no_longer_sign_in_is_asked_no_longer(proposal, karen):
    activation.deactivate(karen.user, by=UserFactory(administrator=True))
    proposal.refresh_from_db()
    assert (proposal.overtaken_by, proposal.overtaken_mentor) == (Overtaking.NOT_ACTIVE, karen)
