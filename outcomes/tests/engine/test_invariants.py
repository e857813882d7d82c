"""What must hold of any cohort whatever."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.engine.analysis import analyse
from outcomes.engine.cohort import Cohort
from outcomes.engine.competing import cumulative_incidence
from outcomes.engine.survival import kaplan_meier

people = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.integers(0, 12) | st.floats(0, 12, allow_nan=False).map(lambda t: round(t, 2)),
        st.sampled_from([0, 1, 1, 2]),
        st.sampled_from("xyz"),
    ),
    min_size=1,
    max_size=40,
)


def analysed(rows, at=None, reference=None):
    arm, time, event, stratum = zip(*rows, strict=True)
    cohort = Cohort.of(arm, time, event, stratum)
    if reference not in cohort.arms:
        reference = None
    return json.loads(json.dumps(analyse(cohort, at, reference), allow_nan=False))


def alike(one, other):
    """Equal but for the last digits of a float."""
    if isinstance(one, dict):
        assert one.keys() == other.keys()
        for key in one:
            alike(one[key], other[key])
    elif isinstance(one, list):
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            alike(a, b)
    elif isinstance(one, float) and isinstance(other, float):
        assert one == pytest.approx(other, rel=1e-6, abs=1e-9)
    else:
        assert one == other


@given(people)
def test_a_curve_only_falls_and_lies_within_its_interval(rows):
    _arm, time, event, _stratum = zip(*rows, strict=True)
    points = kaplan_meier(time, event)
    survival = [point["survival"] for point in points]
    assert survival == sorted(survival, reverse=True)
    assert [p["at_risk"] for p in points] == [sum(t >= p["time"] for t in time) for p in points]
    for point in points:
        assert 0 <= point["survival"] < 1
        assert point["std_error"] >= 0
        if point["lower"] is not None:
            assert 0 < point["lower"] < point["survival"] < point["upper"] < 1


@given(people)
def test_an_incidence_only_rises_and_the_two_are_what_the_curve_of_either_has_lost(rows):
    _arm, time, event, _stratum = zip(*rows, strict=True)
    share = [p["incidence"] for p in cumulative_incidence(time, event)]
    assert share == sorted(share)
    at = sorted({t for t, e in zip(time, event, strict=True) if e})
    either = kaplan_meier(time, [min(e, 1) for e in event], at)
    causes = [cumulative_incidence(time, event, at, cause) for cause in (1, 2)]
    for lost, one, two in zip(either, *causes, strict=True):
        assert one["incidence"] + two["incidence"] == pytest.approx(1 - lost["survival"])


@settings(max_examples=50)
@given(people, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_says_nothing(rows, random):
    shuffled = random.sample(rows, len(rows))
    alike(analysed(rows), analysed(shuffled))


@settings(max_examples=50)
@given(people)
def test_the_arms_can_be_called_anything(rows):
    names = {"a": "z", "b": "y"}
    found = analysed(rows, reference="a")
    renamed = analysed([(names[arm], *rest) for arm, *rest in rows], reference="z")
    for key in found.keys() - {"arms", "reasons"}:
        alike(found[key], renamed[key])
    for name, arm in found["arms"].items():
        alike(arm, renamed["arms"][names[name]])


@settings(max_examples=50)
@given(people)
def test_the_other_arm_as_reference_turns_everything_over(rows):
    one, other = analysed(rows, reference="a"), analysed(rows, reference="b")
    for key in ("log_rank", "stratified_log_rank"):
        alike(one[key], other[key])
    for key in ("risk_difference", "rmst_difference"):
        assert (one[key] is None) == (other[key] is None)
        if one[key]:
            assert one[key]["estimate"] == pytest.approx(-other[key]["estimate"], abs=1e-9)
    for key in ("relative_risk", "hazard_ratio"):
        assert (one[key] is None) == (other[key] is None)
        if one[key]:
            assert one[key]["estimate"] == pytest.approx(1 / other[key]["estimate"], rel=1e-5)
    if one["nnt"]:
        assert (one["nnt"]["benefit"] is None) == (other["nnt"]["harm"] is None)
        assert one["nnt"]["disjoint"] == other["nnt"]["disjoint"]
        assert one["nnt"]["disjoint"] == (
            one["risk_difference"]["lower"] < 0 < one["risk_difference"]["upper"]
        )


@settings(max_examples=50)
@given(people, st.sampled_from([7, 0.5, 365.25]))
def test_the_unit_of_time_says_nothing(rows, unit):
    found = analysed(rows)
    scaled = analysed([(arm, time * unit, *rest) for arm, time, *rest in rows])
    for key in ("log_rank", "stratified_log_rank", "hazard_ratio"):
        alike(found[key], scaled[key])
    for key in ("risk_difference", "relative_risk"):
        for part in ("estimate", "lower", "upper"):
            alike(found[key] and found[key][part], scaled[key] and scaled[key][part])
    mean = found["rmst_difference"]
    if mean:
        alike(mean["estimate"] * unit, scaled["rmst_difference"]["estimate"])
        alike(mean["p"], scaled["rmst_difference"]["p"])
    for name, arm in found["arms"].items():
        theirs = scaled["arms"][name]
        alike(arm["median"] and arm["median"] * unit, theirs["median"])
        alike([p["survival"] for p in arm["survival"]], [p["survival"] for p in theirs["survival"]])


@given(people, st.lists(st.floats(0, 15), min_size=1, max_size=6))
def test_the_curve_at_any_time_is_the_last_step_before_it(rows, at):
    found, asked = analysed(rows), analysed(rows, at)
    assert [p["time"] for p in next(iter(asked["arms"].values()))["survival"]] == sorted(set(at))
    for name, arm in asked["arms"].items():
        steps = found["arms"][name]["survival"]
        last = max(time for mine, time, *_ in rows if mine == name)
        for point in arm["survival"]:
            before = [s["survival"] for s in steps if s["time"] <= point["time"]] or [1]
            if point["time"] <= last or before[-1] == 0:
                assert point["survival"] == pytest.approx(before[-1])
            else:
                assert point["survival"] is None
