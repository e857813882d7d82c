"""The figures of the dashboards, counted for every municipality and year in one pass.

A fixed number of questions to the database, whatever the number of municipalities and years. What
comes out is unprotected and never stored: outcomes.snapshots protects it first.
"""

from datetime import date

from outcomes.counting.cells import (
    FURTHEST,
    MONTHS,
    STAGES,
    STEPS,
    Cell,
    Contact,
    Counted,
    Crime,
    Mentors,
    Moments,
    Now,
    Onward,
    Rated,
    Referred,
    Released,
    Seats,
    Step,
    Waited,
    YearCrime,
)

__all__ = [
    "FURTHEST",
    "MONTHS",
    "STAGES",
    "STEPS",
    "Cell",
    "Contact",
    "Counted",
    "Crime",
    "Mentors",
    "Moments",
    "Now",
    "Onward",
    "Rated",
    "Referred",
    "Released",
    "Seats",
    "Step",
    "Waited",
    "YearCrime",
    "count_all",
]


def count_all(today: date) -> Counted:
    """Everything that the dashboards show, as it is."""
    # What asks the database is imported where it is asked: pages read only the words above.
    from outcomes.counting.enrolments import count_enrolments
    from outcomes.counting.mentors import count_mentors

    counted = Counted()
    count_enrolments(counted, today)
    count_mentors(counted, today)
    return counted
