"""Mentors who may be given somebody today, and how many more they can follow."""

from datetime import date

from mentoring.models import Mentor
from outcomes.counting.cells import Counted

STREAM = 5000


def count_mentors(counted: Counted, today: date) -> None:
    rows = (
        Mentor.objects.active()
        .cleared(today)
        .with_load(today)
        .order_by()
        .values_list("municipality", "capacity", "load")
    )
    for municipality, capacity, load in rows.iterator(chunk_size=STREAM):
        mentors = counted.mentors[municipality]
        free = max(capacity - load, 0)
        mentors.places += capacity
        mentors.places_free += free
        if free:
            mentors.with_room += 1
        else:
            mentors.full += 1
