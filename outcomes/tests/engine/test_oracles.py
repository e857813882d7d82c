"""The same answers as lifelines, scikit-survival and statsmodels give, where those are right."""

import numpy as np
import pytest

from outcomes.engine.comparison import hazard_ratio, interaction, log_rank
from outcomes.engine.competing import cumulative_incidence
from outcomes.engine.proportions import relative_risk, risk_difference, wilson
from outcomes.engine.reasons import known
from outcomes.engine.survival import (
    kaplan_meier,
    kaplan_meier_by,
    median,
    restricted_mean,
    rmst_difference,
)


def drawn(seed: int, size: int = 400, groups: int = 2, largest: int = 60):
    """People of some groups with many ties, and one in three censored."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, size)
    time = np.ceil(rng.exponential(20 + 8 * group)).clip(1, largest)
    event = np.where(time < largest, rng.integers(0, 3, size) > 0, False).astype(int)
    return group, time, event


def columns(points, *names):
    return [[point[name] for point in points] for name in names]


@pytest.mark.parametrize("seed", range(3))
def test_the_curve_is_that_of_two_other_programs(seed):
    from lifelines import KaplanMeierFitter
    from sksurv.nonparametric import kaplan_meier_estimator
    from statsmodels.duration.survfunc import SurvfuncRight

    _group, time, event = drawn(seed)
    points = kaplan_meier(time, event)
    times, survival, lower, upper = columns(points, "time", "survival", "lower", "upper")
    fitter = KaplanMeierFitter().fit(time, event)
    assert survival == pytest.approx(fitter.survival_function_at_times(times).to_list(), rel=1e-9)
    theirs = fitter.confidence_interval_.loc[times].to_numpy()
    assert lower == pytest.approx(theirs[:, 0].tolist(), rel=1e-6)
    assert upper == pytest.approx(theirs[:, 1].tolist(), rel=1e-6)
    assert median(time, event) == fitter.median_survival_time_
    t, s, ends = kaplan_meier_estimator(event.astype(bool), time, conf_type="log-log")
    place = np.searchsorted(t, times)
    assert survival == pytest.approx(s[place].tolist(), rel=1e-9)
    assert lower == pytest.approx(ends[0][place].tolist(), rel=1e-6)
    right = SurvfuncRight(time, event)
    assert times == right.surv_times.tolist()
    assert [p["at_risk"] for p in points] == right.n_risk.tolist()
    assert [p["std_error"] for p in points] == pytest.approx(right.surv_prob_se.tolist(), rel=1e-9)


def test_the_curves_of_many_groups_at_once_are_those_of_each_alone():
    group, time, event = drawn(7, size=2000, groups=12)
    group[group == 5] = 4  # nobody in group 5
    # Halves too: what is no whole number is counted in another way.
    for times in (time, time / 2, time + np.linspace(0, 0.4, time.size)):
        at = [0, 3.5, 20, 59, 70]
        together = kaplan_meier_by(group, times, event, 12, at)
        for index in range(12):
            mine = group == index
            alone = kaplan_meier(times[mine], event[mine], at)
            for one, other in zip(together[index], alone, strict=True):
                assert one == {k: pytest.approx(v) for k, v in other.items()}


@pytest.mark.parametrize("seed", range(3))
def test_the_incidence_with_competing_events_is_scikit_survivals(seed):
    from sksurv.nonparametric import cumulative_incidence_competing_risks

    rng = np.random.default_rng(seed)
    time = np.ceil(rng.exponential(30, 300))
    event = rng.integers(0, 3, 300)
    event[time == time.max()] = 0
    for cause in (1, 2):
        points = cumulative_incidence(time, event, cause=cause)
        times, share, lower, upper = columns(points, "time", "incidence", "lower", "upper")
        t, theirs, ends = cumulative_incidence_competing_risks(
            event, time, conf_type="log-log", var_type="Dinse_Approx"
        )
        place = np.searchsorted(t, times)
        assert share == pytest.approx(theirs[cause][place].tolist(), rel=1e-9)
        assert lower == pytest.approx(ends[cause][0][place].tolist(), rel=1e-6)
        assert upper == pytest.approx(ends[cause][1][place].tolist(), rel=1e-6)


def test_without_competing_events_the_incidence_is_what_the_curve_has_lost():
    _group, time, event = drawn(11)
    for curve, share in zip(
        kaplan_meier(time, event), cumulative_incidence(time, event), strict=True
    ):
        assert share["incidence"] == pytest.approx(1 - curve["survival"])
        assert share["std_error"] == pytest.approx(curve["std_error"], rel=1e-6)
        assert share["at_risk"] == curve["at_risk"]


def test_without_censoring_the_incidence_is_a_plain_share():
    rng = np.random.default_rng(3)
    time, event = rng.integers(1, 30, 200), rng.integers(1, 3, 200)
    for point in cumulative_incidence(time, event):
        share = np.mean((time <= point["time"]) & (event == 1))
        assert point["incidence"] == pytest.approx(share)
        assert point["std_error"] == pytest.approx(np.sqrt(share * (1 - share) / 200), rel=1e-6)


@pytest.mark.parametrize("groups", [2, 4])
def test_the_log_rank_test_is_that_of_three_other_programs(groups):
    from lifelines.statistics import multivariate_logrank_test
    from sksurv.compare import compare_survival
    from sksurv.util import Surv
    from statsmodels.duration.survfunc import survdiff

    group, time, event = drawn(5, groups=groups)
    found = log_rank(group, time, event)
    assert found["df"] == groups - 1
    theirs = multivariate_logrank_test(time, group, event)
    assert found["chi2"] == pytest.approx(theirs.test_statistic, rel=1e-9)
    assert found["p"] == pytest.approx(theirs.p_value, rel=1e-6)
    chi2, p = compare_survival(Surv.from_arrays(event.astype(bool), time), group)
    assert (found["chi2"], found["p"]) == (pytest.approx(chi2), pytest.approx(p))
    stratum = np.random.default_rng(1).integers(0, 5, time.size)
    chi2, p = survdiff(time, event, group, strata=stratum)
    stratified = log_rank(group, time, event, stratum)
    assert (stratified["chi2"], stratified["p"]) == (pytest.approx(chi2), pytest.approx(p))


@pytest.mark.parametrize("seed", range(3))
def test_the_hazard_ratio_is_that_of_two_other_programs(seed):
    import pandas as pd
    from lifelines import CoxPHFitter
    from statsmodels.duration.hazard_regression import PHReg

    group, time, event = drawn(seed)
    found = hazard_ratio(group, time, event)
    fitted = PHReg(time, group[:, None], event, ties="efron").fit(disp=0)
    assert found["estimate"] == pytest.approx(float(np.exp(fitted.params[0])), rel=1e-6)
    assert found["p"] == pytest.approx(float(fitted.pvalues[0]), rel=1e-5)
    frame = pd.DataFrame({"arm": group, "time": time, "event": event})
    theirs = CoxPHFitter().fit(frame, "time", "event").summary.loc["arm"]
    assert found["lower"] == pytest.approx(theirs["exp(coef) lower 95%"], rel=1e-5)
    assert found["upper"] == pytest.approx(theirs["exp(coef) upper 95%"], rel=1e-5)


def test_the_interaction_is_the_likelihood_ratio_of_two_fits():
    import pandas as pd
    from lifelines import CoxPHFitter

    group, time, event = drawn(21)
    subgroup = np.random.default_rng(2).integers(0, 3, time.size)
    found = interaction(group, time, event, subgroup)
    frame = pd.DataFrame({"arm": group, "time": time, "event": event, "subgroup": subgroup})
    common = CoxPHFitter().fit(frame, "time", "event", strata="subgroup").log_likelihood_
    for index in (1, 2):
        frame[f"arm{index}"] = group * (subgroup == index)
    each = CoxPHFitter().fit(frame, "time", "event", strata="subgroup").log_likelihood_
    assert found["chi2"] == pytest.approx(2 * (each - common), rel=1e-4)
    assert found["df"] == 2


def test_the_mean_up_to_a_horizon_is_the_area_under_the_curve():
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    group, time, event = drawn(8)
    for horizon in (7.5, 30, 60):
        mine = restricted_mean(time, event, horizon)["estimate"]
        fitter = KaplanMeierFitter().fit(time, event)
        assert mine == pytest.approx(restricted_mean_survival_time(fitter, t=horizon), rel=1e-9)
    # Without censoring before the horizon it is the plain mean, and its error nearly so.
    time = np.minimum(time, 30)
    event = (time < 30).astype(int)
    found = rmst_difference(group, time, event, 30)
    parts = [time[group == 1], time[group == 0]]
    assert found["estimate"] == pytest.approx(parts[0].mean() - parts[1].mean())
    error = np.sqrt(sum(part.var() / part.size for part in parts))
    assert found["std_error"] == pytest.approx(error, rel=1e-9)
    assert found["lower"] < found["estimate"] < found["upper"]


def test_the_intervals_of_counted_people_are_statsmodels():
    from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

    rng = np.random.default_rng(4)
    for _ in range(100):
        of1, of0 = rng.integers(1, 60, 2).tolist()
        n1, n0 = int(rng.integers(0, of1 + 1)), int(rng.integers(0, of0 + 1))
        theirs = proportion_confint(n1, of1, method="wilson")
        assert wilson(n1, of1) == pytest.approx(theirs, abs=1e-12)
        found = risk_difference(n1, of1, n0, of0)
        theirs = confint_proportions_2indep(n1, of1, n0, of0, method="newcomb", compare="diff")
        assert (found["lower"], found["upper"]) == pytest.approx(theirs, abs=1e-12)
        found = known(relative_risk(n1, of1, n0, of0))
        if found:
            theirs = confint_proportions_2indep(n1, of1, n0, of0, method="log", compare="ratio")
            assert (found["lower"], found["upper"]) == pytest.approx(theirs, rel=1e-9)
