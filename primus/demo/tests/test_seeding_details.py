"""What the demonstration tells besides: lengths, driving, follow-ups, the history of goals."""

import pytest
from django.utils import timezone

from mentoring.models import Accompaniment, Meeting
from participants.models import Goal, GoalChange, GoalState
from primus.demo.seeding import DEFAULT_SEED, seed_demo

pytestmark = pytest.mark.django_db


def test_some_say_how_long_and_how_far_and_what_must_be_seen_to(db):
    seed_demo(DEFAULT_SEED, timezone.localdate(), history=False)
    held = Meeting.objects.held()
    for said in (held.exclude(duration_minutes=None), held.exclude(transport_km=None)):
        assert 0.2 < said.count() / held.count() < 0.8
    assert not Meeting.objects.exclude(state="held").exclude(duration_minutes=None).exists()
    assert Meeting.objects.filter(is_rescheduled=True).exists()
    assert not Accompaniment.objects.filter(purpose="").exists()
    done = Accompaniment.objects.exclude(follow_up_done_on=None)
    assert 0 < Accompaniment.objects.to_follow_up().count() < done.count()
    assert not done.filter(follow_up_done_on__gte=timezone.localdate()).exists()

    # The history of every goal leads to where it stands.
    for goal in Goal.objects.prefetch_related("changes"):
        first, *middle = goal.changes.all()
        assert first.kind == "agreed"
        assert timezone.localdate(first.changed_at) == goal.agreed_on
        if goal.state != GoalState.OPEN:
            last = middle.pop()
            assert (last.kind, last.note) == (goal.state, goal.drop_reason)
        assert ([first, *middle][-1]).due_after == goal.due_on
    assert GoalChange.objects.filter(kind="moved").exists()
