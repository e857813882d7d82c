"""``python -m bench.suggestions``: the best pairs for one, and for a whole waiting list at once.

Of made-up mentors in memory: what is measured is the weighing and not the database, whose part is
eight queries however many there are (see mentoring/tests/test_waiting_list.py).
"""

import os
import sys
import time
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primus.settings")
os.environ.setdefault("PRIMUS_ENV", "development")
django.setup()

# ruff: noqa: E402
from mentoring.matching.assignment import case_of, solve
from mentoring.matching.pairs import best_pairs
from mentoring.matching.people import Person, Wanted
from mentoring.models import Criterion
from participants.models import GenderWish, SupportArea
from participants.timeslots import TimeSlot

MENTORS, WAITING, SHOWN = 500, 60, 8
# Seconds, as the best of some rounds: another process may be at it too.
BUDGETS = {"pairs for one": 1.0, "pairs for 60 at once": 60.0}
ROUNDS = 3
HERE = "0751"
POSTCODES = ["8000", "8200", "8210", "8220", "8230", "8240", "8260", "8300", "8660", "8700"]


def some(chance: Random, values, most: int) -> frozenset[str]:
    return frozenset(chance.sample(list(values), chance.randint(0, most)))


def mentor(chance: Random, number: int) -> Person:
    capacity = chance.randint(1, 4)
    return Person(
        number,
        HERE,
        name=f"Mentor {number:03}",
        first_name=f"Mentor {number:03}",
        load=chance.randint(0, capacity - 1),
        capacity=capacity,
        gender=chance.choice(["female", "male"]),
        languages=frozenset({"da"}) | some(chance, ["en", "so", "ar"], 2),
        postcode=chance.choice(POSTCODES),
        times=some(chance, TimeSlot.values, 3),
        areas=some(chance, SupportArea.values, 3),
        trade=chance.choice(["", "construction", "it"]),
        followed=chance.randint(0, 3),
    )


def wish(chance: Random, number: int) -> Wanted:
    return Wanted(
        number,
        HERE,
        languages=("da", chance.choice(["so", "ar", "en"])),
        gender_wish=chance.choice([GenderWish.ANY, GenderWish.ANY, GenderWish.FEMALE]),
        trade=chance.choice(["", "construction"]),
        needs=tuple((area, chance.randint(1, 5)) for area in SupportArea.values),
        times=some(chance, TimeSlot.values, 2),
        visiting_times=frozenset({"weekend_day"}),
        is_inside=True,
        institution_postcode="8700",
        postcode=chance.choice(POSTCODES),
        area=frozenset({HERE}),
    )


def report() -> int:
    """Print a line for each; the number of those over budget."""
    chance = Random(2027)
    mentors = [mentor(chance, number) for number in range(1, MENTORS + 1)]
    wishes = [wish(chance, number) for number in range(1, WAITING + 1)]
    weighed = dict.fromkeys(Criterion.values, 5)

    def for_one() -> None:
        best_pairs(wishes[0], mentors, weighed, SHOWN)

    def for_all() -> None:
        solve([case_of(one, mentors, weighed) for one in wishes], mentors)

    broken = 0
    print(f"\n{'suggestions among 500 mentors':<32}{'seconds':>8}{'budget':>8}")
    for (name, budget), do in zip(BUDGETS.items(), (for_one, for_all), strict=True):
        took = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            do()
            took.append(time.perf_counter() - start)
        over = min(took) > budget
        broken += over
        print(f"{name:<32}{min(took):>8.2f}{budget:>8.1f}{'  over' if over else ''}")
    return broken


if __name__ == "__main__":
    sys.exit(1 if report() else 0)
