"""Everyone whose rights differ, around one participant and another, for tests of access."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction


@dataclass
class Case:
    """One enrolment with a row of every kind that hangs on it."""

    enrolment: object
    pair: object
    rows: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None


def make_case(enrolment, pair, mentor, recipient) -> Case:
    """Fill a case with a row of each kind; `recipient` is the user who gets its reminder."""
    from mentoring.tests import factories as m
    from outcomes.tests import factories as o
    from participants.tests import factories as p

    meeting = m.MeetingFactory(enrolment=enrolment, mentors=[mentor], logged_by=mentor.user)
    concern = m.ConcernFactory(enrolment=enrolment, raised_by=mentor.user)
    goal_change = p.GoalChangeFactory(goal__enrolment=enrolment)
    feed = m.CalendarFeedFactory(mentor=mentor)
    absence = m.AbsenceFactory(mentor=mentor)
    consent = p.ConsentFactory(enrolment=enrolment, kind="offences")
    follow_up = o.FollowUpFactory(enrolment=enrolment)
    strata = o.StratumFactory._meta.model.objects.filter(municipality=enrolment.municipality)
    a_trial = {"trial": strata.first().trial} if strata else {}
    return Case(
        enrolment,
        pair,
        {
            "participant": enrolment.participant,
            "move": p.ReleaseDateMoveFactory(enrolment=enrolment),
            "need_rating": p.NeedRatingFactory(enrolment=enrolment),
            "goal": goal_change.goal,
            "goal_change": goal_change,
            "contact": m.AuthorityContactFactory(enrolment=enrolment),
            "consent": consent,
            "checklist_item": p.ChecklistItemFactory(enrolment=enrolment),
            "meeting": meeting,
            "meeting_area": m.MeetingAreaFactory(meeting=meeting),
            "accompaniment": m.AccompanimentFactory(meeting=meeting),
            "addition": m.MeetingAdditionFactory(meeting=meeting),
            "version": m.MeetingVersionFactory(meeting=meeting),
            "meeting_goal_change": m.MeetingGoalChangeFactory(meeting=meeting, change=goal_change),
            "draft": m.MeetingDraftFactory(author=mentor.user, enrolment=enrolment),
            "concern": concern,
            "letter": m.LetterFactory(concern=concern),
            "stop_notice": m.StopNoticeFactory(
                seat=pair.seats.get(mentor=mentor), stops_on=p.in_days(14)
            ),
            "turn_request": m.TurnRequestFactory(
                enrolment=enrolment,
                asked=mentor,
                asked_by=pair.seats.exclude(mentor=mentor).earliest("pk").mentor,
            ),
            "absence": absence,
            "handover": m.HandoverFactory(absence=absence, enrolment=enrolment),
            "calendar_feed": feed,
            "calendar_entry": m.CalendarEntryFactory(feed=feed),
            "reminder": m.ReminderFactory(enrolment=enrolment, recipient=recipient),
            "follow_up": follow_up,
            "reoffence": o.ReoffenceFactory(follow_up=follow_up),
            "trial_subject": o.TrialSubjectFactory(
                municipality=enrolment.municipality, has_mentors=False, **a_trial
            ),
        },
    )


class Cast:
    """`own` is the case in Aarhus that `mentor` and `partner` follow and `coordinator` has;
    `other` is a case in Odense with people of its own, who own something, and not this.

    `left` held the partner's seat until yesterday, `starting` holds it from tomorrow; both
    follow somebody else in Aarhus today (`neighbour`), so they own something too.
    """

    def __init__(self):
        from mentoring.tests.factories import MentorFactory, PairFactory, SeatFactory
        from participants.tests.factories import (
            ELSEWHERE,
            CoordinatorFactory,
            EnrolmentFactory,
            in_days,
            municipality,
        )
        from primus.accounts.tests.factories import UserFactory

        self.coordinator = CoordinatorFactory().user
        self.other_coordinator = CoordinatorFactory(municipalities=[ELSEWHERE]).user
        self.staff = UserFactory(staff=True)
        self.administrator = UserFactory(administrator=True)

        mentors = {n: MentorFactory() for n in ("mentor", "partner", "left", "starting", "idle")}
        enrolment = EnrolmentFactory(gate_week=True)
        pair = PairFactory(
            enrolment=enrolment,
            seat1=mentors["mentor"],
            seat2=mentors["left"],
            seat2__held_until=in_days(0),
        )
        SeatFactory(
            pair=pair,
            number=2,
            mentor=mentors["partner"],
            held_from=in_days(0),
            held_until=in_days(1),
        )
        SeatFactory(pair=pair, number=2, mentor=mentors["starting"], held_from=in_days(1))
        neighbour = EnrolmentFactory(post_release=True)
        self.neighbour = make_case(
            neighbour,
            PairFactory(enrolment=neighbour, seat1=mentors["left"], seat2=mentors["starting"]),
            mentors["left"],
            mentors["left"].user,
        )
        self.own = make_case(enrolment, pair, mentors["mentor"], mentors["mentor"].user)

        stranger = MentorFactory(municipality=municipality(ELSEWHERE))
        elsewhere = EnrolmentFactory(gate_week=True, municipality=municipality(ELSEWHERE))
        other_pair = PairFactory(enrolment=elsewhere, seat1=stranger)
        self.other = make_case(elsewhere, other_pair, stranger, stranger.user)

        self.mentors = {**mentors, "stranger": stranger}
        for name, mentor in self.mentors.items():
            setattr(self, name, mentor.user)

    @cached_property
    def by_name(self) -> dict[str, object]:
        """Everyone, and nobody."""
        names = ["coordinator", "other_coordinator", "staff", "administrator", *self.mentors]
        return {"anonymous": AnonymousUser(), **{name: getattr(self, name) for name in names}}


@pytest.fixture(scope="module")
def cast_of_the_module(django_db_setup, django_db_blocker) -> Iterator[Cast]:
    """Made once for the tests of a module, which takes longer than most of them; taken back
    after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Cast()
        transaction.set_rollback(True)


@pytest.fixture
def cast(cast_of_the_module, db) -> Cast:
    """Everyone, as they are in the database: what a test changes is its own."""
    return deepcopy(cast_of_the_module)
