"""About how far it is from one postcode to another (see mentoring/data/README.md)."""

import csv
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "postcodes.csv"
EARTH_KM = 6371.0
HUNDRED = 100


@cache
def _places() -> dict[int, tuple[float, float]]:
    """Latitude and longitude in radians by postcode."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return {
            int(row["postcode"]): (
                radians(float(row["latitude"])),
                radians(float(row["longitude"])),
            )
            for row in csv.DictReader(file)
        }


@cache
def _nearest(postcode: str) -> tuple[float, float] | None:
    """Where a postcode lies: itself, or the nearest number of its own hundred; else None."""
    if not postcode.isdigit():
        return None
    number = int(postcode)
    # København K, V and Frederiksberg C have a number for each street.
    reach = range(1000, 2000) if 1000 <= number < 2000 else range(0)
    hundred = number // HUNDRED
    near = [n for n in _places() if n // HUNDRED == hundred or (n in reach and n <= number)]
    if not near:
        return None
    return _places()[min(near, key=lambda n: (abs(n - number), n))]


@cache
def kilometres(one: str, other: str) -> int | None:
    """As the crow flies, in whole kilometres; None where either place is not known.

    The haversine formula (Sinnott 1984). Roughly right: a place is a town, not an address.
    """
    here, there = _nearest(one), _nearest(other)
    if here is None or there is None:
        return None
    half = sin((there[0] - here[0]) / 2) ** 2
    half += cos(here[0]) * cos(there[0]) * sin((there[1] - here[1]) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(half)))
