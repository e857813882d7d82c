"""After a meeting is saved: what it says, and taking it back for ten minutes."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from mentoring.models import (
    Accompaniment,
    Attendance,
    Concern,
    FormReceipt,
    Meeting,
    MeetingArea,
    MeetingDraft,
)
from mentoring.tests.factories import (
    MeetingAdditionFactory,
    MeetingFactory,
)
from mentoring.tests.test_log_meeting import URL, filled
from participants.models import Goal, GoalState
from participants.tests.factories import CoordinatorFactory, GoalFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def client(client_for, karen):
    return client_for(karen)


def log(client, form) -> Meeting:
    response = client.post(URL, form)
    assert response.status_code == 302, response.content.decode()
    return Meeting.objects.latest("pk")


def undo(client, meeting, **data):
    return client.post(reverse("meeting_undo", args=[meeting.pk]), data)


def shown(client, address) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def as_sent(form) -> dict[str, list[str]]:
    """What a browser would send of a form as it stands."""
    sent: dict[str, list[str]] = {}
    for field in form.select("[name]"):
        if field.get("type") in ("radio", "checkbox") and not field.has_attr("checked"):
            continue
        value = field.get("value", "")
        if field.name == "textarea":
            value = field.text.removeprefix("\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            value = chosen["value"]
        sent.setdefault(field["name"], []).append(value)
    return sent


def full(rasmus, karen, jonas) -> dict:
    return filled(
        rasmus,
        [karen, jonas],
        when="day",
        day=in_days(-3).isoformat(),
        at="16:40",
        mode="authority",
        areas=["housing", "finance"],
        text_finance="Ringede til banken.\nDe ringer tilbage 👍",
        authority="job_centre",
        purpose="Kontanthjælp",
        outcome="Praktik aftalt.",
        follow_up="Sende lejekontrakten",
        follow_up_on=in_days(4).isoformat(),
        duration="other",
        duration_other="105",
        transport_km="24",
        note="  God stemning <3",
    )


def test_confirmation_says_what_was_saved(client, rasmus, karen, jonas):
    meeting = log(client, full(rasmus, karen, jonas) | {"concern_text": "Sover ikke."})
    page = shown(client, reverse("meeting_saved", args=[meeting.pk]))
    said = page.select_one("main").get_text(" ", strip=True)
    for words in ("Rasmus", "16.40", "Jonas", "Ringede til banken.", "God stemning <3", "Praktik"):
        assert words in said
    for words in ("Kontanthjælp", "Sende lejekontrakten", "1 t. 45 min.", "24 km"):
        assert words in said
    assert "Ringe til banken" in said, "the next step"
    assert len(page.select(".saved-area")) == 2
    assert "Rasmus" not in page.title.text
    links = [a["href"] for a in page.select(".saved-bar a")]
    assert links == [f"{URL}?enrolment={rasmus.pk}", reverse("mentor_home")]
    assert page.select_one(f'form[action="{reverse("meeting_undo", args=[meeting.pk])}"]')


def test_confirmation_asks_for_a_fixed_number_of_queries(
    client, rasmus, karen, jonas, query_budget
):
    meeting = log(client, full(rasmus, karen, jonas))
    with query_budget(12):
        client.get(reverse("meeting_saved", args=[meeting.pk]))


def test_coordinator_is_led_back_to_the_enrolment(client_for, rasmus, karen):
    client = client_for(CoordinatorFactory())
    response = client.post(f"{URL}?enrolment={rasmus.pk}", filled(rasmus, [karen]), follow=True)
    page = BeautifulSoup(response.content, "html.parser")
    back = reverse("enrolment", args=[rasmus.pk])
    assert page.select_one(".saved-bar .btn-primary")["href"] == back


def test_undo_takes_all_of_it_away_and_gives_the_text_back(client, rasmus, karen, jonas):
    form = full(rasmus, karen, jonas)
    meeting = log(client, form)
    response = undo(client, meeting)
    for model in (Meeting, Attendance, MeetingArea, Accompaniment):
        assert not model.objects.exists(), model
    page = shown(client, response.url)
    assert page.select_one("#id_text_finance").text.removeprefix("\n") == form["text_finance"]
    assert page.select_one("#id_note").text.removeprefix("\n") == form["note"]
    assert page.select_one("#id_next_step")["value"] == form["next_step"]
    assert page.select_one("#id_day")["value"] == form["day"]
    assert page.select_one("#id_at")["value"] == form["at"]
    checked = {(i["name"], i["value"]) for i in page.select("#log input[checked]")}
    mentors = {("mentors", str(m.pk)) for m in (karen, jonas)}
    assert mentors | {("areas", "housing"), ("areas", "finance"), ("when", "day")} <= checked
    deleted = AccessEntry.objects.get(event=Event.DELETE)
    assert (deleted.object_id, deleted.detail) == (meeting.pk, "undone")


def test_what_was_undone_can_be_saved_again_as_it_was(client, rasmus, karen, jonas):
    first = log(client, full(rasmus, karen, jonas))
    page = shown(client, undo(client, first).url)
    again = as_sent(page.select_one("#log"))
    second = log(client, again)
    assert second.happened_at == first.happened_at
    for name in ("state", "mode", "note", "next_step", "next_step_on"):
        assert getattr(second, name) == getattr(first, name)
    assert set(second.mentors.all()) == {karen, jonas}
    assert {a.area for a in second.areas.all()} == {"housing", "finance"}
    assert not MeetingDraft.objects.exists()


def test_the_form_that_was_undone_never_saves_again_by_itself(client, rasmus, karen):
    form = filled(rasmus, [karen])
    meeting = log(client, form)
    undo(client, meeting)
    for headers in (None, JSON):
        late = client.post(URL, form, headers=headers)
        address = late.json()["next"] if headers else late.url
        assert shown(client, address).select_one("#messages .alert-warning")
    assert not Meeting.objects.exists()
    # Not even without the draft, and in words.
    MeetingDraft.objects.all().delete()
    late = client.post(URL, form)
    assert BeautifulSoup(late.content, "html.parser").select_one(".error-summary")
    assert not Meeting.objects.exists()
    assert FormReceipt.objects.filter(token=form["token"], meeting=None).exists()


def test_undoing_twice_leads_to_the_draft(client, rasmus, karen):
    form = filled(rasmus, [karen])
    meeting = log(client, form)
    undo(client, meeting)
    second = undo(client, meeting, token=form["token"])
    assert second.url == f"{URL}?enrolment={rasmus.pk}"
    assert MeetingDraft.objects.count() == 1
    assert undo(client, meeting).status_code == 404


def test_undo_is_refused_in_words_after_ten_minutes(client, rasmus, karen):
    meeting = log(client, filled(rasmus, [karen]))
    saved = reverse("meeting_saved", args=[meeting.pk])
    for minutes, undone in [(11, False), (9, True)]:
        Meeting.objects.update(logged_at=timezone.now() - timedelta(minutes=minutes))
        offered = shown(client, saved).select_one("form.saved-undo") is not None
        assert offered == undone
        response = undo(client, meeting)
        assert Meeting.objects.exists() != undone
        if not undone:
            assert response.url == saved
            assert shown(client, saved).select_one("#messages .alert-warning")


def test_concern_stays_and_the_page_says_so(client, rasmus, karen):
    meeting = log(client, filled(rasmus, [karen], concern_text="Sover ikke."))
    response = undo(client, meeting)
    concern = Concern.objects.get()
    assert concern.meeting is None
    page = shown(client, response.url)
    assert len(page.select("#messages .alert")) == 2
    assert page.select_one("#id_concern_text").text.strip() == "", "it is not raised twice"
    new = as_sent(page.select_one("#log"))
    assert (new["concern_topic"], new["concern_urgency"]) == (["other"], ["soon"]), "as at first"


def test_goals_that_were_ticked_off_are_open_again_and_offered_anew(client, rasmus, karen):
    reached, moved = (GoalFactory(enrolment=rasmus, area="housing") for _ in range(2))
    before = moved.due_on
    form = filled(rasmus, [karen], goals_reached=[reached.pk])
    form[f"goal_due_{moved.pk}"] = in_days(30).isoformat()
    meeting = log(client, form)
    assert Goal.objects.get(pk=reached.pk).state == GoalState.REACHED
    page = shown(client, undo(client, meeting).url)
    for goal in (reached, moved):
        goal.refresh_from_db()
        assert goal.state == GoalState.OPEN
    assert moved.due_on == before
    assert page.select_one(f"[name=goals_reached][value='{reached.pk}'][checked]")
    assert page.select_one(f"[name=goal_due_{moved.pk}]")["value"] == in_days(30).isoformat()


def test_undo_is_the_authors_alone(client_for, rasmus, karen, jonas):
    meeting = log(client_for(karen), filled(rasmus, [karen, jonas]))
    for other in (jonas, CoordinatorFactory()):
        client = client_for(other)
        assert undo(client, meeting).status_code == 404
        assert client.get(reverse("meeting_saved", args=[meeting.pk])).status_code == 404
    assert Meeting.objects.exists()


def test_line_that_the_other_mentor_has_added_is_not_taken_away(client, rasmus, karen, jonas):
    meeting = log(client, filled(rasmus, [karen, jonas]))
    MeetingAdditionFactory(meeting=meeting, written_by=jonas.user)
    response = undo(client, meeting)
    assert shown(client, response.url).select_one("#messages .alert-warning")
    assert Meeting.objects.exists()


def test_what_has_been_begun_meanwhile_is_not_written_over(client, rasmus, karen):
    meeting = log(client, filled(rasmus, [karen]))
    MeetingDraft.objects.create(
        author=karen.user,
        enrolment=rasmus,
        token="0" * 32,
        content={"note": ["Et andet møde"]},
    )
    response = undo(client, meeting)
    assert shown(client, response.url).select_one("#messages .alert-warning")
    assert Meeting.objects.exists()
    assert MeetingDraft.objects.get().content == {"note": ["Et andet møde"]}


def test_meeting_without_a_form_is_shown_and_undone_too(client, rasmus, karen):
    meeting = MeetingFactory(enrolment=rasmus, logged_by=karen.user, mentors=[karen])
    assert shown(client, reverse("meeting_saved", args=[meeting.pk]))
    assert undo(client, meeting).status_code == 302
    assert not Meeting.objects.exists()


def test_form_that_waited_for_a_signal_tells_when_it_was_sent(client, rasmus, karen):
    meeting = log(client, filled(rasmus, [karen], waited="7200"))
    assert abs(meeting.happened_at - (timezone.now() - timedelta(hours=2))) < timedelta(minutes=1)
    for odd in ("-5", "9" * 50, "x", ""):
        assert log(client, filled(rasmus, [karen], waited=odd)).happened_at <= timezone.now()
