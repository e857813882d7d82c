"""Everything that is published is given to an attacker, who must not work out a hidden number."""

import json
from datetime import date

import pytest

from outcomes.composing import Composer
from outcomes.disclosure import LIMIT, Division
from outcomes.protecting import protect_all
from outcomes.snapshots import compose_all
from outcomes.tests.attack import Attack
from outcomes.tests.worlds import at_random, truth

TODAY = date(2029, 12, 31)


def dashboards(counted) -> list[tuple[str, dict]]:
    """What is stored of all places and years, as it is stored."""
    names = {code: code for code in counted.codes}
    composer = Composer(counted, protect_all(counted), TODAY)
    return [
        (code or "", json.loads(json.dumps(figures)))
        for code, some in compose_all(composer, names)
        for figures in some
    ]


def attacked(counted) -> tuple[list, Attack]:
    years = sorted({str(year) for _code, year in (*counted.referred, *counted.released)})
    attack = Attack(dashboards(counted), counted.codes, years)
    return attack.recovered(truth(counted)), attack


@pytest.mark.parametrize(("seed", "most"), [(0, 30), (4, 150)])
def test_no_hidden_number_follows_from_all_dashboards_together(seed, most):
    recovered, attack = attacked(at_random(seed, most=most))
    assert len(attack.hidden) > 100
    assert recovered == []


def test_the_attacker_is_worth_withstanding(monkeypatch):
    """With small counts hidden, and nothing else, much follows. So does who was counted by one
    definition and not by the next, though every number that is shown is a large one."""
    counted = at_random(5, places=2, years=1, most=15)
    cell = max(counted.released.values(), key=lambda cell: cell.people)
    (code, year) = next(key for key, one in counted.released.items() if one is cell)
    assert cell.people >= 12
    cell.reasons.clear()
    cell.crime.clear()
    cell.crime["kriminalforsorgen", "reoffended"] = 5
    cell.crime["dst", "reoffended"] = 1
    cell.crime["none", "none"] = cell.people - 6
    assert attacked(counted)[0] == []
    monkeypatch.setattr(Division, "protect", lambda division: division)
    recovered, _attack = attacked(counted)
    assert (code, str(year), "only-dst") in recovered
    assert any(what.startswith("housing-") for _place, _period, what in recovered)


def test_counts_of_1_to_4_are_never_written():
    """Whatever is written as a number of people is 0 or at least 5."""
    for _place, figures in dashboards(at_random(5)):
        for path, value in walk(figures):
            if path[-1] in COUNTS or "reasons" in path or path[-2:-1] in (("phases",), ("seats",)):
                assert value in ("small", "withheld") or value == 0 or value >= LIMIT, path


COUNTS = {
    "n",
    "of",
    "dropped",
    "pending",
    "waiting",
    "missing",
    "no_need",
    "not_observable",
    "released",
    "under_way",
    "ended",
    "active",
    "with_room",
}


def walk(value, path=()):
    if isinstance(value, dict):
        for name, part in value.items():
            yield from walk(part, (*path, name))
    elif isinstance(value, list):
        for part in value:
            yield from walk(part, path)
    elif value is not None:
        yield path, value
