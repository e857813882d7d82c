"""The arithmetic of the economy and of a municipality's preparation, by hand and in general."""

from itertools import pairwise

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.economy import wording
from outcomes.economy.assumptions import (
    BY_KEY,
    GAIN_ANY,
    MENTORS_EACH,
    READINESS,
    Assumptions,
    Spread,
    defaults,
)
from outcomes.economy.calculation import (
    Effect,
    Estimate,
    calculate,
    cost_per_participant,
    gain_counted,
    gain_shares,
    of_year,
)
from outcomes.economy.findings import verdict
from outcomes.economy.numbers import read_number
from outcomes.economy.readiness import (
    binomial_range,
    mentors_needed,
    prepare,
    recruit,
    seen_here,
)
from outcomes.economy.sensitivity import COUNT_HOURS, EFFECT, swings

# 14 of 21 without mentors, 6 of 21 with; Newcombe's interval of the difference.
HIGHEST = Effect(Estimate(8 / 21, 0.0792, 0.5996), 14 / 21, 6 / 21)


def counted(given: Assumptions, **values: float) -> Assumptions:
    changed = given.changed(**values)
    return Assumptions(changed.values, count_hours=True, spread=changed.spread)


# --- By hand ---------------------------------------------------------------------------


def test_what_a_participant_costs():
    cost = cost_per_participant(defaults())
    assert cost.coordinator == pytest.approx(560_000 * 14 / 12 / 40)  # 16,333
    assert cost.recruitment == pytest.approx(4_500 * 2 * 0.35 * 14 / 12)  # 3,675
    assert cost.expenses == 75 * 2 * 14  # 2,100
    assert cost.administration == 2_000
    assert cost.hours == 0
    assert cost.total == pytest.approx(24_108.33, abs=0.01)


def test_volunteers_hours_are_a_cost_only_when_they_are_counted():
    with_hours = cost_per_participant(counted(defaults()))
    # Two mentors, four hours in each of the 60.9 weeks of 14 months, at 150 kr.
    assert with_hours.hours == pytest.approx(2 * 4 * 14 * 365.25 / 12 / 7 * 150)
    assert with_hours.total - with_hours.hours == pytest.approx(24_108.33, abs=0.01)


def test_the_demonstration_gives_about_eight_kroner_for_each():
    result = calculate(defaults(), HIGHEST)
    assert result.back is not None
    assert result.back.value == pytest.approx(8 / 21 * 505_300 / 24_108.33, abs=0.001)
    assert round(result.back.value) == 8
    assert (result.back.low, result.back.high) == pytest.approx((1.66, 12.57), abs=0.01)
    assert result.net.value == pytest.approx(8 / 21 * 505_300 - 24_108.33, abs=0.01)
    assert result.break_even == pytest.approx(24_108.33 / 505_300, abs=1e-6)
    assert verdict(result.back) == "pays"


def test_what_each_saves_is_their_share():
    result = calculate(defaults(), HIGHEST)
    saved = {payer.key: payer.saved.value for payer in result.payers}
    assert saved["municipality"] == pytest.approx(0.30 * 8 / 21 * 505_300)
    assert sum(saved.values()) == pytest.approx(result.saved.value)
    year = of_year(result, 100)
    assert year.avoided.value == pytest.approx(100 * 8 / 21)
    assert year.net.value == pytest.approx(100 * result.net.value)


def test_the_saving_is_spread_cut_off_and_discounted():
    assert gain_counted(defaults()) == pytest.approx(GAIN_ANY)
    assert gain_counted(defaults(horizon=4)) == pytest.approx(0.4 * GAIN_ANY)
    early = Assumptions(defaults(horizon=1).values, spread=Spread.EARLY)
    assert gain_counted(early) == pytest.approx(10 / 55 * GAIN_ANY)
    # One tenth in each year, counted from its middle: 1.035^-0.5 + … + 1.035^-9.5.
    at_rate = sum(1.035 ** -(year + 0.5) for year in range(10)) / 10
    assert gain_counted(defaults(rate=0.035)) == pytest.approx(at_rate * GAIN_ANY)
    for spread in Spread:
        assert sum(gain_shares(spread)) == pytest.approx(1)


def test_an_interval_that_includes_no_effect_is_said_so():
    uncertain = Effect(Estimate(0.1, -0.05, 0.25))
    result = calculate(defaults(), uncertain)
    assert uncertain.may_be_none
    assert result.back is not None
    assert verdict(result.back) == "either"
    assert result.net.low is not None
    assert result.net.low < 0
    harm = calculate(defaults(), Effect(Estimate(-0.1, -0.2, -0.05))).back
    assert harm is not None
    assert verdict(harm) == "costs"
    unknown = calculate(defaults(), Effect(Estimate(0.38))).back
    assert unknown is not None
    assert verdict(unknown) == "unknown"


def test_nothing_can_pay_for_what_costs_more_than_the_saving():
    assert calculate(defaults(gain=20_000), HIGHEST).break_even is None
    free = dict.fromkeys(("salary", "recruitment", "expenses", "administration"), 0.0)
    assert calculate(defaults(**free), HIGHEST).back is None


