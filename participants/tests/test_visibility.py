"""Who sees which rows of a case: the table of rights, model by model."""

import pytest

from mentoring.models import (
    Accompaniment,
    Clearance,
    Concern,
    Meeting,
    MeetingArea,
    Mentor,
    MentorPair,
    Reminder,
    Seat,
    StopNotice,
)
from mentoring.tests.factories import PairFactory
from outcomes.models import FollowUp, Reoffence
from participants.models import (
    ChecklistItem,
    Consent,
    Enrolment,
    Goal,
    NeedRating,
    Participant,
    ReleaseDateMove,
)
from participants.tests.factories import ELSEWHERE, EnrolmentFactory, in_days

WHOLE_CASE = {
    "enrolment": Enrolment,
    "participant": Participant,
    "move": ReleaseDateMove,
    "need_rating": NeedRating,
    "goal": Goal,
    "checklist_item": ChecklistItem,
    "pair": MentorPair,
    "meeting": Meeting,
    "meeting_area": MeetingArea,
    "accompaniment": Accompaniment,
}
# What a mentor says to the coordinators: theirs, and not the other mentor's.
OWN_AND_COORDINATORS = {"concern": Concern, "stop_notice": StopNotice}
COORDINATORS_ONLY = {"consent": Consent, "follow_up": FollowUp, "reoffence": Reoffence}
OF_A_CASE = WHOLE_CASE | COORDINATORS_ONLY | OWN_AND_COORDINATORS


def seen_by(model, user) -> set:
    return set(model.objects.visible_to(user))


@pytest.mark.parametrize("kind", sorted(WHOLE_CASE))
def test_a_case_is_seen_by_its_mentors_and_its_coordinators(cast, kind):
    own, neighbour, other = (getattr(c, kind) for c in (cast.own, cast.neighbour, cast.other))
    expected = {
        "mentor": {own},
        "partner": {own},
        "left": {neighbour},
        "starting": {neighbour},
        "stranger": {other},
        "idle": set(),
        "coordinator": {own, neighbour},
        "other_coordinator": {other},
        "staff": set(),
        "administrator": set(),
        "anonymous": set(),
    }
    seen = {name: seen_by(WHOLE_CASE[kind], user) for name, user in cast.by_name.items()}
    assert seen == expected


@pytest.mark.parametrize("kind", sorted(OWN_AND_COORDINATORS))
def test_what_a_mentor_says_is_seen_by_them_and_the_coordinators(cast, kind):
    own, neighbour, other = (getattr(c, kind) for c in (cast.own, cast.neighbour, cast.other))
    expected = {
        "mentor": {own},
        "left": {neighbour},
        "stranger": {other},
        "coordinator": {own, neighbour},
        "other_coordinator": {other},
    }
    for name, user in cast.by_name.items():
        seen = seen_by(OWN_AND_COORDINATORS[kind], user)
        assert seen == expected.get(name, set()), name


@pytest.mark.parametrize("kind", sorted(COORDINATORS_ONLY))
def test_what_only_coordinators_see(cast, kind):
    own, neighbour, other = (getattr(c, kind) for c in (cast.own, cast.neighbour, cast.other))
    for name, user in cast.by_name.items():
        expected = {"coordinator": {own, neighbour}, "other_coordinator": {other}}
        assert seen_by(COORDINATORS_ONLY[kind], user) == expected.get(name, set()), name


@pytest.mark.parametrize("kind", sorted(OF_A_CASE))
def test_an_inactive_user_sees_nothing(cast, kind):
    for user in (cast.mentor, cast.coordinator):
        user.is_active = False
        assert seen_by(OF_A_CASE[kind], user) == set()


