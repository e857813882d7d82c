"""Disclosure control: what may leave when a few people could be recognised in a figure.

A count of 1–4 people is never shown; 0 is. Where sums are shown beside their parts, further
cells are withheld until nobody can work out a hidden count from what is left. Everything that
leaves (pages, charts, files) is made of counts that have been through here:

* `protect`: a table of a few dozen counts and their sums, searched exactly (tables.py);
* `Grid` and `Division`: many tables of places and years, linked by their sums (grid.py,
  moves.py, division.py);
* `monthly_grid`: a curve over time (curves.py).
"""

from outcomes.disclosure.curves import month_day, monthly_grid
from outcomes.disclosure.division import Division
from outcomes.disclosure.grid import ALL, COUNTRY, Grid, Node, protect_people
from outcomes.disclosure.tables import Table, protect
from outcomes.disclosure.words import LIMIT, SMALL, WITHHELD, Key, Shown, is_small

__all__ = [
    "ALL",
    "COUNTRY",
    "LIMIT",
    "SMALL",
    "WITHHELD",
    "Division",
    "Grid",
    "Key",
    "Node",
    "Shown",
    "Table",
    "is_small",
    "month_day",
    "monthly_grid",
    "protect",
    "protect_people",
]
