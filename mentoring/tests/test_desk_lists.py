"""The lists of the desk against a second reading of what belongs on them, in plain Python."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentoring.desk.reading import look
from mentoring.desk.worklist import Scope
from mentoring.models import Accompaniment, MentorPair, PairEndReason
from mentoring.tests.desk_factories import PairProposalFactory
from mentoring.tests.factories import (
    AbsenceFactory,
    AccompanimentFactory,
    ClearanceFactory,
    ConcernFactory,
    MeetingFactory,
    MentorFactory,
    SeatFactory,
    StopNoticeFactory,
)
from participants.assessments import due_stages
from participants.closed_days import closed_reason
from participants.models import (
    ChecklistItem,
    ChecklistPoint,
    EndReason,
    Municipality,
    NeedRating,
    RatingStage,
)
from participants.tests.factories import ELSEWHERE, HOME, CoordinatorFactory, EnrolmentFactory

NEXT_DOOR = "0740"  # Silkeborg
ALWAYS, CLOSED_TOO = 8, 9


# --- Histories, in days from today -----------------------------------------------------------


@dataclass
class Sat:
    number: int
    mentor: int
    first: int
    until: int | None = None
    # The notice of whoever stops: «open», «taken» by a coordinator, or «withdrawn».
    notice: str = ""


@dataclass
class History:
    place: str
    own: bool
    referred: int
    release: int
    released: bool
    ended: bool
    pair: tuple[int, bool] | None
    seats: list[Sat]
    meetings: list[tuple[int, str]]
    points_done: int
    rated: list[str]
    concerns: list[str]
    follow_ups: list[tuple[int, bool]]
    # When two mentors were asked, and whether it is still open.
    asked: tuple[int, bool] | None
    row: object = field(default=None, repr=False)


@dataclass
class Volunteer:
    place: str
    state: str
    away: tuple[int, int] | None
    training: list[int | None]
    row: object = field(default=None, repr=False)


def sat(number: int, mentors: tuple[int, int]):
    one, other = mentors
    return st.sampled_from(
        [
            [],
            [Sat(number, one, -90)],
            [Sat(number, one, -90)],
            [Sat(number, one, -90, -9)],
            [Sat(number, one, -90, 0, "open")],
            [Sat(number, one, -90, 10, "open")],
            [Sat(number, one, -90, 10, "taken")],
            [Sat(number, one, -90, None, "withdrawn")],
            [Sat(number, one, -90, -9), Sat(number, other, 3)],
            [Sat(number, one, -90, 10, "open"), Sat(number, other, 10)],
            [Sat(number, one, -90, 0), Sat(number, other, 0)],
        ]
    )


@st.composite
def histories(draw):
    release = draw(
        st.sampled_from([-380, -366, -365, -364, -110, -30, -4, -3, -1, 0])
        | st.sampled_from([1, 5, 13, 14, 15, 46, 47, 48, 58, 60, 61, 75, 120])
        | st.integers(0, 70)
    )
    return History(
        place=draw(st.sampled_from([HOME, HOME, NEXT_DOOR, ELSEWHERE])),
        own=draw(st.booleans()),
        referred=-400,
        release=release,
        released=release <= 0 and draw(st.booleans()),
        ended=release < -5 and draw(st.sampled_from([False, False, False, True])),
        pair=draw(st.sampled_from([None, (-90, True), (-90, False), (-14, False), (-13, False)])),
        seats=draw(sat(1, (0, 1))) + draw(sat(2, (2, 3))),
        meetings=draw(
            st.lists(
                st.tuples(
                    st.sampled_from([-100, -40, -15, -14, -13, -2]),
                    st.sampled_from(["held", "held", "tried", "not_held"]),
                ),
                max_size=2,
            )
        ),
        points_done=draw(st.sampled_from([0, 3, ALWAYS, CLOSED_TOO])),
        rated=draw(st.lists(st.sampled_from([s.value for s in RatingStage]), unique=True)),
        concerns=draw(
            st.lists(st.sampled_from(["waiting", "acknowledged", "resolved"]), max_size=2)
        ),
        follow_ups=draw(
            st.lists(st.tuples(st.sampled_from([-3, -1, 0, 4]), st.booleans()), max_size=1)
        ),
        asked=draw(
            st.sampled_from(
                [None, None, (-3, True), (-4, True), (-4, True), (-9, True), (-9, False)]
            )
        ),
    )


volunteers = st.builds(
    Volunteer,
    place=st.sampled_from([HOME, HOME, NEXT_DOOR, ELSEWHERE]),
    state=st.sampled_from(["active", "active", "paused", "left", "applicant"]),
    away=st.sampled_from([None, None, (-5, -1), (-5, 0), (0, 9), (3, 6), (7, 7), (8, 20)]),
    training=st.lists(
        st.sampled_from([-10, -1, 0, 30, 60, 61, 400, None]), max_size=2, unique=True
    ),
)


def write(cases: list[History], mentors: list[Volunteer], coordinator, today: date) -> None:
    """Put the histories into the database."""

    def day(n: int) -> date:
        return today + timedelta(days=n)

    def at(n: int) -> datetime:
        return datetime.combine(day(n), time(0, 0), tzinfo=timezone.get_default_timezone())

    for mentor in mentors:
        mentor.row = MentorFactory(municipality_id=mentor.place, state=mentor.state, cleared=False)
        for n, until in enumerate(mentor.training):
            ClearanceFactory(
                mentor=mentor.row,
                kind="training",
                obtained_on=day(-500 + n),
                expires_on=None if until is None else day(until),
            )
        if mentor.away:
            AbsenceFactory(
                mentor=mentor.row, away_from=day(mentor.away[0]), away_until=day(mentor.away[1])
            )
    points = list(ChecklistPoint.objects.order_by("applies", "position"))
    assert len(points) == CLOSED_TOO
    assert points[-1].applies == "closed_day"
    for case in cases:
        case.row = EnrolmentFactory(
            municipality_id=case.place,
            coordinator=coordinator if case.own else None,
            referred_on=day(case.referred),
            expected_release=day(case.release),
            released_on=day(case.release) if case.released else None,
            ended_on=day(-2) if case.ended else None,
            end_reason=EndReason.OTHER if case.ended else "",
        )
        if case.pair is not None:
            formed, ended = case.pair
            pair = MentorPair.objects.create(
                enrolment=case.row,
                formed_on=day(formed),
                ended_on=day(-1) if ended else None,
                end_reason=PairEndReason.REPLACED if ended else "",
            )
            for seat in case.seats:
                held = SeatFactory(
                    pair=pair,
                    number=seat.number,
                    mentor=mentors[seat.mentor].row,
                    held_from=day(seat.first),
                    held_until=None if seat.until is None else day(seat.until),
                )
                if seat.notice:
                    StopNoticeFactory(
                        seat=held,
                        stops_on=day(10 if seat.until is None else seat.until),
                        withdrawn_at=at(0) if seat.notice == "withdrawn" else None,
                        given_at=at(-11),
                        acknowledged_at=at(-1) if seat.notice == "taken" else None,
                    )
        if case.asked is not None:
            asked, is_open = case.asked
            closed = {} if is_open else {"state": "withdrawn", "closed_at": at(-1)}
            two = [mentors[0].row, mentors[1].row]
            PairProposalFactory(enrolment=case.row, proposed_at=at(asked), asked=two, **closed)
        for ago, state in case.meetings:
            trait = {} if state == "held" else {state: True}
            # At midnight, where a day begins and the other ends.
            MeetingFactory(enrolment=case.row, happened_at=at(ago), **trait)
        ChecklistItem.objects.bulk_create(
            ChecklistItem(enrolment=case.row, point=point, done_on=today)
            for point in points[: case.points_done]
        )
        NeedRating.objects.bulk_create(
            NeedRating(enrolment=case.row, area="work", stage=s, rating=3, rated_on=today)
            for s in case.rated
        )
        for state in case.concerns:
            ConcernFactory(enrolment=case.row, **({} if state == "waiting" else {state: True}))
        for due, done in case.follow_ups:
            AccompanimentFactory(
                meeting__enrolment=case.row,
                meeting__happened_at=at(-1000),
                follow_up="Ringe",
                follow_up_on=day(due),
                follow_up_done_on=today if done else None,
            )


# --- The second reading ----------------------------------------------------------------------


class Reading:
    """What a coordinator's lists must hold, from the histories alone."""

    def __init__(self, cases: list[History], mentors: list[Volunteer], today: date):
        self.cases, self.mentors, self.today = cases, mentors, today

    def day(self, n: int) -> date:
        return self.today + timedelta(days=n)

    def lists(self, places: set[str], own: bool) -> dict[str, set[int]]:
        mine = [c for c in self.cases if c.place in places and (c.own or not own)]
        now = [c for c in mine if not c.ended]
        found = {
            name: {case.row.pk for case in now if belongs(case)}
            for name, belongs in {
                "no-pair": self.no_pair,
                "vacant": self.vacant,
                "uncovered": self.uncovered,
                "unconfirmed": lambda c: not c.released and c.release < 0,
                "gate-week": self.gate_week,
                "closed-day": self.closed_day,
                "silent": self.silent,
                "asked": lambda c: c.asked is not None and c.asked[1] and c.asked[0] < -3,
                "assessments": lambda c: bool(due_stages(c.row, c.rated, self.today)),
                "to-end": self.year_over,
            }.items()
        }
        found["concerns"] = {
            concern.pk
            for case in mine
            for concern, state in zip(case.row.concerns.order_by("pk"), case.concerns, strict=True)
            if state == "waiting"
        }
        found["follow-ups"] = {
            Accompaniment.objects.get(meeting__enrolment=case.row).pk
            for case in now
            for due, done in case.follow_ups
            if due < 0 and not done
        }
        follow = {
            seat.mentor
            for case in mine
            if self.paired(case)
            for seat in case.seats
            if seat.first <= 0 and (seat.until is None or seat.until > 0)
        }
        found["clearances"] = set()
        for number, mentor in enumerate(self.mentors):
            known = mentor.place in places and (number in follow or not own)
            last = max((10**6 if n is None else n for n in mentor.training), default=10**6)
            if known and last <= 60 and mentor.state in ("active", "paused"):
                clearance = mentor.row.clearances.get(expires_on=self.day(last))
                found["clearances"].add(clearance.pk)
        return found

    def paired(self, case: History) -> bool:
        return case.pair is not None and not case.pair[1]

    def year_over(self, case: History) -> bool:
        if not case.released:
            return False
        return self.day(case.release) + relativedelta(months=12) < self.today

    def begun(self, case: History, ago: int = 0) -> bool:
        """Whether the two months before the release had begun so many days ago."""
        start = self.day(case.release) - relativedelta(months=2)
        return start <= self.day(-ago)

    def no_pair(self, case: History) -> bool:
        return not self.paired(case) and case.release <= 60 and not self.year_over(case)

    def vacant(self, case: History) -> bool:
        if not self.paired(case) or self.year_over(case):
            return False
        to_come = [s for s in case.seats if s.until is None or s.until > 0]
        if {1, 2} - {seat.number for seat in to_come}:
            return True
        return any(
            seat.notice == "open"
            and not [s for s in to_come if s is not seat and s.number == seat.number]
            for seat in case.seats
        )

    def uncovered(self, case: History) -> bool:
        if not self.paired(case) or self.year_over(case):
            return False
        if not case.released and not self.begun(case):
            return False
        here = {s.mentor for s in case.seats if s.first <= 0 and (s.until is None or s.until > 0)}
        for mentor in here:
            away = self.mentors[mentor].away
            if away is None or away[1] < 0 or away[0] > 7:
                continue
            days = set(range(max(away[0], 0), away[1] + 1))
            stay = here - {mentor}
            if not any(
                not days & set(range(a[0], a[1] + 1)) if (a := self.mentors[other].away) else True
                for other in stay
            ):
                return True
        return False

    def gate_week(self, case: History) -> bool:
        near = case.release >= -3 if case.released else case.release <= 14
        closed = closed_reason(self.day(case.release)) is not None
        return near and case.points_done < (CLOSED_TOO if closed else ALWAYS)

    def closed_day(self, case: History) -> bool:
        if case.released or not 0 <= case.release <= 60 or case.points_done == CLOSED_TOO:
            return False
        return closed_reason(self.day(case.release)) is not None

    def silent(self, case: History) -> bool:
        if not self.paired(case) or self.year_over(case) or not self.begun(case, 14):
            return False
        contact = [ago for ago, state in case.meetings if state == "held"]
        # The meeting at an authority is long ago, and held.
        contact += [-1000] * len(case.follow_ups)
        return (max(contact) if contact else case.pair[0]) <= -14


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cases=st.lists(histories(), min_size=3, max_size=8),
    mentors=st.lists(volunteers, min_size=4, max_size=4),
    today=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
)
def test_every_list_holds_whom_it_should_and_nobody_else(cases, mentors, today):
    noon = datetime.combine(today, time(12), tzinfo=timezone.get_default_timezone())
    with time_machine.travel(noon, tick=False), transaction.atomic():
        coordinator = CoordinatorFactory(municipalities=[HOME, NEXT_DOOR])
        write(cases, mentors, coordinator, today)
        reading = Reading(cases, mentors, today)
        home = Municipality.objects.get(pk=HOME)
        for chosen, own in ((None, False), (home, True)):
            wanted = reading.lists({HOME} if chosen else {HOME, NEXT_DOOR}, own)
            listed = look(Scope(coordinator.user, chosen, own))
            assert {
                one.worklist.name: {found.pk for found in one.found} for one in listed
            } == wanted
            assert [one.total for one in listed] == [len(wanted[o.worklist.name]) for o in listed]
        transaction.set_rollback(True)
