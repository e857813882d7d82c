"""The demonstration's data: the same each time, in every situation, and true to the rules."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import pairwise

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.utils import timezone

from mentoring.contact import with_last_contact
from mentoring.models import (
    Absence,
    Accompaniment,
    Attendance,
    Clearance,
    Concern,
    Meeting,
    MeetingArea,
    MeetingState,
    Mentor,
    MentorPair,
    MentorState,
    NotHeldReason,
    ProposalAnswer,
    Reminder,
    Replacement,
    Seat,
    StopNotice,
    TurnRequest,
)
from mentoring.planning import plan_for
from outcomes.models import FollowUp
from outcomes.recidivism import History, Offence, Outcome, classify
from participants.closed_days import closed_reason
from participants.models import (
    ChecklistItem,
    Consent,
    Coordinator,
    EndReason,
    Enrolment,
    Goal,
    GoalState,
    NeedRating,
    Participant,
    RatingStage,
    ReleaseDateMove,
)
from participants.phases import Phase
from primus.accounts.models import Role, User
from primus.demo.accounts import DEMO_ACCOUNTS, DEMO_PASSWORD
from primus.demo.seeding import DEFAULT_SEED, seed_demo

APPS = ("accounts", "participants", "mentoring", "outcomes")
AARHUS = "0751"


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The demonstration's stories as they are loaded today, for all tests here, taken back
    afterwards. The years before are in test_history."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed_demo(DEFAULT_SEED, timezone.localdate(), history=False)
        yield timezone.localdate()
        transaction.set_rollback(True)


def own_models():
    for label in APPS:
        yield from apps.get_app_config(label).get_models(include_auto_created=True)


def contents() -> dict[str, list]:
    """Every row without its primary keys: what points to a row says which one in the order.
    Without what is sealed too: that is another text each time, with the same in it."""
    ranks = {
        model: {
            key: rank
            for rank, key in enumerate(
                model._base_manager.order_by("pk").values_list("pk", flat=True)
            )
        }
        for model in own_models()
    }
    found = {}
    for model in own_models():
        fields = [
            f
            for f in model._meta.concrete_fields
            if not f.primary_key and not f.name.startswith("sealed_")
        ]
        rows = []
        for values in model._base_manager.order_by("pk").values_list(*[f.attname for f in fields]):
            rows.append(
                tuple(
                    ranks[field.related_model].get(value) if field.is_relation else str(value)
                    for field, value in zip(fields, values, strict=True)
                )
            )
        found[model._meta.label] = rows
    return found


def seeded_contents(seed: int, moment: datetime) -> dict[str, list]:
    with time_machine.travel(moment, tick=False), transaction.atomic():
        seed_demo(seed, timezone.localdate(), history=False)
        found = contents()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_same_seed_on_the_same_day_gives_the_same_rows():
    morning, night = datetime(2027, 3, 12, 5, 1), datetime(2027, 3, 12, 22, 40)  # noqa: DTZ001
    first = seeded_contents(7, morning)
    assert first["mentoring.Meeting"]
    assert seeded_contents(7, night) == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    "day",
    [date(2028, 2, 29), date(2027, 3, 28), date(2026, 10, 26)],
    ids=["leap day", "easter and summer time", "after winter time"],
)
def test_any_day_and_seed_can_be_seeded(day):
    # The constraints of the database are the test.
    with time_machine.travel(datetime(day.year, day.month, day.day, 9), tick=False):  # noqa: DTZ001
        assert seed_demo(day.toordinal(), day, history=False).enrolments > 150


def test_a_second_time_changes_nothing(seeded):
    with transaction.atomic():
        changed = Enrolment.objects.filter(ended_on=None).first()
        changed.wishes = "Skrevet af en, der prøver systemet."
        changed.save()
        User.objects.filter(email="mentor@example.org").update(email="another@example.org")
        before = contents()
        out = StringIO()
        call_command("seed_demo", "--seed", "99", stdout=out)
        assert "nothing was changed" in out.getvalue()
        assert DEMO_PASSWORD in out.getvalue()
        assert contents() == before
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_it_refuses_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        call_command("seed_demo")
    assert not User.objects.exists()


def test_the_accounts_can_sign_in(seeded):
    for email, role in DEMO_ACCOUNTS:
        user = User.objects.get(email=email)
        assert (user.role, user.is_active) == (role, True)
        assert user.check_password(DEMO_PASSWORD)
        assert user.language == "da"


def test_how_many_there_are(seeded):
    assert 150 <= Enrolment.objects.count() <= 175
    assert 55 <= Mentor.objects.count() <= 70
    assert Coordinator.objects.count() == 4
    assert Meeting.objects.count() > 2000
    codes = set(Enrolment.objects.values_list("municipality", flat=True))
    assert len(codes) == 8
    for enrolment in Enrolment.objects.select_related("municipality"):
        assert enrolment.municipality.in_pilot
    assert set(Coordinator.objects.values_list("municipalities", flat=True)) == codes
    first = Meeting.objects.order_by("happened_at").first()
    assert (seeded - first.happened_at.date()).days > 3 * 365


def test_every_phase_and_state_is_there(seeded):
    today = seeded
    enrolments = list(Enrolment.objects.all())
    assert {e.phase for e in enrolments} == set(Phase)
    assert {e.end_reason for e in enrolments} == {"", *EndReason.values}
    current = [e for e in enrolments if e.is_current]
    waiting = [e for e in current if e.released_on is None]
    assert any(e.expected_release == today for e in waiting)
    assert any(e.released_on == today for e in current)
    assert sum(0 < e.days_to_release <= 14 for e in waiting) >= 4
    assert any(closed_reason(e.expected_release) for e in waiting if e.days_to_release > 0)
    after = [e.day_number for e in current if e.released_on]
    assert any(0 < day <= 14 for day in after)
    for month in range(12):
        assert any(month * 31 <= day <= month * 31 + 61 for day in after)
    assert any(e.period_ends_on < today for e in current if e.released_on)
    soon = Enrolment.objects.current().without_pair().released_within(60)
    assert soon.exists()
    again = Participant.objects.annotate(n=models.Count("enrolments")).filter(n=2)
    for participant in again:
        later, earlier = participant.enrolments.order_by("-referred_on")
        assert earlier.end_reason == EndReason.CUSTODY
        assert earlier.ended_on < later.referred_on
    assert again.count() == 2
    assert {m.state for m in Meeting.objects.all()} == set(MeetingState)
    reasons = set(Meeting.objects.values_list("not_held_reason", flat=True))
    assert reasons == {"", *NotHeldReason.values}
    assert {m.state for m in Mentor.objects.all()} == set(MentorState)
    assert {g.state for g in Goal.objects.all()} == set(GoalState)
    assert {r.stage for r in NeedRating.objects.all()} == set(RatingStage)
    assert NeedRating.objects.filter(no_need=True).exists()
    assert ReleaseDateMove.objects.count() > 20
    assert Accompaniment.objects.count() > 80
    assert Concern.objects.filter(resolved_at__isnull=False).exists()
    assert Concern.objects.unresolved().filter(acknowledged_at__isnull=False).exists()
    assert Clearance.objects.filter(expires_on__range=(today, today + timedelta(days=30))).exists()


def test_what_the_mentor_of_the_demonstration_finds(seeded):
    karen = User.objects.get(email="mentor@example.org")
    near, later = Enrolment.objects.visible_to(karen).order_by("-expected_release")
    assert near.municipality_id == later.municipality_id == AARHUS
    assert near.released_on is None
    assert 7 <= near.days_to_release <= 13
    assert ChecklistItem.objects.done().filter(enrolment=near).count() == 4
    assert 96 <= later.day_number <= 104
    for enrolment in (near, later):
        held = enrolment.pairs.get().seats.values_list("mentor__user__first_name", flat=True)
        assert set(held) == {"Karen", "Jonas"}
    assert Mentor.objects.cleared().active().with_free_capacity().filter(user=karen).exists()
    asked = TurnRequest.objects.get(closed_at=None)
    assert (asked.enrolment, asked.asked.user) == (near, karen)
    away = Absence.objects.visible_to(karen).not_over().get()
    assert 1 <= (away.away_from - seeded).days <= 7
    assert away.handovers.count() == 2
    assert ChecklistItem.objects.filter(enrolment=near, taken_by=karen).exists()
    question = ProposalAnswer.objects.visible_to(karen).to_answer().get()
    assert question.answer == ""
    assert question.enrolment not in (near, later)
    assert Accompaniment.objects.to_follow_up().filter(meeting__enrolment=later).exists()
    with transaction.atomic():
        plan_for()
        assert Reminder.objects.waiting().filter(recipient=karen, enrolment=near).exists()
        transaction.set_rollback(True)


def test_what_the_coordinator_of_the_demonstration_finds(seeded):
    lene = User.objects.get(email="coordinator@example.org")
    own = Enrolment.objects.visible_to(lene)
    aarhus = own.current().filter(municipality=AARHUS)
    assert aarhus.without_pair().released_within(60).exists()
    free = Mentor.objects.filter(municipality=AARHUS).active().cleared().with_free_capacity()
    assert free.count() >= 4
    mentors = Mentor.objects.filter(municipality=AARHUS, state=MentorState.ACTIVE)
    assert mentors.exclude(pk__in=Mentor.objects.cleared()).exists()
    assert any(m.load == m.capacity for m in mentors.cleared().with_load())
    assert own.in_phase(Phase.UNCONFIRMED).exists()
    assert Concern.objects.visible_to(lene).waiting().count() >= 3
    vacant = [
        pair
        for pair in MentorPair.objects.current().filter(enrolment__in=own)
        if Seat.objects.held().filter(pair=pair).count() < 2
    ]
    assert vacant
    silent = [
        e
        for e in with_last_contact(own.in_phase(Phase.POST_RELEASE))
        if e.last_contact and (seeded - timezone.localdate(e.last_contact)).days > 14
    ]
    assert 2 <= len(silent) <= 6


def test_nothing_lies_in_the_future(seeded):
    midnight = timezone.make_aware(datetime.combine(seeded, datetime.min.time()))
    times = [
        (model, field.name)
        for model in own_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateTimeField)
        # When something is to be done by may well lie ahead.
        and field.name not in {"acknowledge_by", "expires_at"}
    ]
    assert len(times) > 10
    for model, field in times:
        assert not model._base_manager.filter(**{f"{field}__gte": midnight}).exists(), field
    facts = {
        Enrolment: ["referred_on", "released_on", "ended_on"],
        MentorPair: ["formed_on", "ended_on"],
        Seat: ["held_from"],
        NeedRating: ["rated_on"],
        Goal: ["agreed_on", "closed_on"],
        ChecklistItem: ["done_on"],
        Consent: ["given_on", "withdrawn_on"],
        Clearance: ["obtained_on"],
        FollowUp: ["register_date", "died_on", "emigrated_on"],
    }
    for model, fields in facts.items():
        for field in fields:
            assert not model._base_manager.filter(**{f"{field}__gt": seeded}).exists(), field
    # A seat ends on a day to come only for a mentor who has said so, or who hands over.
    ending = Seat.objects.filter(held_until__gt=seeded)
    handed_over = Replacement.objects.get()
    said = {(notice.seat_id, notice.stops_on) for notice in StopNotice.objects.all()}
    said.add((handed_over.outgoing_id, handed_over.ends_on))
    assert {(seat.pk, seat.held_until) for seat in ending} == said
    assert len(said) == 2


def test_meetings_lie_within_the_enrolment_and_the_seats(seeded):
    seats = defaultdict(list)
    for seat in Seat.objects.select_related("pair"):
        seats[seat.pair.enrolment_id].append(seat)
    there = defaultdict(set)
    for attendance in Attendance.objects.all():
        there[attendance.meeting_id].add(attendance.mentor_id)
    for meeting in Meeting.objects.select_related("enrolment"):
        day, enrolment = timezone.localdate(meeting.happened_at), meeting.enrolment
        assert enrolment.referred_on < day < seeded
        assert enrolment.ended_on is None or day < enrolment.ended_on
        held = {
            seat.mentor_id
            for seat in seats[enrolment.pk]
            if seat.held_from <= day
            and (seat.held_until is None or day < seat.held_until)
            and (seat.pair.ended_on is None or day < seat.pair.ended_on)
        }
        assert there[meeting.pk]
        assert there[meeting.pk] <= held
        assert meeting.logged_at >= meeting.happened_at
        assert meeting.next_step_on is None or meeting.next_step_on >= day


def test_pairs_and_seats_keep_the_rules(seeded):
    cleared = defaultdict(list)
    for row in Clearance.objects.all():
        cleared[row.mentor_id, row.kind].append((row.obtained_on, row.expires_on))
    for seat in Seat.objects.select_related("pair__enrolment", "mentor"):
        pair, mentor = seat.pair, seat.mentor
        assert mentor.municipality_id == pair.enrolment.municipality_id
        assert pair.formed_on <= seat.held_from
        for kind in Clearance.kinds():
            assert any(a <= seat.held_from <= b for a, b in cleared[mentor.pk, kind])
        if pair.ended_on is not None:
            assert seat.held_until is not None
            assert seat.held_until <= pair.ended_on
    for pair in MentorPair.objects.select_related("enrolment"):
        assert pair.enrolment.referred_on < pair.formed_on
        if pair.enrolment.ended_on is not None:
            assert pair.ended_on is not None
            assert pair.ended_on <= pair.enrolment.ended_on
    for mentor in Mentor.objects.with_load():
        assert mentor.load <= mentor.capacity
        if mentor.state != MentorState.ACTIVE:
            assert mentor.load == 0
    today_held = Counter(Seat.objects.current().values_list("pair", flat=True))
    two = [pair for pair in MentorPair.objects.current() if today_held[pair.pk] == 2]
    assert len(two) == MentorPair.objects.current().count() - 3


def test_moves_end_at_what_is_expected_now(seeded):
    by_enrolment = defaultdict(list)
    for move in ReleaseDateMove.objects.select_related("enrolment").order_by("moved_at"):
        by_enrolment[move.enrolment].append(move)
    for enrolment, moves in by_enrolment.items():
        assert moves[-1].new_date == enrolment.expected_release
        for earlier, later in pairwise(moves):
            assert earlier.new_date == later.old_date


def test_the_ledger_leaves_the_worker_a_little_to_send(seeded):
    with transaction.atomic():
        planned = plan_for()
        transaction.set_rollback(True)
    # How many depends on the day; a worker that had sent nothing yet would find hundreds.
    assert 1 <= planned.created <= 90
    assert planned.cancelled == 0


def test_recidivism_shows_some_and_hides_some(seeded):
    counts: dict[str, Counter] = defaultdict(Counter)
    own = FollowUp.objects.filter(subject=None)
    for row in own.select_related("enrolment").prefetch_related("reoffences"):
        history = History(
            row.enrolment.released_on,
            row.register_date,
            row.died_on,
            row.emigrated_on,
            tuple(Offence(o.offence_on, o.convicted_on, o.sanction) for o in row.reoffences.all()),
        )
        counts[row.enrolment.municipality_id][classify(history, seeded)] += 1
        assert row.enrolment.consents.filter(kind="offences").exists()
    again, total = Outcome.REOFFENDED, Counter()
    for count in counts.values():
        total += count
    assert all(total[outcome] for outcome in (again, Outcome.DIED, Outcome.EMIGRATED))
    assert 0.2 < total[again] / (total[again] + total[Outcome.NOT_REOFFENDED]) < 0.4
    assert sum(count[again] >= 5 for count in counts.values()) >= 2
    assert any(1 <= count[again] <= 4 for count in counts.values())


def test_people_are_visibly_made_up(seeded):
    for user in User.objects.all():
        assert user.email.endswith("@example.org")
        assert user.phone.startswith("00 00 ")
        user.clean_fields(exclude=["password"])
    for participant in Participant.objects.all():
        assert not participant.email or participant.email.endswith("@example.org")
        participant.clean_fields()
    names = Counter(p.get_full_name() for p in Participant.objects.all())
    assert max(names.values()) == 1
    men = Participant.objects.filter(gender="male").count() / Participant.objects.count()
    assert 0.8 < men < 0.97
    assert User.objects.filter(role=Role.COORDINATOR).count() == 4


def test_texts_read_like_different_people_wrote_them(seeded):
    written = [
        value
        for model in (
            Meeting,
            MeetingArea,
            Accompaniment,
            Concern,
            Goal,
            Enrolment,
            ReleaseDateMove,
        )
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices
        for value in model._base_manager.values_list(field.attname, flat=True)
        if value
    ]
    assert len(written) > 5000
    for text in written:
        assert not set("{}[]|\0") & set(text), text
        assert "  " not in text
        assert ".." not in text
        assert text == text.strip()
    notes = [note for note in Meeting.objects.values_list("note", flat=True) if note]
    assert len(set(notes)) / len(notes) > 0.6
    assert all(note[0].isupper() and note[-1] in ".!?" for note in notes)


def test_each_mentor_came_by_steps_to_where_they_are(seeded):
    for mentor in Mentor.objects.prefetch_related("steps", "seats"):
        steps = list(mentor.steps.all())
        assert steps[-1].state == mentor.state
        assert [step.reached_on for step in steps] == sorted(step.reached_on for step in steps)
        assert steps[-1].reached_on <= seeded
        active = [step.reached_on for step in steps if step.state == MentorState.ACTIVE]
        for seat in mentor.seats.all():
            assert active
            assert seat.held_from >= active[0]
