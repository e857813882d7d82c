"""What cannot be told from the data is null with its reason: never NaN, never an exception."""

import json

import numpy as np
import pytest

from outcomes.engine import analysis
from outcomes.engine.analysis import analyse
from outcomes.engine.cohort import Cohort
from outcomes.engine.comparison import hazard_ratio, interaction, log_rank
from outcomes.engine.competing import cumulative_incidence
from outcomes.engine.reasons import Reason, known
from outcomes.engine.survival import kaplan_meier, median, rmst_difference

COMPARED = (
    "log_rank",
    "stratified_log_rank",
    "risk_difference",
    "relative_risk",
    "nnt",
    "hazard_ratio",
    "rmst_difference",
)


def told(arm, time, event, at=None, stratum=None) -> dict:
    """The analysis, after it has been through JSON as strictly as can be; everything that is null
    has a reason and nothing else has."""
    found = analyse(Cohort.of(arm, time, event, stratum), at)
    found = json.loads(json.dumps(found, allow_nan=False))
    nulls = {key for key in COMPARED if found[key] is None}
    for name, arm_found in found["arms"].items():
        if arm_found["median"] is None:
            nulls.add(f"arms.{name}.median")
        if not arm_found["survival"]:
            nulls.add(f"arms.{name}.survival")
        nulls |= {
            f"arms.{name}.survival.{point['time']:.15g}"
            for point in arm_found["survival"]
            if None in point.values()
        }
    assert nulls == set(found["reasons"])
    assert set(found["reasons"].values()) <= set(Reason)
    return found


def reasons_of(*args, **kwargs) -> set[str]:
    found = told(*args, **kwargs)
    return {found["reasons"].get(key) for key in COMPARED} - {None, "no_strata"}


def test_nobody():
    assert reasons_of([], [], []) == {"empty_cohort"}
    assert reasons_of([], [], [], at=[5]) == {"empty_cohort"}


def test_one_person():
    assert reasons_of(["a"], [3], [1]) == {"one_arm"}


def test_an_arm_whose_every_row_was_refused():
    found = told(["a", "a", "b"], [3, 4, -1], [1, 0, 1], at=[2, 3])
    assert found["arms"]["b"] == {
        "n": 0,
        "events": 0,
        "median": None,
        "survival": [
            {"time": t, "at_risk": 0} | dict.fromkeys(("survival", "lower", "upper", "std_error"))
            for t in (2, 3)
        ],
    }
    assert {found["reasons"][key] for key in COMPARED} == {"empty_arm"}


def test_more_than_two_arms_are_described_and_tested_together():
    found = told(list("abcabc"), [1, 2, 3, 4, 5, 6], [1] * 6)
    assert len(found["arms"]) == 3
    assert found["log_rank"]["p"] > 0
    measures = set(COMPARED) - {"log_rank", "stratified_log_rank"}
    assert {found["reasons"][key] for key in measures} == {"more_than_two_arms"}


def test_nobody_had_the_event():
    found = told(list("abab"), [5, 6, 7, 8], [0, 0, 2, 0])
    assert {key: found["reasons"][key] for key in COMPARED if key != "stratified_log_rank"} == (
        dict.fromkeys(set(COMPARED) - {"stratified_log_rank"}, "no_events")
    )
    found = told(list("abab"), [5, 6, 7, 8], [0, 0, 2, 0], at=[5])
    # Watched to 5 all of them: that no risk differs is known, how far it may is too.
    assert found["risk_difference"]["estimate"] == 0
    assert found["reasons"]["nnt"] == "zero_difference"
    assert found["reasons"]["relative_risk"] == "no_events"
    assert found["reasons"]["rmst_difference"] == "zero_variance"
    assert found["arms"]["a"]["survival"] == [
        {"time": 5, "at_risk": 2, "survival": 1, "lower": None, "upper": None, "std_error": 0}
    ]


