"""What is stored: of which places and years, all at once, and by whom."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.utils import timezone

from outcomes import snapshots
from outcomes.composing import Composer
from outcomes.models import DashboardSnapshot
from outcomes.protecting import protect_all
from outcomes.snapshots import compose_all
from outcomes.tasks import recompute_snapshots
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory
from outcomes.tests.worlds import at_random
from participants.tests.factories import EnrolmentFactory
from primus.jobs.models import Run, RunKind, RunState
from primus.jobs.runs import request_run, running


def composed(counted, today=date(2029, 12, 31)) -> dict:
    names = {code: code for code in counted.codes}
    found = compose_all(Composer(counted, protect_all(counted), today), names)
    return {(code, figures["period"]): figures for code, some in found for figures in some}


def test_periods_are_calendar_years_and_all_of_them_and_have_something_in_them():
    counted = at_random(4, places=5, most=200)
    found = composed(counted)
    assert (None, "") in found
    for (code, period), figures in found.items():
        assert figures["periods"] == sorted(figures["periods"], reverse=True)
        assert period == "" or period in figures["periods"]
        of_place = {year for place, year in found if place == code and year}
        assert of_place == set(figures["periods"])
        if period:
            people = figures["flow"][0]["n"], figures["without_two"]["of"]
            assert any(isinstance(n, int) and n >= 5 for n in people)


def test_years_add_up_to_all_of_them_where_all_are_shown():
    found = composed(at_random(4, places=5, most=400))
    country = found[None, ""]
    years = [found[None, year]["flow"][0]["n"] for year in country["periods"]]
    assert country["flow"][0]["n"] == sum(years)
    assert [row["year"] for row in country["recidivism"]["dst"]["years"]] == [2027, 2028, 2029]


def test_a_municipality_stands_beside_the_country_of_the_same_year():
    found = composed(at_random(4, places=5, most=200))
    for (code, period), figures in found.items():
        if code is None:
            continue
        country = found[None, period]
        assert figures["country"]["pair_time"] == country["pair_time"]
        assert figures["country"]["recidivism"]["jdl"] == country["recidivism"]["jdl"]["rate"]
        row = next((r for r in country["municipalities"] if r["code"] == code), None)
        assert row is not None
        assert row["without_two"] == figures["without_two"]
        assert row["rhythm"] == figures["rhythm"]["mean"]
        assert row["recidivism"]["dst"]["rate"] == figures["recidivism"]["dst"]["rate"]


def test_a_mean_or_median_is_shown_of_five_or_more_only():
    for figures in composed(at_random(2)).values():
        means = list(figures["rhythm"]["months"])
        for needs in figures["needs"].values():
            means += [*needs["stages"], needs["change"]]
        shown = [month["mean"] for month in figures["rhythm"]["months"] if "mean" in month]
        if figures["rhythm"]["mean"] is not None and len(shown) == 12:
            # Rounded to a tenth.
            assert min(shown) - 0.1 <= figures["rhythm"]["mean"] <= max(shown) + 0.1
        for found in means:
            assert ("mean" in found) == (isinstance(found["n"], int) and found["n"] >= 5)
        time = figures["pair_time"]
        has_median = time["median"] is not None
        assert has_median == (isinstance(time["n"], int) and time["n"] >= 5)


def test_nothing_at_all_is_stored_as_nothing(db):
    recompute_snapshots()
    figures = DashboardSnapshot.objects.get().figures
    assert figures["flow"][0] == {"step": "referred", "n": 0, "dropped": 0, "pending": 0}
    assert figures["periods"] == figures["municipalities"] == []


def test_the_country_says_why_and_by_year_what_cannot_be_measured(db):
    for _ in range(6):
        EnrolmentFactory(past_year=True)
    day = timezone.localdate() - timedelta(days=1500)
    for number in range(12):
        enrolment = EnrolmentFactory(referred_on=day, expected_release=day, released_on=day)
        follow_up = FollowUpFactory(enrolment=enrolment)
        if number < 6:
            ReoffenceFactory(follow_up=follow_up)
    recompute_snapshots()
    country = DashboardSnapshot.objects.get(municipality=None, period="").figures
    recidivism = country["recidivism"]["kriminalforsorgen"]
    assert (recidivism["rate"]["n"], recidivism["rate"]["of"]) == (6, 12)
    assert recidivism["rate"]["share"] == 0.5
    assert recidivism["rate"]["low"] == pytest.approx(0.2538, abs=1e-4)
    assert recidivism["not_observable"] == 6
    assert sum(recidivism["reasons"].values()) == 6
    assert recidivism["years"][0]["year"] == day.year
    assert country["funnel"]["kriminalforsorgen"]["share"] == 0.5
    of_year = DashboardSnapshot.objects.get(municipality=None, period=str(day.year)).figures
    assert of_year["recidivism"]["dst"]["rate"]["of"] == 12
    assert "years" not in of_year["recidivism"]["dst"]


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
