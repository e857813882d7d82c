import math
import subprocess
import sys

import pytest

from outcomes.engine import proportions
from outcomes.engine.comparison import minimum_detectable_effect, minimum_detectable_hazard_ratio
from outcomes.engine.proportions import nnt, relative_risk, risk_difference, wilson
from outcomes.engine.reasons import Reason


def rounded(found: dict, digits: int) -> list[float]:
    return [round(found[key], digits) for key in ("estimate", "lower", "upper")]


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [
        # Newcombe RG, Statistics in Medicine 1998;17:857–872, table I, method 3 (score).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_agrees_with_published_figures(n, of, low, high):
    assert [round(end, 4) for end in wilson(n, of)] == [low, high]


def test_the_interval_of_a_share_at_its_ends():
    assert wilson(0, 0) is None
    assert wilson(0, 7)[0] == 0
    assert wilson(7, 7)[1] == 1
    for n, of in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="so many"):
            wilson(n, of)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe RG, Statistics in Medicine 1998;17:873–890, table II, method 10.
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_the_interval_of_a_difference_agrees_with_published_figures(counts, low, high):
    n1, of1, n0, of0 = counts
    found = risk_difference(n1, of1, n0, of0)
    assert rounded(found, 4) == [round(n1 / of1 - n0 / of0, 4), low, high]


def test_the_relative_risk_of_the_physicians_health_study():
    """Agresti A, An Introduction to Categorical Data Analysis, 2nd ed., 2007, section 2.2.3:
    heart attacks with placebo and with aspirin, 1.82 (1.43–2.31)."""
    assert rounded(relative_risk(189, 11034, 104, 11037), 2) == [1.82, 1.43, 2.31]


def test_the_number_needed_to_treat_of_the_demonstration():
    """6 of 21 against 14 of 21: of eight helped about three are spared."""
    found = nnt(6, 21, 14, 21)
    difference = risk_difference(6, 21, 14, 21)
    assert found["estimate"] == pytest.approx(21 / 8)
    assert found["lower"] == pytest.approx(-1 / difference["lower"])
    assert found["upper"] == pytest.approx(-1 / difference["upper"])
    assert found["lower"] < found["estimate"] < found["upper"]
    assert (found["direction"], found["disjoint"], found["harm"]) == ("benefit", False, None)
    assert found["benefit"] == [found["lower"], found["upper"]]


def test_a_treatment_that_does_harm_has_negative_numbers():
    found = nnt(14, 21, 6, 21)
    assert found["estimate"] == pytest.approx(-21 / 8)
    assert found["lower"] < found["estimate"] < found["upper"] < 0
    assert (found["direction"], found["disjoint"], found["benefit"]) == ("harm", False, None)
    assert found["harm"] == [-found["upper"], -found["lower"]]


def test_an_interval_over_zero_goes_through_infinity(monkeypatch):
    """Altman DG, BMJ 1998;317:1309–1312: a reduction of 10% (-5% to 25%) is a number needed to
    benefit of 10, from 4 to infinity, and to harm from 20 to infinity."""
    published = {"estimate": -0.10, "lower": -0.25, "upper": 0.05}
    monkeypatch.setattr(proportions, "risk_difference", lambda *counts: published)
    found = nnt(10, 100, 20, 100)
    assert found["disjoint"]
    assert found["estimate"] == pytest.approx(10)
    assert found["benefit"] == [pytest.approx(4), None]
    assert found["harm"] == [pytest.approx(20), None]
    # From 4 up to infinity, and from minus infinity up to -20.
    assert (found["lower"], found["upper"]) == (pytest.approx(4), pytest.approx(-20))


def test_what_cannot_be_estimated_of_counts_says_why():
    assert risk_difference(0, 0, 1, 2) == Reason.EMPTY_ARM
    assert nnt(1, 2, 0, 0) == Reason.EMPTY_ARM
    assert nnt(1, 10, 2, 20) == Reason.ZERO_DIFFERENCE
    assert relative_risk(0, 0, 1, 2) == Reason.EMPTY_ARM
    assert relative_risk(0, 5, 1, 2) == relative_risk(1, 2, 0, 5) == Reason.NO_EVENTS
    assert relative_risk(5, 5, 2, 2) == Reason.ZERO_VARIANCE


