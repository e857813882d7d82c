"""How many questions the desk asks the database: the same, however much there is."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from mentoring.desk.lists import WORKLISTS
from mentoring.models import Concern, Meeting, MentorPair, Seat
from mentoring.tests.desk_factories import PairProposalFactory
from mentoring.tests.factories import (
    AbsenceFactory,
    AccompanimentFactory,
    ClearanceFactory,
    MentorFactory,
    StopNoticeFactory,
)
from participants.models import Enrolment, Institution, Participant
from participants.tests.factories import HOME, in_days
from primus.demo.seeding import count_rows

pytestmark = pytest.mark.django_db
URL = "/desk/"


def fill(number: int) -> None:
    """Many enrolments at once, on every list that enrolments are on."""
    mentors = [MentorFactory(capacity=4) for _ in range(2)]
    AbsenceFactory(mentor=mentors[0])
    people = Participant.objects.bulk_create(
        Participant(
            first_name=f"D{n}", last_name="Massen", birth_date=date(1990, 1, 1), gender="male"
        )
        for n in range(number)
    )
    institution = Institution.objects.earliest("name")
    releases = [-400, -100, -5, 4, 20, 50]
    cases = Enrolment.objects.bulk_create(
        Enrolment(
            participant=person,
            municipality_id=HOME,
            institution=institution,
            release_kind="parole",
            referred_on=in_days(-500),
            expected_release=in_days(releases[n % 6]),
            released_on=in_days(releases[n % 6]) if n % 6 < 2 else None,
        )
        for n, person in enumerate(people)
    )
    pairs = MentorPair.objects.bulk_create(
        MentorPair(enrolment=case, formed_on=in_days(-90)) for case in cases[::2]
    )
    seats = Seat.objects.bulk_create(
        Seat(pair=pair, number=1, mentor=mentors[0], held_from=in_days(-90)) for pair in pairs
    )
    meetings = Meeting.objects.bulk_create(
        Meeting(
            enrolment=case,
            state="held",
            mode="cafe",
            happened_at=timezone.now() - timedelta(days=30),
        )
        for case in cases
    )
    for meeting in meetings[:3]:
        AccompanimentFactory(meeting=meeting, follow_up="x", follow_up_on=in_days(-1))
    now = timezone.now()
    Concern.objects.bulk_create(
        Concern(enrolment=case, text="x", raised_at=now, acknowledge_by=now) for case in cases[:12]
    )
    for case in cases[1:20:2]:
        two = [mentors[0], mentors[1]]
        PairProposalFactory(
            enrolment=case, proposed_at=timezone.now() - timedelta(days=9), asked=two
        )
    Seat.objects.filter(pk=seats[0].pk).update(held_until=in_days(9))
    StopNoticeFactory(seat=Seat.objects.get(pk=seats[0].pk), stops_on=in_days(9))
    ClearanceFactory(mentor=MentorFactory(cleared=False), expires_on=in_days(3))
    # PostgreSQL does it by itself within a minute.
    count_rows()


def test_the_desk_asks_the_same_number_of_questions_for_10_and_for_300(
    coordinator_client, query_budget
):
    counts = []
    for number in (12, 290):
        fill(number)
        asked = []
        for path in (URL, "/desk/silent/", "/desk/counts/"):
            with query_budget(20) as statements:
                assert coordinator_client.get(path).status_code == 200
            asked.append(len(statements))
        counts.append(asked)
    assert counts[0] == counts[1]
    # Whatever the day, everything but perhaps closed offices has been asked for.
    names = {worklist.name for worklist in WORKLISTS}
    listed = {one.worklist.name for one in coordinator_client.get(URL).context["listed"]}
    assert names - {"closed-day"} <= listed
