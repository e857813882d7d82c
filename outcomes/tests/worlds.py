"""Counted figures at random, as small and uneven as those that need protection, and their truth."""

import random

from outcomes.counting import FURTHEST, Counted, Moments
from outcomes.counting.cells import MONTHS_OVER
from outcomes.tests.attack import AREAS, DUE, STEPS, Cell

MONTHS = {"n3": 3, "n6": 6, "n12": 12}


def at_random(seed: int, places: int = 4, years: int = 3, most: int = 30) -> Counted:
    """A few municipalities, some of them tiny, and a few years."""
    chance = random.Random(seed)
    counted = Counted()
    for number in range(places):
        code = f"{number + 1:04d}"
        size = chance.choice([2, 6, most])
        mentors = counted.mentors[code]
        mentors.with_room, mentors.full = chance.randint(0, size), chance.randint(0, size)
        for year in range(2030 - years, 2030):
            age = 2030 - year
            _refer(chance, counted, code, year, chance.randint(0, size))
            _release(chance, counted, code, year, chance.randint(0, size), age)
    return counted


def _refer(chance, counted: Counted, code: str, year: int, people: int) -> None:
    if not people:
        return
    cell, now = counted.referred[code, year], counted.now[code]
    cell.people = people
    for _ in range(people):
        furthest = chance.choices(FURTHEST, [chance.choice([0, 1, 4]) for _ in FURTHEST[1:]] + [9])
        (step, onward), waited = furthest[0], "none"
        if step not in ("referred", "consented"):
            waited = chance.choice(["within", "within", "later"])
            cell.days[chance.randint(1, 60)] += 1
        cell.flow[(step, onward), waited] += 1
        if onward == "pending":
            now.phases[chance.choice(["upcoming", "pre_release", "post_release"])] += 1
            now.seats[chance.choice(["two", "two", "two", "vacant", "none"])] += 1
        else:
            now.ended += 1


def _release(chance, counted: Counted, code: str, year: int, people: int, age: int) -> None:
    if not people:
        return
    cell = counted.released[code, year]
    cell.people = people
    rated_first: dict[str, list[bool]] = {area: [] for area in AREAS}
    for _ in range(people):
        over = chance.choice([0, *MONTHS_OVER]) if age == 1 else 12
        contact = "early" if not over else chance.choice(["within", "within", "not"])
        cell.time[over, contact] += 1
        cell.without_two += chance.random() < 0.1
        _offend(chance, cell, age)
        for area in AREAS:
            firsts = ["rated"] * 6 + ["no_need", "missing"]
            first = chance.choice(firsts)
            for stage, whole in DUE.items():
                how = first if stage == "start" else chance.choice(firsts)
                if over < MONTHS.get(whole, 0):
                    how = "early"
                cell.needs[area, stage, how] += 1
                if how == "rated":
                    cell.ratings[area, stage].add(chance.randint(1, 5))
                if stage == "month_12" and how == first == "rated":
                    cell.change[area].add(chance.randint(-2, 3))
            rated_first[area].append(first == "rated")


def _offend(chance, cell, age: int) -> None:
    if age < 2 or chance.random() < 0.1:
        is_early = age == 2 and chance.random() < 0.5
        cell.crime["unknown", chance.choice(["none", "reoffended"]) if is_early else "unknown"] += 1
        cell.reasons[chance.choice(["too_early", "too_early", "died"])] += 1
        return
    crime = chance.choice(["krus", "kriminalforsorgen", "dst", "none", "none", "none"])
    cell.crime[crime, "none" if crime == "none" else chance.choice(["none", "reoffended"])] += 1


def truth(counted: Counted) -> dict[Cell, int]:
    """What every cell that an attacker may aim at really is."""
    found: dict[Cell, int] = {}

    def add(code: str, period: str, what: str, n: int) -> None:
        for place in ("", code):
            for when in {"", period}:
                found[place, when, what] = found.get((place, when, what), 0) + n

    for (code, year), cell in counted.referred.items():
        for ((step, onward), waited), n in cell.flow.items():
            for reached in STEPS[: STEPS.index(step) + 1]:
                add(code, str(year), reached, n)
            if onward:
                add(code, str(year), f"{step}-{onward}", n)
            if waited == "none" and onward == "pending":
                add(code, str(year), "waiting", n)
            if waited == "within":
                add(code, str(year), "within", n)
    for (code, year), cell in counted.released.items():
        add(code, str(year), "people", cell.people)
        add(code, str(year), "without", cell.without_two)
        for (over, contact), n in cell.time.items():
            for month in MONTHS_OVER:
                add(code, str(year), f"n{month}", n if over >= month else 0)
            for month in (1, 12):
                is_met = over >= month and contact == "within"
                add(code, str(year), f"contact-{month}", n if is_met else 0)
        for (crime, in_a_year), n in cell.crime.items():
            definitions = ("krus", "kriminalforsorgen", "dst")
            if crime in definitions:
                for name in definitions[definitions.index(crime) :]:
                    add(code, str(year), name, n)
            add(code, str(year), "unknown-two" if crime == "unknown" else "of-two", n)
            add(code, str(year), "unknown-year" if in_a_year == "unknown" else "of-year", n)
            add(code, str(year), "jdl", n if in_a_year == "reoffended" else 0)
        for (area, stage, how), n in cell.needs.items():
            if how != "early":
                add(code, str(year), f"{area}-{stage}-{'n' if how == 'rated' else how}", n)
        for area, moments in cell.change.items():
            add(code, str(year), f"{area}-change", moments.n)
        for reason, n in cell.reasons.items():
            for when in ("", str(year)):
                at = "", when, f"reason-{reason}"
                found[at] = found.get(at, 0) + n
    for code, now in counted.now.items():
        for name, n in now.phases.items():
            add(code, "", f"phase-{name}", n)
        for name, n in now.seats.items():
            add(code, "", f"seats-{name}", n)
        add(code, "", "under_way", now.phases.total())
        add(code, "", "ended", now.ended)
    for code, mentors in counted.mentors.items():
        add(code, "", "with_room", mentors.with_room)
        add(code, "", "mentors", mentors.with_room + mentors.full)
    return found


__all__ = ["Moments", "at_random", "truth"]
