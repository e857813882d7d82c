"""The counts of a trial and the sums between them.

All that could be published of a trial, by every definition, stands in one table, because a
reader has all of it before them: the arms, the groups, the outcomes, the flow, how many each
curve is of. What is not printed but follows from two figures that are (those who were only
fined: the convicted by one definition less those by another) is a cell of its own here. Which of
it is published is decided in outcomes.effects.publishing.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from outcomes.disclosure import Table
from outcomes.effects.people import EVERYBODY, FACTORS, GROUPS, Arm, Person, belongs, levels
from outcomes.recidivism import DEFINITIONS, Definition, Event, Outcome
from outcomes.trials.consort import NOT_FOLLOWED

Named = dict[tuple, frozenset[int]]


def counted(
    people: list[Person],
    flow: dict[str, Any],
    definitions: Collection[Definition],
    today: date,
) -> Table:
    """Every count of the trial, unprotected. `flow`, `definitions`: outcomes.trials.consort."""
    table = Table()
    for arm in Arm:
        of_arm = [person for person in people if person.arm == arm]
        _count_arm(table, arm, of_arm, definitions, today)
    _count_flow(table, flow)
    return table


def _count_flow(table: Table, flow: dict[str, Any]) -> None:
    """Assessed = those who could not, would not or have not yet, and those who were drawn."""
    table.total(("randomised",), [("drawn", arm) for arm in Arm])
    reasons = {str(reason): n for reason, n in flow["not_eligible"].items() if n}
    table.cells |= {("not_eligible", reason): n for reason, n in reasons.items()}
    table.total(("not_eligible",), [("not_eligible", reason) for reason in reasons])
    table.cells["declined",] = flow["declined"]
    table.cells["waiting",] = flow["undecided"] + flow["ready"]
    table.total(("assessed",), [("not_eligible",), ("declined",), ("waiting",), ("randomised",)])
    for row in flow["arms"]:
        arm = Arm.MENTORS if row["has_mentors"] else Arm.CONTROL
        table.cells["received", arm] = row["received"]
        table.cells["not_received", arm] = table.cells["drawn", arm] - row["received"]
        table.sums.append((("drawn", arm), [("received", arm), ("not_received", arm)]))


def _count_arm(
    table: Table,
    arm: Arm,
    people: list[Person],
    definitions: Collection[Definition],
    today: date,
) -> None:
    table.cells["drawn", arm] = len(people)
    named: Named = {}
    for definition in definitions:
        outcomes = [person.outcome(definition, today) for person in people]
        for group in GROUPS:
            inside = [i for i, person in enumerate(people) if belongs(person, group)]
            _count_group(table, (arm, group, definition.key), outcomes, inside, named)
        _count_reasons(table, arm, definition, outcomes)
        _count_times(table, arm, definition, people, outcomes, today, named)
        for measure in ("reoffended", "not_reoffended", "observable"):
            for factor in FACTORS:
                table.sums.append(
                    (
                        (measure, arm, EVERYBODY, definition.key),
                        [(measure, arm, group, definition.key) for group in levels(factor)],
                    )
                )
    _count_differences(table, named)


def _count_group(
    table: Table, where: tuple, outcomes: list[str], inside: Iterable[int], named: Named
) -> None:
    """The outcomes of one group of one arm by one definition: observable = new sentence + not."""
    for measure in (Outcome.REOFFENDED, Outcome.NOT_REOFFENDED):
        key = (str(measure), *where)
        named[key] = frozenset(i for i in inside if outcomes[i] == measure)
        table.cells[key] = len(named[key])
    parts = [(str(Outcome.REOFFENDED), *where), (str(Outcome.NOT_REOFFENDED), *where)]
    named["observable", *where] = named[parts[0]] | named[parts[1]]
    table.total(("observable", *where), parts)


def _count_reasons(table: Table, arm: Arm, definition: Definition, outcomes: list[str]) -> None:
    """Drawn = observable + not observable, and that by reason."""
    key, counted = definition.key, Counter(map(str, outcomes))
    table.cells |= {("reason", arm, reason, key): counted[reason] for reason in NOT_FOLLOWED}
    table.total(
        ("not_observable", arm, key), [("reason", arm, reason, key) for reason in NOT_FOLLOWED]
    )
    table.sums.append(
        (("drawn", arm), [("observable", arm, EVERYBODY, key), ("not_observable", arm, key)])
    )


def _count_times(
    table: Table,
    arm: Arm,
    definition: Definition,
    people: list[Person],
    outcomes: list[str],
    today: date,
    named: Named,
) -> None:
    """What the curve is of. It has everybody's time as far as they were followed: whoever had a
    new sentence and then died is an event of the curve, and part of no proportion."""
    key = definition.key
    where = (arm, EVERYBODY, key)
    times = [person.observed(definition, today) for person in people]
    sets: dict[str, set[int]] = {name: set() for name in ("events", "competing", "stopped")}
    for i, observed in enumerate(times):
        if observed.event == Event.REOFFENCE:
            sets["events"].add(i)
        elif observed.event == Event.COMPETING and outcomes[i] != Outcome.NOT_REOFFENDED:
            sets["competing"].add(i)
        elif observed.event is not None and outcomes[i] != Outcome.NOT_REOFFENDED:
            sets["stopped"].add(i)
    early = sets["events"] - named[(str(Outcome.REOFFENDED), *where)]
    named[("events", *where)] = frozenset(sets["events"])
    table.cells["early", arm, key] = len(early)
    table.total(("events", *where), [(str(Outcome.REOFFENDED), *where), ("early", arm, key)])
    table.cells["competing", arm, key] = len(sets["competing"])
    table.cells["stopped", arm, key] = len(sets["stopped"])
    table.total(("left", arm, key), [("competing", arm, key), ("stopped", arm, key)])
    table.total(
        ("timed", arm, key),
        [("events", *where), (str(Outcome.NOT_REOFFENDED), *where), ("left", arm, key)],
    )
    table.cells["untimed", arm, key] = table.cells["drawn", arm] - table.cells["timed", arm, key]
    table.sums.append((("drawn", arm), [("timed", arm, key), ("untimed", arm, key)]))


def _count_differences(table: Table, named: Named) -> None:
    """Where those counted by one definition are all counted by another: the others of them.

    Each group and measure by each two definitions. It is looked for in the people, and not in
    the definitions alone, since it can be so by chance too.
    """
    for key, members in named.items():
        *where, definition = key
        for other in DEFINITIONS:
            larger = (*where, other)
            if other != definition and members and members < named[larger]:
                rest = ("difference", *where, definition, other)
                table.cells[rest] = len(named[larger] - members)
                table.sums.append((larger, [key, rest]))
