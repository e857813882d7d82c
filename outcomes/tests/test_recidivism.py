from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.models import Sanction
from outcomes.recidivism import (
    DEFAULT,
    DEFINITIONS,
    OBSERVABLE,
    History,
    Offence,
    Outcome,
    classify,
    count,
    observe,
)

RELEASED = date(2020, 3, 1)
LONG_AFTER = date(2026, 1, 1)


def day(n: int) -> date:
    return RELEASED + timedelta(days=n)


def history(*offences, register=LONG_AFTER, **known) -> History:
    return History(RELEASED, register, offences=tuple(offences), **known)


def offence(offended: int, convicted: int, sanction=Sanction.UNSUSPENDED) -> Offence:
    return Offence(day(offended), day(convicted), sanction)


@pytest.mark.parametrize(
    ("known", "outcome"),
    [
        (history(), Outcome.NOT_REOFFENDED),
        (history(offence(0, 30)), Outcome.REOFFENDED),
        (history(offence(-1, 30)), Outcome.NOT_REOFFENDED),
        (history(offence(730, 1095)), Outcome.REOFFENDED),
        (history(offence(731, 800)), Outcome.NOT_REOFFENDED),
        (history(offence(700, 1096)), Outcome.NOT_REOFFENDED),
        (history(offence(10, 20, Sanction.SUSPENDED)), Outcome.REOFFENDED),
        (history(offence(10, 20, Sanction.SUPERVISED)), Outcome.REOFFENDED),
        (history(offence(10, 20, Sanction.FINE)), Outcome.NOT_REOFFENDED),
        (history(offence(10, 20, Sanction.OTHER)), Outcome.NOT_REOFFENDED),
        (history(register=None), Outcome.NO_FOLLOW_UP),
        (history(register=day(1094)), Outcome.NO_FOLLOW_UP),
        (history(register=day(1095)), Outcome.NOT_REOFFENDED),
        # A reoffence that is already known does not make the window complete.
        (history(offence(5, 10), register=day(1094)), Outcome.NO_FOLLOW_UP),
        (history(died_on=day(729)), Outcome.DIED),
        (history(died_on=day(730)), Outcome.NOT_REOFFENDED),
        (history(offence(5, 10), died_on=day(400)), Outcome.DIED),
        (history(emigrated_on=day(20)), Outcome.EMIGRATED),
        (history(emigrated_on=day(731)), Outcome.NOT_REOFFENDED),
    ],
)
def test_each_boundary_of_the_default_definition(known, outcome):
    assert classify(known, LONG_AFTER) == outcome


def test_a_register_date_in_the_future_completes_nothing():
    assert classify(history(register=day(2000)), day(1094)) == Outcome.TOO_EARLY
    assert classify(history(register=day(2000)), day(1095)) == Outcome.NOT_REOFFENDED


def test_each_definition_counts_its_own_sanctions_and_window():
    counted = {
        key: {
            (sanction, days)
            for sanction in Sanction
            for days in (300, 400)
            if classify(history(offence(days, days + 30, sanction)), LONG_AFTER, definition)
            == Outcome.REOFFENDED
        }
        for key, definition in DEFINITIONS.items()
    }
    both = lambda *sanctions: {(s, d) for s in sanctions for d in (300, 400)}  # noqa: E731
    assert counted["kriminalforsorgen"] == both("unsuspended", "suspended", "supervised")
    assert counted["dst"] == both(*Sanction)
    assert counted["krus"] == both("unsuspended", "supervised")
    assert counted["jdl"] == {(sanction, 300) for sanction in Sanction}


offences = st.lists(
    st.builds(
        lambda start, wait, sanction: offence(start, start + wait, sanction),
        st.integers(-30, 1200),
        st.integers(0, 800),
        st.sampled_from(list(Sanction)),
    ),
    max_size=3,
)
histories = st.lists(
    st.builds(
        lambda register, died, emigrated, found: History(
            RELEASED, register, died, emigrated, tuple(found)
        ),
        st.none() | st.integers(-40, 2000).map(day),
        st.none() | st.integers(-9, 1500).map(day),
        st.none() | st.integers(-9, 1500).map(day),
        offences,
    ),
    max_size=8,
)