def test_everybody_has_it_at_one_time():
    found = told(list("abab"), [5] * 4, [1] * 4)
    assert found["reasons"]["log_rank"] == "zero_variance"
    assert found["reasons"]["relative_risk"] == "zero_variance"
    assert found["arms"]["a"]["median"] == 5
    # Efron's likelihood has its top where the arms are alike.
    assert found["hazard_ratio"]["estimate"] == pytest.approx(1)


def test_all_events_are_in_one_arm_or_come_first_there():
    assert told(list("aabb"), [1, 2, 3, 3], [1, 1, 0, 0])["reasons"]["hazard_ratio"] == "no_events"
    found = told(list("aabb"), [1, 2, 3, 4], [1] * 4)
    assert found["reasons"]["hazard_ratio"] == "monotone_likelihood"
    assert found["log_rank"]["p"] < 0.1


def test_the_arms_are_never_at_risk_together_at_an_event():
    found = told(list("aabb"), [1, 1, 5, 5], [0, 0, 1, 1])
    assert found["reasons"]["log_rank"] == "zero_variance"
    arms = np.array([0, 0, 1, 1, 1])
    # Those of arm 0 are gone before anybody has it but for an event when arm 1 is not at risk.
    assert hazard_ratio(arms, [1, 9, 2, 2, 3], [0, 1, 0, 0, 1]) == Reason.MONOTONE_LIKELIHOOD
    assert hazard_ratio(arms, [9, 9, 2, 2, 3], [1, 0, 0, 0, 0]) == Reason.NO_EVENTS


def test_nobody_was_followed_that_long():
    found = told(list("abab"), [3, 4, 10, 12], [1, 1, 0, 0], at=[3, 10, 11, 13])
    survival = {name: arm["survival"] for name, arm in found["arms"].items()}
    assert [point["survival"] for point in survival["a"]] == [0.5, 0.5, None, None]
    assert [point["survival"] for point in survival["b"]] == [1, 0.5, 0.5, None]
    assert found["reasons"]["arms.a.survival.11"] == "horizon_beyond_follow_up"
    assert found["reasons"]["rmst_difference"] == "horizon_beyond_follow_up"
    assert found["reasons"]["risk_difference"] == "incomplete_follow_up"
    # Once the curve has come to 0 it stays there.
    ended = told(list("abab"), [3, 4, 10, 12], [1, 1, 1, 1], at=[13])
    assert ended["arms"]["a"]["survival"][0] == {
        "time": 13,
        "at_risk": 0,
        "survival": 0,
        "lower": None,
        "upper": None,
        "std_error": 0,
    }
    assert ended["rmst_difference"]["estimate"] == pytest.approx(1.5)


def test_time_zero_and_events_before_censorings_at_the_same_time():
    points = kaplan_meier([0, 0, 2, 2], [1, 0, 1, 0], [0, 1, 2])
    assert [(p["at_risk"], p["survival"]) for p in points] == [(4, 0.75), (2, 0.75), (2, 0.375)]
    found = told(list("abab"), [0, 0, 0, 0], [1, 1, 0, 0])
    assert found["risk_difference"]["time"] == 0
    assert found["reasons"]["rmst_difference"] == "zero_variance"


def test_a_competing_event_is_censored_in_the_curve_and_counted_in_the_incidence():
    time, event = [1, 2, 3, 4], [1, 2, 1, 0]
    assert kaplan_meier(time, event) == kaplan_meier(time, [1, 0, 1, 0])
    found = cumulative_incidence(time, event, [0.5, 3, 4, 5])
    assert [p["incidence"] for p in found] == [0, pytest.approx(0.5), pytest.approx(0.5), None]
    assert found[0] == {
        "time": 0.5,
        "at_risk": 4,
        "incidence": 0,
        "lower": None,
        "upper": None,
        "std_error": 0,
    }
    # Everybody has had one or the other: it stays as it is.
    ended = cumulative_incidence([1, 2], [1, 2], [9])[0]
    assert (ended["at_risk"], ended["incidence"]) == (0, 0.5)
    assert ended["lower"] < 0.5 < ended["upper"]
    assert cumulative_incidence([], [], [1])[0]["incidence"] is None
    assert cumulative_incidence([], []) == []


