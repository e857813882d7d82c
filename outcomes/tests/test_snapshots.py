import os
import random
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from outcomes import figures, snapshots
from outcomes.disclosure import LIMIT, SMALL, WITHHELD
from outcomes.figures import Figures, Seats
from outcomes.models import DashboardSnapshot
from outcomes.recidivism import NOT_OBSERVABLE, Outcome
from outcomes.tasks import recompute_snapshots
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory
from outcomes.tests.histories import make
from outcomes.tests.test_disclosure import recovered
from participants.models import SupportArea
from participants.phases import CURRENT_PHASES, Phase
from participants.tests.factories import EnrolmentFactory
from primus.jobs.models import Run, RunKind, RunState
from primus.jobs.runs import request_run, running

CODES = ["0101", "0461", "0751", "0851"]
MEASURES = [
    "under_way",
    "incomplete",
    "released",
    "released_with",
    "released_without",
    "ended",
    "observable",
    "reoffended",
    "not_reoffended",
    "not_observable",
    "mentors",
    "mentors_free",
    "mentors_full",
]


def some_figures(chance: random.Random, most: int) -> Figures:
    """The counts of a municipality, as small as those that need protection."""
    made = Figures()
    for phase in CURRENT_PHASES:
        made.phases[phase] = chance.randint(0, most)
    made.phases[Phase.ENDED] = chance.randint(0, most)
    rest = made.under_way
    for state in (Seats.VACANT, Seats.NONE):
        made.seats[state] = chance.randint(0, min(rest, most // 2))
        rest -= made.seats[state]
    made.seats[Seats.TWO] = rest
    made.released = chance.randint(0, 2 * most)
    made.released_without_two = chance.randint(0, min(made.released, most))
    for year in (2022, 2023):
        for outcome in Outcome:
            n = chance.choice([0, 0, chance.randint(0, most)])
            made.outcomes[outcome] += n
            made.outcomes_by_year[year][outcome] = n
    made.mentors_free, made.mentors_full = chance.randint(0, most), chance.randint(0, most)
    made.places_free = 2 * made.mentors_free
    for area in SupportArea.values:
        made.needs[area][2, 4] = chance.randint(0, most)
    for month in figures.months_until(timezone.localdate())[-2:]:
        made.people_met[month] = chance.randint(0, most)
        made.meetings[month] = 3 * made.people_met[month]
    return made


def known_sums(years) -> list:
    """Every sum that a reader of the dashboards can know of, written without looking it up."""
    sums = []
    everywhere = [*CODES, None]
    phases = [("phase", str(phase)) for phase in CURRENT_PHASES]
    for code in everywhere:
        sums += [
            (("under_way", code), [(*phase, code) for phase in phases]),
            (("under_way", code), [("seats", state, code) for state in Seats.ALL]),
            (("incomplete", code), [("seats", "vacant", code), ("seats", "none", code)]),
            (("released", code), [("released_with", code), ("released_without", code)]),
            (("observable", code), [("reoffended", code), ("not_reoffended", code)]),
            (("mentors", code), [("mentors_free", code), ("mentors_full", code)]),
        ]
    across = [
        *phases,
        *[("seats", state) for state in Seats.ALL],
        *[("rated", area) for area in SupportArea.values],
        *[(name,) for name in MEASURES],
    ]
    sums += [((*key, None), [(*key, code) for code in CODES]) for key in across]
    for measure in ("reoffended", "not_reoffended", "observable", "not_observable"):
        sums.append(((measure, None), [("year", measure, year) for year in years]))
    for year in years:
        sums.append(
            (
                ("year", "observable", year),
                [("year", "reoffended", year), ("year", "not_reoffended", year)],
            )
        )
    reasons = [("reason", str(reason)) for reason in NOT_OBSERVABLE]
    sums.append((("not_observable", None), reasons))
    return sums


@pytest.mark.parametrize("seed", range(6))
def test_no_hidden_count_follows_from_all_dashboards_together(seed):
    chance = random.Random(seed)
    counted = {code: some_figures(chance, most=chance.choice([4, 9])) for code in CODES}
    cells = snapshots.protect_all(counted, timezone.localdate())
    people = {key: cell for key, cell in cells.items() if key[0] not in ("meetings", "places_free")}
    assert {SMALL} <= {cell for cell in people.values() if isinstance(cell, str)}
    assert recovered(people, known_sums([2022, 2023])) == []


@pytest.mark.parametrize("seed", range(3))
def test_no_number_of_a_few_people_is_stored(db, seed):
    make(seed)
    recompute_snapshots()
    stored = list(DashboardSnapshot.objects.all())
    assert len(stored) == 4

    def walk(value, path):
        if isinstance(value, dict):
            for name, part in value.items():
                walk(part, [*path, name])
        elif isinstance(value, list):
            for part in value:
                walk(part, path)
        elif isinstance(value, int) and path[-1] not in ("version", "year"):
            assert value == 0 or value >= LIMIT, path

    for snapshot in stored:
        walk({k: v for k, v in snapshot.figures.items() if k != "meetings_change"}, [])
        for need in snapshot.figures["needs"].values():
            assert ("start" in need) == (isinstance(need["n"], int) and need["n"] >= LIMIT)


@pytest.mark.parametrize(
    ("numerator", "remainder", "shown"),
    [(5, 5, True), (0, 9, True), (9, 0, True), (4, 9, False), (9, 4, False), (0, 0, False)],
)
def test_a_rate_is_hidden_with_its_numerator_or_its_remainder(numerator, remainder, shown):
    one, other = Figures(), Figures()
    one.released, one.released_without_two = numerator + remainder, numerator
    other.released, other.released_without_two = 60, 30
    cells = snapshots.protect_all({"0751": one, "0101": other}, timezone.localdate())
    rate = snapshots.rate(*(cells[f"released{part}", "0751"] for part in ("_without", "_with", "")))
    assert ("share" in rate) == shown
    if not shown and numerator + remainder:
        assert {rate["n"], rate["of"]} & {SMALL, WITHHELD}


def test_the_mean_of_a_few_is_hidden_and_nowhere_a_single_hidden_one_is_left():
    counted = {code: Figures() for code in CODES[:3]}
    for code, n in zip(counted, (3, 9, 20), strict=True):
        counted[code].needs["housing"][2, 4] = n
    cells = snapshots.protect_all(counted, timezone.localdate())
    means = [
        snapshots.compose(cells, counted, code, timezone.localdate())["needs"]["housing"]
        for code in (*counted, None)
    ]
    assert [mean["n"] for mean in means] == [SMALL, WITHHELD, 20, 32]
    assert ["now" in mean for mean in means] == [False, False, True, True]
    assert means[3]["start"] == 2.0
    assert means[3]["now"] == 4.0


def test_the_country_says_why_and_by_year_what_cannot_be_measured(db):
    for _ in range(6):
        EnrolmentFactory(past_year=True)
    for number in range(12):
        day = timezone.localdate() - timedelta(days=1500)
        enrolment = EnrolmentFactory(referred_on=day, expected_release=day, released_on=day)
        follow_up = FollowUpFactory(enrolment=enrolment)
        if number < 6:
            ReoffenceFactory(follow_up=follow_up)
    recompute_snapshots()
    recidivism = DashboardSnapshot.objects.get(municipality=None).figures["recidivism"]
    assert (recidivism["rate"]["n"], recidivism["rate"]["of"]) == (6, 12)
    assert recidivism["rate"]["share"] == 0.5
    assert recidivism["rate"]["low"] == pytest.approx(0.2538, abs=1e-4)
    assert recidivism["not_observable"] == 6
    assert recidivism["reasons"] == {
        "too_early": 6,
        "no_follow_up": 0,
        "died": 0,
        "emigrated": 0,
    }


# --- The task ----------------------------------------------------------------------------


@pytest.fixture
def stored(db):
    """Snapshots as they were before."""
    for _ in range(6):
        EnrolmentFactory()
    recompute_snapshots()
    return set(DashboardSnapshot.objects.values_list("pk", "computed_at"))


def now_stored() -> set:
    return set(DashboardSnapshot.objects.values_list("pk", "computed_at"))


def test_a_nightly_run_is_written_down_and_replaces_every_snapshot(stored):
    EnrolmentFactory(municipality_id="0101")
    recompute_snapshots()
    assert now_stored().isdisjoint(stored)
    assert set(DashboardSnapshot.objects.values_list("municipality", flat=True)) == {
        None,
        "0751",
        "0101",
    }
    assert {run.state for run in Run.objects.all()} == {RunState.DONE}
    assert all(run.done == run.total > 98 for run in Run.objects.all())


def test_the_run_that_was_asked_for_is_the_one_that_moves(db, staff_user):
    run, _ = request_run(RunKind.SNAPSHOTS, staff_user)
    recompute_snapshots(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert Run.objects.count() == 1
    # Delivered once more, it does nothing.
    before = now_stored()
    recompute_snapshots(run.pk)
    recompute_snapshots(run.pk + 1000)
    assert now_stored() == before


def test_a_night_run_does_not_begin_while_another_is_under_way(stored):
    request_run(RunKind.SNAPSHOTS)
    recompute_snapshots()
    assert now_stored() == stored
    assert Run.objects.filter(state=RunState.WAITING).count() == 1


def test_what_fails_leaves_what_was_shown_and_says_so(stored, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError("a person's data")

    monkeypatch.setattr(snapshots, "protect_all", fail)
    with pytest.raises(ZeroDivisionError):
        recompute_snapshots()
    assert now_stored() == stored
    run = Run.objects.latest("pk")
    assert (run.state, run.error) == (RunState.FAILED, "ZeroDivisionError")


def test_a_failure_while_storing_leaves_what_was_shown(stored, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(DashboardSnapshot.objects, "bulk_create", fail)
    with pytest.raises(OSError):  # noqa: PT011 - the one raised above
        recompute_snapshots()
    assert now_stored() == stored


def test_progress_is_told_for_each_municipality(db):
    run, _ = request_run(RunKind.SNAPSHOTS)
    said = []
    with running(run) as progress:
        original = progress.advance
        progress.advance = lambda *by: (original(*by), said.append(Run.objects.get(pk=run.pk).done))
        snapshots.recompute(progress)
    assert said == list(range(1, 101))


def test_the_web_process_needs_no_statistics():
    """What the pages import brings in neither statistics nor drawing."""
    code = (
        "import django; django.setup(); import primus.urls, outcomes.urls, sys;"
        "print([m for m in ('scipy', 'statsmodels', 'pandas', 'numpy', 'altair') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "primus.settings"},
    )
    assert done.stdout.strip() == "[]"
