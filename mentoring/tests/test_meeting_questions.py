"""Which questions a meeting is asked, and what of the answers is checked and kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Accompaniment, Meeting
from mentoring.tests.factories import MeetingFactory, PairFactory
from participants.endings import end_enrolment
from participants.goals import drop, reach
from participants.models import Enrolment, Goal, GoalState
from participants.tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    GoalFactory,
    in_days,
)

pytestmark = pytest.mark.django_db
URL = "/meetings/new/"


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


def filled(enrolment, there, **changes) -> dict:
    """A form in which something stands in every branch, as one leaves it who changes their mind."""
    data = {
        "token": str(uuid4()),
        "enrolment": enrolment.pk,
        "state": "held",
        "not_held_reason": "no_show",
        "rescheduled": "later",
        "when": "now",
        "mode": "cafe",
        "mentors": [m.pk for m in there],
        "areas": ["housing"],
        "text_housing": "Skrevet op.",
        "duration": "90",
        "transport_km": "24",
        "note": "God stemning.",
        "authority": "bank",
        "purpose": "Gæld",
        "outcome": "Afdragsordning.",
        "follow_up": "Sende budget",
        "follow_up_on": in_days(7).isoformat(),
        "next_step": "Ringe til banken",
        "next_when": "week",
    }
    return {**data, **changes}


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def errors_of(response) -> set[str]:
    """The questions that something is wrong with."""
    assert response.status_code == 200
    found = soup_of(response).select(".field-error")
    return {e["id"].removeprefix("id_").removesuffix("_error") for e in found}


def saved(client, data) -> Meeting:
    before = set(Meeting.objects.values_list("pk", flat=True))
    response = client.post(URL, data)
    assert response.status_code == 302, errors_of(response)
    return Meeting.objects.exclude(pk__in=before).get()


def test_held_keeps_all_that_it_is_asked(client, rasmus, karen, jonas):
    meeting = saved(client, filled(rasmus, [karen, jonas]))
    assert (meeting.duration_minutes, meeting.transport_km) == (90, 24)
    assert (meeting.not_held_reason, meeting.is_rescheduled) == ("", None)
    assert meeting.next_step_on == in_days(7)
    companion = meeting.accompaniment
    assert (companion.authority, companion.purpose) == ("bank", "Gæld")
    assert companion.outcome == "Afdragsordning."
    assert (companion.follow_up, companion.follow_up_on) == ("Sende budget", in_days(7))
    assert companion.follow_up_done_on is None


@pytest.mark.parametrize(
    ("answer", "expected", "day"),
    [("yes", True, in_days), ("no", False, None), ("later", None, None), ("", None, None)],
)
def test_not_held_keeps_its_reason_and_whether_there_is_a_new_day(
    client, rasmus, karen, answer, expected, day
):
    data = filled(
        rasmus,
        [karen],
        state="not_held",
        not_held_reason="institution",
        rescheduled=answer,
        rescheduled_on=in_days(3).isoformat(),
    )
    meeting = saved(client, data)
    assert (meeting.not_held_reason, meeting.is_rescheduled) == ("institution", expected)
    assert meeting.next_step_on == (in_days(3) if expected else None)
    assert bool(meeting.next_step) == bool(expected)
    assert meeting.next_step != data["next_step"]
    assert (meeting.mode, meeting.duration_minutes, meeting.transport_km) == ("", None, None)
    assert not meeting.attendances.exists()
    assert not meeting.areas.exists()
    assert not Accompaniment.objects.exists()
    assert meeting.note == "God stemning."


def test_tried_keeps_how_and_who_and_nothing_else(client, rasmus, karen):
    meeting = saved(client, filled(rasmus, [karen], state="tried", mode="phone"))
    assert (meeting.mode, list(meeting.mentors.all())) == ("phone", [karen])
    assert (meeting.next_step, meeting.next_step_on) == ("", None)
    assert not meeting.areas.exists()
    assert not Accompaniment.objects.exists()


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        (
            "not_held",
            {
                "mode": "invented",
                "mentors": ["999999"],
                "transport_km": "many",
                "follow_up_on": "32-13-2026",
                "next_when": "day",
                "next_day": "x",
                "areas": ["invented"],
                "duration": "7",
                "text_housing": "x" * 20_001,
            },
        ),
        (
            "tried",
            {
                "rescheduled": "yes",
                "rescheduled_on": "32-13-2026",
                "authority": "invented",
                "next_step": "",
                "follow_up": "",
            },
        ),
        (
            "held",
            {
                "not_held_reason": "invented",
                "rescheduled": "yes",
                "rescheduled_on": "",
                "day": "32-13-2026",
                "at": "25.99",
                "next_day": "x",
                "text_work": "x" * 20_001,
                "duration_other": "7",
            },
        ),
    ],
)
def test_what_is_not_asked_is_not_checked(client, rasmus, karen, state, wrong):
    meeting = saved(client, filled(rasmus, [karen], state=state, **wrong))
    assert meeting.state == state


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"state": "not_held", "not_held_reason": ""}, "not_held_reason"),
        ({"state": "not_held", "rescheduled": "yes"}, "rescheduled_on"),
        (
            {"state": "not_held", "rescheduled": "yes", "rescheduled_on": "2020-01-01"},
            "rescheduled_on",
        ),
        ({"state": "tried", "mentors": []}, "mentors"),
        ({"state": "tried", "mode": ""}, "mode"),
        ({"mentors": ["999999"]}, "mentors"),
        ({"duration": "other", "duration_other": "20"}, "duration_other"),
        ({"duration": "45"}, "duration"),
        ({"transport_km": "2001"}, "transport_km"),
        ({"transport_km": "-1"}, "transport_km"),
        ({"transport_km": "12,5"}, "transport_km"),
        ({"authority": ""}, "authority"),
        ({"follow_up": ""}, "follow_up"),
        ({"follow_up_on": ""}, "follow_up_on"),
        ({"follow_up_on": "2020-01-01"}, "follow_up_on"),
        ({"when": "day", "day": "9999-12-31"}, "day"),
        # Nothing can be counted from it: it would take the pair's calendars down.
        ({"next_step": "Ses", "next_when": "day", "next_day": "9999-12-31"}, "next_day"),
        ({"follow_up_on": "9999-12-31"}, "follow_up_on"),
    ],
)
def test_what_is_asked_and_wrong_is_told_beside_the_question(client, rasmus, karen, changes, field):
    response = client.post(URL, filled(rasmus, [karen], **changes))
    assert field in errors_of(response)
    assert not Meeting.objects.exists()
    assert "God stemning." in soup_of(response).select_one("#id_note").text


@pytest.mark.parametrize(
    ("duration", "other", "minutes"),
    [("", "", None), ("30", "15", 30), ("other", "", None), ("other", "165", 165)],
)
def test_duration_is_in_quarters_and_need_not_be_said(
    client, rasmus, karen, duration, other, minutes
):
    data = filled(rasmus, [karen], duration=duration, duration_other=other, transport_km="")
    meeting = saved(client, data)
    assert (meeting.duration_minutes, meeting.transport_km) == (minutes, None)


def test_meeting_too_long_ago_or_before_the_referral_is_told_with_the_first_day(
    client, rasmus, karen
):
    rasmus.referred_on = in_days(-30)
    rasmus.released_on = rasmus.expected_release = in_days(-10)
    rasmus.save()
    for days, words in [
        (-31, str(in_days(-30).day)),
        (-61, str(Meeting.BACKDATED_DAYS)),
        (1, ""),
    ]:
        data = filled(rasmus, [karen], when="day", day=in_days(days).isoformat())
        response = client.post(URL, data)
        assert errors_of(response) == {"day"}
        assert words in soup_of(response).select_one("#id_day_error").text


def test_after_the_end_only_the_coordinator_logs_and_only_what_was_before(
    client_for, client, rasmus, karen
):
    coordinator = CoordinatorFactory()
    end_enrolment(rasmus, in_days(-5), "withdrew")
    assert client.get(URL).status_code != 200
    own = client_for(coordinator)
    url = f"{URL}?enrolment={rasmus.pk}"
    page = soup_of(own.get(url))
    assert page.select_one("[name=when][value=day][checked]")
    late = filled(rasmus, [karen], when="day", day=in_days(-4).isoformat(), next_when="")
    response = own.post(url, late)
    assert errors_of(response) == {"day"}
    assert errors_of(own.post(url, late | {"when": "now"})) == {"when"}
    on_the_day = late | {"day": in_days(-5).isoformat(), "next_step": ""}
    assert own.post(url, on_the_day).status_code == 302
    assert Meeting.objects.get().mentors.get() == karen
    Enrolment.objects.filter(pk=rasmus.pk).update(ended_on=in_days(-Meeting.BACKDATED_DAYS - 1))
    assert own.get(url).status_code == 404


def test_mentor_who_lost_the_participant_meanwhile_is_told_who_can_help(client, rasmus, karen):
    other = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=other, seat1=karen)
    rasmus.pairs.get().seats.filter(mentor=karen).update(held_until=in_days(0))
    response = client.post(URL, filled(rasmus, [karen]))
    assert "enrolment" in errors_of(response)
    assert "Skrevet op." in soup_of(response).select_one("#id_text_housing").text
    assert not Meeting.objects.exists()


def test_goals_of_the_area_are_ticked_off_and_moved_with_the_meeting(
    client, rasmus, karen, query_budget
):
    reached, moved, left = GoalFactory.create_batch(3, enrolment=rasmus, area="housing")
    elsewhere = GoalFactory(enrolment=rasmus, area="work")
    CoordinatorFactory()
    page = soup_of(client.get(URL))
    assert {i["value"] for i in page.select(".a-housing [name=goals_reached]")} == {
        str(goal.pk) for goal in (reached, moved, left)
    }
    data = filled(
        rasmus,
        [karen],
        when="day",
        day=in_days(-3).isoformat(),
        follow_up_on=in_days(1).isoformat(),
        goals_reached=[reached.pk, elsewhere.pk],
        concern_text="Sover ikke.",
        **{
            f"goal_due_{moved.pk}": in_days(40).isoformat(),
            # Reached counts for more than moved, and another area was not talked about.
            f"goal_due_{reached.pk}": in_days(50).isoformat(),
            f"goal_due_{elsewhere.pk}": in_days(50).isoformat(),
        },
    )
    with query_budget(20):
        client.post(URL, data)
    client.post(URL, data)
    meeting = Meeting.objects.get()
    states = {g.pk: (g.state, g.closed_on, g.due_on) for g in Goal.objects.all()}
    assert states == {
        reached.pk: (GoalState.REACHED, in_days(-3), in_days(10)),
        moved.pk: (GoalState.OPEN, None, in_days(40)),
        left.pk: (GoalState.OPEN, None, in_days(10)),
        elsewhere.pk: (GoalState.OPEN, None, in_days(10)),
    }
    kinds = [link.change.kind for link in meeting.goal_changes.all()]
    assert sorted(kinds) == ["moved", "reached"]
    assert reached.title in client.get(reverse("meeting", args=[meeting.pk])).text


def test_goals_of_another_participant_are_never_changed(client, rasmus, karen):
    other, stranger = EnrolmentFactory.create_batch(2, post_release=True)
    PairFactory(enrolment=other, seat1=karen)
    goals = [GoalFactory(enrolment=e, area="housing") for e in (other, stranger)]
    dues = {f"goal_due_{goal.pk}": in_days(30).isoformat() for goal in goals}
    for goal in goals:
        client.post(URL, filled(rasmus, [karen], goals_reached=[goal.pk], **dues))
    assert not Goal.objects.exclude(state=GoalState.OPEN, due_on=in_days(10)).exists()
    assert f"id_goal_{goals[1].pk}" not in client.get(URL).text


def test_goal_that_the_partner_closed_meanwhile_loses_nothing(client, rasmus, karen, jonas):
    goal = GoalFactory(enrolment=rasmus, area="housing")
    data = filled(rasmus, [karen], goals_reached=[goal.pk])
    drop(goal, "Han flytter.", jonas.user)
    response = client.post(URL, data)
    assert response.status_code == 200
    assert "Skrevet op." in soup_of(response).select_one("#id_text_housing").text
    assert not Meeting.objects.exists()
    # What both have ticked off is ticked off once.
    other = GoalFactory(enrolment=rasmus, area="housing")
    reach(other, jonas.user)
    saved(client, data | {"goals_reached": [other.pk], "token": str(uuid4())})
    assert other.changes.count() == 1


def test_goal_is_not_moved_into_the_past(client, rasmus, karen):
    goal = GoalFactory(enrolment=rasmus, area="housing")
    name = f"goal_due_{goal.pk}"
    response = client.post(URL, filled(rasmus, [karen], **{name: in_days(-1).isoformat()}))
    assert errors_of(response) == {name}


def test_partner_is_told_that_the_meeting_has_been_written_about(client, rasmus, karen, jonas):
    now = timezone.now()
    both = MeetingFactory(
        enrolment=rasmus, happened_at=now, mentors=[karen, jonas], logged_by=jonas.user
    )
    others = [
        MeetingFactory(enrolment=rasmus, happened_at=now, mentors=[jonas], logged_by=jonas.user),
        MeetingFactory(
            enrolment=rasmus, happened_at=now, mentors=[karen, jonas], logged_by=karen.user
        ),
        MeetingFactory(
            enrolment=rasmus,
            happened_at=now - timedelta(days=2),
            mentors=[karen, jonas],
            logged_by=jonas.user,
        ),
        MeetingFactory(
            enrolment=rasmus, happened_at=now, mentors=[karen], logged_by=jonas.user, tried=True
        ),
    ]
    page = soup_of(client.get(URL))
    links = [a["href"] for a in page.select(".told-already a")]
    assert links == [reverse("meeting_add", args=[both.pk])]
    assert "Jonas" in page.select_one(".told-already").text
    # It is told, not forbidden.
    saved(client, filled(rasmus, [karen, jonas]))
    assert Meeting.objects.count() == len(others) + 2


def test_page_asks_the_same_whatever_there_is_to_tell(client, rasmus, karen, jonas, query_budget):
    with query_budget(12) as few:
        client.get(URL)
    other = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=other, seat1=karen, seat2=jonas)
    for enrolment in (rasmus, other):
        GoalFactory.create_batch(4, enrolment=enrolment)
        MeetingFactory.create_batch(
            3,
            enrolment=enrolment,
            happened_at=timezone.now(),
            mentors=[karen, jonas],
            logged_by=jonas.user,
        )
    with query_budget(12) as many:
        client.get(URL)
    assert len(few) == len(many)
