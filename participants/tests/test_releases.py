"""Moving and confirming a release, and ending an enrolment, through the pages."""

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Seat
from mentoring.tests.factories import PairFactory
from participants.milestones import Milestone
from participants.models import Enrolment, ReleaseDateMove
from participants.releases import ReleaseRefused, move_release
from participants.tests.factories import EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event


def url(name, enrolment) -> str:
    return reverse(name, args=[enrolment.pk])


@pytest.fixture
def enrolment(coordinator):
    return EnrolmentFactory(pre_release=True)


def test_a_move_shows_what_moves_before_it_is_made(coordinator_client, enrolment):
    new = in_days(44)
    data = {"new_date": new.isoformat(), "reason": "recalculated", "note": "Brev fra anstalten"}
    shown = coordinator_client.post(url("release_move", enrolment), data)
    moves = {moved.milestone: moved for moved in shown.context["moves"]}
    assert set(moves) == set(Milestone)
    assert (moves[Milestone.RELEASE].old, moves[Milestone.RELEASE].new) == (in_days(30), new)
    assert moves[Milestone.GATE_WEEK].new == in_days(30)
    enrolment.refresh_from_db()
    assert enrolment.expected_release == in_days(30)
    assert not AccessEntry.objects.filter(event=Event.CHANGE).exists()

    done = coordinator_client.post(
        url("release_move", enrolment), data | {"shown": new.isoformat()}
    )
    assert done.url == url("enrolment", enrolment)
    enrolment.refresh_from_db()
    assert enrolment.expected_release == new
    move = ReleaseDateMove.objects.get()
    assert (move.old_date, move.new_date, move.reason) == (in_days(30), new, "recalculated")
    assert move.note == "Brev fra anstalten"
    assert AccessEntry.objects.filter(event=Event.CHANGE, object_id=enrolment.pk).exists()


