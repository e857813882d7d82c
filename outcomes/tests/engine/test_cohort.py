import datetime as dt
import math

import numpy as np
import pytest

from outcomes.engine.analysis import analyse, default_reference
from outcomes.engine.cohort import Cohort
from outcomes.engine.reasons import Reason


def refused(cohort: Cohort) -> list[tuple[int, str]]:
    return [(refusal.row, str(refusal.reason)) for refusal in cohort.refused]


def test_every_bad_row_is_refused_with_its_reason_and_the_others_stay():
    cohort = Cohort.of(
        ["a", None, " ", math.nan, "a", "a", "a", "a", "a", "a", "a", "b"],
        [1, 1, 1, 1, None, math.nan, math.inf, -1, 1, 1, 1, 2.5],
        [1, 1, 1, 1, 1, 1, 1, 1, None, 3, 0.5, 2],
    )
    assert refused(cohort) == [
        (2, "missing_arm"),
        (3, "missing_arm"),
        (4, "missing_arm"),
        (5, "missing_time"),
        (6, "missing_time"),
        (7, "infinite_time"),
        (8, "negative_time"),
        (9, "missing_event"),
        (10, "unknown_event"),
        (11, "unknown_event"),
    ]
    assert cohort.arms == ("a", "b")
    assert (cohort.arm.tolist(), cohort.time.tolist(), cohort.event.tolist()) == (
        [0, 1],
        [1, 2.5],
        [1, 2],
    )


def test_a_row_with_two_faults_is_told_one_and_by_the_number_it_came_with():
    cohort = Cohort.of(["", "a"], [-1, 1], [7, 1], rows=[12, 14])
    assert refused(cohort) == [(12, "missing_arm")]


def test_arms_are_sorted_as_people_count():
    assert Cohort.of(["10", "9", "1"], [1, 1, 1], [1, 1, 1]).arms == ("1", "9", "10")
    assert Cohort.of(["10", "9", "x"], [1, 1, 1], [1, 1, 1]).arms == ("10", "9", "x")
    for arm in (np.array([1, 0, 1]), np.array([2000, 0, 2000]), np.array([True, False, True])):
        cohort = Cohort.of(arm, [1, 2, 3], [1, 1, 1])
        assert cohort.arms == tuple(str(v) for v in sorted(set(arm.tolist())))
        assert cohort.arm.tolist() == [1, 0, 1]
    assert Cohort.of(np.array(["b", "a"]), [1, 1], [1, 1]).arm.tolist() == [1, 0]


def test_dates_are_days_and_an_offence_before_the_release_is_no_time():
    day = dt.date(2025, 3, 1)
    cohort = Cohort.from_dates(
        ["m"] * 5,
        [day] * 4 + [None],
        [day + dt.timedelta(30), day, day - dt.timedelta(1), day - dt.timedelta(1), day],
        [1, 0, 1, 2, 1],
    )
    assert cohort.time.tolist() == [30, 0]
    assert refused(cohort) == [
        (3, "offence_before_release"),
        (4, "negative_time"),
        (5, "missing_time"),
    ]


def test_arrays_of_different_lengths_are_the_programmers_mistake():
    for arm, time, event, stratum, rows in (
        ("a", [1, 2], [1, 1], None, None),
        ("ab", [1, 2], [1], None, None),
        ("ab", [1, 2], [1, 1], "s", None),
        ("ab", [1, 2], [1, 1], None, [1]),
    ):
        with pytest.raises(ValueError, match="one"):
            Cohort.of(list(arm), time, event, stratum and list(stratum), rows)
    with pytest.raises(ValueError, match="two dates"):
        Cohort.from_dates(["a"], [dt.date(2025, 1, 1)], [], [1])


def test_a_share_at_the_horizon_needs_everybodys_status_then():
    def counted(time, event, horizon=10):
        return Cohort.of(["a"] * len(time), time, event).counted(horizon)

    # Up to and with the horizon; later events do not count, and who died before it had none.
    assert counted([10, 11, 4, 10], [1, 1, 2, 0]) == [(1, 4)]
    assert counted([10, 9.99], [1, 0]) == Reason.INCOMPLETE_FOLLOW_UP
    # Died after the horizon: was watched up to it.
    assert counted([30, 3], [2, 1]) == [(1, 2)]


def test_the_arm_to_compare_with_when_nobody_says():
    assert default_reference(("Control", "active")) == "Control"
    assert default_reference(("6-MP", "placebo")) == "placebo"
    assert default_reference(("0", "1")) == "0"
    assert default_reference(()) is None


def test_strata_that_say_nothing_are_none_and_a_missing_one_is_told():
    base = (["a", "b"] * 4, [1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 0, 1, 1, 1, 0, 1])
    assert analyse(Cohort.of(*base, [""] * 8))["reasons"]["stratified_log_rank"] == "no_strata"
    one_missing = analyse(Cohort.of(*base, ["x", "", *["y"] * 6]))
    assert one_missing["reasons"]["stratified_log_rank"] == "missing_stratum"
    # Nobody is left out for that.
    assert sum(arm["n"] for arm in one_missing["arms"].values()) == 8
    assert analyse(Cohort.of(*base, ["x"] * 8))["stratified_log_rank"] == pytest.approx(
        analyse(Cohort.of(*base))["log_rank"]
    )
