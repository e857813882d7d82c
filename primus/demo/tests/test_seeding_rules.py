"""The demonstration's data is true to the rules, and reads as if people had written it."""

from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise

from django.db import models, transaction
from django.utils import timezone

from mentoring.models import (
    Accompaniment,
    Attendance,
    Clearance,
    Concern,
    Meeting,
    MeetingArea,
    Mentor,
    MentorPair,
    MentorState,
    Replacement,
    Seat,
    StopNotice,
)
from mentoring.planning import plan_for
from outcomes.models import FollowUp
from outcomes.recidivism import History, Offence, Outcome, classify
from participants.models import (
    ChecklistItem,
    Consent,
    Enrolment,
    Goal,
    NeedRating,
    Participant,
    ReleaseDateMove,
)
from primus.accounts.models import Role, User
from primus.demo.tests.contents import own_models


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
