"""What is typed of a meeting is never lost, and never turns up where it does not belong."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.models import Meeting, MeetingDraft, Seat
from mentoring.tasks import delete_old_drafts
from mentoring.tests.factories import MeetingDraftFactory
from mentoring.tests.open_page import JSON, OpenPage, kept
from participants.tests.factories import CoordinatorFactory, GoalFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


def test_draft_is_found_again_on_any_device_with_the_time_it_was_saved(
    opened, client_for, karen, rasmus
):
    text = "👩‍👩‍👧 שלום\n\n<b>fed</b> & \u202eabc" + "æ" * 19_900
    assert opened.type(text.replace("\n", "\r\n")).json()["state"] == "kept"
    other = OpenPage(client_for(karen), rasmus)
    assert other.text == text
    assert other.page["token"] == opened.page["token"]
    at = timezone.localtime(kept().saved_at)
    assert f"{at:%H.%M}" in other.soup.select_one("#draft [data-when=saved]").text
    assert other.soup.select_one("#draft[data-state=saved] .draft-discard:not([hidden])")


def test_every_answer_comes_back_and_nothing_is_checked_yet(client, rasmus, karen):
    first = OpenPage(client, rasmus)
    answers = {
        "state": "not_held",
        "not_held_reason": "no_show",
        "when": "day",
        "day": "not a day",
        "mode": "cafe",
        "areas": ["work", "health"],
        "text_work": "Lageret",
        "mentors": [],
        "transport_km": "mange",
        "authority": "bank",
        "concern_text": "Sover ikke",
        "concern_urgency": "urgent",
    }
    url = reverse("draft_save", args=[rasmus.pk])
    client.post(url, first.form(revision=1, **answers), headers=JSON)
    soup = OpenPage(client, rasmus).soup
    assert not soup.select(".error-summary, .field-error")
    checked = {(i["name"], i["value"]) for i in soup.select("#log input[checked]")}
    assert {("state", "not_held"), ("areas", "work"), ("areas", "health")} <= checked
    assert ("concern_urgency", "urgent") in checked
    assert "mentors" not in {name for name, value in checked}, "nobody was chosen"
    assert soup.select_one("#id_transport_km")["value"] == "mange"
    assert soup.select_one("#id_text_work").text.strip() == "Lageret"
    assert soup.select_one("#id_authority option[selected]")["value"] == "bank"


def test_just_now_and_tomorrow_mean_the_day_they_were_typed(client, rasmus, karen):
    typed_at = timezone.now() - timedelta(days=2)
    MeetingDraftFactory(
        author=karen.user,
        enrolment=rasmus,
        saved_at=typed_at,
        content={"state": ["held"], "when": ["now"], "next_when": ["week"]},
    )
    soup = OpenPage(client, rasmus).soup
    day = timezone.localdate(typed_at)
    assert soup.select_one("[name=when][checked]")["value"] == "day"
    assert soup.select_one("#id_day")["value"] == day.isoformat()
    assert soup.select_one("#id_at")["value"] == f"{timezone.localtime(typed_at):%H:%M}"
    assert soup.select_one("#id_next_day")["value"] == (day + timedelta(days=7)).isoformat()


def test_one_draft_for_each_enrolment_however_often_it_is_sent(opened, client, danny):
    for text in ("V", "Vi", "Vi t"):
        opened.type(text)
    assert kept().content["note"] == ["Vi t"]
    OpenPage(client, danny).type("Om Danny")
    assert MeetingDraft.objects.count() == 2


def test_what_arrives_late_replaces_nothing_newer(opened):
    opened.type("Ny", revision=7)
    assert opened.type("Gammel", revision=6).json()["state"] == "stale"
    assert kept().content["note"] == ["Ny"]


def test_saving_the_meeting_deletes_the_draft_and_nothing_brings_it_back(opened, client, karen):
    opened.type("Vi talte sammen")
    response = opened.save(karen, note="Vi talte sammen")
    assert response.status_code == 302
    assert not MeetingDraft.objects.exists()
    late = opened.type("Vi talte")
    assert (late.status_code, late.json()["state"]) == (409, "closed")
    assert late.json()["sentence"]
    assert not MeetingDraft.objects.exists()
    fresh = OpenPage(client, opened.enrolment)
    assert fresh.text == ""
    assert fresh.page["token"] != opened.page["token"]


def test_discarding_deletes_the_draft_and_nothing_brings_it_back(opened, client):
    opened.type("Det her skal væk")
    url = reverse("draft_discard", args=[opened.enrolment.pk])
    assert client.post(url, {"token": opened.page["token"]}).status_code == 302
    assert not MeetingDraft.objects.exists()
    assert opened.type("Det her skal").json()["state"] == "closed"
    assert OpenPage(client, opened.enrolment).text == ""
    assert AccessEntry.objects.filter(event=Event.DELETE, detail="draft").count() == 1


def test_drafts_are_deleted_after_seven_days(rasmus, danny, karen):
    for enrolment, days in [(rasmus, 6), (danny, 8)]:
        MeetingDraftFactory(
            author=karen.user,
            enrolment=enrolment,
            saved_at=timezone.now() - timedelta(days=days),
        )
    delete_old_drafts()
    assert kept().enrolment == rasmus


# --- Never the wrong one -------------------------------------------------------------------


def test_draft_never_appears_with_another_participant(opened, client, danny):
    opened.type("Om Rasmus")
    assert OpenPage(client, danny).text == ""
    # Without a choice one is led to whom one was writing about.
    newest = BeautifulSoup(client.get(reverse("meeting_create")).content, "html.parser")
    assert newest.select_one("[name=enrolment][checked]")["value"] == str(opened.enrolment.pk)


def test_open_form_takes_its_text_along_when_another_participant_is_chosen(opened, client, danny):
    opened.type("Jeg havde valgt forkert")
    opened.type("Jeg havde valgt forkert.", about=danny)
    assert kept().enrolment == danny
    assert OpenPage(client, opened.enrolment).text == ""
    assert OpenPage(client, danny).text == "Jeg havde valgt forkert."


def test_moving_to_a_participant_with_a_draft_asks_first(opened, client, danny):
    other = OpenPage(client, danny)
    other.type("Om Danny")
    opened.type("Om Rasmus")
    answer = opened.type("Om Rasmus!", about=danny).json()
    assert answer["state"] == "elsewhere"
    assert "Danny" in answer["sentence"]
    texts = {d.enrolment: d.content["note"] for d in MeetingDraft.objects.all()}
    assert texts == {opened.enrolment: ["Om Rasmus"], danny: ["Om Danny"]}
    # Having seen it, the mentor keeps what is on the page.
    opened.page["seen"] += f" {answer['seen']}"
    assert opened.type("Om Rasmus!", about=danny).json()["state"] == "kept"
    assert kept().content["note"] == ["Om Rasmus!"]
    assert kept().enrolment == danny


def test_restored_text_is_not_saved_for_another_participant_unasked(opened, client, karen, danny):
    opened.type("Om Rasmus")
    again = OpenPage(client, opened.enrolment)
    sent = {"restored": again.value("restored"), "enrolment": danny.pk}
    answer = BeautifulSoup(again.save(karen, **sent).content, "html.parser")
    assert "Rasmus" in answer.select_one("#id_enrolment_error").text
    assert not Meeting.objects.exists()
    # Having been asked, it is what the mentor means.
    assert answer.select_one("[name=restored]") is None
    assert again.save(karen, enrolment=danny.pk).status_code == 302
    assert Meeting.objects.get().enrolment == danny


def test_draft_is_its_authors_alone(opened, client_for, rasmus):
    opened.type("Kun til mig selv")
    partner = rasmus.pairs.get().seats.get(number=2).mentor
    assert OpenPage(client_for(partner), rasmus).text == ""
    assert OpenPage(client_for(CoordinatorFactory()), rasmus).text == ""


def test_coordinator_has_a_draft_of_their_own_on_a_mentors_behalf(client_for, rasmus):
    client = client_for(CoordinatorFactory())
    OpenPage(client, rasmus).type("På Karens vegne")
    assert OpenPage(client, rasmus).text == "På Karens vegne"


def test_draft_of_a_seat_that_is_lost_is_neither_shown_nor_taken(opened, rasmus, danny):
    opened.type("Om Rasmus")
    rasmus.pairs.get().seats.filter(number=1).update(held_until=timezone.localdate())
    assert opened.type("Om Rasmus igen").status_code == 404
    shown = opened.client.get(opened.address).content.decode()
    assert "Om Rasmus" not in shown


def test_draft_of_somebody_no_longer_followed_is_not_told_of_and_is_in_nobodys_way(
    opened, client_for, karen, rasmus, danny
):
    opened.type("Om Rasmus")
    other = OpenPage(client_for(karen), danny)
    Seat.objects.filter(pair__enrolment=rasmus).update(held_until=in_days(0))
    other.page["token"] = opened.page["token"]
    answer = other.type("Om Danny")
    assert answer.json()["state"] == "kept"
    assert "Rasmus" not in answer.text
    assert (kept().enrolment, kept().content["note"]) == (danny, ["Om Danny"])


# --- Two windows ---------------------------------------------------------------------------


def test_two_windows_lose_nothing_unasked(opened, client):
    opened.type("Fra første vindue")
    second = OpenPage(client, opened.enrolment)
    assert second.type("Fra andet vindue").json()["state"] == "kept"
    answer = opened.type("Fra første vindue igen")
    assert (answer.status_code, answer.json()["state"]) == (409, "elsewhere")
    assert kept().content["note"] == ["Fra andet vindue"]
    opened.page["seen"] += f" {answer.json()['seen']}"
    assert opened.type("Fra første vindue igen").json()["state"] == "kept"
    assert second.type("Fra andet igen").json()["state"] == "elsewhere"


def test_two_windows_with_the_same_form_save_one_meeting(opened, client, karen):
    opened.type("En gang")
    second = OpenPage(client, opened.enrolment)
    assert opened.save(karen, note="En gang").status_code == 302
    assert second.save(karen, note="En gang").url == reverse(
        "meeting_saved", args=[Meeting.objects.get().pk]
    )
    assert second.save(karen, note="Noget andet").status_code == 200
    assert Meeting.objects.count() == 1


# --- Limits --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"note": "x" * 20_001}, 413),
        ({f"text_{n}": "x" * 20_000 for n in "abcdefghijklmnop"}, 413),
        ({"areas": ["housing"] * 501}, 413),
        ({"note": "a\x00b"}, 200),
        ({"revision": "9" * 40}, 200),
        ({"seen": "²"}, 200),
        ({"token": "none"}, 302),
        ({"writer": ""}, 302),
    ],
)
def test_what_no_form_sends_is_answered_in_words_and_never_an_error(opened, answers, status):
    url = reverse("draft_save", args=[opened.enrolment.pk])
    response = opened.client.post(url, opened.form(revision=1) | answers, headers=JSON)
    assert response.status_code == status
    if status == 413:
        assert response.json()["sentence"]


def test_line_breaks_count_once(opened, karen):
    text = "\n".join(["x" * 99] * 200)
    assert len(text) == 19_999
    sent = text.replace("\n", "\r\n")
    assert opened.type(sent).json()["state"] == "kept"
    assert opened.save(karen, note=sent).status_code == 302
    assert Meeting.objects.get().note == text


def test_log_has_a_row_when_a_draft_begins_and_when_it_is_shown_again(opened, client):
    for text in ("V", "Vi", "Vi t"):
        opened.type(text)
    rows = AccessEntry.objects.filter(object_type="mentoring.meetingdraft")
    assert [(r.event, r.detail) for r in rows] == [(Event.CREATE, "draft")]
    OpenPage(client, opened.enrolment)
    assert rows.filter(event=Event.READ).count() == 1


def test_keeping_a_draft_asks_a_fixed_number_of_queries(opened, query_budget):
    with query_budget(12):
        opened.type("Vi talte sammen")
    with query_budget(12):
        opened.type("Vi talte sammen om det")
    with query_budget(12):
        OpenPage(opened.client, opened.enrolment)


def test_saving_from_a_draft_asks_a_fixed_number_of_queries(opened, karen, rasmus, query_budget):
    goals = [GoalFactory(enrolment=rasmus, area="housing") for _ in range(4)]
    opened.type("Vi talte sammen")
    answers = {
        "areas": ["housing", "finance", "work", "health", "network"],
        "goals_reached": [goals[0].pk, goals[1].pk],
        f"goal_due_{goals[2].pk}": in_days(20).isoformat(),
        "authority": "bank",
        "follow_up": "Ringe",
        "follow_up_on": in_days(3).isoformat(),
        "concern_text": "Sover ikke",
    }
    with query_budget(20):
        assert opened.save(karen, headers=JSON, **answers).json()["state"] == "saved"
