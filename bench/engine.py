"""``python -m bench.engine``: how quick the engine is beside statsmodels and lifelines.

A million people, followed by the day for two years, in two arms: the curve of each arm with its
interval, and the log-rank test, on the same arrays in the same run and in turn, so that a slow
machine or a busy one says nothing. The engine's time includes its check of every row, which the
others do not make. Then all municipalities' curves: one pass against one fit each.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

PEOPLE = 1_000_000
MUNICIPALITIES = 98
DAYS = 730
# The best of some: another process may be at it too.
ROUNDS = 5


def cohort() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Arm, time in whole days, event, and municipality."""
    rng = np.random.default_rng(20)
    arm = rng.integers(0, 2, PEOPLE)
    until = np.ceil(rng.exponential(np.where(arm, 1500.0, 900.0)))
    left = rng.integers(1, 3 * DAYS, PEOPLE).clip(max=DAYS)
    municipality = (MUNICIPALITIES * rng.random(PEOPLE) ** 2).astype(int)
    return arm, np.minimum(until, left), (until <= left).astype(int), municipality


def with_engine(arm: np.ndarray, days: np.ndarray, event: np.ndarray) -> float:
    from outcomes.engine.cohort import Cohort
    from outcomes.engine.comparison import log_rank
    from outcomes.engine.survival import kaplan_meier_by

    people = Cohort.of(arm, days, event)
    kaplan_meier_by(people.arm, people.time, people.event, 2, None)
    return dict(log_rank(people.arm, people.time, people.event))["chi2"]  # type: ignore[arg-type]


def with_statsmodels(arm: np.ndarray, days: np.ndarray, event: np.ndarray) -> float:
    from statsmodels.duration.survfunc import SurvfuncRight, survdiff

    for index in (0, 1):
        SurvfuncRight(days[arm == index], event[arm == index])
    return float(survdiff(days, event, arm)[0])


def with_lifelines(arm: np.ndarray, days: np.ndarray, event: np.ndarray) -> float:
    from lifelines import KaplanMeierFitter
    from lifelines.statistics import logrank_test

    for index in (0, 1):
        KaplanMeierFitter().fit(days[arm == index], event[arm == index])
    one, other = arm == 0, arm == 1
    return float(logrank_test(days[one], days[other], event[one], event[other]).test_statistic)


def in_one_pass(group: np.ndarray, days: np.ndarray, event: np.ndarray) -> float:
    from outcomes.engine.survival import kaplan_meier_by

    at = range(30, DAYS, 30)
    curves = kaplan_meier_by(group, days, event, MUNICIPALITIES, at)
    return sum(points[-1]["survival"] for points in curves)


def one_fit_each(group: np.ndarray, days: np.ndarray, event: np.ndarray) -> float:
    from statsmodels.duration.survfunc import SurvfuncRight

    total = 0.0
    for index in range(MUNICIPALITIES):
        mine = group == index
        fit = SurvfuncRight(days[mine], event[mine])
        last = np.searchsorted(fit.surv_times, 720, side="right") - 1
        total += float(fit.surv_prob[last])
    return total


def seconds(work: Callable[..., float], *arrays: np.ndarray) -> tuple[float, float]:
    start = time.perf_counter()
    answer = work(*arrays)
    return time.perf_counter() - start, answer


def compared(title: str, works: dict[str, Callable[..., float]], *arrays: np.ndarray) -> int:
    """Prints each one's time as a ratio to the first one's. 1 when the second is quicker."""
    took: dict[str, list[float]] = {name: [] for name in works}
    answers: dict[str, float] = {}
    for name, work in works.items():
        # What is imported is not what is measured.
        answers[name] = work(*(array[:100_000] for array in arrays))
    for _ in range(ROUNDS):
        for name, work in works.items():
            one, answers[name] = seconds(work, *arrays)
            took[name].append(one)
    mine, *others = works
    print(title)
    for name in works:
        ratio = min(took[name]) / min(took[mine])
        print(f"  {name:<24}{min(took[name]):8.3f} s{ratio:8.2f} times")
    broken = min(took[mine]) > min(took[others[0]])
    apart = [name for name in others if not np.isclose(answers[name], answers[mine], rtol=1e-9)]
    for name in apart:
        print(f"  {name} answers {answers[name]!r}, the engine {answers[mine]!r}")
    if broken:
        print(f"  OVER BUDGET: slower than {others[0]}")
    return int(broken) + len(apart)


def report() -> int:
    """Prints the comparison; how many budgets are broken or answers differ."""
    arm, days, event, municipality = cohort()
    return compared(
        f"Curves and log-rank of {PEOPLE:,} people by the day, two arms",
        {"engine": with_engine, "statsmodels": with_statsmodels, "lifelines": with_lifelines},
        arm,
        days,
        event,
    ) + compared(
        f"Curves of {MUNICIPALITIES} municipalities",
        {"engine, one pass": in_one_pass, "statsmodels, one by one": one_fit_each},
        municipality,
        days,
        event,
    )


if __name__ == "__main__":
    sys.exit(min(report(), 1))