def test_an_interval_has_two_ends_in_order():
    for wrong in ((0.1, None), (0.3, 0.1)):
        with pytest.raises(ValueError, match="interval"):
            Estimate(0.2, *wrong)


def test_the_tornado_is_sorted_and_starts_from_what_was_chosen():
    found = swings(defaults(), HIGHEST)
    now = calculate(defaults(), HIGHEST).back
    assert now is not None
    assert [swing.span for swing in found] == sorted((s.span for s in found), reverse=True)
    by_key = {swing.key: swing for swing in found}
    assert (by_key[EFFECT].at_low, by_key[EFFECT].at_high) == pytest.approx((now.low, now.high))
    assert by_key[COUNT_HOURS].at_low == pytest.approx(now.value)
    # Without an interval the effect is varied by a quarter.
    bare = swings(defaults(), Effect(Estimate(0.4)))
    effect = next(swing for swing in bare if swing.key == EFFECT)
    assert (effect.low, effect.high) == pytest.approx((0.3, 0.5))
    # What changes nothing is not in it: hours that are not counted, who saves.
    assert not by_key.keys() & {"hours", "hour_value", "state", "participants"}
    assert COUNT_HOURS not in {swing.key for swing in swings(counted(defaults()), HIGHEST)}


# --- In general ------------------------------------------------------------------------

REDUCTIONS = st.floats(-1, 1, allow_nan=False)


def amounts(key: str):
    one = BY_KEY[key]
    if one.whole:
        return st.integers(int(one.least), int(one.most)).map(float)
    return st.floats(one.least, one.most, allow_nan=False)


ANY = st.builds(
    lambda values, hours, spread: Assumptions({**defaults().values, **values}, hours, spread),
    st.fixed_dictionaries({key: amounts(key) for key in defaults().values}),
    st.booleans(),
    st.sampled_from(Spread),
)


@settings(max_examples=60, deadline=None)
@given(ANY, REDUCTIONS, REDUCTIONS, REDUCTIONS)
def test_every_result_rises_with_the_effect_and_keeps_its_interval_in_order(assumed, a, b, c):
    low, value, high = sorted((a, b, c))
    result = calculate(assumed, Effect(Estimate(value, low, high)))
    assert result.cost.total > 0
    for estimate in (result.saved, result.net, result.back, *(p.saved for p in result.payers)):
        assert estimate is not None
        assert estimate.low <= estimate.value <= estimate.high
    if result.break_even is not None and result.break_even > 1e-6:
        at_break_even = calculate(assumed, Effect(Estimate(result.break_even)))
        assert at_break_even.net.value == pytest.approx(0, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(ANY, st.floats(0.01, 1))
def test_what_costs_more_gives_less_back_and_later_money_is_worth_less(assumed, reduction):
    effect = Effect(Estimate(reduction))

    def back(**values: float) -> float:
        result = calculate(assumed.changed(**values), effect).back
        assert result is not None
        return result.value

    for key in ("salary", "recruitment", "expenses", "administration", "turnover", "rate"):
        one = BY_KEY[key]
        assert back(**{key: one.most}) <= back(**{key: one.least}) + 1e-9, key
    for key in ("gain", "horizon", "caseload", "follows"):
        one = BY_KEY[key]
        assert back(**{key: one.most}) >= back(**{key: one.least}) - 1e-9, key


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 400), st.integers(0, 400), st.floats(0, 50), st.floats(0, 1), st.floats(0, 12)
)
def test_mentors_are_found_month_by_month(needed, existing, recruits, turnover, preparation):
    found = recruit(needed, existing, recruits, turnover, preparation)
    assert found.ready[0] == existing
    assert all(month >= 0 for month in found.ready)
    if found.enough is not None:
        assert found.ready[found.enough] >= needed - 1e-6
        more = recruit(needed, existing, recruits + 1, turnover, preparation)
        assert more.enough is not None
        assert more.enough <= found.enough
    if turnover == 0:
        assert all(b >= a for a, b in pairwise(found.ready))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5_000), st.floats(0, 1))
def test_what_chance_does_lies_around_what_is_expected(people, risk):
    low, high = binomial_range(people, risk)
    assert 0 <= low <= people * risk + 1
    assert people * risk - 1 <= high <= people


# --- A municipality --------------------------------------------------------------------


def place(releases: float, **values: float) -> Assumptions:
    return defaults(READINESS, releases=releases, **values)


def test_what_a_municipality_needs_by_hand():
    ready = prepare(place(120, yes=0.5), HIGHEST)
    assert ready.participants == 60
    assert ready.at_a_time == pytest.approx(70)  # 60 a year for 14 months
    assert ready.recruiting.needed == 140
    assert ready.coordinators == pytest.approx(70 / 40)
    assert ready.coordinator_hours == pytest.approx(37 * 70 / 40)
    assert ready.start_cost == 140 * 4_500
    assert ready.year.cost == pytest.approx(60 * 24_108.33, abs=1)
    assert ready.year.avoided.value == pytest.approx(60 * 8 / 21)
    assert ready.seen is not None
    assert not ready.seen.too_few


