"""Two coordinators hand the same enrolment over at the same moment."""

import pytest
from django.urls import reverse

from mentoring.tests.test_pairing_threads import at_once
from participants.models import ChangeKind, EnrolmentChange
from participants.tests.factories import ELSEWHERE, CoordinatorFactory, EnrolmentFactory
from participants.transfers import Place

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_one_hands_over_and_the_other_is_told_or_finds_nothing(client_for):
    enrolment = EnrolmentFactory()
    one, other = CoordinatorFactory(), CoordinatorFactory()
    there, here = CoordinatorFactory(municipalities=[ELSEWHERE]), CoordinatorFactory()
    seen = {"seen": str(Place.of(enrolment)), "note": ""}
    away = reverse("municipality_move", args=[enrolment.pk])
    answers = at_once(
        client_for,
        (one, f"{away}?to={ELSEWHERE}", {**seen, "coordinator": there.pk, "postcode": ""}),
        (
            other,
            reverse("coordinator_change", args=[enrolment.pk]),
            {**seen, "coordinator": here.pk},
        ),
    )
    codes = [answer.status_code for answer in answers]
    assert codes.count(302) == 1
    # Told in words while it can be seen; when it is gone already, there is nothing to see.
    assert next(code for code in codes if code != 302) in (200, 404)
    enrolment.refresh_from_db()
    assert enrolment.coordinator == (there if codes[0] == 302 else here)
    assert EnrolmentChange.objects.filter(kind=ChangeKind.COORDINATOR).count() == 1
    moved = enrolment.municipality_id == ELSEWHERE
    assert moved == (codes[0] == 302)
