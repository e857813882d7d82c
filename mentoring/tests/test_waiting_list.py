"""A municipality's waiting list through the page and the worker, and the weights it is made by."""

import pytest
from django.urls import reverse

from mentoring import tasks
from mentoring.models import MatchWeight, WaitingListPlan
from mentoring.pairing import form_pair
from mentoring.tests.desk_factories import PairProposalFactory
from mentoring.tests.factories import AbsenceFactory, MentorFactory, PairFactory
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event
from primus.jobs.models import Run, RunKind, RunState

pytestmark = pytest.mark.django_db

AARHUS = "0751"
PAGE, FIND = "/waiting-list/", "/waiting-list/find/"


def found_by_worker(user) -> WaitingListPlan:
    run = Run.objects.create(kind=RunKind.WAITING_LIST, subject=AARHUS, requested_by=user)
    tasks.find_waiting_pairs(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, run.total)
    return run.waiting_list_plan


def shown(client) -> dict:
    return {row.enrolment: row for row in client.get(PAGE).context["rows"]}


@pytest.fixture
def two_waiting(coordinator):
    """The one who is released first could be given anybody, the other only the woman."""
    easy = EnrolmentFactory(expected_release=in_days(10))
    picky = EnrolmentFactory(expected_release=in_days(40), gender_wish="female")
    return easy, picky


@pytest.fixture
def four(two_waiting):
    woman = MentorFactory(capacity=1)
    return [woman, *(MentorFactory(gender="male", capacity=1) for _ in range(3))]


def test_everyone_gets_a_pair_and_opens_it(
    coordinator_client, coordinator_user, two_waiting, four, django_capture_on_commit_callbacks
):
    assert [row.found for row in shown(coordinator_client).values()] == ["new", "new"]
    asked = coordinator_client.post(FIND, {"municipality": AARHUS})
    assert asked.url == f"{PAGE}?municipality={AARHUS}"
    run = Run.objects.get()
    assert (run.subject, run.requested_by) == (AARHUS, coordinator_user)
    # Who asks while it is under way sees that run.
    again = coordinator_client.post(FIND, {"municipality": AARHUS}, headers={"HX-Request": "true"})
    assert again.context["run"] == run
    assert coordinator_client.get(PAGE).context["run"] == run
    tasks.find_waiting_pairs(run.pk)
    tasks.find_waiting_pairs(run.pk)
    plan = WaitingListPlan.objects.get()
    assert all(set(row) == {"enrolment", "mentors", "score"} for row in plan.rows)
    rows = shown(coordinator_client)
    assert list(rows) == list(two_waiting)
    assert [row.found for row in rows.values()] == ["pair", "pair"]
    easy, picky = rows.values()
    assert four[0] in [person.row for person in picky.suggestion.people]
    page = coordinator_client.get(PAGE)
    assert easy.suggestion.line
    assert easy.suggestion.line.split(" · ")[0] in page.content.decode()
    # The link leads to the pair page with that pair first, and chosen.
    key = picky.suggestion.key
    path = reverse("pair_create", args=[picky.enrolment.pk])
    assert f"{path}?pair={key}" in page.content.decode()
    opened = coordinator_client.get(path, {"pair": key})
    assert set(opened.context["offer"].suggestions[0].people) == set(picky.suggestion.people)
    assert f'id="pair-{key}"' in opened.content.decode()
    # Found again, there is still one plan.
    assert found_by_worker(coordinator_user) == WaitingListPlan.objects.get()


def test_what_no_longer_holds_is_said_and_left_out(
    coordinator_client, coordinator_user, two_waiting, four
):
    found_by_worker(coordinator_user)
    easy, picky = shown(coordinator_client).values()
    man = easy.suggestion.people[0].row
    # One goes away, and somebody else is referred.
    AbsenceFactory(mentor=man)
    newcomer = EnrolmentFactory(expected_release=in_days(60))
    rows = shown(coordinator_client)
    assert [rows[e].found for e in (*two_waiting, newcomer)] == ["gone", "pair", "new"]
    assert rows[two_waiting[0]].suggestion is None
    # Who has a pair, or two who are asked, waits no longer.
    form_pair(two_waiting[1], [person.row for person in picky.suggestion.people], None)
    PairProposalFactory(enrolment=newcomer, asked=[MentorFactory(), MentorFactory()])
    assert list(shown(coordinator_client)) == [two_waiting[0]]


