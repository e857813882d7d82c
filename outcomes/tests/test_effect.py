"""What is computed of a trial, against the engine and by hand; and that nothing small follows."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone, translation
from scipy.optimize import linprog
from scipy.sparse import csr_array

from outcomes import tasks
from outcomes.disclosure import month_day
from outcomes.effects.measured import measures
from outcomes.effects.people import EVERYBODY, GROUPS, Arm, belongs, levels, read
from outcomes.effects.snapshots import computed
from outcomes.effects.words import subgroups_lead, why_not
from outcomes.engine.analysis import analyse
from outcomes.engine.cohort import Cohort
from outcomes.engine.reasons import Reason
from outcomes.models import EffectSnapshot
from outcomes.recidivism import DEFINITIONS
from outcomes.tests.effects import One, known_trial, make_trial, random_trial
from outcomes.trials.consort import NOT_FOLLOWED, flow
from outcomes.trials.following import withdraw
from primus.jobs.models import Run, RunKind, RunState

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


def results(trial, today) -> dict[str, dict]:
    return {one.definition: one.figures for one in computed(trial, today)}


# --- The figures -----------------------------------------------------------------------


def test_a_trial_is_counted_over_the_days_it_was_planned_for(today):
    found = results(known_trial(today, horizon_days=365), today)
    own, other = found["kriminalforsorgen"], found["dst"]
    assert (own["window"], other["window"]) == (365, 730)
    # By hand: a new sentence every 45 days from day 15 with mentors, every 25 without.
    assert [own["arms"][arm]["rate"]["n"] for arm in Arm] == [8, 15]
    assert [other["arms"][arm]["rate"]["n"] for arm in Arm] == [15, 26]
    assert own["curve"]["mentors"][-1]["month"] == 12
    with translation.override("en"):
        assert "within one year" in subgroups_lead(own)
        assert "within two years" in subgroups_lead(other)


def test_the_figures_are_the_engines_on_the_same_rows(today):
    trial = known_trial(today)
    figures = results(trial, today)["kriminalforsorgen"]
    # By hand: 15 of 43 with mentors, 26 of 43 without.
    rates = {arm: figures["arms"][arm]["rate"] for arm in Arm}
    assert [(r["n"], r["of"]) for r in rates.values()] == [(15, 43), (26, 43)]
    found = figures["measures"]
    assert found["risk_difference"]["estimate"] == pytest.approx(-11 / 43, abs=1e-6)
    assert found["relative_risk"]["estimate"] == pytest.approx(15 / 26, abs=1e-6)
    assert found["nnt"]["estimate"] == pytest.approx(43 / 11, abs=1e-6)
    # Newcombe's method 10 for 15/43 and 26/43, from Wilson's limits of each.
    (p1, l1, u1), (p0, l0, u0) = ((r["share"], r["low"], r["high"]) for r in rates.values())
    lower = p1 - p0 - ((p1 - l1) ** 2 + (u0 - p0) ** 2) ** 0.5
    upper = p1 - p0 + ((u1 - p1) ** 2 + (p0 - l0) ** 2) ** 0.5
    assert found["risk_difference"]["lower"] == pytest.approx(lower, abs=2e-4)
    assert found["risk_difference"]["upper"] == pytest.approx(upper, abs=2e-4)

    # From times: the engine, on rows written out here.
    rows = []
    for has_mentors, again, free, gone, step in ((True, 15, 28, 5, 45), (False, 26, 17, 6, 25)):
        rows += [(has_mentors, 15 + step * n, 1) for n in range(again)]
        rows += [(has_mentors, 730, 0)] * free + [(has_mentors, 180, 2)] * gone
    cohort = Cohort.of(*zip(*[("m" if a else "c", t, e) for a, t, e in rows], strict=True))
    at = [month_day(month) for month in range(25)]
    told = analyse(cohort, at=at, reference="c")
    for name in ("hazard_ratio", "log_rank", "rmst_difference"):
        for part, value in told[name].items():
            assert found[name][part] == pytest.approx(value, abs=1e-6), (name, part)
    for arm, name in (("mentors", "m"), ("control", "c")):
        survival = told["arms"][name]["survival"]
        for point in figures["curve"][arm][1:]:
            expected = survival[point["month"]]
            assert point["survival"] == round(expected["survival"], 2)
            assert point["lower"] == round(expected["lower"], 2)
    assert figures["median"] == {"mentors": round((15 + 45 * 7) / 7), "control": round(327.5 / 7)}
    assert figures["arms"]["mentors"]["not_observable"] == 5
    highest = figures["subgroups"][0]["levels"][0]
    assert (highest["mentors"]["n"], highest["mentors"]["of"]) == (6, 21)
    assert (highest["control"]["n"], highest["control"]["of"]) == (14, 21)
    assert highest["relative_risk"]["estimate"] == pytest.approx(6 / 14, abs=1e-6)


def test_the_published_counts_are_those_of_the_flow(today):
    trial = known_trial(today)
    told = flow(trial, today)
    for figures in results(trial, today).values():
        for row in told["arms"]:
            arm = figures["arms"]["mentors" if row["has_mentors"] else "control"]
            assert arm["drawn"] == row["allocated"]
            assert arm["rate"]["of"] == row["analysed"]
        assert figures["flow"]["randomised"] == told["randomised"] == 97


def test_whoever_took_their_consent_back_is_counted_as_drawn_and_no_further(today, coordinator):
    trial = make_trial([One(n < 6, again=50 if n % 2 else None) for n in range(12)], today)
    withdraw(trial.subjects.get(number=2), today, by=coordinator.user)
    (person,) = [one for one in read(trial, today) if one.history is None]
    assert person.outcome(DEFINITIONS["dst"], today) == "withdrew"


def test_whose_time_is_not_over_is_in_no_proportion(today):
    """Not yet observable: told of as such, and never a success."""
    trial = make_trial([One(n % 2 == 0, released=1000) for n in range(20)], today)
    figures = results(trial, today)
    for arm in figures["kriminalforsorgen"]["arms"].values():
        assert arm["rate"] == {"n": 0, "of": 0}
        assert (arm["not_observable"], arm["reasons"]) == (10, {"too_early": 10})
    assert set(figures["kriminalforsorgen"]["reasons"].values()) <= set(Reason) | {"protected"}
    # By the definition with the shorter window they are.
    assert figures["jdl"]["arms"]["mentors"]["rate"]["of"] == 10


def test_every_reason_of_the_engine_has_its_sentence():
    assert all(why_not(reason) != why_not("no such reason") for reason in Reason)


def test_an_empty_arm_gives_reasons_and_not_errors(today):
    figures = results(make_trial([One(True, again=40 * n) for n in range(12)], today), today)
    for one in figures.values():
        assert all(value is None for value in one["measures"].values())
        assert all(row.estimate == "–" for row in measures(one))


# --- Computing -------------------------------------------------------------------------


def test_the_worker_computes_every_trial_by_every_definition(today):
    trials = [known_trial(today), make_trial([], today)]
    tasks.recompute_effect()
    run = Run.objects.get()
    assert (run.kind, run.state, run.done) == (RunKind.EFFECT, RunState.DONE, 2)
    first = set(EffectSnapshot.objects.values_list("trial", "definition"))
    assert first == {(trial.pk, key) for trial in trials for key in DEFINITIONS}
    tasks.recompute_effect()
    assert set(EffectSnapshot.objects.values_list("trial", "definition")) == first


def test_it_is_computed_nightly(settings):
    assert settings.CELERY_BEAT_SCHEDULE["effect"]["task"] == tasks.recompute_effect.name


# --- Nothing small follows -------------------------------------------------------------


class Attacker:
    """Knows all figures of one trial and what the words in them mean, and nothing else: unknown
    counts of people, the sums between them, and which definition counts less than which."""

    def __init__(self, trial, today, found):
        self.people, self.today, self.found = read(trial, today), today, found
        self.truth: dict[tuple, int] = {}
        self.equal: list[tuple[tuple, list[tuple]]] = []
        self.known: dict[tuple, int] = {}
        for arm in Arm:
            self._arm(arm)

    def _arm(self, arm) -> None:
        people = [one for one in self.people if one.arm == arm]
        self.truth["drawn", arm] = len(people)
        sets: dict[tuple, set] = {}
        for key, definition in DEFINITIONS.items():
            figures = self.found[key]
            outcomes = [one.outcome(definition, self.today) for one in people]
            for group in GROUPS:
                inside = {i for i, one in enumerate(people) if belongs(one, group)}
                again = {i for i in inside if outcomes[i] == "reoffended"}
                free = {i for i in inside if outcomes[i] == "not_reoffended"}
                sets[key, group, "again"], sets[key, group, "seen"] = again, again | free
                here = (arm, key, group)
                self.truth |= {
                    ("again", *here): len(again),
                    ("free", *here): len(free),
                    ("seen", *here): len(again | free),
                }
                self.equal.append((("seen", *here), [("again", *here), ("free", *here)]))
                self._learn_rate(here, self._rate(figures, arm, group))
            for group in GROUPS[1::2]:
                pair = levels(group[0])
                for name in ("again", "free", "seen"):
                    self.equal.append(
                        ((name, arm, key, EVERYBODY), [(name, arm, key, one) for one in pair])
                    )
            self._reasons(arm, key, outcomes, figures["arms"][arm])
            self._times(arm, key, definition, people, outcomes, figures)
        # A sentence to prison is a conviction, and one to be served is a sentence to prison.
        for less, more in (("krus", "kriminalforsorgen"), ("kriminalforsorgen", "dst")):
            for group in GROUPS:
                rest = sets[more, group, "again"] - sets[less, group, "again"]
                cell = ("only", arm, less, more, group)
                self.truth[cell] = len(rest)
                self.equal.append(
                    (("again", arm, more, group), [("again", arm, less, group), cell])
                )

    @staticmethod
    def _rate(figures, arm, group) -> dict:
        if group == EVERYBODY:
            return figures["arms"][arm]["rate"]
        (factor,) = [one for one in figures["subgroups"] if one["factor"] == group[0]]
        (level,) = [one for one in factor["levels"] if one["level"] == group[1]]
        return level[arm]

    def _learn_rate(self, here, rate) -> None:
        for name, part in (("again", "n"), ("seen", "of")):
            if isinstance(rate[part], int):
                self.known[(name, *here)] = rate[part]

    def _reasons(self, arm, key, outcomes, told) -> None:
        cells = [("why", arm, key, reason) for reason in NOT_FOLLOWED]
        self.truth |= {cell: outcomes.count(cell[3]) for cell in cells}
        self.truth["unseen", arm, key] = sum(self.truth[cell] for cell in cells)
        self.equal.append((("unseen", arm, key), cells))
        self.equal.append((("drawn", arm), [("seen", arm, key, EVERYBODY), ("unseen", arm, key)]))
        # None of them: either nobody, or not published.
        for cell in cells if told["reasons"] else []:
            shown = told["reasons"].get(cell[3], 0)
            if isinstance(shown, int):
                self.known[cell] = shown
        for cell, shown in (
            (("unseen", arm, key), told["not_observable"]),
            (("drawn", arm), told["drawn"]),
        ):
            if isinstance(shown, int):
                self.known[cell] = shown

    def _times(self, arm, key, definition, people, outcomes, figures) -> None:
        """The curve: whoever reoffended and then left is in it and in no proportion."""
        times = [one.observed(definition, self.today) for one in people]
        events = [i for i, one in enumerate(times) if one.event == 1]
        early = [i for i in events if outcomes[i] != "reoffended"]
        self.truth["events", arm, key] = len(events)
        self.truth["early", arm, key] = len(early)
        self.equal.append(
            (("events", arm, key), [("again", arm, key, EVERYBODY), ("early", arm, key)])
        )
        if figures["curve"] is not None:
            self.known["events", arm, key] = len(events)
        left = [
            i
            for i, one in enumerate(times)
            if one.event in (0, 2) and outcomes[i] != "not_reoffended"
        ]
        self.truth["left", arm, key] = len(left)
        self.truth["timed", arm, key] = sum(one.event is not None for one in times)
        self.equal.append(
            (
                ("timed", arm, key),
                [("events", arm, key), ("free", arm, key, EVERYBODY), ("left", arm, key)],
            )
        )
        if figures["at_risk"] is not None:
            self.known["timed", arm, key] = figures["at_risk"][arm][0]

    def concludes(self) -> list[tuple]:
        """The counts of one to four that only one number is left for."""
        keys = list(self.truth)
        place = {key: n for n, key in enumerate(keys)}
        signs = [
            (n, place[key], sign)
            for n, (total, parts) in enumerate(self.equal)
            for key, sign in [(total, -1), *((part, 1) for part in parts)]
        ]
        lines, columns, values = zip(*signs, strict=True)
        matrix = csr_array((values, (lines, columns)), shape=(len(self.equal), len(keys)))
        limits = [(self.known.get(k, 0), self.known.get(k, len(self.people))) for k in keys]
        lost, safe = [], set()
        for key in keys:
            if not 1 <= self.truth[key] <= 4 or key in safe:
                continue
            ends = []
            for way in (1, -1):
                goal = [0] * len(keys)
                goal[place[key]] = way
                found = linprog(goal, A_eq=matrix, b_eq=[0] * len(self.equal), bounds=limits)
                assert found.status == 0
                ends.append(found.x[place[key]])
                safe |= {k for k in keys if abs(found.x[place[k]] - self.truth[k]) >= 1 - 1e-6}
            if abs(ends[1] - ends[0]) < 1 - 1e-6:
                lost.append(key)
        return lost


@pytest.mark.parametrize("seed", [0, 2])
def test_no_hidden_count_can_be_told_from_what_is_published(today, seed):
    trial = random_trial(seed, today)
    found = results(trial, today)
    attacker = Attacker(trial, today, found)
    for key, value in attacker.known.items():
        assert value == attacker.truth[key], key
        assert not 1 <= value <= 4, key
    assert attacker.concludes() == []


def test_a_hidden_difference_between_definitions_costs_the_other_definition(today):
    """Three with mentors were only fined: who reads both definitions must not learn it."""
    people = [One(n % 2 == 0, again=40 + 5 * n, highest=n % 3 == 0) for n in range(60)]
    people += [One(n % 2 == 0) for n in range(60)]
    people += [One(True, again=90, sanction="fine") for _ in range(3)]
    people += [One(False, again=90, sanction="fine") for _ in range(7)]
    found = results(make_trial(people, today), today)
    assert found["kriminalforsorgen"]["arms"]["mentors"]["rate"]["n"] == 30
    assert isinstance(found["dst"]["arms"]["mentors"]["rate"]["n"], str)
    assert found["dst"]["curve"] is None


@pytest.mark.parametrize("seed", [5, 6])
def test_the_curve_and_the_numbers_under_it_are_told_of_by_the_month(today, seed):
    """What happens on another day of the same month changes neither; nobody is left out."""
    trial = random_trial(seed, today) if seed > 5 else known_trial(today)
    people = read(trial, today)
    shown = 0
    for key, figures in results(trial, today).items():
        if figures["curve"] is None:
            continue
        for arm in Arm:
            times = [p.observed(DEFINITIONS[key], today) for p in people if p.arm == arm]
            days = [one.time for one in times if one.event is not None]
            points = figures["curve"][arm]
            assert [point["month"] for point in points] == list(range(len(points)))
            assert all(p["survival"] == round(p["survival"], 2) for p in points)
            assert all(a["survival"] >= b["survival"] for a, b in pairwise(points))
            shown += 1
            if figures["at_risk"]:
                told = zip(figures["at_risk"]["months"], figures["at_risk"][arm], strict=True)
                for month, followed in told:
                    assert followed == sum(day >= month_day(month) for day in days)
                    assert not 1 <= followed <= 4
    assert shown or seed > 5


def test_a_new_sentence_before_a_death_is_not_told_of_by_the_curve(today):
    """In the curve, and in no proportion: the difference would be of two people."""
    people = [One(n % 2 == 0, again=20 + 10 * n) for n in range(40)]
    people += [One(n % 2 == 0) for n in range(40)]
    people += [One(True, again=30, died=400) for _ in range(2)]
    figures = results(make_trial(people, today), today)["kriminalforsorgen"]
    assert figures["arms"]["mentors"]["rate"]["n"] == 20
    assert figures["curve"] is None
    assert figures["measures"]["hazard_ratio"] is None
    assert figures["reasons"]["hazard_ratio"] == "protected"


def test_nobody_released_tomorrow_is_counted_today(today):
    trial = make_trial([One(True, released=-1), One(False, released=0)], today)
    absent = [one.outcome(DEFINITIONS["dst"], today) for one in read(trial, today)]
    assert absent[0] == "not_released"
    tomorrow = today + timedelta(days=1)
    assert read(trial, tomorrow)[0].history is not None
