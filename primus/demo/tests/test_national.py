"""The demonstration of the whole country: as large as it is asked for, the same each time, and
true to the rules that no constraint can say."""

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.utils import timezone

from mentoring.models import Attendance, Meeting, MeetingState, Mentor, MentorState, Seat
from mentoring.seats import seats_filled
from outcomes.models import FollowUp, Reoffence
from outcomes.models.followup import require_consent
from participants.models import Consent, EndReason, Enrolment, Municipality, NeedRating, Participant
from primus.accounts.models import Role, User
from primus.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from primus.demo.national import Scale, seed_national
from primus.demo.national.people import EMAILS
from primus.demo.seeding import seed_demo

pytestmark = pytest.mark.django_db
SMALL = Scale(enrolments=500, mentors=500, meetings=6000, years=4)


@pytest.fixture(scope="module")
def country(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield seed_national(3, timezone.localdate(), SMALL)
        transaction.set_rollback(True)


def test_there_is_as_much_as_was_asked_for(country):
    assert (country.enrolments, Enrolment.objects.count()) == (500, 500)
    assert (country.mentors, Mentor.objects.count()) == (500, 500)
    assert (country.meetings, Meeting.objects.count()) == (6000, 6000)
    assert 400 < country.participants == Participant.objects.count() < 500
    everywhere = set(Municipality.objects.values_list("pk", flat=True))
    assert set(Mentor.objects.values_list("municipality", flat=True)) == everywhere
    sizes = Enrolment.objects.values_list("municipality").annotate(n=models.Count("pk"))
    assert max(n for _code, n in sizes.order_by()) > 30


def test_what_no_constraint_says_holds_too(country):
    today = timezone.localdate()
    seats = Seat.objects.all()
    assert not seats.filter(held_from__lt=models.F("pair__formed_on")).exists()
    assert not seats.filter(held_until__gt=models.F("pair__ended_on")).exists()
    assert not seats.filter(held_until=None, pair__ended_on__isnull=False).exists()
    assert not seats.filter(held_until=None).exclude(mentor__state=MentorState.ACTIVE).exists()
    now = Mentor.objects.with_load(today)
    assert not now.filter(load__gt=models.F("capacity")).exists()
    two = Enrolment.objects.annotate(filled=seats_filled(today)).filter(filled=2)
    assert two.count() > 30
    for model, day in (
        (Enrolment, "referred_on"), (Enrolment, "released_on"), (Enrolment, "ended_on"),
        (Meeting, "happened_at__date"), (NeedRating, "rated_on"), (Consent, "given_on"),
        (Reoffence, "convicted_on"),
    ):  # fmt: skip
        assert not model.objects.filter(**{f"{day}__gt": today}).exists(), (model, day)
    met = Meeting.objects.all()
    assert not met.filter(happened_at__date__lt=models.F("enrolment__referred_on")).exists()
    assert not met.filter(happened_at__date__gte=models.F("enrolment__ended_on")).exists()
    there = Attendance.objects.exclude(
        mentor__seats__pair__enrolment=models.F("meeting__enrolment")
    )
    assert not there.exists()
    assert not Attendance.objects.filter(meeting__state=MeetingState.NOT_HELD).exists()
    # Nothing is kept without consent, though it was written past the models that see to it.
    require_consent(FollowUp.objects.all())
    assert FollowUp.objects.count() > 200
    assert Reoffence.objects.count() > 20
    before = Reoffence.objects.filter(offence_on__lt=models.F("follow_up__enrolment__released_on"))
    assert not before.exists()


def test_people_come_back_after_the_first_time_is_over(country):
    several = Participant.objects.annotate(n=models.Count("enrolments")).filter(n__gt=1)
    assert several.exists()
    for person in several.prefetch_related("enrolments"):
        rows = sorted(person.enrolments.all(), key=lambda row: row.referred_on)
        for first, second in pairwise(rows):
            assert first.ended_on < second.referred_on
    assert Enrolment.objects.filter(end_reason=EndReason.COMPLETED).count() > 80


def test_the_accounts_are_those_of_the_small_demonstration_and_it_is_loaded_once(country):
    for email, role in DEMO_ACCOUNTS:
        user = User.objects.get(email=email)
        assert (user.role, user.check_password(DEMO_PASSWORD)) == (role, True)
    mentor = Mentor.objects.get(user__email=EMAILS[Role.MENTOR])
    assert Enrolment.objects.visible_to(mentor.user).count() in (1, 2)
    today = timezone.localdate()
    assert seed_national(3, today, SMALL) is None
    assert seed_demo(1, today) is None
    # New rows follow the last of those that were written with their keys.
    user = User.objects.create(email="new@example.org", first_name="N", last_name="Y", role="staff")
    assert user.pk == User.objects.latest("pk").pk


def test_it_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError):
        call_command("seed_demo", "--scale", "national", stdout=StringIO())
