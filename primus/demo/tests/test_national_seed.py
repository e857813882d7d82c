"""By itself, because it writes the whole country twice where none may be yet."""

import pytest
from django.db import transaction
from django.utils import timezone

from mentoring.models import Meeting, Seat
from outcomes.models import Reoffence
from participants.models import Enrolment
from primus.demo.national import Scale, seed_national

pytestmark = pytest.mark.django_db


def rows(seed: int) -> list[list]:
    """What is written with a seed, without the keys; taken back again."""
    with transaction.atomic():
        seeded = seed_national(seed, timezone.localdate(), Scale(200, 400, 2000))
        assert seeded is not None
        found = [
            list(model.objects.order_by("pk").values_list(*names))
            for model, names in (
                (Enrolment, ("municipality", "referred_on", "released_on", "end_reason")),
                (Seat, ("number", "held_from", "held_until")),
                (Meeting, ("happened_at", "state", "mode", "note")),
                (Reoffence, ("offence_on", "sanction")),
            )
        ]
        transaction.set_rollback(True)
    assert len(found[0]) == 200
    return found


def test_the_same_seed_gives_the_same_rows():
    first = rows(5)
    assert first == rows(5)
    assert first[0] != rows(6)[0]
