"""An enrolment whose reminders are planned, for tests."""

from datetime import date

from mentoring.tests.factories import PairFactory
from participants.tests.factories import EnrolmentFactory

RELEASE = date(2027, 3, 25)
REFERRED = date(2026, 6, 1)


def enrol(release=RELEASE, *, released=False, **fields):
    """An enrolment with two mentors since long ago."""
    fields.setdefault("released_on", release if released else None)
    enrolment = EnrolmentFactory(referred_on=REFERRED, expected_release=release, **fields)
    PairFactory(enrolment=enrolment)
    return enrolment
