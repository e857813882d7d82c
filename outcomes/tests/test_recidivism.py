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
            RELEASED,
            register and day(register),
            died and day(died),
            emigrated and day(emigrated),
            tuple(found),
        ),
        st.none() | st.integers(1, 2000),
        st.none() | st.integers(1, 1500),
        st.none() | st.integers(1, 1500),
        offences,
    ),
    max_size=8,
)


@given(histories, st.sampled_from(sorted(DEFINITIONS)))
@settings(deadline=None)
def test_everybody_is_counted_once_and_nobody_unobservable_as_a_success(known, key):
    definition = DEFINITIONS[key]
    counts = count(known, LONG_AFTER, definition)
    assert sum(counts.values()) == len(known)

    def gone(one):
        return any(
            left is not None and left < day(definition.window)
            for left in (one.died_on, one.emigrated_on)
        )

    followed = [
        one
        for one in known
        if one.register_date is not None
        and one.register_date >= day(definition.window + definition.wait)
        and not gone(one)
    ]
    again = [
        one
        for one in followed
        if any(
            day(0) <= o.offence_on <= day(definition.window)
            and o.convicted_on <= day(definition.window + definition.wait)
            and o.sanction in definition.sanctions
            for o in one.offences
        )
    ]
    assert sum(counts[outcome] for outcome in OBSERVABLE) == len(followed)
    assert counts[Outcome.REOFFENDED] == len(again)


def test_the_default_is_the_prison_services():
    assert DEFAULT.key == "kriminalforsorgen"
