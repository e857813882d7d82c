"""One search across participants, mentors and meetings."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.searching import SHOWN
from mentoring.tests.factories import (
    AccompanimentFactory,
    MeetingAdditionFactory,
    MeetingFactory,
    MentorFactory,
)
from participants.models import Enrolment
from participants.tests.factories import ELSEWHERE, HOME, EnrolmentFactory
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db
URL = "/search/"


def search(client, text: str, **choices):
    return client.post(URL, {"q": text, **choices}, follow=True)


def found(client, text: str, **choices):
    return search(client, text, **choices).context["found"]


def named(first: str, last: str = "Opdigtsen", **kwargs) -> Enrolment:
    return EnrolmentFactory(participant__first_name=first, participant__last_name=last, **kwargs)


def days_ago(days: int):
    return timezone.now() - timedelta(days=days)


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("soren", "Søren", "Prøvelund"),
        ("aage", "Åge", "Prøvelund"),
        ("MOHAMED", "Muhammad", "Prøvelund"),
        ("kristian jensn", "Christian", "Jensen"),
        ("jensen christian", "Christian", "Jensen"),
        ("gaard", "Ida", "Kjærgaard"),
    ],
)
def test_names_are_found_however_they_are_spelt(coordinator_client, typed, first, last):
    enrolment = named(first, last)
    mentor = MentorFactory(user__first_name=first, user__last_name=last)
    named("Birthe", "Qvortrup")
    result = found(coordinator_client, typed)
    assert result.enrolments == [enrolment]
    assert result.mentors == [mentor]


def test_the_name_itself_comes_before_those_like_it(coordinator_client):
    for first in ("Muhammad", "Mohamed", "Mohammed"):
        named(first)
    result = found(coordinator_client, "mohammed")
    first_names = [enrolment.participant.first_name for enrolment in result.enrolments]
    assert set(first_names[:2]) == {"Mohammed", "Mohamed"}
    assert first_names[2] == "Muhammad"


def test_nobody_elsewhere_is_found_or_counted(coordinator_client):
    theirs = named("Søren", municipality_id=ELSEWHERE)
    MentorFactory(user__first_name="Søren", municipality_id=ELSEWHERE)
    MeetingFactory(enrolment=theirs, note="Vi talte om Søren")
    response = search(coordinator_client, "søren")
    assert response.context["found"].everything == []
    assert "Søren" not in response.content.decode().replace('value="søren"', "")
    assert found(coordinator_client, theirs.case_number).everything == []


def test_a_case_number_leads_to_its_case(coordinator_client):
    enrolment = named("Søren")
    for written in (enrolment.case_number, f" p{enrolment.pk}"):
        response = coordinator_client.post(URL, {"q": written})
        assert response.url == reverse("enrolment", args=[enrolment.pk])
    logged = AccessEntry.objects.filter(event=Event.SEARCH)
    assert [entry.object_id for entry in logged] == [enrolment.pk] * 2
    assert enrolment.case_number in logged.last().detail
    assert found(coordinator_client, str(enrolment.pk)).enrolments == [enrolment]


def test_meetings_are_found_by_words_wherever_they_stand_in_them(coordinator_client):
    enrolment = named("Søren")
    note = MeetingFactory(enrolment=enrolment, note="Gælden er høj", happened_at=days_ago(1))
    step = MeetingFactory(enrolment=enrolment, next_step="Ring om GÆLD", happened_at=days_ago(2))
    area = MeetingFactory(
        enrolment=enrolment, areas={"finance": "gældsrådgivning"}, happened_at=days_ago(3)
    )
    companion = MeetingFactory(enrolment=enrolment, happened_at=days_ago(4))
    AccompanimentFactory(meeting=companion, outcome="Gælden afdrages")
    added = MeetingFactory(enrolment=enrolment, happened_at=days_ago(5))
    MeetingAdditionFactory(meeting=added, text="Glemte gælden")
    MeetingFactory(enrolment=enrolment, note="Om noget andet")
    for typed in ("gæld", "GAELD", "gæld"):
        assert found(coordinator_client, typed).meetings == [note, step, area, companion, added]
    assert found(coordinator_client, "gæld høj").meetings == [note]
    assert found(coordinator_client, "gæld xyz").meetings == []
    assert found(coordinator_client, "gald").meetings == []


def test_words_of_one_meeting_may_stand_in_different_places(coordinator_client):
    meeting = MeetingFactory(note="Banken ringede", areas={"housing": "Indskud på vej"})
    assert found(coordinator_client, "indskud banken").meetings == [meeting]


def test_the_words_are_marked_where_they_stand_and_texts_are_harmless(coordinator_client):
    MeetingFactory(
        note="<script>x</script> " + "Fyld " * 100 + "ØKONOMIEN er i orden " + "mere " * 99
    )
    page = BeautifulSoup(search(coordinator_client, "oekonomi").content, "html.parser")
    passage = page.select_one(".passage")
    assert passage.mark.text == "ØKONOMI"
    assert passage.text.startswith("… Fyld")
    assert len(passage.text) < 200
    MeetingFactory(note="<script>evil</script>")
    response = search(coordinator_client, "evil")
    assert "<script>evil" not in response.content.decode()


def test_only_the_newest_are_shown_and_it_is_said(coordinator_client):
    enrolment = named("Søren")
    MeetingFactory.create_batch(SHOWN + 1, enrolment=enrolment, note="En tur i skoven")
    newest = MeetingFactory(enrolment=enrolment, note="skoven", happened_at=timezone.now())
    result = found(coordinator_client, "skoven")
    assert result.meetings[0] == newest
    assert (len(result.meetings), result.more_meetings) == (SHOWN, True)


def test_one_municipality_can_be_chosen(coordinator_client, coordinator_user):
    coordinator_user.coordinator.municipalities.add(ELSEWHERE)
    here, there = named("Søren"), named("Søren", municipality_id=ELSEWHERE)
    MeetingFactory(enrolment=there, note="Søren var der")
    assert set(found(coordinator_client, "søren").enrolments) == {here, there}
    result = found(coordinator_client, "søren", municipality=HOME)
    assert result.everything == [here]


def test_it_is_logged_once_with_what_was_searched_for_and_who_was_shown(
    coordinator_client, coordinator_user
):
    enrolment = named("Søren")
    mentor = MentorFactory(user__first_name="Søren")
    meeting = MeetingFactory(enrolment=enrolment, note="soren")
    AccessEntry.objects.all().delete()
    search(coordinator_client, "soren")
    logged = AccessEntry.objects.filter(event=Event.SEARCH)
    assert {(entry.object_type, entry.detail) for entry in logged} == {
        ("participants.enrolment", f"search: soren; {enrolment.pk}"),
        ("mentoring.mentor", f"search: soren; {mentor.pk}"),
        ("mentoring.meeting", f"search: soren; {meeting.pk}"),
    }
    AccessEntry.objects.all().delete()
    search(coordinator_client, "ingen hedder dette")
    nobody = AccessEntry.objects.get()
    assert (nobody.event, nobody.detail) == (Event.SEARCH, "search: ingen hedder dette")


def test_what_was_searched_for_is_in_no_address_and_forgotten_when_opened_anew(coordinator_client):
    named("Søren")
    response = search(coordinator_client, "søren")
    assert response.redirect_chain == [("/search/?found=1", 302)]
    assert response.context["found"].enrolments
    AccessEntry.objects.all().delete()
    anew = coordinator_client.get(URL)
    assert anew.context["found"].everything == []
    assert not AccessEntry.objects.exists()


@pytest.mark.parametrize("odd", ["%_\\", "--", "(", "\x00", "x" * 200, "' or 1=1", "🎈", "   "])
def test_odd_words_find_nothing_and_break_nothing(coordinator_client, odd):
    MeetingFactory(note="Vi gik en tur")
    response = search(coordinator_client, odd)
    assert response.status_code == 200
    assert response.context["found"].everything == []


def test_it_asks_the_database_as_often_however_many_there_are(coordinator_client, query_budget):
    coordinator_client.post(URL, {"q": "søren tur"})
    counts = []
    for _ in range(2):
        for _ in range(3):
            MeetingFactory(enrolment=named("Søren"), note="tur", areas={"work": "søren"})
            MentorFactory(user__first_name="Søren", user__last_name="Turmann")
        with query_budget(40) as asked:
            coordinator_client.get("/search/?found=1")
        counts.append(len(asked))
    assert counts[0] == counts[1]