def test_whether_the_difference_is_the_same_in_subgroups():
    """With two subgroups the test of Altman and Bland (BMJ 2003;326:219): the squared difference
    of the two over the sum of their variances."""
    high, low = (6, 21, 14, 21), (9, 27, 10, 28)
    found = proportions.interaction([high, low])
    differences = [6 / 21 - 14 / 21, 9 / 27 - 10 / 28]
    variances = [
        n1 / of1 * (1 - n1 / of1) / of1 + n0 / of0 * (1 - n0 / of0) / of0
        for n1, of1, n0, of0 in (high, low)
    ]
    assert found["chi2"] == pytest.approx((differences[0] - differences[1]) ** 2 / sum(variances))
    assert (found["df"], 0 < found["p"] < 1) == (1, True)
    # Of relative risks: their logarithms, with the variances of Katz.
    found = proportions.interaction([high, low], ratio=True)
    logs = [math.log(n1 * of0 / (of1 * n0)) for n1, of1, n0, of0 in (high, low)]
    variances = [1 / n1 - 1 / of1 + 1 / n0 - 1 / of0 for n1, of1, n0, of0 in (high, low)]
    assert found["chi2"] == pytest.approx((logs[0] - logs[1]) ** 2 / sum(variances))
    assert proportions.interaction([high, (0, 5, 1, 5)], ratio=True) == Reason.NO_EVENTS
    assert proportions.interaction([high]) == Reason.ONE_SUBGROUP
    assert proportions.interaction([high, (0, 5, 0, 5)]) == Reason.ZERO_VARIANCE
    assert proportions.interaction([high, (0, 0, 1, 5)]) == Reason.EMPTY_ARM


def test_what_a_trial_of_this_size_can_find():
    """Fleiss JL, Levin B and Paik MC, Statistical Methods for Rates and Proportions, 3rd ed.,
    2003, section 4.2: 60% against 70% with 95% and 80% needs 356 in each, without correction."""
    found = minimum_detectable_effect(356, 356, 0.70)
    assert found["risk"] == pytest.approx(0.60, abs=0.0005)
    assert found["difference"] == pytest.approx(-0.10, abs=0.0005)
    assert found["relative"] == pytest.approx(6 / 7, abs=0.001)
    assert minimum_detectable_effect(0, 5, 0.5) == Reason.EMPTY_ARM
    assert minimum_detectable_effect(5, 5, 0) == Reason.NO_EVENTS
    assert minimum_detectable_effect(5, 5, 0.1) == Reason.NOT_DETECTABLE
    # More people find a smaller effect, and more power asks for a larger.
    assert minimum_detectable_effect(900, 900, 0.7)["difference"] > found["difference"]
    assert minimum_detectable_effect(356, 356, 0.7, 0.9)["difference"] < found["difference"]


def test_what_a_number_of_events_can_find():
    """Schoenfeld D, Biometrika 1981;68:316–319: a ratio of 1.5 needs 191 events (4 (1.96 +
    0.8416)² / (log 1.5)² = 190.9), equal arms."""
    found = minimum_detectable_hazard_ratio(191, 0.5)
    assert found["estimate"] == pytest.approx(1 / 1.5, abs=0.0005)
    assert minimum_detectable_hazard_ratio(0, 0.5) == Reason.NO_EVENTS
    assert minimum_detectable_hazard_ratio(10, 1) == Reason.EMPTY_ARM


def test_intervals_of_shares_need_no_numpy():
    """The web process may show them."""
    code = (
        "import sys; from outcomes.engine.proportions import nnt; nnt(6, 21, 14, 21);"
        "print([m for m in ('numpy', 'scipy', 'statsmodels') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
