"""The demonstration's data: the same each time, and in every situation."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.utils import timezone

from mentoring.contact import with_last_contact
from mentoring.models import (
    Absence,
    Accompaniment,
    Clearance,
    Concern,
    Meeting,
    MeetingState,
    Mentor,
    MentorPair,
    MentorState,
    NotHeldReason,
    ProposalAnswer,
    Reminder,
    Seat,
    TurnRequest,
)
from mentoring.planning import plan_for
from participants.closed_days import closed_reason
from participants.models import (
    ChecklistItem,
    Coordinator,
    EndReason,
    Enrolment,
    Goal,
    GoalState,
    NeedRating,
    Participant,
    RatingStage,
    ReleaseDateMove,
)
from participants.phases import Phase
from primus.accounts.models import User
from primus.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from primus.demo.seeding import seed_demo
from primus.demo.tests.contents import contents

AARHUS = "0751"


def seeded_contents(seed: int, moment: datetime) -> dict[str, list]:
    with time_machine.travel(moment, tick=False), transaction.atomic():
        seed_demo(seed, timezone.localdate(), history=False)
        found = contents()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_same_seed_on_the_same_day_gives_the_same_rows():
    morning, night = datetime(2027, 3, 12, 5, 1), datetime(2027, 3, 12, 22, 40)  # noqa: DTZ001
    first = seeded_contents(7, morning)
    assert first["mentoring.Meeting"]
    assert seeded_contents(7, night) == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day",
    [date(2028, 2, 29), date(2027, 3, 28), date(2026, 10, 26)],
    ids=["leap day", "easter and summer time", "after winter time"],
)
def test_any_day_and_seed_can_be_seeded(day):
    # The constraints of the database are the test.
    with time_machine.travel(datetime(day.year, day.month, day.day, 9), tick=False):  # noqa: DTZ001
        assert seed_demo(day.toordinal(), day, history=False).enrolments > 150


def test_a_second_time_changes_nothing(seeded):
    with transaction.atomic():
        changed = Enrolment.objects.filter(ended_on=None).first()
        changed.wishes = "Skrevet af en, der prøver systemet."
        changed.save()
        User.objects.filter(email="mentor@example.org").update(email="another@example.org")
        before = contents()
        out = StringIO()
        call_command("seed_demo", "--seed", "99", stdout=out)
        assert "nothing was changed" in out.getvalue()
        assert DEMO_PASSWORD in out.getvalue()
        assert contents() == before
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_it_refuses_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_the_accounts_can_sign_in(seeded):
    for email, role in DEMO_ACCOUNTS:
        user = User.objects.get(email=email)
        assert (user.role, user.is_active) == (role, True)
        assert user.check_password(DEMO_PASSWORD)
        assert user.language == "da"


def test_how_many_there_are(seeded):
    assert 150 <= Enrolment.objects.count() <= 175
    assert 55 <= Mentor.objects.count() <= 70
    assert Coordinator.objects.count() == 4
    assert Meeting.objects.count() > 2000
    codes = set(Enrolment.objects.values_list("municipality", flat=True))
    assert len(codes) == 8
    for enrolment in Enrolment.objects.select_related("municipality"):
        assert enrolment.municipality.in_pilot
    assert set(Coordinator.objects.values_list("municipalities", flat=True)) == codes
    first = Meeting.objects.order_by("happened_at").first()
    assert (seeded - first.happened_at.date()).days > 3 * 365


def test_every_phase_and_state_is_there(seeded):
    today = seeded
    enrolments = list(Enrolment.objects.all())
    assert {e.phase for e in enrolments} == set(Phase)
    assert {e.end_reason for e in enrolments} == {"", *EndReason.values}
    current = [e for e in enrolments if e.is_current]
    waiting = [e for e in current if e.released_on is None]
    assert any(e.expected_release == today for e in waiting)
    assert any(e.released_on == today for e in current)
    assert sum(0 < e.days_to_release <= 14 for e in waiting) >= 4
    assert any(closed_reason(e.expected_release) for e in waiting if e.days_to_release > 0)
    after = [e.day_number for e in current if e.released_on]
    assert any(0 < day <= 14 for day in after)
    for month in range(12):
        assert any(month * 31 <= day <= month * 31 + 61 for day in after)
    assert any(e.period_ends_on < today for e in current if e.released_on)
    soon = Enrolment.objects.current().without_pair().released_within(60)
    assert soon.exists()
    again = Participant.objects.annotate(n=models.Count("enrolments")).filter(n=2)
    for participant in again:
        later, earlier = participant.enrolments.order_by("-referred_on")
        assert earlier.end_reason == EndReason.CUSTODY
        assert earlier.ended_on < later.referred_on
    assert again.count() == 2
    assert {m.state for m in Meeting.objects.all()} == set(MeetingState)
    reasons = set(Meeting.objects.values_list("not_held_reason", flat=True))
    assert reasons == {"", *NotHeldReason.values}
    assert {m.state for m in Mentor.objects.all()} == set(MentorState)
    assert {g.state for g in Goal.objects.all()} == set(GoalState)
    assert {r.stage for r in NeedRating.objects.all()} == set(RatingStage)
    assert NeedRating.objects.filter(no_need=True).exists()
    assert ReleaseDateMove.objects.count() > 20
    assert Accompaniment.objects.count() > 80
    assert Concern.objects.filter(resolved_at__isnull=False).exists()
    assert Concern.objects.unresolved().filter(acknowledged_at__isnull=False).exists()
    assert Clearance.objects.filter(expires_on__range=(today, today + timedelta(days=30))).exists()


def test_what_the_mentor_of_the_demonstration_finds(seeded):
    karen = User.objects.get(email="mentor@example.org")
    near, later = Enrolment.objects.visible_to(karen).order_by("-expected_release")
    assert near.municipality_id == later.municipality_id == AARHUS
    assert near.released_on is None
    assert 7 <= near.days_to_release <= 13
    assert ChecklistItem.objects.done().filter(enrolment=near).count() == 4
    assert 96 <= later.day_number <= 104
    for enrolment in (near, later):
        held = enrolment.pairs.get().seats.values_list("mentor__user__first_name", flat=True)
        assert set(held) == {"Karen", "Jonas"}
    assert Mentor.objects.cleared().active().with_free_capacity().filter(user=karen).exists()
    asked = TurnRequest.objects.get(closed_at=None)
    assert (asked.enrolment, asked.asked.user) == (near, karen)
    away = Absence.objects.visible_to(karen).not_over().get()
    assert 1 <= (away.away_from - seeded).days <= 7
    assert away.handovers.count() == 2
    assert ChecklistItem.objects.filter(enrolment=near, taken_by=karen).exists()
    question = ProposalAnswer.objects.visible_to(karen).to_answer().get()
    assert question.answer == ""
    assert question.enrolment not in (near, later)
    assert Accompaniment.objects.to_follow_up().filter(meeting__enrolment=later).exists()
    with transaction.atomic():
        plan_for()
        assert Reminder.objects.waiting().filter(recipient=karen, enrolment=near).exists()
        transaction.set_rollback(True)


def test_what_the_coordinator_of_the_demonstration_finds(seeded):
    lene = User.objects.get(email="coordinator@example.org")
    own = Enrolment.objects.visible_to(lene)
    aarhus = own.current().filter(municipality=AARHUS)
    assert aarhus.without_pair().released_within(60).exists()
    free = Mentor.objects.filter(municipality=AARHUS).active().cleared().with_free_capacity()
    assert free.count() >= 4
    mentors = Mentor.objects.filter(municipality=AARHUS, state=MentorState.ACTIVE)
    assert mentors.exclude(pk__in=Mentor.objects.cleared()).exists()
    assert any(m.load == m.capacity for m in mentors.cleared().with_load())
    assert own.in_phase(Phase.UNCONFIRMED).exists()
    assert Concern.objects.visible_to(lene).waiting().count() >= 3
    vacant = [
        pair
        for pair in MentorPair.objects.current().filter(enrolment__in=own)
        if Seat.objects.held().filter(pair=pair).count() < 2
    ]
    assert vacant
    silent = [
        e
        for e in with_last_contact(own.in_phase(Phase.POST_RELEASE))
        if e.last_contact and (seeded - timezone.localdate(e.last_contact)).days > 14
    ]
    assert 2 <= len(silent) <= 6
