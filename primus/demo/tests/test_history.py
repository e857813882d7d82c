"""The years before in the demonstration: enough to be counted, the same each time, and over."""

from datetime import date, datetime, timedelta
from io import StringIO
from random import Random

import pytest
import time_machine
from django.core.management import call_command
from django.db import models, transaction

from mentoring.models import Attendance, Clearance, Meeting, Mentor, MentorState, Seat
from mentoring.planning import plan_for
from outcomes.composing import Composer
from outcomes.counting import count_all
from outcomes.disclosure import ALL, COUNTRY
from outcomes.models import FollowUp, Reoffence
from outcomes.models.followup import require_consent
from outcomes.protecting import protect_all
from participants.models import Enrolment, NeedRating, Participant
from primus.accounts.models import User
from primus.demo.seeding import history
from primus.demo.seeding.people import People
from primus.demo.seeding.world import World

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 12)


@pytest.fixture
def few(monkeypatch):
    """A tenth of it."""
    few = {code: (count // 10, risk) for code, (count, risk) in history.PLACES.items()}
    monkeypatch.setattr(history, "PLACES", few)


def write(seed: int, today: date) -> list[list]:
    """The years before without the stories: what is in them; taken back again."""
    moment = datetime(today.year, today.month, today.day, 9)  # noqa: DTZ001
    with time_machine.travel(moment, tick=False), transaction.atomic():
        world = World(today, Random(1))
        People(world).write_office()
        history.write_history(world, seed)
        check(today)
        found = [
            list(model.objects.order_by("pk").values_list(*names))
            for model, names in (
                (Participant, ("first_name", "last_name", "birth_date")),
                (Enrolment, ("municipality", "referred_on", "released_on", "end_reason")),
                (User, ("email", "created_at")),
                (Seat, ("number", "held_from", "held_until")),
                (Meeting, ("happened_at", "mode", "note")),
                (NeedRating, ("area", "stage", "rating", "rated_on")),
                (Reoffence, ("offence_on", "sanction")),
            )
        ]
        transaction.set_rollback(True)
    return found


def check(today: date) -> None:
    """What no constraint says."""
    assert not Enrolment.objects.filter(ended_on=None).exists()
    assert not Enrolment.objects.filter(ended_on__gte=today - timedelta(days=9)).exists()
    assert plan_for().created == 0
    assert not Mentor.objects.exclude(state=MentorState.LEFT).exists()
    assert not Mentor.objects.filter(user__is_active=True).exists()
    for mentor in Mentor.objects.prefetch_related("steps"):
        steps = list(mentor.steps.all())
        assert [step.state for step in steps][-2:] == [MentorState.ACTIVE, MentorState.LEFT]
        assert [step.reached_on for step in steps] == sorted(step.reached_on for step in steps)
        assert steps[-1].reached_on < today
        seats = Seat.objects.filter(mentor=mentor)
        assert not seats.filter(held_from__lt=steps[-2].reached_on).exists()
        assert not seats.filter(held_until__gt=steps[-1].reached_on).exists()
    for kind in Clearance.kinds():
        cleared = Clearance.objects.filter(
            kind=kind,
            mentor=models.OuterRef("mentor"),
            obtained_on__lte=models.OuterRef("held_from"),
            expires_on__gte=models.OuterRef("held_from"),
        )
        assert not Seat.objects.exclude(models.Exists(cleared)).exists()
    seats = Seat.objects.all()
    assert not seats.filter(held_from__lt=models.F("pair__formed_on")).exists()
    assert not seats.exclude(held_until__lte=models.F("pair__ended_on")).exists()
    assert not seats.exclude(
        mentor__municipality=models.F("pair__enrolment__municipality")
    ).exists()
    met = Meeting.objects.all()
    assert not met.filter(happened_at__date__lt=models.F("enrolment__referred_on")).exists()
    assert not met.filter(happened_at__date__gte=models.F("enrolment__ended_on")).exists()
    strangers = Attendance.objects.exclude(
        mentor__seats__pair__enrolment=models.F("meeting__enrolment")
    )
    assert not strangers.exists()
    require_consent(FollowUp.objects.all())
    before = Reoffence.objects.filter(offence_on__lt=models.F("follow_up__enrolment__released_on"))
    assert not before.exists()
    for user in User.objects.all():
        user.clean_fields(exclude=["password"])


def test_the_same_seed_on_the_same_day_gives_the_same_rows(few):
    first = write(7, TODAY)
    assert all(first)
    assert write(7, TODAY) == first
    assert write(8, TODAY)[1] != first[1]


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1)])
def test_it_can_be_written_on_any_day(few, day):
    assert all(write(day.toordinal(), day))


def test_the_whole_country_is_shown_of_all_years():
    with time_machine.travel(datetime(2027, 3, 12, 9), tick=False):  # noqa: DTZ001
        call_command("seed_demo", stdout=StringIO())
        over = Enrolment.objects.filter(ended_on__isnull=False, referred_on__gte=date(2022, 1, 1))
        assert over.count() > 1000
        assert Enrolment.objects.current().count() < 70
        counted = count_all(TODAY)
        country = Composer(counted, protect_all(counted), TODAY).figures(COUNTRY, ALL)
    assert all(isinstance(step["n"], int) for step in country["flow"])
    assert 14 <= country["pair_time"]["median"] <= 22
    rates = [country["without_two"], country["first_contact"], country["pair_time"]["within"]]
    rates += [found["rate"] for found in country["recidivism"].values()]
    assert all(0 < rate["share"] < 1 for rate in rates)
    assert 0.28 < country["recidivism"]["kriminalforsorgen"]["rate"]["share"] < 0.38
    months = [month["mean"] for month in country["rhythm"]["months"]]
    assert months[0] > 3.5 > 2 > months[-1] > 1
    for area in country["needs"].values():
        means = [stage["mean"] for stage in area["stages"]]
        assert means == sorted(means)
        assert area["change"]["low"] > 0
