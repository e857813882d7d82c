"""How needs were rated at each stage, of those who have been released."""

from collections import Counter, defaultdict

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from outcomes.counting.cells import (
    DUE_MONTH,
    FIRST_STAGE,
    LAST_STAGE,
    STAGES,
    Rated,
    Released,
)
from outcomes.counting.listed import Listed
from participants.models import NeedRating, SupportArea

# An area and a stage, as they stand in a text of `ratings_given`, and the month it is due.
CELLS = {
    f"{area} {stage}": (str(area), str(stage), DUE_MONTH.get(stage, 0))
    for area in SupportArea
    for stage in STAGES
}
ENDS = [(str(area), f"{area} {FIRST_STAGE}", f"{area} {LAST_STAGE}") for area in SupportArea]


def ratings_given() -> dict[int, str]:
    """Every rating as "area stage=rating", nothing after the sign for no need, by the
    enrolment's key."""
    rating = Concat(
        "area",
        Value(" "),
        "stage",
        Value("="),
        Cast("rating", CharField()),
        output_field=CharField(),
    )
    return dict(
        NeedRating.objects.order_by().values_list("enrolment").annotate(ratings=Listed(rating))
    )


class Ratings:
    """Gathers how those released in a year were rated, by how many months are over since."""

    def __init__(self) -> None:
        self._given = ratings_given()
        self._found: dict[tuple[str, int], defaultdict[int, Counter[str]]] = {}

    def add(self, released: Released, key: tuple[str, int], enrolment: int, over: int) -> None:
        """Count one person in, of whom so many of MONTHS_OVER are over."""
        given = self._given.pop(enrolment, "")
        if not given:
            return
        ratings = given.split(",")
        self._found.setdefault(key, defaultdict(Counter))[over].update(ratings)
        if over >= DUE_MONTH[LAST_STAGE]:
            rated = dict(rating.split("=") for rating in ratings)
            for area, first, last in ENDS:
                before, after = rated.get(first), rated.get(last)
                if before and after:
                    released.change[area].add(int(after) - int(before))

    def count(self, released: dict[tuple[str, int], Released]) -> None:
        """Put down what was gathered. A rating counts from the day that its stage is due."""
        for key, cell in released.items():
            _count_nobody_as_rated(cell)
            for over, ratings in self._found.get(key, {}).items():
                for text, people in ratings.items():
                    _count_rated(cell, text, people, over)


def _count_rated(cell: Released, text: str, people: int, over: int) -> None:
    name, _, rating = text.partition("=")
    if name not in CELLS:
        return
    area, stage, due = CELLS[name]
    if due > over:
        return
    cell.needs[area, stage, str(Rated.MISSING)] -= people
    cell.needs[area, stage, str(Rated.RATED if rating else Rated.NO_NEED)] += people
    if rating:
        cell.ratings[area, stage].add(int(rating), people)


def _count_nobody_as_rated(released: Released) -> None:
    """Everybody is missing at every stage that is due, until they are found."""
    for stage in STAGES:
        month = DUE_MONTH.get(stage, 0)
        due = sum(n for (over, _contact), n in released.time.items() if over >= month)
        for area in SupportArea.values:
            released.needs[area, str(stage), str(Rated.MISSING)] = due
            released.needs[area, str(stage), str(Rated.EARLY)] = released.people - due
