"""Ending an enrolment in two steps, and opening it again with the mentors who still can."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.models import MentorPair, Seat
from mentoring.tests.factories import PairFactory
from participants.assessments import due_stages
from participants.models import Ending, Enrolment, NeedRating, RatingStage
from participants.tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    GoalFactory,
    NeedRatingFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def url(name, enrolment) -> str:
    return reverse(name, args=[enrolment.pk])


def said(reason="withdrew", day=None, **more) -> dict:
    return {"ended_on": (day or TODAY()).isoformat(), "end_reason": reason, **more}


def end(client, enrolment, reason="withdrew", day=None, **more):
    """Both steps of the form."""
    data = said(reason, day, **more)
    shown = client.post(url("enrolment_end", enrolment), data)
    assert shown.status_code == 200
    return client.post(url("enrolment_end", enrolment), data | {"shown": shown.context["mark"]})


@pytest.fixture
def followed(coordinator):
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment)
    return enrolment


def test_what_follows_is_said_before_anything_ends(coordinator_client, followed):
    GoalFactory(enrolment=followed)
    data = said("completed", closing_note="Han har bolig.")
    page = coordinator_client.post(url("enrolment_end", followed), data)
    names = [seat.mentor.user.first_name for seat in followed.pairs.get().seats.all()]
    assert all(name in page.context["follows"][0] for name in names)
    assert len(page.context["follows"]) == 4
    assert "Han har bolig." in page.text
    followed.refresh_from_db()
    assert followed.is_current
    # What was shown for another day or reason does not count.
    stale = {"shown": f"{in_days(-1).isoformat()} completed"}
    assert coordinator_client.post(url("enrolment_end", followed), data | stale).status_code == 200
    assert not Ending.objects.exists()


def test_ending_closes_the_pair_and_both_seats_and_keeps_what_was_said(
    coordinator_client, coordinator_user, followed, client_for
):
    mentor = followed.pairs.get().seats.first().mentor
    assert client_for(mentor.user).get(url("enrolment", followed)).status_code == 200
    text = {"closing_note": "Han har bolig.", "mentors_said": "Ring til Karen."}
    end(coordinator_client, followed, "completed", housing="4", finance="none", **text)
    followed.refresh_from_db()
    assert (followed.ended_on, followed.end_reason) == (TODAY(), "completed")
    assert not Seat.objects.held().exists()
    assert client_for(mentor.user).get(url("enrolment", followed)).status_code == 404
    ending = Ending.objects.get()
    assert (ending.closing_note, ending.mentors_said) == tuple(text.values())
    assert ending.ended_by == coordinator_user
    rated = NeedRating.objects.filter(stage=RatingStage.END).values_list(
        "area", "rating", "no_need"
    )
    # Not assessed has no row: it is not the same as no need.
    assert set(rated) == {("housing", 4, False), ("finance", None, True)}
    assert AccessEntry.objects.filter(event=Event.CHANGE, object_id=followed.pk).exists()


def test_an_end_before_the_pair_was_formed_ends_the_pair_the_day_it_was_formed(
    coordinator_client, coordinator
):
    enrolment = EnrolmentFactory(pre_release=True)
    pair = PairFactory(enrolment=enrolment, formed_on=in_days(-2))
    end(coordinator_client, enrolment, day=in_days(-5))
    pair.refresh_from_db()
    assert pair.ended_on == in_days(-2)
    assert not Seat.objects.held().exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ended_on": in_days(1).isoformat()}, "ended_on"),
        ({"ended_on": in_days(-61).isoformat()}, "ended_on"),
        ({"end_reason": ""}, "end_reason"),
        ({"end_reason": "completed"}, "end_reason"),
        ({"end_reason": "declined"}, "declined"),
        ({"end_reason": "not_eligible", "declined": "later"}, "not_eligible"),
        ({"closing_note": "x" * 2001}, "closing_note"),
    ],
)
def test_an_end_that_cannot_be_is_refused_beside_the_question(
    coordinator_client, coordinator, changes, field
):
    enrolment = EnrolmentFactory(pre_release=True)
    answer = coordinator_client.post(url("enrolment_end", enrolment), said() | changes)
    assert list(answer.context["form"].errors) == [field]
    assert Enrolment.objects.get().ended_on is None


def test_the_closer_reason_is_kept(coordinator_client, coordinator):
    enrolment = EnrolmentFactory(pre_release=True)
    end(coordinator_client, enrolment, "declined", declined="later")
    enrolment.refresh_from_db()
    assert (enrolment.end_reason, enrolment.end_detail) == ("declined", "later")


def test_a_rating_of_the_last_month_is_offered_and_no_older_one(coordinator_client, coordinator):
    enrolment = EnrolmentFactory(past_year=True)
    month_12 = {"enrolment": enrolment, "stage": RatingStage.MONTH_12}
    NeedRatingFactory(**month_12, area="housing", rating=4, rated_on=in_days(-20))
    NeedRatingFactory(**month_12, area="work", rating=3, rated_on=in_days(-31))
    form = coordinator_client.get(url("enrolment_end", enrolment)).context["form"]
    assert (form["housing"].value(), form["work"].value()) == ("4", "")
    # The end has no day of its own, so nobody is ever asked for it.
    assert RatingStage.END not in {due.stage for due in due_stages(enrolment, set())}


# --- Opening it again --------------------------------------------------------------------


def test_undo_brings_back_the_pair_and_its_seats(coordinator_client, coordinator_user, followed):
    stops_on = in_days(9)
    pair = followed.pairs.get()
    pair.seats.filter(number=2).update(held_until=stops_on)
    address = end(coordinator_client, followed, "completed", closing_note="Færdig.").url
    page = coordinator_client.get(address)
    assert url("enrolment_reopen", followed) in page.text
    coordinator_client.post(url("enrolment_reopen", followed))
    followed.refresh_from_db()
    assert (followed.is_current, followed.end_reason) == (True, "")
    assert MentorPair.objects.current().get() == pair
    seats = Seat.objects.held().order_by("number")
    assert [seat.held_until for seat in seats] == [None, stops_on]
    ending = Ending.objects.get()
    assert (ending.closing_note, ending.reopened_by) == ("Færdig.", coordinator_user)
    # It can end again, and then has two endings.
    end(coordinator_client, followed, "completed")
    assert Ending.objects.count() == 2


def test_who_cannot_any_longer_does_not_come_back(coordinator_client, followed):
    one, two = followed.pairs.get().seats.order_by("number")
    end(coordinator_client, followed)
    # Somebody else was given to the one, who has room for one.
    type(one.mentor).objects.filter(pk=one.mentor_id).update(capacity=1)
    PairFactory(enrolment=EnrolmentFactory(), seat1=one.mentor)
    page = coordinator_client.get(url("enrolment_reopen", followed))
    assert one.mentor.user.get_full_name() in page.context["comeback"].missing[0].sentence
    coordinator_client.post(url("enrolment_reopen", followed))
    assert Seat.objects.held().get(pair__enrolment=followed).mentor == two.mentor
    end(coordinator_client, followed)
    type(two.mentor).objects.filter(pk=two.mentor_id).update(state="paused")
    coordinator_client.post(url("enrolment_reopen", followed))
    followed.refresh_from_db()
    assert followed.is_current
    assert not MentorPair.objects.current().filter(enrolment=followed).exists()


def test_a_mentor_who_left_on_the_day_of_the_end_stays_gone(coordinator_client, followed):
    seat = followed.pairs.get().seats.get(number=1)
    seat.held_until = TODAY()
    seat.save()
    end(coordinator_client, followed)
    coordinator_client.post(url("enrolment_reopen", followed))
    assert Seat.objects.held().get().number == 2


@pytest.mark.parametrize("here", [True, False])
def test_one_who_is_in_the_programme_again_keeps_the_old_enrolment_closed(
    coordinator_client, followed, here
):
    end(coordinator_client, followed, "custody")
    page = coordinator_client.get(url("enrolment", followed))
    assert f"{reverse('enrolment_create')}?again={followed.pk}" in page.text
    place = {} if here else {"municipality_id": "0461"}
    newer = EnrolmentFactory(participant=followed.participant, **place)
    answer = coordinator_client.post(url("enrolment_reopen", followed), follow=True)
    followed.refresh_from_db()
    assert followed.ended_on
    told = str(next(iter(answer.context["messages"])))
    # Of an enrolment elsewhere nothing is given away.
    assert ("nyere" in told or "newer" in told) == here
    assert newer.is_current


def test_one_who_is_back_in_custody_is_referred_again_as_the_one_they_are(
    coordinator_client, followed, client_for
):
    end(coordinator_client, followed, "custody")
    page = coordinator_client.get(url("enrolment", followed)).text
    again = f"{reverse('enrolment_create')}?again={followed.pk}"
    assert again in page
    person = coordinator_client.get(again).context["form"]
    assert person["last_name"].value() == followed.participant.last_name
    assert person["same_person"].value() == str(followed.participant_id)
    assert person.is_valid()
    assert AccessEntry.objects.filter(event=Event.SEARCH, detail__contains="referral").exists()
    # Of somebody else's nothing stands there.
    stranger = client_for(CoordinatorFactory(municipalities=["0461"]))
    assert not stranger.get(again).context["form"]["last_name"].value()


def test_after_thirty_days_it_stays_closed(coordinator_client, followed):
    end(coordinator_client, followed)
    Ending.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert (
        url("enrolment_reopen", followed)
        not in coordinator_client.get(url("enrolment", followed)).text
    )
    coordinator_client.post(url("enrolment_reopen", followed))
    followed.refresh_from_db()
    assert followed.ended_on


def test_what_was_said_at_the_end_is_for_coordinators(coordinator_client, followed, client_for):
    end(coordinator_client, followed, "completed", closing_note="Kun for os", mentors_said="Hm")
    page = coordinator_client.get(url("enrolment", followed)).text
    assert "Kun for os" in page
    coordinator_client.post(url("enrolment_reopen", followed), {"note": "For tidligt"})
    mentor = Seat.objects.held().first().mentor
    assert "Kun for os" not in client_for(mentor).get(url("enrolment", followed)).text
    timeline = coordinator_client.get(url("enrolment_timeline", followed)).text
    assert "Kun for os" in timeline
    assert "For tidligt" in timeline
    assert (
        client_for(CoordinatorFactory(municipalities=["0461"]))
        .get(url("enrolment_end", followed))
        .status_code
        == 404
    )
