"""All meetings of an enrolment: found by area, kind and words, marked, folded and harmless."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.tests.factories import (
    AccompanimentFactory,
    MeetingAdditionFactory,
    MeetingFactory,
    MeetingVersionFactory,
    MentorFactory,
    PairFactory,
)
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db

ARABIC = "مرحبا يا صديقي"
EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen")


@pytest.fixture
def rasmus(karen):
    return PairFactory(enrolment__post_release=True, seat1=karen).enrolment


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


@pytest.fixture
def address(rasmus):
    return reverse("enrolment_meetings", args=[rasmus.pk])


def shown(response) -> list[int]:
    """The numbers of the meetings on a page, in order."""
    soup = BeautifulSoup(response.content, "html.parser")
    return [int(row["id"].removeprefix("meeting-")) for row in soup.select("article.meeting")]


def search(client, address, text):
    return client.post(address, {"q": text}, follow=True)


def days_ago(days: int):
    return timezone.now() - timedelta(days=days)


def test_meetings_stand_newest_first_a_page_at_a_time(client, rasmus, address):
    made = [MeetingFactory(enrolment=rasmus, happened_at=days_ago(n)).pk for n in range(25)]
    MeetingFactory()
    assert shown(client.get(address)) == made[:20]
    assert shown(client.get(f"{address}?page=2")) == made[20:]


def test_area_and_kind_stand_in_the_address_and_narrow_together(client, rasmus, address):
    cafe = MeetingFactory(enrolment=rasmus, areas=["housing", "work"], happened_at=days_ago(1))
    missed = MeetingFactory(enrolment=rasmus, not_held=True, happened_at=days_ago(2))
    tried = MeetingFactory(enrolment=rasmus, tried=True, happened_at=days_ago(3))
    health = MeetingFactory(enrolment=rasmus, areas=["health"], happened_at=days_ago(4))
    for query, expected in [
        ("", [cafe, missed, tried, health]),
        ("?area=work", [cafe]),
        ("?kind=held", [cafe, health]),
        ("?kind=not_held", [missed]),
        ("?kind=tried", [tried]),
        ("?area=health&kind=held", [health]),
        ("?area=health&kind=tried", []),
        ("?area=invented&kind=invented", [cafe, missed, tried, health]),
    ]:
        response = client.get(f"{address}{query}")
        assert shown(response) == [meeting.pk for meeting in expected], query
    soup = BeautifulSoup(client.get(f"{address}?area=work&page=1").content, "html.parser")
    chosen = [link.text for link in soup.select(".narrow-by [aria-current]")]
    assert len(chosen) == 2
    assert soup.select_one(".narrow-by .a-work[aria-current]")
    assert all("page=" not in link["href"] for link in soup.select(".narrow-by a"))


def test_a_search_finds_every_word_wherever_it_stands(client, rasmus, address):
    def one(**values):
        values.setdefault("note", "")
        return MeetingFactory(enrolment=rasmus, next_step="", **values)

    note = one(note="Han ringede til SØSTEREN i Ålborg", happened_at=days_ago(1))
    line = one(areas={"housing": "søsteren", "work": "ålborg"}, happened_at=days_ago(2))
    there = one(happened_at=days_ago(3))
    AccompanimentFactory(meeting=there, purpose="Søsteren", outcome="i Ålborg", follow_up="")
    added = one(note="Søsteren", happened_at=days_ago(4))
    MeetingAdditionFactory(meeting=added, text="Hun bor i Ålborg")
    one(note="Søsteren i Aarhus", happened_at=days_ago(5))
    found = search(client, address, "ålborg søsteren")
    assert shown(found) == [note.pk, line.pk, there.pk, added.pk]
    marks = {mark.text for mark in BeautifulSoup(found.content, "html.parser").select("mark")}
    assert {"SØSTEREN", "Ålborg", "søsteren", "ålborg"} <= marks


def test_a_search_is_posted_and_logged_with_what_was_searched_for(client, rasmus, address):
    MeetingFactory(enrolment=rasmus, areas=["housing"], note="Om huslejen")
    MeetingFactory(enrolment=rasmus, note="Om huslejen")
    answer = client.post(f"{address}?area=housing&page=2", {"q": "huslejen"})
    assert "huslejen" not in answer.url
    assert "area=housing" in answer.url
    assert "page" not in answer.url
    assert len(shown(client.get(answer.url))) == 1
    row = AccessEntry.objects.get(event=Event.SEARCH)
    assert (row.detail, row.object_id) == ("huslejen", rasmus.pk)
    assert row.object_label == rasmus.case_number
    # Opened anew, the list is whole and nothing was searched for.
    assert len(shown(client.get(address))) == 2
    assert AccessEntry.objects.filter(event=Event.SEARCH).count() == 1


def test_a_search_that_finds_nothing_is_logged_and_offers_the_way_back(client, address):
    response = search(client, address, "dinosaur")
    assert shown(response) == []
    assert AccessEntry.objects.get(event=Event.SEARCH).detail == "dinosaur"
    assert BeautifulSoup(response.content, "html.parser").select(f'.card a[href="{address}"]')


@pytest.mark.parametrize("text", ["", "   ", "%", "a\x00b", "x" * 500, "'; --", "\\", "_"])
def test_odd_searches_do_no_harm(client, rasmus, address, text):
    MeetingFactory(enrolment=rasmus, note="Helt almindeligt", next_step="")
    response = search(client, address, text)
    assert response.status_code == 200
    everything = not text.strip() or "\x00" in text or len(text) > 80
    assert len(shown(response)) == int(everything)


def test_what_was_searched_in_one_enrolment_is_not_searched_in_another(client, karen, address):
    other = PairFactory(enrolment__post_release=True, seat1=karen).enrolment
    MeetingFactory(enrolment=other, note="Ingenting")
    search(client, address, "huslejen")
    response = client.get(f"{reverse('enrolment_meetings', args=[other.pk])}?found=1")
    assert len(shown(response)) == 1
    assert "huslejen" not in response.text


def test_what_was_typed_is_shown_whole_and_harmless(client, rasmus, address):
    long = ("Det var en lang dag. " * 1000) + "👨‍👩‍👧‍👦 slut"
    MeetingFactory(enrolment=rasmus, note=long, areas={"housing": EVIL, "network": f"{ARABIC}\n😀"})
    response = client.get(address)
    soup = BeautifulSoup(response.content, "html.parser")
    assert EVIL not in response.text
    assert soup.select("article script, article img") == []
    meeting = soup.select_one("article.meeting")
    told = [part.text for part in meeting.select(".kept")]
    assert told[0] + told[1] == long
    assert meeting.select_one("details.more:not([open])")
    assert EVIL in told
    assert f"{ARABIC}\n😀" in told
    assert all(part["dir"] == "auto" for part in meeting.select(".kept"))


def test_a_folded_text_is_open_where_it_holds_what_was_searched_for(client, rasmus, address):
    MeetingFactory(enrolment=rasmus, note="ord " * 400 + "huslejen")
    assert '<details class="more" open>' in search(client, address, "huslejen").text
    response = search(client, address, "<mark>")
    assert shown(response) == []


def test_corrections_and_additions_show_in_the_list(client, rasmus, karen, address):
    corrected = MeetingFactory(enrolment=rasmus, happened_at=days_ago(1))
    MeetingVersionFactory.create_batch(2, meeting=corrected)
    plain = MeetingFactory(enrolment=rasmus, happened_at=days_ago(2))
    MeetingAdditionFactory(meeting=plain, written_by=karen.user, text="Husk nøglen")
    soup = BeautifulSoup(client.get(address).content, "html.parser")
    first, second = soup.select("article.meeting")
    assert first.select_one(".mark-corrected")
    assert second.select_one(".mark-corrected") is None
    addition = second.select_one(".addition").text
    assert "Husk nøglen" in addition
    assert "Karen" in addition
    assert first.select_one("h3 a")["href"] == reverse("meeting", args=[corrected.pk])
