"""What has been printed about well-known data, to the digits that were printed."""

import pytest

from outcomes.engine.analysis import analyse
from outcomes.engine.comparison import interaction, log_rank
from outcomes.engine.survival import kaplan_meier, median, restricted_mean
from outcomes.tests.engine import datasets


def test_remission_of_acute_leukaemia_has_the_curve_of_the_textbooks():
    """Kleinbaum DG and Klein M, Survival Analysis, 3rd ed., Springer 2012, table 2.3; errors as
    Klein JP and Moeschberger ML, 2nd ed., 2003, table 4.1B; intervals as R's survival prints them,
    ``survfit(Surv(time, cens) ~ treat, gehan, conf.type = "log-log")``."""
    time, event = datasets.printed(datasets.FREIREICH["mp"])
    points = kaplan_meier(time, event)
    assert [
        (p["time"], p["at_risk"], round(p["survival"], 4), round(p["std_error"], 4)) for p in points
    ] == [
        (6, 21, 0.8571, 0.0764),
        (7, 17, 0.8067, 0.0869),
        (10, 15, 0.7529, 0.0963),
        (13, 12, 0.6902, 0.1068),
        (16, 11, 0.6275, 0.1141),
        (22, 7, 0.5378, 0.1282),
        (23, 6, 0.4482, 0.1346),
    ]
    assert [(round(p["lower"], 3), round(p["upper"], 3)) for p in points] == [
        (0.620, 0.952),
        (0.563, 0.923),
        (0.503, 0.889),
        (0.432, 0.849),
        (0.368, 0.805),
        (0.268, 0.747),
        (0.188, 0.680),
    ]
    assert median(time, event) == 23
    placebo = datasets.printed(datasets.FREIREICH["placebo"])
    assert median(*placebo) == 8
    assert [round(p["survival"], 2) for p in kaplan_meier(*placebo)] == (
        [0.90, 0.81, 0.76, 0.67, 0.57, 0.38, 0.29, 0.19, 0.14, 0.10, 0.05, 0.00]
    )


def test_remission_of_acute_leukaemia_compared():
    """Log-rank 16.79 (Kleinbaum and Klein, 2012, section 2.IV). Hazard ratio of placebo 4.817
    (2.147–10.81), p 0.000138, ties by Efron: R's survival, ``coxph(Surv(time, cens) ~ treat,
    gehan)``; Breslow's ties give the 4.523 of Cox (1972)."""
    found = analyse(datasets.two(**datasets.FREIREICH), reference="mp")
    assert round(found["log_rank"]["chi2"], 2) == 16.79
    ratio = found["hazard_ratio"]
    assert [f"{ratio[key]:.4g}" for key in ("estimate", "lower", "upper")] == (
        ["4.817", "2.147", "10.81"]
    )
    assert round(ratio["p"], 6) == 0.000138
    # Which arm is called the treated turns it over.
    other = analyse(datasets.two(**datasets.FREIREICH), reference="placebo")["hazard_ratio"]
    assert other["estimate"] == pytest.approx(1 / ratio["estimate"], rel=1e-9)
    assert other["lower"] == pytest.approx(1 / ratio["upper"], rel=1e-9)


def test_maintenance_in_acute_myelogenous_leukaemia():
    """Log-rank 3.396, p 0.0653 (Miller, 1981; R's ``survdiff(Surv(time, status) ~ x, aml)``);
    hazard ratio of the nonmaintained 2.498 (0.9159–6.813), p 0.0737 (R's ``coxph``). Medians 31
    and 23; restricted means up to 161 weeks 52.6 (19.83) and 22.7 (4.18) (R's
    ``print.survfit(rmean="common")``)."""
    cohort = datasets.two(**datasets.MILLER)
    found = analyse(cohort, reference="maintained")
    assert round(found["log_rank"]["chi2"], 3) == 3.396
    assert round(found["log_rank"]["p"], 4) == 0.0653
    ratio = found["hazard_ratio"]
    assert [f"{ratio[key]:.4g}" for key in ("estimate", "lower", "upper")] == (
        ["2.498", "0.9159", "6.813"]
    )
    assert round(ratio["p"], 4) == 0.0737
    assert [arm["median"] for arm in found["arms"].values()] == [31, 23]
    means = [restricted_mean(*datasets.printed(datasets.MILLER[arm]), 161) for arm in cohort.arms]
    assert [(round(m["estimate"], 1), round(m["std_error"], 2)) for m in means] == (
        [(52.6, 19.83), (22.7, 4.18)]
    )


def test_the_veterans_lung_cancer():
    """R's survival: ``survdiff(Surv(time, status) ~ trt, veteran)`` 0.00823, p 0.928; ``coxph``
    1.018 (0.7144–1.45), p 0.922. Over four types of cell 25.4037 on 3 degrees of freedom (SAS/STAT
    User's Guide, PROC LIFETEST, the example of this trial)."""
    cohort = datasets.veteran()
    assert (cohort.time.size, cohort.event.sum()) == (137, 128)
    found = analyse(cohort, reference="standard")
    assert round(found["log_rank"]["chi2"], 5) == 0.00823
    assert round(found["log_rank"]["p"], 3) == 0.928
    ratio = found["hazard_ratio"]
    assert [f"{ratio[key]:.4g}" for key in ("estimate", "lower", "upper", "p")] == (
        ["1.018", "0.7144", "1.45", "0.9218"]
    )
    cells = log_rank(cohort.stratum, cohort.time, cohort.event)
    assert (round(cells["chi2"], 4), cells["df"]) == (25.4037, 3)
    assert interaction(cohort.arm, cohort.time, cohort.event, cohort.stratum)["df"] == 3


def test_arrests_after_release_with_and_without_financial_aid():
    """Rossi PH, Berk RA and Lenihan KJ, Money, Work and Crime, Academic Press 1980: 48 of 216 with
    financial aid and 66 of 216 without were arrested within a year. Log-rank 3.8376, p 0.0501
    (Allison PD, Survival Analysis Using SAS, 2nd ed., 2010, chapter 3)."""
    from lifelines.datasets import load_rossi

    from outcomes.engine.cohort import Cohort

    rossi = load_rossi()
    cohort = Cohort.of(rossi["fin"].to_numpy(), rossi["week"], rossi["arrest"])
    found = analyse(cohort, at=[13, 26, 39, 52])
    assert [(arm["n"], arm["events"]) for arm in found["arms"].values()] == [(216, 66), (216, 48)]
    assert round(found["log_rank"]["chi2"], 4) == 3.8376
    assert round(found["log_rank"]["p"], 4) == 0.0501
    assert found["risk_difference"]["time"] == 52
    assert found["risk_difference"]["estimate"] == pytest.approx(-18 / 216)
    assert found["relative_risk"]["estimate"] == pytest.approx(48 / 66)
    assert found["nnt"]["estimate"] == pytest.approx(12)
    # Nobody was lost before the end of the year: the curve is the plain share.
    assert found["arms"]["1"]["survival"][-1]["survival"] == pytest.approx(168 / 216)
