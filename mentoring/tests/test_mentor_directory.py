"""The directory of mentors and a mentor's page: who is there, what it says, and to whom."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from mentoring.models import Mentor, MentorConflict, PairEndReason, Seat
from mentoring.tests.factories import (
    AbsenceFactory,
    ClearanceFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
    SeatFactory,
    StopNoticeFactory,
)
from participants.tests.factories import ELSEWHERE, EnrolmentFactory, in_days, municipality
from primus.access.models import AccessEntry, Event
from primus.accounts.models import Invitation
from primus.accounts.tests.factories import InvitationFactory

pytestmark = pytest.mark.django_db

LIST = "/mentors/"


@pytest.fixture
def client(client_for, coordinator_user):
    client = client_for(coordinator_user)
    client.cookies["primus_language"] = "en"
    return client


def soup_of(response) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def rows(response) -> dict[str, list[str]]:
    """The text of each cell by the mentor's name, in the order shown."""
    found = {}
    for row in soup_of(response).select(".mentor-table tbody tr"):
        name, *cells = (" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"]))
        found[name] = cells
    return found


def names(client, data=None) -> set[str]:
    return {name.split()[0] for name in rows(client.get(LIST, data or {}))}


def mentor(name: str, **options) -> Mentor:
    return MentorFactory(user__first_name=name, user__last_name="Prøvelund", **options)


def test_a_row_says_what_one_needs_to_choose_by(client, coordinator_user):
    karen = mentor("Karen", capacity=3, languages=["da", "so"], times=["weekday_evening"])
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen, seat2=False)
    SeatFactory(pair=PairFactory(seat1=False, seat2=False), mentor=karen, held_from=in_days(4))
    # One that ended, one that was made by mistake, and one taken back before it began.
    PairFactory(ended=True, seat1=karen, seat1__held_until=in_days(-1), seat2=False)
    PairFactory(
        ended_on=in_days(-1), end_reason=PairEndReason.BY_MISTAKE, seat1=karen,
        seat1__held_until=in_days(-1), seat2=False,
    )  # fmt: skip
    SeatFactory(mentor=karen, held_from=in_days(3), held_until=in_days(3))
    MeetingFactory(enrolment=enrolment, mentors=[karen])
    MeetingFactory(enrolment=enrolment, mentors=[karen], tried=True, happened_at="2026-01-01T10Z")
    karen.clearances.filter(kind="training").update(expires_on=in_days(12))
    mentor("Elsewhere", municipality=municipality(ELSEWHERE))
    mentor("Gone", state="left")
    (row,) = rows(client.get(LIST)).values()
    place, state, load, _spoken, _times, _clearance, met, ended = row
    assert place == f"{karen.municipality} 8000"
    assert state == karen.get_state_display()
    assert load.startswith("2 ")
    assert load.endswith(" 3")
    assert ended.endswith("1")
    assert "none yet" not in met
    page = client.get(LIST).content.decode()
    assert page.count('class="dot-held"') == page.count('class="dot-promised"') == 1
    assert page.count('class="dot-free"') == 1
    assert 'class="text-warn num"' in page
    logged = AccessEntry.objects.filter(user=coordinator_user, event=Event.LIST)
    assert {entry.detail for entry in logged} == {str(karen.pk)}


def test_each_filter_finds_what_it_says(client, coordinator):
    coordinator.municipalities.add(municipality(ELSEWHERE))
    a = mentor("Anna", languages=["da", "so"], times=["weekend_day"], areas_known=["housing"])
    PairFactory(seat1=a, seat2=False)
    mentor("Bo", capacity=1, state="paused", municipality=municipality(ELSEWHERE))
    full = mentor("Cleo", capacity=1)
    SeatFactory(pair=PairFactory(seat1=False, seat2=False), mentor=full, held_from=in_days(9))
    mentor("Dan", cleared=False, state="applicant", capacity=0)
    gone = mentor("Eva", state="left")
    soon = mentor("Finn", capacity=0)
    soon.clearances.filter(kind="record_check").update(expires_on=in_days(60))
    lapsed = mentor("Gry", capacity=0)
    lapsed.clearances.filter(kind="record_check").update(expires_on=in_days(-1))
    assert names(client) == {"Anna", "Bo", "Cleo", "Dan", "Finn", "Gry"}
    assert names(client, {"state": "all"}) >= {"Anna", "Eva"}
    assert names(client, {"state": "left"}) == {gone.user.first_name}
    assert names(client, {"state": "paused"}) == {"Bo"}
    assert names(client, {"municipality": ELSEWHERE}) == {"Bo"}
    assert names(client, {"room": "free"}) == {"Anna", "Bo"}
    assert names(client, {"room": "full"}) == {"Cleo", "Dan", "Finn", "Gry"}
    assert names(client, {"clearance": "soon"}) == {"Finn"}
    assert names(client, {"clearance": "missing"}) == {"Dan", "Gry"}
    assert names(client, {"clearance": "ok"}) == {"Anna", "Bo", "Cleo", "Finn"}
    assert names(client, {"language": "so"}) == names(client, {"time": "weekend_day"}) == {"Anna"}
    assert names(client, {"area": "housing", "room": "free", "sort": "room"}) == {"Anna"}
    assert names(client, {"room": "nonsense"}) == names(client)