def test_what_was_shown_for_another_day_does_not_count(coordinator_client, enrolment):
    data = {"new_date": in_days(44).isoformat(), "reason": "other"}
    answer = coordinator_client.post(
        url("release_move", enrolment), data | {"shown": in_days(43).isoformat()}
    )
    assert answer.context["new_day"] == in_days(44)
    assert not ReleaseDateMove.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"new_date": ""}, "new_date"),
        ({"new_date": in_days(30).isoformat()}, "new_date"),
        ({"new_date": in_days(-61).isoformat()}, "new_date"),
        ({"new_date": in_days(366 * 5 + 2).isoformat()}, "new_date"),
        ({"reason": ""}, "reason"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_a_move_that_cannot_be_is_refused(coordinator_client, enrolment, changes, field):
    data = {"new_date": in_days(44).isoformat(), "reason": "other", "note": ""} | changes
    answer = coordinator_client.post(
        url("release_move", enrolment), data | {"shown": data["new_date"]}
    )
    assert list(answer.context["form"].errors) == [field]
    assert not ReleaseDateMove.objects.exists()


def test_a_confirmed_release_does_not_move(coordinator_client, coordinator_user):
    released = EnrolmentFactory(post_release=True)
    assert coordinator_client.get(url("release_move", released)).status_code == 302
    with pytest.raises(ReleaseRefused) as refused:
        move_release(released, in_days(10), reason="other", by=coordinator_user)
    assert refused.value.code == "released"


def test_confirming_takes_the_expected_day_as_it_stands(coordinator_client, coordinator):
    unconfirmed = EnrolmentFactory(unconfirmed=True)
    form = coordinator_client.get(url("release_confirm", unconfirmed)).context["form"]
    assert form.initial["released_on"] == in_days(-5)
    coordinator_client.post(
        url("release_confirm", unconfirmed), {"released_on": in_days(-4).strftime("%d.%m.%Y")}
    )
    unconfirmed.refresh_from_db()
    assert unconfirmed.released_on == in_days(-4)
    assert unconfirmed.phase == "post_release"


@pytest.mark.parametrize("days", [1, -61])
def test_a_release_is_not_in_the_future_nor_before_the_referral(
    coordinator_client, enrolment, days
):
    answer = coordinator_client.post(
        url("release_confirm", enrolment), {"released_on": in_days(days).isoformat()}
    )
    assert answer.context["form"].errors["released_on"]
    enrolment.refresh_from_db()
    assert enrolment.released_on is None


def test_ending_closes_the_pair_and_both_seats(coordinator_client, coordinator, client_for):
    enrolment = EnrolmentFactory(post_release=True)
    pair = PairFactory(enrolment=enrolment)
    mentor = pair.seats.first().mentor
    assert client_for(mentor.user).get(url("enrolment", enrolment)).status_code == 200
    coordinator_client.post(
        url("enrolment_end", enrolment),
        {"ended_on": timezone.localdate().isoformat(), "end_reason": "completed"},
    )
    enrolment.refresh_from_db()
    pair.refresh_from_db()
    assert (enrolment.ended_on, enrolment.end_reason) == (timezone.localdate(), "completed")
    assert (pair.ended_on, pair.end_reason) == (timezone.localdate(), "enrolment_ended")
    assert not Seat.objects.held().exists()
    assert client_for(mentor.user).get(url("enrolment", enrolment)).status_code == 404


def test_an_end_before_the_pair_was_formed_ends_the_pair_the_day_it_was_formed(
    coordinator_client, coordinator
):
    enrolment = EnrolmentFactory(pre_release=True)
    pair = PairFactory(enrolment=enrolment, formed_on=in_days(-2))
    coordinator_client.post(
        url("enrolment_end", enrolment),
        {"ended_on": in_days(-5).isoformat(), "end_reason": "withdrew"},
    )
    pair.refresh_from_db()
    assert pair.ended_on == in_days(-2)
    assert not Seat.objects.held().exists()


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [
        (1, "withdrew", "ended_on"),
        (-61, "withdrew", "ended_on"),
        (0, "", "end_reason"),
        (0, "completed", "end_reason"),
    ],
)
def test_an_end_that_cannot_be_is_refused(coordinator_client, enrolment, days, reason, field):
    answer = coordinator_client.post(
        url("enrolment_end", enrolment),
        {"ended_on": in_days(days).isoformat(), "end_reason": reason},
    )
    assert list(answer.context["form"].errors) == [field]
    assert Enrolment.objects.get().ended_on is None


@pytest.mark.parametrize("name", ["release_move", "release_confirm", "enrolment_end"])
def test_an_enrolment_that_has_ended_keeps_its_dates(coordinator_client, coordinator, name):
    ended = EnrolmentFactory(ended=True)
    day = in_days(-1).isoformat()
    data = {"new_date": day, "shown": day, "reason": "other", "released_on": day}
    answer = coordinator_client.post(
        url(name, ended), data | {"ended_on": day, "end_reason": "other"}
    )
    assert answer.url == url("enrolment", ended)
    before = (ended.expected_release, ended.released_on, ended.ended_on)
    ended.refresh_from_db()
    assert before == (ended.expected_release, ended.released_on, ended.ended_on)


@pytest.mark.parametrize("name", ["release_move", "release_confirm", "enrolment_end"])
def test_dates_are_planned_anew_when_they_are_saved(
    coordinator_client, enrolment, name, django_capture_on_commit_callbacks, monkeypatch
):
    asked = []
    monkeypatch.setattr("mentoring.tasks.remind_enrolment.delay", asked.append)
    day = in_days(0 if name != "release_move" else 44).isoformat()
    data = {"new_date": day, "shown": day, "reason": "other", "released_on": day}
    with django_capture_on_commit_callbacks(execute=True):
        coordinator_client.post(
            url(name, enrolment), data | {"ended_on": day, "end_reason": "withdrew"}
        )
    assert set(asked) == {enrolment.pk}