def by_the_day(one: History, definition, today: date) -> tuple:
    """One person's time found by walking through every day from the release on: slow, and written
    without what is tested. (time, event), or (None, why)."""
    leaves = {}
    for on, why in ((one.emigrated_on, "emigrated"), (one.died_on, "died")):
        if on is not None:
            leaves[on] = why
    if definition.key == "dst" and any(on < day(730) for on in leaves):
        return None, leaves[min(leaves)]
    if one.register_date is None:
        return None, "too_early" if today < day(definition.wait) else "no_follow_up"
    read_to = one.register_date if one.register_date < today else today
    counted = {
        o.offence_on
        for o in one.offences
        if o.sanction in definition.sanctions
        and o.convicted_on <= read_to
        and o.convicted_on <= day(definition.window + definition.wait)
    }
    before = [on for on in leaves if on < day(0)]
    if before and min(before) <= read_to - timedelta(definition.wait):
        return None, leaves[min(before)]
    time = 0
    while True:
        now = day(time)
        if now + timedelta(definition.wait) > read_to:
            if time:
                return time - 1, 0
            return None, "too_early" if today < day(definition.wait) else "no_follow_up"
        if now in counted:
            return time, 1
        if now in leaves:
            return time, 2
        if time == definition.window:
            return time, 0
        time += 1


@given(histories, st.sampled_from(sorted(DEFINITIONS)), st.integers(-10, 2100))
@settings(deadline=None, max_examples=300)
def test_everybodys_time_is_what_a_walk_through_the_days_finds(known, key, n):
    definition, today = DEFINITIONS[key], day(n)
    for one in known:
        seen = observe(one, definition, today)
        found, what = by_the_day(one, definition, today)
        assert (seen.time, seen.reason if found is None else seen.event) == (found, what)
        # The same rule for the proportion: complete is who was followed to the window's end.
        outcome = classify(one, today, definition)
        left = [on for on in (one.died_on, one.emigrated_on) if on and on < day(definition.window)]
        read_to = one.register_date and min(one.register_date, today)
        needed = day(definition.window + definition.wait)
        if left:
            assert outcome == ("died" if min(left) == one.died_on else "emigrated")
        elif read_to is None or read_to < needed:
            assert outcome == ("too_early" if today < needed else "no_follow_up")
        else:
            assert outcome == ("reoffended" if what == 1 else "not_reoffended")
            assert what == 1 or found == definition.window


@pytest.mark.parametrize(
    ("known", "time", "event"),
    [
        (history(offence(0, 30)), 0, 1),
        (history(offence(730, 1095)), 730, 1),
        (history(offence(730, 1096)), 730, 0),
        # The first that counts, whichever was noted first or convicted first.
        (history(offence(50, 60), offence(20, 200), offence(10, 15, Sanction.FINE)), 20, 1),
        # An event comes before an end on the same day, whatever ended it.
        (history(offence(100, 150), died_on=day(100)), 100, 1),
        (history(offence(101, 150), died_on=day(100)), 100, 2),
        (history(died_on=day(100), emigrated_on=day(90)), 90, 2),
        (history(offence(135, 140), register=day(500)), 135, 1),
        (history(offence(136, 140), register=day(500)), 135, 0),
        (history(died_on=day(135), register=day(500)), 135, 2),
        (history(died_on=day(136), register=day(500)), 135, 0),
        # Not known yet: convicted after the register was read.
        (history(offence(20, 501), register=day(500)), 135, 0),
        (history(register=day(365)), 0, 0),
        (history(offence(0, 5), register=day(365)), 0, 1),
        (history(register=day(364)), None, None),
        (history(register=day(-30)), None, None),
        (history(died_on=day(-1)), None, None),
    ],
)
def test_one_persons_time_at_each_of_its_ends(known, time, event):
    seen = observe(known, DEFAULT, LONG_AFTER)
    assert (seen.time, seen.event) == (time, event)
    assert (seen.reason is None) == (time is not None)


def test_who_left_is_no_part_of_residents_and_is_followed_until_then_by_the_others():
    known = history(offence(30, 90), died_on=day(400))
    assert observe(known, DEFINITIONS["dst"], LONG_AFTER).reason == Outcome.DIED
    assert observe(known, DEFAULT, LONG_AFTER).time == 30
    # A day of release that is still to come has no time, and nobody has failed to look.
    assert observe(known, DEFAULT, day(-5)).reason == Outcome.TOO_EARLY
    assert classify(history(register=None), day(1094)) == Outcome.TOO_EARLY


@given(histories)
@settings(deadline=None)
def test_everybody_is_counted_once(known):
    counts = count(known, LONG_AFTER)
    assert sum(counts.values()) == len(known)
    assert sum(counts[outcome] for outcome in OBSERVABLE) == sum(
        classify(one, LONG_AFTER) in OBSERVABLE for one in known
    )


def test_the_default_is_the_prison_services():
    assert DEFAULT.key == "kriminalforsorgen"
