"""What happens to a goal: each verb changes it and leaves one line of history."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participants.goals import (
    GoalRefused,
    agree,
    change_together,
    drop,
    move,
    reach,
    reopen,
    reword,
    take_back,
    take_back_together,
)
from participants.models import Goal, GoalChange, GoalState
from participants.tests.factories import EnrolmentFactory, GoalFactory, in_days
from primus.accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def karen():
    return UserFactory(first_name="Karen")


@pytest.fixture
def enrolment():
    return EnrolmentFactory(post_release=True)


@pytest.fixture
def goal(enrolment):
    return GoalFactory(enrolment=enrolment, title="Et sted at bo", due_on=in_days(10))


def refusal(verb, *args, **kwargs) -> str:
    before = [list(m.objects.order_by("pk").values()) for m in (Goal, GoalChange)]
    with pytest.raises(GoalRefused) as refused:
        verb(*args, **kwargs)
    assert [list(m.objects.order_by("pk").values()) for m in (Goal, GoalChange)] == before
    assert "%(" not in refused.value.sentence
    return refused.value.code


def history(goal) -> list[str]:
    return [change.kind for change in goal.changes.all()]


def test_goal_is_agreed_today_with_its_first_line_of_history(enrolment, karen):
    goal = agree(enrolment, "work", "  Et job på lageret ", karen, due_on=in_days(30))
    goal.refresh_from_db()
    assert (goal.title, goal.area, goal.state) == ("Et job på lageret", "work", GoalState.OPEN)
    assert goal.agreed_on == timezone.localdate()
    change = goal.changes.get()
    assert (change.kind, change.changed_by, change.due_after) == ("agreed", karen, in_days(30))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " \n"}, "empty"),
        ({"due_on": -1}, "past_due"),
        ({"agreed_on": 1}, "in_future"),
    ],
)
def test_goal_that_says_nothing_or_lies_in_the_wrong_time_is_not_agreed(
    enrolment, karen, changes, code
):
    values = {k: v if k == "title" else in_days(v) for k, v in changes.items()}
    title = values.pop("title", "Et job")
    assert refusal(agree, enrolment, "work", title, karen, **values) == code


def test_each_verb_changes_the_goal_and_says_what_it_was_before(goal, karen):
    reword(goal, "En lejlighed", karen, note="Han vil bo alene.")
    move(goal, in_days(20), karen)
    reach(goal, karen, on=in_days(-2))
    goal.refresh_from_db()
    assert (goal.title, goal.due_on) == ("En lejlighed", in_days(20))
    assert (goal.state, goal.closed_on) == (GoalState.REACHED, in_days(-2))
    reopen(goal, karen, note="Udlejeren trak sig.")
    goal.refresh_from_db()
    assert (goal.state, goal.closed_on, goal.due_on) == (GoalState.OPEN, None, None)
    drop(goal, " Han flytter ind hos sin søster. ", karen)
    goal.refresh_from_db()
    assert (goal.state, goal.drop_reason) == (
        GoalState.DROPPED,
        "Han flytter ind hos sin søster.",
    )
    reworded, moved, *_rest = goal.changes.all()
    assert (reworded.title_before, reworded.note) == ("Et sted at bo", "Han vil bo alene.")
    assert (moved.due_before, moved.due_after) == (in_days(10), in_days(20))
    assert history(goal) == ["reworded", "moved", "reached", "reopened", "dropped"]


def test_goal_is_not_reached_before_it_was_agreed(karen, enrolment):
    goal = GoalFactory(enrolment=enrolment, agreed_on=in_days(-5))
    reach(goal, karen, on=in_days(-9))
    assert goal.closed_on == in_days(-5)


def test_what_makes_no_sense_is_refused_in_words(goal, karen):
    assert refusal(move, goal, goal.due_on, karen) == "same_day"
    assert refusal(move, goal, in_days(-1), karen) == "past_due"
    assert refusal(reword, goal, goal.title, karen) == "unchanged"
    assert refusal(reword, goal, " ", karen) == "empty"
    assert refusal(drop, goal, " ", karen) == "no_reason"
    assert refusal(reach, goal, karen, on=in_days(1)) == "in_future"
    assert refusal(reopen, goal, karen) == "open"


def test_goal_that_the_other_has_closed_meanwhile_is_left_alone(goal, karen):
    mine = Goal.objects.get(pk=goal.pk)
    reach(goal, UserFactory())
    assert refusal(reach, mine, karen) == "closed"
    assert refusal(drop, mine, "Nej", karen) == "closed"
    assert refusal(move, mine, in_days(40), karen) == "closed"
    assert refusal(reword, mine, "Noget andet", karen) == "closed"
    assert history(goal) == ["reached"]


def test_goals_of_an_enrolment_that_has_ended_no_longer_change(karen):
    enrolment = EnrolmentFactory(ended=True)
    goal = GoalFactory(enrolment=enrolment)
    closed = GoalFactory(enrolment=enrolment, reached=True)
    assert refusal(agree, enrolment, "work", "Et job", karen) == "ended"
    assert refusal(reach, goal, karen) == "ended"
    assert refusal(reopen, closed, karen) == "ended"
    assert refusal(change_together, enrolment, karen, reached=[goal.pk]) == "ended"


def test_several_goals_change_together_or_not_at_all(enrolment, karen, query_budget):
    first, second, third = GoalFactory.create_batch(3, enrolment=enrolment)
    elsewhere = GoalFactory(enrolment=EnrolmentFactory(post_release=True))
    with query_budget(3):
        changes = change_together(
            enrolment,
            karen,
            reached=[first.pk, second.pk, elsewhere.pk],
            moved={third.pk: in_days(50), second.pk: in_days(60)},
            on=in_days(-1),
        )
    assert sorted(c.kind for c in changes) == ["moved", "reached", "reached"]
    states = list(Goal.objects.order_by("pk").values_list("state", "closed_on", "due_on"))
    reached = (GoalState.REACHED, in_days(-1), in_days(10))
    untouched = (GoalState.OPEN, None, in_days(10))
    assert states == [reached, reached, (GoalState.OPEN, None, in_days(50)), untouched]
    # As wished already: nothing happens twice.
    again = change_together(enrolment, karen, reached=[first.pk], moved={third.pk: in_days(50)})
    assert again == []
    # One that cannot be moved holds back the other.
    fourth = GoalFactory(enrolment=enrolment)
    wish = {"reached": [fourth.pk], "moved": {first.pk: in_days(5)}}
    assert refusal(change_together, enrolment, karen, **wish) == "closed"


def test_last_change_is_taken_back_and_leaves_no_trace(goal, karen):
    before = Goal.objects.values().get(pk=goal.pk)
    for change in (
        lambda: reach(goal, karen),
        lambda: drop(goal, "Nej", karen),
        lambda: move(goal, in_days(99), karen),
        lambda: reword(goal, "Andre ord", karen),
    ):
        take_back(change())
        assert Goal.objects.values().get(pk=goal.pk) == before
        assert history(goal) == []
        goal.refresh_from_db()
    agreed = agree(goal.enrolment, "work", "Et job", karen)
    take_back(agreed.changes.get())
    assert list(Goal.objects.all()) == [goal]


def test_change_is_not_taken_back_when_more_has_happened_to_the_goal(goal, karen):
    earlier = reach(goal, karen)
    reopened = reopen(goal, karen)
    assert refusal(take_back, earlier) == "changed_since"
    assert refusal(take_back, reopened) == "changed_since"
    other = GoalFactory(enrolment=goal.enrolment)
    moved = move(other, other.due_on + timedelta(days=1), karen)
    assert take_back_together([earlier, moved]) == [earlier]
    assert history(goal) == ["reached", "reopened"]
    assert history(other) == []
