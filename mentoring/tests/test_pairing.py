"""Two mentors for a participant: through the page, with every way it can be refused."""

import pytest
from bs4 import BeautifulSoup
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
from participants.tests.factories import (
    ELSEWHERE,
    CoordinatorFactory,
    EnrolmentFactory,
    NeedRatingFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


def page(enrolment) -> str:
    return reverse("pair_create", args=[enrolment.pk])


def choice(*mentors, seat="both") -> dict:
    return {"mentors": [mentor.pk for mentor in mentors], "seat": seat}


def refusal(response) -> str:
    (sentence,) = response.context["form"].errors["mentors"]
    return sentence


@pytest.fixture
def enrolment(coordinator):
    return EnrolmentFactory(pre_release=True)


@pytest.fixture
def two(db):
    return MentorFactory(), MentorFactory()


def able(response) -> list:
    return [option.person.row for option in response.context["offer"].able]


def unable(response) -> list:
    return [entry.person.row for entry in response.context["offer"].unable]


def ticked(response) -> list:
    return [o.person.row for o in response.context["offer"].able if o.is_chosen]


def held(enrolment) -> list:
    seats = Seat.objects.held().filter(pair__enrolment=enrolment).order_by("number")
    return [seat.mentor for seat in seats]


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


@pytest.fixture
def asked_for(monkeypatch):
    """The enrolments the worker was asked to plan reminders for."""
    asked: list[int] = []
    monkeypatch.setattr("mentoring.tasks.remind_enrolment.delay", asked.append)
    return asked


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


def texts(suggestion, *, good: bool) -> list[str]:
    return [reason.text for reason in suggestion.reasons if reason.is_good == good]


def test_pairs_are_suggested_with_reasons_in_words(coordinator_client, enrolment, settings):
    participant = enrolment.participant
    participant.languages, participant.postcode = ["so", "da"], "8000"
    participant.save()
    enrolment.gender_wish, enrolment.trade = "female", "construction"
    enrolment.wished_times = ["weekday_evening"]
    enrolment.save()
    NeedRatingFactory(enrolment=enrolment, area="housing", rating=1)
    anne = MentorFactory(
        user__first_name="Anne",
        languages=["da", "so"],
        occupation="boligrådgiver",
        times=["weekday_evening", "weekend_day"],
        postcode="8000",
    )
    bent = MentorFactory(
        user__first_name="Bent",
        languages=["da", "so"],
        gender="male",
        trade="construction",
        times=["weekday_evening"],
        postcode="8660",
        capacity=2,
    )
    PairFactory(seat1=bent, enrolment__post_release=True)
    bent.clearances.filter(kind="training").update(expires_on=in_days(20))
    for _ in range(3):
        MentorFactory(languages=["da"], gender="male", postcode="9900")
    coordinator_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    response = coordinator_client.get(page(enrolment))
    best = response.context["offer"].suggestions[0]
    assert {person.row for person in best.people} == {anne, bent}
    for reason in (
        "Both speak Somali",
        "Both can meet: weekday evenings",
        "Anne knows about housing, which is needed most",
        "Bent comes from building and crafts",
        "Bent has followed 1 participant, and Anne is new",
        "Anne follows nobody now",
        "Anne is a woman, as wished",
    ):
        assert reason in texts(best, good=True)
    against = texts(best, good=False)
    assert "Bent follows 1 participant, of at most 2" in against
    assert any(text.startswith("Bent: the training expires on ") for text in against)
    assert "Bent lives about 22 km away, Anne under 5 km" in against
    # Every reason is on the page, and so is what the score is made of.
    html = response.content.decode()
    assert all(reason.text in html for reason in best.reasons)
    assert sum(part.points for part in best.parts) == best.points
    assert sum(part.of for part in best.parts) == 100
    # Two men are never suggested where one woman is wished for, and never more than eight at once.
    suggestions = response.context["offer"].suggestions
    assert all("female" in {p.gender for p in s.people} for s in suggestions)


def test_a_suggested_pair_is_taken_as_it_was_suggested(coordinator_client, enrolment, asked_for):
    mentors = [MentorFactory() for _ in range(5)]
    shown = coordinator_client.get(page(enrolment))
    offer = shown.context["offer"]
    assert len(offer.suggestions) == 8
    assert offer.has_more
    assert len(coordinator_client.get(page(enrolment) + "?more=1").context["offer"].suggestions) > 8
    second = offer.suggestions[1]
    coordinator_client.post(page(enrolment), {"pair": second.key, "seat": "both", "how": "pair"})
    assert held(enrolment) == [person.row for person in second.people]
    assert set(held(enrolment)) < set(mentors)


@pytest.mark.parametrize("pair", ["1-999999", "x", "1-2-3"])
def test_a_pair_that_is_none_is_refused_in_words(coordinator_client, enrolment, pair):
    MentorFactory()
    response = coordinator_client.post(page(enrolment), {"pair": pair, "seat": "both"})
    assert response.context["form"].errors
    assert not MentorPair.objects.exists()


def test_two_chosen_by_hand_are_weighed_before_anything_is_sent(coordinator_client, enrolment):
    enrolment.gender_wish = "female"
    enrolment.save()
    anne, bent, carl = (MentorFactory(gender=gender) for gender in ("female", "male", "male"))
    MentorConflictFactory(mentor=carl, other=anne)

    def check(*mentors):
        path = reverse("pair_check", args=[enrolment.pk])
        return coordinator_client.get(path, {"mentors": [m.pk for m in mentors]}).context["check"]

    assert check(anne).suggestion is None
    assert check(anne, bent).refusals == []
    assert check(anne, bent).suggestion.points > 0
    assert len(check(bent, carl).refusals) == 1
    assert len(check(anne, carl).refusals) == 1
    # What the fragment shows is what the page shows with the same choice.
    fragment = coordinator_client.get(
        reverse("pair_check", args=[enrolment.pk]), {"mentors": [bent.pk, carl.pk]}
    )
    refused = coordinator_client.post(page(enrolment), choice(bent, carl))
    shown = BeautifulSoup(refused.content, "html.parser").select_one("#pair-check")
    assert shown.get_text(" ", strip=True)
    fresh = BeautifulSoup(fragment.content, "html.parser")
    assert shown.get_text(" ", strip=True) == fresh.get_text(" ", strip=True)


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


def test_who_stays_decides_who_may_come(coordinator_client, enrolment):
    """For one seat each mentor is weighed beside the one who stays, and by the same rules."""
    stays = MentorFactory(gender="male")
    PairFactory(enrolment=enrolment, seat1=stays, seat2=False)
    enrolment.gender_wish = "female"
    enrolment.save()
    woman, man, foe = MentorFactory(), MentorFactory(gender="male"), MentorFactory()
    MentorConflictFactory(mentor=foe, other=stays)
    shown = coordinator_client.get(page(enrolment))
    assert able(shown) == [woman]
    assert {*unable(shown)} == {man, foe}
    (best,) = shown.context["offer"].suggestions
    assert [person.row for person in best.people] == [stays, woman]
    for wrong, code in ((man, "wish_female"), (foe, "conflict")):
        with pytest.raises(PairingRefused) as refused:
            fill_seat(enrolment, wrong)
        assert refused.value.code == code
    assert fill_seat(enrolment, woman).number == 2


def test_a_neighbour_of_the_same_coordinator_may_be_chosen(
    coordinator_client, coordinator, enrolment, asked_for
):
    neighbour = MentorFactory(municipality_id=ELSEWHERE, user__first_name="Nabo")
    near = MentorFactory()
    assert able(coordinator_client.get(page(enrolment))) == [near]
    coordinator.municipalities.add(ELSEWHERE)
    shown = coordinator_client.get(page(enrolment))
    assert set(able(shown)) == {near, neighbour}
    (pair,) = shown.context["offer"].suggestions
    assert any("Nabo is a mentor in" in text or "Nabo" in text for text in texts(pair, good=False))
    coordinator_client.post(page(enrolment), choice(near, neighbour))
    assert set(held(enrolment)) == {near, neighbour}


def test_it_is_said_who_else_looks_at_the_page(coordinator_client, client_for, enrolment):
    MentorFactory()
    other = CoordinatorFactory()
    assert coordinator_client.get(page(enrolment)).context["also"] is None
    client_for(other.user).get(page(enrolment))
    assert coordinator_client.get(page(enrolment)).context["also"].user == other.user


def test_the_page_asks_the_same_number_of_questions_however_many_mentors(
    coordinator_client, enrolment, query_budget
):
    for area in ("housing", "health"):
        NeedRatingFactory(enrolment=enrolment, area=area)
    counts = []
    for more in (2, 20):
        for _ in range(more):
            PairFactory(seat1=MentorFactory(), enrolment__post_release=True)
        MentorFactory(cleared=False)
        with query_budget(20) as asked:
            assert coordinator_client.get(page(enrolment)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
