"""When a mentor's clearance is about to run out: one definition, wherever it is warned of."""

import pytest

from mentoring.models import Clearance
from mentoring.tests.factories import ClearanceFactory, MentorFactory
from participants.tests.factories import in_days

pytestmark = pytest.mark.django_db


def clearances(*spans, kind="training", mentor=None):
    mentor = mentor or MentorFactory(cleared=False)
    return [
        ClearanceFactory(
            mentor=mentor,
            kind=kind,
            obtained_on=in_days(first),
            expires_on=None if last is None else in_days(last),
        )
        for first, last in spans
    ]


@pytest.mark.parametrize(
    ("spans", "warned_of"),
    [
        ([(-100, 60)], [0]),
        ([(-100, 0)], [0]),
        ([(-100, 61)], []),
        ([(-100, -1)], []),
        ([(-100, None)], []),
        # Renewed: by one that lasts longer, and by one that never runs out.
        ([(-100, 10), (-5, 300)], []),
        ([(-100, 10), (-5, None)], []),
        ([(-100, 10), (-5, 40)], [1]),
        ([(-100, 40), (-5, 10)], [0]),
        # Twice with the same last day is one thing to do.
        ([(-100, 40), (-5, 40)], [1]),
    ],
)
def test_a_clearance_is_warned_of_sixty_days_ahead_unless_it_is_renewed(spans, warned_of):
    rows = clearances(*spans)
    assert list(Clearance.objects.expiring()) == [rows[index] for index in warned_of]


def test_another_kind_or_another_mentor_renews_nothing():
    (soon,) = clearances((-100, 10))
    clearances((-5, 300), kind="record_check", mentor=soon.mentor)
    clearances((-5, 300))
    assert list(Clearance.objects.expiring()) == [soon]
