"""Two mentors for a participant: through the page, with every way it can be refused."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from mentoring.models import MentorPair, Seat
from mentoring.pairing import PairingRefused, end_pair, fill_seat, form_pair, vacate_seat
from mentoring.tests.desk_factories import MentorConflictFactory
from mentoring.tests.factories import (
    AbsenceFactory,
    ClearanceFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
    SeatFactory,
)
from mentoring.tests.pairing_page import able, choice, held, page, unable
from participants.tests.factories import ELSEWHERE, CoordinatorFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


def refusal(response) -> str:
    (sentence,) = response.context["form"].errors["mentors"]
    return sentence


@pytest.fixture
def two(db):
    return MentorFactory(), MentorFactory()


def ticked(response) -> list:
    return [o.person.row for o in response.context["offer"].able if o.is_chosen]


def test_two_mentors_become_a_pair_from_today(
    coordinator_client,
    coordinator_user,
    enrolment,
    two,
    django_capture_on_commit_callbacks,
    asked_for,
):
    with django_capture_on_commit_callbacks(execute=True):
        response = coordinator_client.post(page(enrolment), choice(*two))
    assert response.url == page(enrolment)
    pair = MentorPair.objects.get()
    assert (pair.enrolment, pair.formed_by) == (enrolment, coordinator_user)
    assert (pair.formed_on, pair.ended_on) == (timezone.localdate(), None)
    assert set(held(enrolment)) == set(two)
    assert asked_for == [enrolment.pk]
    assert AccessEntry.objects.filter(event=Event.CREATE, object_id=pair.pk).exists()
    shown = coordinator_client.get(response.url)
    assert shown.context["is_full"]
    assert shown.context["undo"] == {"url": "pair_undo", "pk": pair.pk}


@pytest.mark.parametrize("number", [0, 1, 3])
def test_it_takes_exactly_two(coordinator_client, enrolment, number):
    mentors = [MentorFactory() for _ in range(3)]
    response = coordinator_client.post(page(enrolment), choice(*mentors[:number]))
    assert refusal(response) == PairingRefused("not_two").sentence
    assert not MentorPair.objects.exists()
    assert set(ticked(response)) == set(mentors[:number])


def not_cleared():
    mentor = MentorFactory(cleared=False)
    ClearanceFactory(mentor=mentor, expired=True)
    return mentor


def full():
    mentor = MentorFactory(capacity=1)
    PairFactory(seat1=mentor)
    return mentor


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (not_cleared, "not_cleared"),
        (full, "full"),
        (lambda: MentorFactory(state="paused"), "not_active"),
        (lambda: MentorFactory(state="applicant"), "not_active"),
        (lambda: MentorFactory(user__is_active=False), "not_active"),
    ],
)
def test_a_mentor_who_cannot_is_refused_by_name_and_the_choice_is_kept(
    coordinator_client, enrolment, make, code
):
    wrong, right = make(), MentorFactory()
    response = coordinator_client.post(page(enrolment), choice(wrong, right))
    assert refusal(response) == PairingRefused(code, wrong).sentence
    assert str(wrong.user) in refusal(response)
    assert not held(enrolment)
    assert ticked(response) == [right]
    assert wrong in unable(response)
    assert all(entry.obstacles for entry in response.context["offer"].unable)


def test_a_mentor_of_another_municipality_is_not_there_to_choose(coordinator_client, enrolment):
    other = MentorFactory(municipality_id=ELSEWHERE)
    response = coordinator_client.post(page(enrolment), choice(other, MentorFactory()))
    assert response.context["form"].errors["mentors"]
    assert str(other.user) not in response.content.decode()
    with pytest.raises(PairingRefused) as refused:
        form_pair(enrolment, [other, MentorFactory()], None)
    assert refused.value.code == "elsewhere"


def test_the_same_mentor_twice_is_refused(enrolment, two):
    with pytest.raises(PairingRefused) as refused:
        form_pair(enrolment, [two[0], two[0]], None)
    assert refused.value.code == "same_twice"
    assert not MentorPair.objects.exists()


def test_who_comes_second_is_told_and_sees_the_pair(coordinator_client, enrolment, two):
    pair = PairFactory(enrolment=enrolment)
    response = coordinator_client.post(page(enrolment), choice(*two))
    assert refusal(response) == PairingRefused("already_paired").sentence
    text = response.content.decode()
    assert PairingRefused("already_paired").sentence in text
    for mentor in [*two, *[seat.mentor for seat in pair.seats.all()]]:
        assert mentor.user.get_full_name() in text
    assert MentorPair.objects.get() == pair


def test_the_database_has_the_last_word(enrolment, two, monkeypatch):
    """Even where the check is fooled, the constraint refuses, and says the same."""
    PairFactory(enrolment=enrolment)
    monkeypatch.setattr("mentoring.pairing.open_pair", lambda *args: None)
    with pytest.raises(PairingRefused) as refused:
        form_pair(enrolment, two, None)
    assert refused.value.code in ("already_paired", "changed")
    assert isinstance(refused.value.__cause__, IntegrityError)
    assert MentorPair.objects.count() == 1


def test_an_enrolment_that_has_ended_gets_no_mentors(coordinator_client, coordinator, two):
    ended = EnrolmentFactory(ended=True)
    response = coordinator_client.post(page(ended), choice(*two))
    assert response.url == reverse("enrolment", args=[ended.pk])
    assert not MentorPair.objects.exists()


def test_a_vacant_seat_is_filled_by_one(coordinator_client, enrolment, asked_for):
    pair = PairFactory(enrolment=enrolment, seat2=False)
    (stays,) = held(enrolment)
    new, other = MentorFactory(), MentorFactory()
    shown = coordinator_client.get(page(enrolment))
    assert stays not in able(shown) + unable(shown)
    both = coordinator_client.post(page(enrolment), choice(new, other, seat="one"))
    assert refusal(both) == PairingRefused("not_one").sentence
    coordinator_client.post(page(enrolment), choice(new, seat="one"))
    assert held(enrolment) == [stays, new]
    assert pair.seats.get(mentor=new).number == 2


def test_a_seat_is_refused_to_its_partner_and_when_it_is_taken(enrolment):
    with pytest.raises(PairingRefused) as refused:
        fill_seat(enrolment, MentorFactory())
    assert refused.value.code == "no_pair"
    pair = PairFactory(enrolment=enrolment, seat2=False)
    partner = pair.seats.get().mentor
    with pytest.raises(PairingRefused) as refused:
        fill_seat(enrolment, partner)
    assert (refused.value.code, refused.value.mentor) == ("already_in_pair", partner)
    SeatFactory(pair=pair, number=2)
    with pytest.raises(PairingRefused) as refused:
        fill_seat(enrolment, MentorFactory())
    assert refused.value.code == "no_vacancy"


def test_a_seat_promised_from_tomorrow_is_not_vacant(enrolment):
    pair = PairFactory(enrolment=enrolment, seat2=False)
    SeatFactory(pair=pair, number=2, from_tomorrow=True)
    with pytest.raises(PairingRefused) as refused:
        fill_seat(enrolment, MentorFactory())
    assert refused.value.code == "no_vacancy"


def test_a_mentor_who_leaves_makes_a_vacancy(coordinator_client, enrolment, client_for, asked_for):
    pair = PairFactory(enrolment=enrolment)
    seat = pair.seats.get(number=1)
    leaving = client_for(seat.mentor.user)
    assert leaving.get(reverse("enrolment", args=[enrolment.pk])).status_code == 200
    coordinator_client.post(reverse("seat_vacate", args=[seat.pk]))
    assert held(enrolment) == [pair.seats.get(number=2).mentor]
    assert leaving.get(reverse("enrolment", args=[enrolment.pk])).status_code == 404
    assert not coordinator_client.get(page(enrolment)).context["is_full"]


def test_opening_the_address_of_a_button_changes_nothing(coordinator_client, enrolment):
    pair = PairFactory(enrolment=enrolment, formed_on=timezone.localdate())
    seat = pair.seats.get(number=1)
    for name, pk in (("pair_undo", pair.pk), ("seat_undo", seat.pk), ("seat_vacate", seat.pk)):
        assert coordinator_client.get(reverse(name, args=[pk])).status_code == 302
    assert len(held(enrolment)) == 2


def test_a_pair_of_today_is_taken_back_as_a_mistake(coordinator_client, enrolment, two, asked_for):
    coordinator_client.post(page(enrolment), choice(*two))
    pair = MentorPair.objects.get()
    coordinator_client.post(reverse("pair_undo", args=[pair.pk]))
    pair.refresh_from_db()
    assert (pair.ended_on, pair.end_reason) == (timezone.localdate(), "by_mistake")
    assert held(enrolment) == []
    # And both are free again, the same day.
    coordinator_client.post(page(enrolment), choice(*two))
    assert set(held(enrolment)) == set(two)


@pytest.mark.parametrize("why", ["older", "met"])
def test_a_pair_that_has_begun_its_work_is_not_taken_back(coordinator_client, enrolment, why):
    formed = in_days(-1 if why == "older" else 0)
    pair = PairFactory(enrolment=enrolment, formed_on=formed)
    if why == "met":
        MeetingFactory(enrolment=enrolment, mentors=[pair.seats.first().mentor])
    assert coordinator_client.get(page(enrolment)).context["undo"] is None
    coordinator_client.post(reverse("pair_undo", args=[pair.pk]))
    assert len(held(enrolment)) == 2


def test_a_filled_seat_is_taken_back(coordinator_client, enrolment, asked_for):
    pair = PairFactory(enrolment=enrolment, seat2=False)
    new = MentorFactory()
    coordinator_client.post(page(enrolment), choice(new, seat="one"))
    seat = pair.seats.get(mentor=new)
    undo = coordinator_client.get(page(enrolment)).context["undo"]
    assert undo == {"url": "seat_undo", "pk": seat.pk}
    coordinator_client.post(reverse("seat_undo", args=[seat.pk]))
    assert new not in held(enrolment)


def test_giving_up_twice_is_said_and_changes_nothing(enrolment):
    pair = PairFactory(enrolment=enrolment)
    seat = vacate_seat(pair.seats.get(number=1))
    with pytest.raises(PairingRefused) as refused:
        vacate_seat(seat)
    assert refused.value.code == "changed"
    end_pair(pair, "replaced")
    end_pair(pair, "enrolment_ended")
    assert pair.end_reason == "replaced"


def test_nothing_is_half_done(enrolment, two, monkeypatch):
    """A pair whose second seat fails leaves no pair."""
    plain = Seat.objects.create

    def second_fails(**values):
        if values["number"] == 2:
            raise IntegrityError("seat_one_current_holder")
        return plain(**values)

    monkeypatch.setattr(Seat.objects, "create", second_fails)
    with transaction.atomic(), pytest.raises(PairingRefused):
        form_pair(enrolment, two, None)
    assert not MentorPair.objects.exists()
    assert not Seat.objects.exists()


def away(mentor, enrolment):
    AbsenceFactory(mentor=mentor)


def not_with_participant(mentor, enrolment):
    MentorConflictFactory(mentor=mentor, other=None, participant=enrolment.participant)


def of_one_household(mentor, enrolment):
    for other in type(mentor).objects.exclude(pk=mentor.pk):
        MentorConflictFactory(mentor=other, other=mentor)


def not_as_wished(mentor, enrolment):
    mentor.gender = "male"
    mentor.save()
    enrolment.gender_wish = "both_female"
    enrolment.save()


@pytest.mark.parametrize(
    ("against", "code"),
    [
        (away, "away"),
        (not_with_participant, "participant_conflict"),
        (of_one_household, "conflict"),
        (not_as_wished, "wish_both_female"),
    ],
)
def test_a_hard_rule_is_one_for_suggestions_and_for_pairing(
    coordinator_client, enrolment, two, against, code
):
    against(two[0], enrolment)
    shown = coordinator_client.get(page(enrolment))
    assert shown.context["offer"].suggestions == []
    with pytest.raises(PairingRefused) as refused:
        form_pair(enrolment, two, None)
    assert refused.value.code == code
    assert refused.value.sentence
    assert not MentorPair.objects.exists()


def test_it_is_said_who_else_looks_at_the_page(coordinator_client, client_for, enrolment):
    MentorFactory()
    other = CoordinatorFactory()
    assert coordinator_client.get(page(enrolment)).context["also"] is None
    client_for(other.user).get(page(enrolment))
    assert coordinator_client.get(page(enrolment)).context["also"].user == other.user