@pytest.mark.parametrize("kind", sorted(OF_A_CASE))
def test_a_coordinator_who_loses_a_municipality_loses_its_cases_at_once(cast, kind):
    assert seen_by(OF_A_CASE[kind], cast.coordinator)
    cast.coordinator.coordinator.municipalities.set([ELSEWHERE])
    assert seen_by(OF_A_CASE[kind], cast.coordinator) == {getattr(cast.other, kind)}
    cast.coordinator.coordinator.municipalities.clear()
    assert seen_by(OF_A_CASE[kind], cast.coordinator) == set()


@pytest.mark.parametrize("kind", sorted(WHOLE_CASE | OWN_AND_COORDINATORS))
def test_a_mentor_who_loses_the_seat_loses_the_case_at_once(cast, kind):
    assert seen_by(OF_A_CASE[kind], cast.mentor)
    Seat.objects.filter(mentor__user=cast.mentor).update(held_until=in_days(0))
    assert seen_by(OF_A_CASE[kind], cast.mentor) == set()


def test_a_pair_that_ended_shows_its_mentors_nothing(cast):
    MentorPair.objects.filter(pk=cast.own.pair.pk).update(
        ended_on=in_days(0), end_reason="replaced"
    )
    assert seen_by(Enrolment, cast.mentor) == set()
    assert cast.own.enrolment in seen_by(Enrolment, cast.coordinator)


def test_a_pair_that_begins_tomorrow_shows_nothing_today(cast):
    pair = PairFactory(enrolment=EnrolmentFactory(), formed_on=in_days(1))
    for seat in pair.seats.all():
        assert seen_by(Enrolment, seat.mentor.user) == set()


def test_an_old_enrolment_of_the_same_person_stays_with_its_own_people(cast):
    """The mentors of today see the person, and not the time before."""
    old = EnrolmentFactory(ended=True, participant=cast.own.participant)
    assert seen_by(Enrolment, cast.mentor) == {cast.own.enrolment}
    assert old in seen_by(Enrolment, cast.coordinator)


def test_nobody_is_seen_twice(cast):
    """Two ways to a row (two municipalities, two enrolments) are still one row."""
    cast.coordinator.coordinator.municipalities.add(ELSEWHERE)
    EnrolmentFactory(ended=True, participant=cast.own.participant)
    for model in (*OF_A_CASE.values(), Mentor, Clearance):
        rows = list(model.objects.visible_to(cast.coordinator))
        assert len(rows) == len(set(rows)), model


def test_a_reminder_is_its_recipients_own(cast):
    for name, user in cast.by_name.items():
        expected = {
            "mentor": {cast.own.reminder},
            "left": {cast.neighbour.reminder},
            "stranger": {cast.other.reminder},
        }.get(name, set())
        assert seen_by(Reminder, user) == expected, name


def test_a_reminder_is_gone_with_the_seat(cast):
    Seat.objects.filter(mentor__user=cast.mentor).update(held_until=in_days(0))
    assert seen_by(Reminder, cast.mentor) == set()


@pytest.mark.parametrize("model", [Mentor, Clearance])
def test_mentors_are_seen_by_themselves_their_partner_and_their_coordinator(cast, model):
    mentors = cast.mentors
    here = {"mentor", "partner", "left", "starting", "idle"}
    partners = {
        "mentor": {"mentor", "partner"},
        "partner": {"mentor", "partner"},
        "left": {"left", "starting"},
        "starting": {"left", "starting"},
        "idle": {"idle"},
    }
    for name, user in cast.by_name.items():
        seen = seen_by(model, user)
        seen_mentors = seen if model is Mentor else {clearance.mentor for clearance in seen}
        if name == "coordinator":
            expected = here
        elif name in partners:
            # Contact details are the partner's business, clearances are not.
            expected = partners[name] if model is Mentor else {name}
        elif name in ("stranger", "other_coordinator"):
            theirs = {s.mentor for s in cast.other.pair.seats.all()}
            if name == "other_coordinator" or model is Mentor:
                assert seen_mentors == theirs
            else:
                assert seen_mentors == {mentors["stranger"]}
            continue
        else:
            expected = set()
        assert seen_mentors == {mentors[n] for n in expected}, name