def test_mentors_are_never_fewer_than_a_pair():
    assert mentors_needed(0, 1) == 0
    assert mentors_needed(0.3, 1) == MENTORS_EACH
    assert mentors_needed(10, 2) == 10
    assert mentors_needed(10.1, 2) == 11


def test_time_to_recruit_by_hand():
    # Ten needed, two there, two new a month who are ready after a month, and nobody stops.
    steady = recruit(10, 2, 2, 0, 1)
    assert steady.ready[:6] == [2, 2, 4, 6, 8, 10]
    assert (steady.first_pair, steady.enough) == (0, 5)
    # Half of them stop in a year: 10 · (1 − 0.5^(1/12)) = 0.56 a month are lost at ten.
    assert recruit(10, 0, 0.5, 0.5, 0).enough is None
    assert recruit(10, 0, 0.6, 0.5, 0).enough is not None
    assert recruit(10, 0, 0, 0, 0).first_pair is None
    assert recruit(0, 0, 0, 0, 0).enough == 0


def test_a_small_municipality_cannot_see_the_effect():
    # With 14 of 21 and 6 of 21 it takes 1.96² · (0.222 + 0.204) / 0.381² = 11.3 participants.
    few, many = seen_here(11, HIGHEST), seen_here(12, HIGHEST)
    assert few is not None
    assert many is not None
    assert few.too_few
    assert not many.too_few
    assert few.years == pytest.approx(11.28 / 11, abs=0.01)
    # Four people at 6 of 21: more than three with a new sentence has a chance under 2.5%.
    assert binomial_range(4, 6 / 21) == (0, 3)
    assert seen_here(0, HIGHEST) is None
    assert seen_here(5, Effect(Estimate(0.2))) is None
    harm = seen_here(1_000, Effect(Estimate(-0.1), 0.3, 0.4))
    assert harm is not None
    assert harm.too_few
    assert harm.years is None


@pytest.mark.parametrize("releases", [0, 1, 3_000, 10_000])
def test_no_number_of_releases_is_too_odd(releases):
    ready = prepare(place(releases), HIGHEST)
    assert ready.year.cost >= 0
    assert (ready.recruiting.needed == 0) == (releases == 0)
    assert (ready.seen is None) == (releases == 0)


# --- How it is read and written --------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("505.300", 505_300),
        ("505,300", 505_300),
        ("1.234.567", 1_234_567),
        ("1.234,5", 1_234.5),
        ("1,234.5", 1_234.5),
        ("3,5", 3.5),
        ("3.5", 3.5),
        ("0,125", 0.125),
        ("505 300 kr.", 505_300),
        ("35 %", 35),
        ("−5", -5),
        ("1.500", 1_500),
        *((text, None) for text in ("", "abc", "inf", "nan", "1e400", "1e4", "5-", "1,2,3", ".")),
        ("9" * 400, None),
        ("٣", None),
    ],
)
def test_a_number_means_the_same_in_both_languages(typed, number):
    assert read_number(typed) == number


def written(language: str, function, *arguments) -> str:
    with override(language):
        return function(*arguments)


def test_amounts_are_written_as_closely_as_they_are_known():
    def en(function, *arguments):
        return written("en", function, *arguments)

    assert en(wording.kroner, 24_108.3) == "24,100 kr."
    assert en(wording.kroner, 1_234_567, 2) == "1.2 million kr."
    assert en(wording.kroner, -12_345, 2) == "−12,000 kr."
    assert en(wording.kroner, 0) == "0 kr."
    assert en(wording.kroner_estimate, Estimate(168_000, 16_000, 279_000)) == (
        "170,000 kr. [16,000–280,000]"
    )
    assert en(wording.kroner_estimate, Estimate(1.2e6, -2e5, 3.2e6)) == (
        "1.2 million kr. [−0.2 to 3.2]"
    )
    assert en(wording.ratio_estimate, Estimate(7.98, 1.66, 12.57)) == "8 [1.7–13]"
    # Near 1 it takes the decimals that tell it from 1.
    assert en(wording.ratio, 1.04, 0.5) == "1.04"
    assert en(wording.ratio, 1.0) == "1.0"
    assert en(wording.points_estimate, Estimate(0.381, 0.0792, 0.5996)) == "38 [8–60]"
    assert en(wording.people_estimate, Estimate(1_143, 238, 1_799)) == "1,100 [200–1,800]"
    assert en(wording.people_estimate, Estimate(0.76, 0.16, 1.2)) == "0.8 [0.2–1.2]"
    # What is not nothing is not written as nothing.
    assert en(wording.points_estimate, Estimate(0.38, 0.001, 0.6)) == "38 [0.1–60]"
    assert written("da", wording.points, 0.0477) == "4,8"
    assert "24.100" in written("da", wording.kroner, 24_108.3)


def test_what_a_field_holds_is_read_back_as_it_was():
    for language in ("da", "en"):
        with override(language):
            for one in BY_KEY.values():
                for value in (one.default, one.least, one.most):
                    if value is None:
                        continue
                    read = read_number(wording.in_field(one, value))
                    assert read is not None
                    assert read / one.factor == pytest.approx(value), one.key