def test_half_of_them():
    assert median([1, 2, 3, 4], [1, 1, 0, 0]) == 2
    # Ten steps down to one half, each with its rounding.
    assert median(np.arange(1, 21), np.ones(20)) == 10
    assert median([1, 2, 3, 4], [1, 0, 0, 0]) == Reason.MEDIAN_NOT_REACHED
    assert median([], []) == Reason.EMPTY_ARM


def test_a_million_people_with_very_many_ties():
    """Where whole numbers are multiplied they pass 2⁶³: scipy's logrank did."""
    arm = np.arange(1_000_000) % 2
    time = np.where(np.arange(1_000_000) % 4 < 2, 1, 2)
    event = np.where(np.arange(1_000_000) % 5 == 0, 0, 1)
    found = told(arm, time, event)
    assert found["log_rank"]["chi2"] == pytest.approx(0, abs=1e-6)
    assert found["hazard_ratio"]["estimate"] == pytest.approx(1, abs=1e-6)
    event = np.where((arm == 1) & (np.arange(1_000_000) % 10 < 6), 0, event)
    found = told(arm, time, event)
    assert found["log_rank"]["p"] < 1e-300
    assert 0 < found["hazard_ratio"]["lower"] < found["hazard_ratio"]["upper"] < 1


def test_a_column_of_names_is_no_column_of_arms(monkeypatch):
    monkeypatch.setattr(analysis, "LARGEST_TABLE", 399)
    arm, time = np.arange(20), np.arange(20)
    assert told(arm, time, time % 2)["reasons"]["log_rank"] == "too_many_arms"


def test_subgroups_without_an_answer_say_why():
    arm, time, event = [0, 1, 0, 1], [1, 2, 3, 4], [1, 1, 1, 1]
    assert interaction(arm, time, event, [0, 0, 0, 0]) == Reason.ONE_SUBGROUP
    assert interaction(arm, time, event, [0, 0, 1, 1]) == Reason.MONOTONE_LIKELIHOOD
    assert interaction(arm, time, event, [0, 1, 0, 1]) == Reason.EMPTY_ARM
    assert known(Reason.EMPTY_ARM) is None


@pytest.mark.parametrize(
    ("time", "event"),
    [
        ([1, np.nan], [1, 1]),
        ([1, -1], [1, 1]),
        ([1, np.inf], [1, 1]),
        ([1, 2], [1, np.nan]),
        ([1, 2], [1, -1]),
        ([1, 2], [1, 0.5]),
        ([1, 2], [1]),
    ],
)
def test_what_a_cohort_refuses_the_functions_do_not_take_in_silence(time, event):
    arm = [0, 1]
    for call in (
        lambda: kaplan_meier(time, event),
        lambda: cumulative_incidence(time, event),
        lambda: log_rank(arm, time, event),
        lambda: hazard_ratio(arm, time, event),
        lambda: rmst_difference(arm, time, event, 1),
    ):
        with pytest.raises(ValueError, match=r"time|event"):
            call()


def test_times_and_arms_that_are_none():
    cohort = Cohort.of(list("ab"), [1, 2], [1, 1])
    for at in ([-1], [np.nan], [np.inf], []):
        with pytest.raises(ValueError, match="time"):
            analyse(cohort, at)
    with pytest.raises(ValueError, match="No arm"):
        analyse(cohort, reference="c")
    with pytest.raises(ValueError, match="one arm"):
        log_rank([0], [1, 2], [1, 1])
    with pytest.raises(ValueError, match="0 or 1"):
        hazard_ratio([0, 2], [1, 2], [1, 1])