def test_a_place_is_not_shown_to_two(coordinator_client, coordinator_user, two_waiting):
    """Two rows count on a mentor with two places, and one place is taken by somebody else."""
    both = [MentorFactory(capacity=2), MentorFactory(capacity=2)]
    found_by_worker(coordinator_user)
    assert [row.found for row in shown(coordinator_client).values()] == ["pair", "pair"]
    PairFactory(seat1=both[0], enrolment__post_release=True)
    assert [row.found for row in shown(coordinator_client).values()] == ["pair", "gone"]


def test_who_cannot_be_given_anybody_is_shown_too(coordinator_client, coordinator_user):
    enrolment = EnrolmentFactory(gender_wish="both_male")
    MentorFactory(), MentorFactory()
    plan = found_by_worker(coordinator_user)
    assert plan.rows == [{"enrolment": enrolment.pk, "mentors": [], "score": 0}]
    assert shown(coordinator_client)[enrolment].found == "none"


def test_a_run_over_nobody_and_one_of_another_municipality(client_for, coordinator_user):
    assert found_by_worker(coordinator_user).rows == []
    tasks.find_waiting_pairs(2**40)
    other = client_for(CoordinatorFactory(municipalities=["0461"]).user)
    assert other.get(PAGE, {"municipality": AARHUS}).status_code == 404
    assert other.post(FIND, {"municipality": AARHUS}).status_code == 404
    run = Run.objects.get()
    assert other.get(reverse("run_progress", args=[run.pk])).status_code == 404
    assert client_for(coordinator_user).get(reverse("run_progress", args=[run.pk])).context["run"]
    nobody = client_for(CoordinatorFactory(municipalities=[]).user)
    assert nobody.get(PAGE).context["municipality"] is None
    assert nobody.post(FIND).status_code == 404


def test_both_pages_ask_the_same_however_many_there_are(
    coordinator_client, coordinator_user, query_budget
):
    waiting = EnrolmentFactory()
    pair_page = reverse("pair_create", args=[waiting.pk])
    counts: list[tuple[int, int]] = []
    for more in (3, 12):
        for _ in range(more):
            mentor = MentorFactory(capacity=3)
            PairFactory(seat1=mentor, enrolment__post_release=True)
            AbsenceFactory(mentor=mentor, away_from=in_days(-9), away_until=in_days(-8))
            EnrolmentFactory()
        found_by_worker(coordinator_user)
        with query_budget(20) as listing:
            assert coordinator_client.get(PAGE).context["found"] > 0
        with query_budget(20) as pairing:
            assert coordinator_client.get(pair_page).context["offer"].suggestions
        counts.append((len(listing), len(pairing)))
    assert counts[0] == counts[1]


def test_an_administrator_changes_the_weights_and_it_is_kept(
    administrator_client, administrator_user, coordinator_client
):
    before = dict(MatchWeight.objects.values_list("criterion", "weight"))
    page = reverse("match_weights")
    assert administrator_client.get(page).status_code == 200
    assert coordinator_client.get(page).status_code == 404
    refused = administrator_client.post(page, before | {"language": 11})
    assert refused.context["form"].errors
    administrator_client.post(page, before | {"language": 0, "distance": before["distance"] + 1})
    after = dict(MatchWeight.objects.values_list("criterion", "weight"))
    assert after == before | {"language": 0, "distance": before["distance"] + 1}
    kept = AccessEntry.objects.filter(event=Event.CHANGE, user=administrator_user)
    details = set(kept.values_list("detail", flat=True))
    assert details == {"language: 10 → 0", "distance: 6 → 7"}


def test_wishes_are_changed_and_hold_at_once(coordinator_client):
    enrolment = EnrolmentFactory(gender_wish="both_male")
    MentorFactory(), MentorFactory()
    pair_page = reverse("pair_create", args=[enrolment.pk])
    assert not coordinator_client.get(pair_page).context["offer"].able
    page = reverse("enrolment_wishes", args=[enrolment.pk])
    assert coordinator_client.get(page).status_code == 200
    refused = coordinator_client.post(page, {"gender_wish": "none", "wished_times": []})
    assert refused.context["form"].errors
    wishes = {"gender_wish": "any", "wished_times": ["weekend_day"], "trade": "it", "wishes": "Ro."}
    assert coordinator_client.post(page, wishes).url == pair_page
    enrolment.refresh_from_db()
    assert {name: getattr(enrolment, name) for name in wishes} == wishes
    change = AccessEntry.objects.get(event=Event.CHANGE)
    assert change.detail == "gender_wish wished_times trade wishes"
    assert len(coordinator_client.get(pair_page).context["offer"].able) == 2
