"""The coordinator's list: who is on it, in which order, and what is next for each."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mentoring.contact import with_last_contact
from mentoring.models import MentorPair
from mentoring.tests.factories import (
    ConcernFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
)
from participants.models import Enrolment
from participants.tests.factories import (
    ELSEWHERE,
    HOME,
    CoordinatorFactory,
    EnrolmentFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db
URL = "/enrolments/"


def listed(client, **choices) -> list[Enrolment]:
    return client.get(URL, choices).context["rows"]


def searched(client, words: str, **choices) -> list[Enrolment]:
    """What is searched for is posted: it must not stand in an address."""
    return client.post(URL, {"q": words, **choices}).context["rows"]


def named(first: str, last: str = "Opdigtsen", **kwargs) -> Enrolment:
    return EnrolmentFactory(participant__first_name=first, participant__last_name=last, **kwargs)


def test_most_urgent_first(coordinator_client):
    later = EnrolmentFactory(upcoming=True)
    year_over = EnrolmentFactory(past_year=True)
    recent = PairFactory(enrolment=EnrolmentFactory(post_release=True)).enrolment
    gate_week = PairFactory(enrolment=EnrolmentFactory(gate_week=True)).enrolment
    vacant = PairFactory(enrolment=EnrolmentFactory(pre_release=True), seat1=False).enrolment
    unconfirmed = PairFactory(enrolment=EnrolmentFactory(unconfirmed=True)).enrolment
    alone = EnrolmentFactory(post_release=True)
    month = EnrolmentFactory(expected_release=in_days(30))
    week = EnrolmentFactory(expected_release=in_days(7))
    EnrolmentFactory(ended=True)
    assert listed(coordinator_client) == [
        week,
        month,
        alone,
        unconfirmed,
        vacant,
        gate_week,
        later,
        recent,
        year_over,
    ]


@pytest.mark.parametrize(
    ("make", "label", "url_name"),
    [
        (lambda: EnrolmentFactory(), "Find pair", "pair_create"),
        (lambda: EnrolmentFactory(upcoming=True), "Find pair", "pair_create"),
        (
            lambda: PairFactory(enrolment=EnrolmentFactory(unconfirmed=True)).enrolment,
            "Confirm date",
            "release_confirm",
        ),
        (
            lambda: PairFactory(enrolment=EnrolmentFactory(expected_release=in_days(0))).enrolment,
            "Confirm date",
            "release_confirm",
        ),
        (
            lambda: PairFactory(enrolment=EnrolmentFactory(), seat2=False).enrolment,
            "Find mentor",
            "pair_create",
        ),
        (lambda: PairFactory(enrolment=EnrolmentFactory()).enrolment, "Open", "enrolment"),
        (lambda: EnrolmentFactory(past_year=True), "End", "enrolment_end"),
    ],
)
def test_each_row_offers_the_next_step(client_for, coordinator, settings, make, label, url_name):
    enrolment = make()
    client = client_for(coordinator)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    (row,) = listed(client)
    assert row.action.url == reverse(url_name, args=[enrolment.pk])
    page = client.get(URL).content.decode()
    assert f'href="{row.action.url}">{label}<' in page


def test_only_own_municipalities_are_listed(coordinator_client):
    EnrolmentFactory(municipality_id=ELSEWHERE)
    own = EnrolmentFactory()
    assert listed(coordinator_client) == [own]


def test_filters_stand_in_the_address(client_for):
    client = client_for(CoordinatorFactory(municipalities=[HOME, ELSEWHERE]))
    here, there = EnrolmentFactory(gate_week=True), EnrolmentFactory(municipality_id=ELSEWHERE)
    paired = PairFactory(enrolment=EnrolmentFactory(post_release=True)).enrolment
    vacant = PairFactory(enrolment=EnrolmentFactory(post_release=True), seat1=False).enrolment
    ended = EnrolmentFactory(ended=True)
    assert listed(client, municipality=ELSEWHERE) == [there]
    assert listed(client, phase="ended") == [ended]
    assert set(listed(client, phase="pre_release")) == {here, there}
    assert set(listed(client, pair="none")) == {here, there}
    assert listed(client, pair="full") == [paired]
    assert listed(client, pair="vacant") == [vacant]
    assert len(listed(client, phase="all")) == 5
    assert listed(client, phase="pre_release", municipality=HOME, pair="none") == [here]


@pytest.mark.parametrize(
    "choices",
    [
        {"municipality": ELSEWHERE},
        {"municipality": "x"},
        {"phase": "x"},
        {"pair": "x"},
        {"sort": "x"},
        {"q": "nobody is called so"},
        {"page": "x"},
        {"page": "999"},
    ],
)
def test_what_cannot_be_in_the_address_is_left_out(coordinator_client, choices):
    own = EnrolmentFactory()
    assert listed(coordinator_client, **choices) == [own]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kevin", ["Kevin"]),
        ("Aagaard kev", ["Kevin"]),
        ("østergaard", ["Åse"]),
        ("åse", ["Åse"]),
        ("ÅSE", ["Åse"]),
        ("nobody", []),
        ("%", []),
        ("_", []),
    ],
)
def test_search_by_name(coordinator_client, words, found):
    named("Kevin", "Aagaard")
    named("Åse", "Østergaard-Holm")
    rows = searched(coordinator_client, words)
    assert [row.participant.first_name for row in rows] == found


def test_search_by_case_number(coordinator_client):
    wanted, _other = EnrolmentFactory(), EnrolmentFactory()
    for words in (wanted.case_number, wanted.case_number.lower(), str(wanted.pk)):
        assert searched(coordinator_client, words) == [wanted]
    assert searched(coordinator_client, "9" * 19) == []


@pytest.mark.parametrize("words", ["a\x00b", "x" * 300])
def test_a_search_that_cannot_be_is_left_out(coordinator_client, words):
    own = EnrolmentFactory()
    response = coordinator_client.post(URL, {"q": words}, follow=True)
    assert response.context["rows"] == [own]


def test_a_name_never_stands_in_the_address(coordinator_client):
    here = EnrolmentFactory()
    choices = {"q": here.participant.first_name, "phase": "pre_release", "municipality": HOME}
    partial = coordinator_client.post(URL, choices, headers={"HX-Request": "true"})
    assert partial.headers["HX-Push-Url"] == f"{URL}?phase=pre_release&municipality={HOME}"
    page = coordinator_client.post(URL, choices | {"q": ""})
    assert page.url == f"{URL}?phase=pre_release&municipality={HOME}"
    assert listed(coordinator_client, phase="pre_release", municipality=HOME) == [here]


def test_a_search_with_many_answers_says_how_many_more(coordinator_client):
    for _ in range(27):
        named("Kevin")
    response = coordinator_client.post(URL, {"q": "kevin"})
    assert len(response.context["rows"]) == 25
    assert response.context["more"] == 2


def test_a_search_is_logged_with_what_was_searched_for(coordinator_client, coordinator_user):
    named("Kevin", "Aagaard")
    searched(coordinator_client, "kevin")
    searched(coordinator_client, "somebody famous")
    searches = AccessEntry.objects.filter(event=Event.SEARCH, user=coordinator_user)
    details = list(searches.order_by("pk").values_list("detail", flat=True))
    assert [detail.split(";")[0] for detail in details] == [
        "search: kevin",
        "search: somebody famous",
    ]
    coordinator_client.get(URL)
    assert AccessEntry.objects.filter(event=Event.LIST, municipality_code=HOME).count() == 1


def test_sorting(coordinator_client):
    ada = named("Ada", expected_release=in_days(50))
    bo = named("Bo", expected_release=in_days(9))
    MeetingFactory(enrolment=bo, happened_at=timezone.now() - timedelta(days=30))
    MeetingFactory(enrolment=ada, happened_at=timezone.now() - timedelta(days=3))
    never = named("Carl", expected_release=in_days(40))
    assert listed(coordinator_client, sort="name") == [ada, bo, never]
    assert listed(coordinator_client, sort="release") == [bo, never, ada]
    assert listed(coordinator_client, sort="contact") == [never, bo, ada]


def test_last_contact_is_the_last_meeting_that_was_held_with_either_mentor():
    enrolment = PairFactory(enrolment=EnrolmentFactory(post_release=True)).enrolment
    mentors = [seat.mentor for seat in enrolment.pairs.get().seats.all()]
    days = {"tried": 1, "not_held": 2}
    for trait, ago in days.items():
        at = timezone.now() - timedelta(days=ago)
        MeetingFactory(enrolment=enrolment, happened_at=at, **{trait: True})
    at = timezone.now() - timedelta(days=9)
    MeetingFactory(enrolment=enrolment, happened_at=at, mentors=mentors[:1])
    last = timezone.now() - timedelta(days=5)
    MeetingFactory(enrolment=enrolment, happened_at=last, mentors=mentors[1:])
    assert with_last_contact(Enrolment.objects.all()).get().last_contact == last
    other = EnrolmentFactory()
    assert with_last_contact(Enrolment.objects.all()).get(pk=other.pk).last_contact is None


def test_a_release_on_a_closed_day_says_so(client_for, coordinator, settings):
    day = in_days(1)
    while day.weekday() != 4:
        day += timedelta(days=1)
    enrolment = EnrolmentFactory(expected_release=day)
    client = client_for(coordinator)
    (row,) = listed(client)
    assert row.closed_at_release.day == day
    assert str(row.closed_at_release) in client.get(URL).content.decode()
    # What has happened is no longer a warning.
    Enrolment.objects.filter(pk=enrolment.pk).update(released_on=in_days(0))
    assert listed(client)[0].closed_at_release is None


def test_twenty_five_on_a_page(coordinator_client):
    EnrolmentFactory.create_batch(26)
    first = coordinator_client.get(URL)
    assert len(first.context["rows"]) == 25
    assert len(listed(coordinator_client, page=2)) == 1
    both = [*first.context["rows"], *listed(coordinator_client, page=2)]
    assert len({row.pk for row in both}) == 26


def test_empty_states(client_for, coordinator):
    client = client_for(coordinator)
    nothing = client.get(URL).content.decode()
    assert reverse("enrolment_create") in nothing
    EnrolmentFactory(ended=True, participant__first_name="Kevin")
    response = client.post(URL, {"q": "kevin"})
    assert response.context["rows"] == []
    assert '<input type="hidden" name="q" value="kevin">' in response.content.decode()
    assert len(searched(client, "kevin", phase="all")) == 1


def test_the_fragment_is_the_same_as_the_page(coordinator_client):
    EnrolmentFactory.create_batch(26)
    page = coordinator_client.get(URL, {"phase": "pre_release"}).content.decode()
    fragment = coordinator_client.post(
        URL, {"phase": "pre_release"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert fragment.strip() in page
    assert "?phase=pre_release&amp;page=2" in fragment
    assert "<html" not in fragment


def fill(number: int) -> None:
    mentors = [MentorFactory(capacity=4) for _ in range(4)]
    for n in range(number):
        trait = ("pre_release", "gate_week", "unconfirmed", "post_release", "ended")[n % 5]
        enrolment = EnrolmentFactory(**{trait: True})
        if n % 3:
            pair = MentorPair.objects.create(enrolment=enrolment, formed_on=in_days(-9))
            for seat in (1, 2)[: 1 + n % 2]:
                pair.seats.create(number=seat, mentor=mentors[seat], held_from=in_days(-9))
        if n % 2:
            MeetingFactory(enrolment=enrolment)
        if n % 7 == 0:
            ConcernFactory(enrolment=enrolment)


def test_the_list_asks_the_same_number_of_questions_for_10_and_for_300(
    coordinator_client, query_budget
):
    counts = []
    for number in (10, 290):
        fill(number)
        with query_budget(20) as asked:
            assert coordinator_client.get(URL).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
