"""A mentor's way from applicant to active and out again, each step dated."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from mentoring.models import Mentor, MentorState, MentorStep, Seat
from mentoring.steps import StepRefused, begin, move_to, seats_in_the_way
from mentoring.tests.factories import ClearanceFactory, MentorFactory, PairFactory, SeatFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days
from primus.accounts.invitations import accept
from primus.accounts.tests.factories import PASSWORD, InvitationFactory

pytestmark = pytest.mark.django_db

WAY = ["interviewed", "cleared", "active", "paused", "active", "left", "applicant"]


def refusal(mentor, state, on=None, by=None) -> str:
    before = Mentor.objects.get(pk=mentor.pk).state
    with pytest.raises(StepRefused) as refused:
        move_to(mentor, state, on or in_days(0), by)
    mentor.refresh_from_db()
    assert mentor.state == before
    assert refused.value.sentence
    return refused.value.code


def test_the_whole_way_and_back_again(coordinator_user):
    mentor = MentorFactory(state="applicant")
    begin(mentor, coordinator_user)
    for number, state in enumerate(WAY):
        move_to(mentor, state, in_days(number - 10), coordinator_user, " Efter samtale. ")
        mentor.user.refresh_from_db()
        assert mentor.user.is_active == (state != "left")
    mentor.refresh_from_db()
    assert mentor.state == "applicant"
    steps = list(mentor.steps.values_list("state", "reached_on", "note"))
    assert steps[0] == ("applicant", mentor.joined_on, "")
    assert steps[1:] == [
        (state, in_days(number - 10), "Efter samtale.") for number, state in enumerate(WAY)
    ]
    assert set(mentor.steps.values_list("said_by", flat=True)) == {coordinator_user.pk}


@pytest.mark.parametrize("state", MentorState.values)
def test_no_step_is_skipped(state):
    allowed = {
        "applicant": {"interviewed", "left"},
        "interviewed": {"cleared", "left"},
        "cleared": {"active", "left"},
        "active": {"paused", "left"},
        "paused": {"active", "left"},
        "left": {"applicant"},
    }[state]
    mentor = MentorFactory(state=state)
    for other in set(MentorState.values) - allowed:
        assert refusal(mentor, other) == "not_from_here"


def test_a_step_lies_neither_ahead_nor_before_the_one_before_it():
    mentor = MentorFactory()
    assert refusal(mentor, "paused", in_days(1)) == "future"
    assert refusal(mentor, "paused", in_days(-366)) == "before"
    move_to(mentor, "paused", in_days(-5), None)
    assert refusal(mentor, "active", in_days(-6)) == "before"
    move_to(mentor, "active", in_days(-5), None)


@pytest.mark.parametrize(("start", "state"), [("interviewed", "cleared"), ("paused", "active")])
def test_every_clearance_must_be_in_force_on_the_day(start, state):
    mentor = MentorFactory(state=start, cleared=False)
    for kind in ("record_check", "confidentiality"):
        ClearanceFactory(mentor=mentor, kind=kind)
    assert refusal(mentor, state) == "not_cleared"
    ClearanceFactory(
        mentor=mentor, kind="training", obtained_on=in_days(-3), expires_on=in_days(-2)
    )
    assert refusal(mentor, state) == "not_cleared"
    move_to(mentor, state, in_days(-2), None)


@pytest.mark.parametrize("when", ["held", "promised", "until_later"])
def test_nobody_leaves_with_a_seat(when):
    mentor = MentorFactory()
    pair = PairFactory(seat1=False, seat2=False)
    days = {
        "held": {},
        "promised": {"held_from": in_days(5)},
        "until_later": {"held_until": in_days(5)},
    }[when]
    seat = SeatFactory(pair=pair, mentor=mentor, **days)
    assert refusal(mentor, "left") == "seats"
    assert seats_in_the_way(mentor) == [seat]
    # On leave they may go: whoever put them there is told, and finds somebody else meanwhile.
    move_to(mentor, "paused", in_days(0), None)
    assert refusal(mentor, "left") == "seats"
    Seat.objects.update(held_until=in_days(0), held_from=in_days(-1))
    # The seat was given up today: nobody left it the day before.
    assert refusal(mentor, "left", in_days(-1)) in ("before", "seats")
    move_to(mentor, "left", in_days(0), None)
    assert not mentor.user.__class__.objects.get(pk=mentor.user_id).is_active


def test_a_page_that_is_no_longer_true_changes_nothing():
    mentor = MentorFactory()
    seen = Mentor.objects.get(pk=mentor.pk)
    move_to(mentor, "paused", in_days(0), None)
    with pytest.raises(StepRefused) as refused:
        move_to(seen, "left", in_days(0), None)
    assert refused.value.code == "changed"


def test_who_follows_somebody_is_not_shut_out(administrator_client):
    mentor = MentorFactory()
    pair = PairFactory(seat1=mentor)
    path = reverse("user_deactivate", args=[mentor.user_id])
    page = administrator_client.post(path, follow=True)
    assert str(mentor.user) in page.content.decode()
    mentor.user.refresh_from_db()
    assert mentor.user.is_active
    pair.seats.update(held_until=in_days(0))
    administrator_client.post(path)
    mentor.user.refresh_from_db()
    assert not mentor.user.is_active


def test_who_accepts_an_invitation_begins_as_an_applicant(coordinator_user):
    InvitationFactory(token="the token", invited_by=coordinator_user, municipality_codes=["0751"])
    user = accept("the token", password=PASSWORD, language="da")
    assert (user.mentor.state, user.mentor.municipality_id) == ("applicant", "0751")
    step = MentorStep.objects.get(mentor=user.mentor)
    assert (step.state, step.reached_on, step.said_by) == (
        "applicant",
        in_days(0),
        coordinator_user,
    )


def together(*calls) -> list:
    """Each in a thread of its own at the same moment: what it gave, or what it raised."""
    barrier = threading.Barrier(len(calls))
    answers: dict[int, object] = {}

    def call(number, what):
        try:
            barrier.wait(20)
            answers[number] = what()
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [answers[number] for number in sorted(answers)]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_a_pairing_meanwhile():
    from mentoring.pairing import PairingRefused, form_pair

    by = CoordinatorFactory().user
    mentor, other = MentorFactory(), MentorFactory()
    enrolment = EnrolmentFactory()
    seen = [Mentor.objects.get(pk=mentor.pk) for _ in range(2)]
    answers = together(*(lambda one=one: move_to(one, "paused", in_days(0), by) for one in seen))
    assert sorted(type(answer).__name__ for answer in answers) == ["MentorStep", "StepRefused"]
    move_to(Mentor.objects.get(pk=mentor.pk), "active", in_days(0), by)

    seen = Mentor.objects.get(pk=mentor.pk)
    left, paired = together(
        lambda: move_to(seen, "left", in_days(0), by),
        lambda: form_pair(enrolment, [mentor, other], by),
    )
    mentor.refresh_from_db()
    if isinstance(left, StepRefused):
        assert left.code == "seats"
        assert mentor.state == "active"
    else:
        assert isinstance(paired, PairingRefused)
        assert mentor.state == "left"
        assert not seats_in_the_way(mentor)
