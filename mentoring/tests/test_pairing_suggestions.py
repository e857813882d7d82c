"""Pairs suggested with their reasons, and those chosen by hand weighed in the same way."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from mentoring.models import MentorPair
from mentoring.pairing import PairingRefused, fill_seat
from mentoring.tests.desk_factories import MentorConflictFactory
from mentoring.tests.factories import MentorFactory, PairFactory
from mentoring.tests.pairing_page import able, choice, held, page, unable
from participants.tests.factories import ELSEWHERE, NeedRatingFactory, in_days

pytestmark = pytest.mark.django_db


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
