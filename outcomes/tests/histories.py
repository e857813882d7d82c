"""Random histories of a few municipalities, for what must hold whatever happened."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from mentoring.models import MeetingState, PairEndReason
from mentoring.tests.factories import MeetingFactory, MentorFactory, PairFactory, SeatFactory
from outcomes.models import Sanction
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory
from participants.models import EndReason, RatingStage, SupportArea
from participants.phases import add_months
from participants.tests.factories import EnrolmentFactory, NeedRatingFactory

ZONE = ZoneInfo("Europe/Copenhagen")
CODES = ("0751", "0461", "0101")


def make(seed: int, enrolments: int = 14) -> None:
    """Fill the database with what may have happened."""
    chance = random.Random(seed)
    mentors = {code: [MentorFactory(municipality_id=code) for _ in range(6)] for code in CODES}
    # Nobody may count who cannot be given anybody.
    MentorFactory(municipality_id=CODES[0], cleared=False)
    MentorFactory(municipality_id=CODES[0], state="paused")
    for _ in range(enrolments):
        _enrolment(chance, chance.choice(CODES), mentors)


def noon(day) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


def _enrolment(chance, code, mentors) -> None:
    today = timezone.localdate()
    release = today + timedelta(days=chance.choice([-1900, -1100, -500, -364, -200, -3, 20, 200]))
    release += timedelta(days=chance.randint(-2, 2))
    referred = min(release, today) - timedelta(days=90)
    released = release if release <= today and chance.random() < 0.9 else None
    ended = None
    if chance.random() < 0.5:
        ended = min(today, max(release, referred) + timedelta(days=chance.randint(0, 400)))
    enrolment = EnrolmentFactory(
        municipality_id=code,
        referred_on=referred,
        expected_release=release,
        released_on=released if released is None or ended is None or ended >= released else None,
        ended_on=ended,
        end_reason=chance.choice([EndReason.OTHER, EndReason.COMPLETED]) if ended else "",
    )
    _pair(chance, enrolment, chance.sample(mentors[code], 3), today)
    for area in chance.sample(SupportArea.values, 3):
        for number, stage in enumerate(RatingStage.values):
            if chance.random() < 0.6:
                NeedRatingFactory(
                    enrolment=enrolment,
                    area=area,
                    stage=stage,
                    rated_on=referred + timedelta(days=number),
                    **(
                        {"rating": chance.randint(1, 5)}
                        if chance.random() < 0.8
                        else {"rating": None, "no_need": True}
                    ),
                )
    for _ in range(chance.randint(0, 4)):
        # Around midnight and around the ends of months, where a wrong zone would show.
        when = today.replace(day=1) - timedelta(days=chance.choice([0, 1, 31, 400, 800]))
        moment = datetime(when.year, when.month, when.day, tzinfo=ZONE)
        moment += timedelta(minutes=chance.choice([-30, 0, 30, 90]))
        state = chance.choice(MeetingState.values)
        extra = {"not_held": True} if state == MeetingState.NOT_HELD else {}
        MeetingFactory(enrolment=enrolment, happened_at=moment, **(extra or {"state": state}))
    if enrolment.released_on:
        _after_release(chance, enrolment, today)
    if enrolment.released_on and chance.random() < 0.8:
        _follow_up(chance, enrolment, today)


def _after_release(chance, enrolment, today) -> None:
    """Meetings around the ends of the months after the release."""
    for months in chance.sample([0, 0, 1, 2, 3, 6, 7, 11, 12, 13], chance.randint(0, 6)):
        day = add_months(enrolment.released_on, months)
        day += timedelta(days=chance.choice([-1, 0, 1, 3, 4, 20]))
        if enrolment.released_on - timedelta(days=2) <= day <= today:
            MeetingFactory(enrolment=enrolment, happened_at=noon(day))


def _pair(chance, enrolment, mentors, today) -> None:
    if chance.random() < 0.25:
        return
    formed = enrolment.referred_on + timedelta(days=chance.randint(0, 120))
    if formed > today:
        return
    left = formed + timedelta(days=chance.randint(0, 300))
    gone = left if left <= today and chance.random() < 0.5 else None
    ended = today if chance.random() < 0.2 else None
    pair = PairFactory(
        enrolment=enrolment,
        formed_on=formed,
        ended_on=ended,
        end_reason=PairEndReason.REPLACED if ended else "",
        seat1=mentors[0],
        seat2=mentors[1],
        seat2__held_until=gone,
    )
    if gone and chance.random() < 0.5:
        SeatFactory(pair=pair, number=2, mentor=mentors[2], held_from=gone)


def _follow_up(chance, enrolment, today) -> None:
    def sometimes():
        after = enrolment.released_on + timedelta(days=chance.randint(1, 1000))
        return after if chance.random() < 0.15 else None

    follow_up = FollowUpFactory(
        enrolment=enrolment,
        register_date=today - timedelta(days=chance.choice([0, 30, 400])),
        died_on=sometimes(),
        emigrated_on=sometimes(),
    )
    for _ in range(chance.randint(0, 2)):
        offence = enrolment.released_on + timedelta(days=chance.choice([-1, 0, 1, 729, 730, 731]))
        ReoffenceFactory(
            follow_up=follow_up,
            offence_on=offence,
            convicted_on=offence + timedelta(days=chance.randint(0, 700)),
            sanction=chance.choice(Sanction.values),
        )