def test_the_order(client):
    a, b, _ = (mentor(name, capacity=n) for n, name in enumerate(("Anna", "Bo", "Cleo"), start=1))
    enrolment = EnrolmentFactory(post_release=True)
    MeetingFactory(enrolment=enrolment, mentors=[a])
    MeetingFactory(enrolment=enrolment, mentors=[b], happened_at="2026-01-01T10Z")
    a.clearances.filter(kind="training").update(expires_on=in_days(9))
    b.clearances.filter(kind="training").update(expires_on=in_days(-9))
    ClearanceFactory(mentor=b, kind="training", obtained_on=in_days(-5), expires_on=in_days(3))

    def order(sort):
        return [name.split()[0] for name in rows(client.get(LIST, {"sort": sort}))]

    assert order("") == ["Anna", "Bo", "Cleo"]
    assert order("room") == ["Cleo", "Bo", "Anna"]
    assert order("met") == ["Cleo", "Bo", "Anna"]
    assert order("expiry") == ["Bo", "Anna", "Cleo"]


def test_a_search_is_posted_and_written_down_and_stands_in_no_address(client):
    mentor("Karen")
    mentor("Jonas")
    found = client.post(LIST, {"q": "karen", "room": "free"}, headers={"HX-Request": "true"})
    assert [name.split()[0] for name in rows(found)] == ["Karen"]
    assert found.headers["HX-Push-Url"] == f"{LIST}?room=free"
    entry = AccessEntry.objects.get(event=Event.SEARCH)
    assert "karen" in entry.detail
    assert names(client, {"q": "karen"}) == {"Karen", "Jonas"}
    assert client.post(LIST, {"room": "free"}).url == f"{LIST}?room=free"


def test_the_same_number_of_questions_however_many(client, query_budget):
    def fill(count):
        for _ in range(count):
            one = MentorFactory()
            PairFactory(seat1=one)
            AbsenceFactory(mentor=one)

    fill(2)
    client.get(LIST)
    with query_budget(20) as few:
        client.get(LIST)
    fill(20)
    with query_budget(20) as many:
        client.get(LIST, {"sort": "met"})
    assert len(few) == len(many)


def test_who_is_invited_is_said_to_whoever_invited_them(client, coordinator_user):
    InvitationFactory(invited_by=coordinator_user, first_name="Signe")
    InvitationFactory(first_name="Another", role="mentor")
    page = client.get(LIST).content.decode()
    assert "Signe" in page
    assert "Another" not in page
    label = Invitation._meta.label_lower
    assert AccessEntry.objects.filter(object_type=label, event=Event.LIST).exists()


def test_the_page_names_only_those_the_coordinator_may_see(client, query_budget):
    karen = mentor("Karen", capacity=4)
    now = PairFactory(seat1=karen, enrolment__participant__first_name="Rasmus").enrolment
    elsewhere = {"enrolment__municipality": municipality(ELSEWHERE)}
    PairFactory(seat1=karen, enrolment__participant__first_name="Hemmelig", **elsewhere)
    past = PairFactory(seat1=karen, seat1__held_until=in_days(-5))
    StopNoticeFactory(
        seat=Seat.objects.get(pair=past, mentor=karen), stops_on=in_days(-5), reason="moving"
    )
    with query_budget(24):
        page = soup_of(client.get(reverse("mentor", args=[karen.pk])))
    text = page.get_text(" ")
    assert page.select_one(f'a[href="/enrolments/{now.pk}/"]')
    assert page.select_one(f'a[href="/enrolments/{past.enrolment.pk}/"]')
    assert "I am moving" in text
    assert "Hemmelig" not in text
    assert page.select_one(f'a[href="/messages/new/?enrolment={now.pk}"]')
    assert page.select_one(f'a[href="mailto:{karen.user.email}"]')


