"""Rating needs on one page, and what the enrolment's tab says of them afterwards."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from mentoring.tests.factories import MentorFactory, PairFactory
from participants.models import NeedRating, RatingStage, SupportArea
from participants.tests.factories import EnrolmentFactory, NeedRatingFactory, in_days
from primus.access.models import AccessEntry, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen")


@pytest.fixture
def jonas():
    return MentorFactory(user__first_name="Jonas")


@pytest.fixture
def rasmus(karen, jonas):
    enrolment = EnrolmentFactory(post_release=True)
    PairFactory(enrolment=enrolment, seat1=karen, seat2__mentor=jonas)
    return enrolment


@pytest.fixture
def ask(client_for):
    """``ask(mentor)``: a client in English."""

    def make(who):
        client = client_for(who)
        client.cookies["primus_language"] = "en"
        return client

    return make


def rate_path(enrolment, stage="start") -> str:
    return reverse("needs_rate", args=[enrolment.pk, stage])


def tab(enrolment) -> str:
    return reverse("enrolment_needs", args=[enrolment.pk])


def filled(client, path, **choices) -> dict:
    """What the form sends after it was opened and these areas were chosen."""
    soup = BeautifulSoup(client.get(path).text, "html.parser")
    form = soup.find("form", id="rate")
    data = {i["name"]: i.get("value", "") for i in form.select("input[type=hidden]")}
    data |= {i["name"]: i.get("value", "") for i in form.select("input:checked")}
    return data | choices


def test_five_sliders_with_words_for_each_step_and_nothing_chosen(ask, karen, rasmus):
    NeedRatingFactory(enrolment=rasmus, stage="start", rating=2)
    NeedRatingFactory(enrolment=rasmus, stage="start", area="work", without_need=True)
    soup = BeautifulSoup(ask(karen).get(rate_path(rasmus, "release")).text, "html.parser")
    areas = soup.select("#rate fieldset")
    assert len(areas) == len(SupportArea)
    for area in areas:
        assert len(area.select("input[type=radio]")) == 7
        assert [chosen.get("value") for chosen in area.select("input:checked")] == [""]
        assert all(len(label.text.strip()) > 3 for label in area.select("label"))
    # What was said before stands beside the step, and is not chosen.
    housing, work = areas[0].select_one(".earlier"), areas[2].select_one(".earlier")
    assert housing.find_parent("label").text.strip().startswith("2")
    assert "No need" in work.find_parent("label").text
    assert not soup.select(".error-summary")


def test_what_is_chosen_is_saved_and_confirmed(ask, karen, rasmus):
    client = ask(karen)
    data = filled(client, rate_path(rasmus), housing="1", finance="none")
    answer = client.post(rate_path(rasmus), data, follow=True)
    assert answer.redirect_chain == [(tab(rasmus), 302)]
    assert "2 areas are saved." in answer.text
    rows = {r.area: (r.rating, r.no_need, r.rated_by) for r in NeedRating.objects.all()}
    assert rows == {
        "housing": (1, False, karen.user),
        "finance": (None, True, karen.user),
    }


def test_the_log_says_which_areas_changed_and_not_how_they_stand(ask, karen, rasmus):
    NeedRatingFactory(enrolment=rasmus, rating=2, stage="release")
    client = ask(karen)
    path = rate_path(rasmus, "release")
    client.post(path, filled(client, path, housing="5"))
    assert NeedRating.objects.get().rating == 5
    change = AccessEntry.objects.get(event=Event.CHANGE)
    assert change.detail == "needs release: housing"
    assert change.object_id == rasmus.pk


def test_looking_and_saving_nothing_changes_nothing(ask, karen, rasmus):
    client = ask(karen)
    answer = client.post(rate_path(rasmus), filled(client, rate_path(rasmus)), follow=True)
    assert "Nothing was changed." in answer.text
    assert not AccessEntry.objects.filter(event=Event.CHANGE).exists()


def test_not_assessed_takes_a_rating_back(ask, karen, rasmus):
    NeedRatingFactory(enrolment=rasmus)
    client = ask(karen)
    client.post(rate_path(rasmus), filled(client, rate_path(rasmus), housing=""))
    assert not NeedRating.objects.exists()


def test_the_last_of_two_is_told_what_the_first_said_and_decides(ask, karen, jonas, rasmus):
    mine, theirs = ask(karen), ask(jonas)
    path = rate_path(rasmus)
    late = filled(mine, path, housing="2", health="4")
    theirs.post(path, filled(theirs, path, housing="5", network="1"))
    again = mine.post(path, late)
    soup = BeautifulSoup(again.text, "html.parser")
    assert "Jonas has meanwhile chosen “5, A home of their own, with a lease”" in again.text
    assert soup.select_one(".error-summary a")["href"] == "#id_housing_0"
    pills = {pill.text: pill.find_parent("label") for pill in soup.select(".earlier")}
    assert pills["Jonas"]["for"] == "id_housing_4"
    chosen = {i["name"]: i["value"] for i in soup.select("#rate input[type=radio]:checked")}
    kept = {"housing": "2", "finance": "", "work": "", "health": "4", "network": "1"}
    assert chosen == kept
    assert NeedRating.objects.get(area="housing").rating == 5
    assert not NeedRating.objects.filter(area="health").exists()

    data = {i["name"]: i.get("value", "") for i in soup.select("#rate input[type=hidden]")}
    assert mine.post(path, data | kept).status_code == 302
    found = {r.area: (r.rating, r.rated_by) for r in NeedRating.objects.all()}
    assert found == {
        "housing": (2, karen.user),
        "health": (4, karen.user),
        "network": (1, jonas.user),
    }


def test_what_is_no_step_is_refused(ask, karen, rasmus):
    answer = ask(karen).post(rate_path(rasmus), {"housing": "6"})
    assert answer.status_code == 200
    assert BeautifulSoup(answer.text, "html.parser").select(".error-summary")
    assert not NeedRating.objects.exists()


def test_a_stage_that_lies_ahead_leads_back_with_a_sentence(ask, karen, rasmus):
    answer = ask(karen).get(rate_path(rasmus, "month_12"), follow=True)
    assert answer.redirect_chain == [(tab(rasmus), 302)]
    assert "too early" in answer.text


def test_an_ended_enrolment_is_looked_at_and_not_rated(coordinator_client):
    coordinator_client.cookies["primus_language"] = "en"
    enrolment = EnrolmentFactory(ended=True)
    NeedRatingFactory(enrolment=enrolment)
    assert rate_path(enrolment) not in coordinator_client.get(tab(enrolment)).text
    answer = coordinator_client.post(rate_path(enrolment), {"housing": "5"}, follow=True)
    assert "has ended" in answer.text
    assert NeedRating.objects.get().rating == 2


def test_what_is_no_stage_is_not_there(ask, karen, rasmus):
    assert ask(karen).get(rate_path(rasmus, "month_9")).status_code == 404


def test_a_coordinator_rates_too(coordinator_client, coordinator):
    enrolment = EnrolmentFactory(gate_week=True)
    path = rate_path(enrolment)
    coordinator_client.post(path, filled(coordinator_client, path, network="3"))
    assert NeedRating.objects.get().rated_by == coordinator.user


def panels(client, enrolment) -> dict[str, BeautifulSoup]:
    soup = BeautifulSoup(client.get(tab(enrolment)).text, "html.parser")
    found = soup.select(".multiples > div")
    return dict(zip(SupportArea.values, found, strict=True))


def test_the_change_since_the_start_is_drawn_and_said(ask, karen, rasmus):
    told = {
        "housing": [("start", 1), ("release", 2), ("month_3", 4)],
        "finance": [("start", 3), ("month_3", 2)],
        "work": [("start", 2), ("month_3", 2)],
        "health": [("start", 2), ("month_3", None)],
    }
    for area, stages in told.items():
        for stage, rating in stages:
            NeedRatingFactory(
                enrolment=rasmus, area=area, stage=stage, rating=rating, no_need=rating is None
            )
    drawn = panels(ask(karen), rasmus)
    words = {area: panel.p.text for area, panel in drawn.items()}
    assert words == {
        "housing": "3 steps better since the start",
        "finance": "1 step worse since the start",
        "work": "As at the start",
        "health": "No need any longer",
        "network": "Not assessed yet",
    }
    assert [len(drawn[a].select("circle")) for a in SupportArea.values] == [3, 2, 2, 1, 0]
    # Dotted across what was not assessed; no need has a mark of its own, and no line.
    assert [len(drawn[a].select(".gap")) for a in SupportArea.values] == [0, 1, 1, 0, 0]
    assert [len(drawn[a].select(".no-need")) for a in SupportArea.values] == [0, 0, 0, 1, 0]
    assert (
        drawn["health"].select_one("svg.chart")["aria-label"]
        == "at start: 2, after 3 months: no need"
    )


def test_no_line_leads_across_no_need(ask, karen, rasmus):
    for stage, rating in [("start", 1), ("release", None), ("month_3", 3)]:
        NeedRatingFactory(enrolment=rasmus, stage=stage, rating=rating, no_need=rating is None)
    housing = panels(ask(karen), rasmus)["housing"]
    assert len(housing.select("circle")) == 2
    assert housing.select("line.line") == []
    assert "2 steps better" in housing.p.text


def test_the_table_says_every_rating_who_and_when(ask, karen, jonas, rasmus):
    NeedRatingFactory(enrolment=rasmus, rating=2, rated_by=jonas.user, rated_on=in_days(-3))
    NeedRatingFactory(enrolment=rasmus, area="work", without_need=True, rated_by=None)
    soup = BeautifulSoup(ask(karen).get(tab(rasmus)).text, "html.parser")
    rows = [[cell.text.strip() for cell in row.select("td")] for row in soup.select("tbody tr")]
    assert len(rows) == len(SupportArea)
    assert rows[0][1].startswith("2, ")
    assert rows[0][2] == jonas.user.get_full_name()
    assert rows[1][1:] == ["Not assessed", "–", "–"]
    assert rows[2][1] == "No need"
    assert rows[2][3] != "–"


def test_the_stage_that_is_due_has_the_way_to_it(ask, karen, rasmus):
    NeedRatingFactory(enrolment=rasmus)
    text = ask(karen).get(tab(rasmus)).text
    soup = BeautifulSoup(text, "html.parser")
    assert {a["href"] for a in soup.select("a.btn-primary")} == {rate_path(rasmus, "month_3")}
    ways = [a["href"] for a in soup.select(".stages a")]
    assert ways == [rate_path(rasmus, s) for s in ("start", "release", "month_3")]
    assert "1 of 5 areas" in text


def test_as_few_questions_with_every_rating_as_with_none(ask, karen, rasmus, query_budget):
    client = ask(karen)
    client.get(tab(rasmus))
    with query_budget(20) as without:
        client.get(tab(rasmus))
    for stage in RatingStage.values[:3]:
        for area in SupportArea.values:
            NeedRatingFactory(enrolment=rasmus, stage=stage, area=area, rated_by=karen.user)
    with query_budget(20) as with_all:
        client.get(tab(rasmus))
    assert len(with_all) == len(without)
    path = rate_path(rasmus)
    with query_budget(12):
        data = filled(client, path, **dict.fromkeys(SupportArea.values, "4"))
    with query_budget(16):
        client.post(path, data)