def test_profile_clearances_conflicts_and_notes(client, coordinator_user):
    karen, jonas = mentor("Karen", about="", state="paused"), mentor("Jonas")
    participant = EnrolmentFactory().participant
    own = reverse("mentor", args=[karen.pk])

    profile = {
        "capacity": "4", "languages": ["so", "da"], "times": ["weekend_day"],
        "areas_known": ["work", "housing"], "about": "Tømrer i 30 år.", "occupation": "tømrer",
        "trade": "construction", "postcode": "8210", "gender": "female", "birth_year": "1968",
    }  # fmt: skip
    assert client.post(f"{own}profile/", profile | {"birth_year": "68"}).status_code == 200
    assert client.post(f"{own}profile/", profile).url == own
    karen.refresh_from_db()
    assert (karen.languages, karen.areas_known) == (["da", "so"], ["housing", "work"])
    assert (karen.capacity, karen.birth_year, karen.state) == (4, 1968, "paused")

    clearance = {"kind": "training", "obtained_on": in_days(0), "expires_on": in_days(-1)}
    add = f"{own}clearances/new/"
    assert client.post(add, clearance).status_code == 200
    assert client.post(add, clearance | {"obtained_on": in_days(1)}).status_code == 200
    good = clearance | {"expires_on": in_days(900)}
    assert client.post(add, good).url == own
    assert client.post(add, good).status_code == 200
    made = karen.clearances.get(obtained_on=in_days(0))
    # A renewal is suggested to last as long as the one before it.
    suggested = soup_of(client.get(f"{add}?kind=training")).select_one("[name=expires_on]")
    assert suggested["value"] == in_days(900).isoformat()
    client.post(reverse("clearance_remove", args=[made.pk]))
    assert not karen.clearances.filter(pk=made.pk).exists()

    add = f"{own}conflicts/new/"
    household = {"whom": f"mentor:{jonas.pk}", "kind": "household"}
    assert client.post(add, household).url == own
    other_way = {"whom": f"mentor:{karen.pk}", "kind": "stated"}
    assert client.post(f"/mentors/{jonas.pk}/conflicts/new/", other_way).status_code == 200
    assert client.post(add, {"whom": f"mentor:{karen.pk}", "kind": "stated"}).status_code == 200
    stated = {"whom": f"participant:{participant.pk}", "kind": "stated", "note": "Naboer"}
    assert client.post(add, stated).url == own
    for one in (karen, jonas):
        page = client.get(reverse("mentor", args=[one.pk])).content.decode()
        assert ("Naboer" in page) == (one == karen)
        assert str((jonas if one == karen else karen).user) in page
    # Of who has moved away, or is a mentor elsewhere, nobody here reads the name any longer.
    moved = participant.enrolments.get()
    for away, there in ((moved, moved.municipality), (jonas, jonas.municipality)):
        away.municipality = municipality(ELSEWHERE)
        away.save(update_fields=["municipality"])
        page = client.get(own).content.decode()
        assert ("Naboer" in page) == (away != moved)
        assert (str(jonas.user) in page) == (away != jonas)
        away.municipality = there
        away.save(update_fields=["municipality"])
    client.post(reverse("conflict_remove", args=[MentorConflict.objects.get(other=jonas).pk]))
    assert MentorConflict.objects.get().participant == participant

    assert client.post(f"{own}note/", {"text": ""}).status_code == 200
    assert client.post(f"{own}note/", {"text": "Ring om aftenen"}).url == own
    assert karen.notes.get().written_by == coordinator_user
    assert "Ring om aftenen" in client.get(own).content.decode()
    written = set(AccessEntry.objects.filter(user=coordinator_user).values_list("event", flat=True))
    assert {Event.CREATE, Event.CHANGE, Event.DELETE} <= written


def test_a_step_is_taken_from_the_page_and_refused_in_words(client):
    karen = mentor("Karen")
    pair = PairFactory(seat1=karen)
    path = reverse("mentor_step", args=[karen.pk])
    step = {"seen": "active", "state": "left", "reached_on": in_days(0), "note": ""}
    refused = soup_of(client.post(path, step))
    # Where somebody else is found for the seat.
    assert refused.select_one(f'.line-row a[href="/enrolments/{pair.enrolment_id}/"]')
    assert refused.select_one(".line-act a")
    paused = client.post(path, step | {"state": "paused"}, follow=True)
    assert "alert-warning" in paused.content.decode()
    # The page as it was before: somebody has changed it meanwhile.
    assert client.post(path, step | {"state": "paused"}).status_code == 200
    pair.seats.update(held_until=in_days(0))
    assert client.post(path, step | {"seen": "paused"}).url == reverse("mentor", args=[karen.pk])
    karen.refresh_from_db()
    assert karen.state == "left"


def test_mentors_keep_their_own_profile_and_nothing_else(client_for):
    karen = mentor("Karen", postcode="8000")
    client = client_for(karen)
    path = reverse("my_profile")
    said = {
        "capacity": "1", "languages": ["da"], "times": ["weekday_evening"], "areas_known": [],
        "about": "Jeg har selv haft en bror inde.", "postcode": "9999", "state": "left",
    }  # fmt: skip
    assert client.get(path).status_code == 200
    assert client.post(path, said | {"languages": []}).status_code == 200
    assert client.post(path, said).url == reverse("my_account")
    karen.refresh_from_db()
    assert (karen.capacity, karen.times) == (1, ["weekday_evening"])
    assert (karen.postcode, karen.state) == ("8000", "active")
    assert AccessEntry.objects.filter(user=karen.user, event=Event.CHANGE).count() == 1
