"""The whole country for ten years: 100,000 enrolments, 20,000 mentors, 2,000,000 meetings.

What the small demonstration tells in stories is here only as much as there would be of it: to
measure with, and to see how lists and figures stand when there is much in them. Everything is
made up. The same seed on the same day gives the same rows; all of it is written, or none.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from django.db import transaction

from primus.demo.national.cases import draw_cases, write_cases
from primus.demo.national.loading import Loader
from primus.demo.national.meetings import write_meetings
from primus.demo.national.outcomes import write_outcomes
from primus.demo.national.people import Country
from primus.demo.seeding import Seeded, count_rows, is_seeded
from primus.demo.seeding.world import World


@dataclass(frozen=True)
class Scale:
    """How many rows there are to be; ``years`` is how far back the first referral lies."""

    enrolments: int
    mentors: int
    meetings: int
    years: int = 10


NATIONAL = Scale(enrolments=100_000, mentors=20_000, meetings=2_000_000)


def seed_national(seed: int, today: date, scale: Scale = NATIONAL) -> Seeded | None:
    """Write the country, all of it or nothing; None where a demonstration is there already."""
    with transaction.atomic():
        if is_seeded():
            return None
        world = World(today, Random(seed))  # noqa: S311 - the same each time is the point
        loader = Loader()
        country = Country(world, loader)
        country.write_office()
        country.write_mentors(scale.mentors)
        cases = draw_cases(world, country, scale)
        participants = write_cases(world, country, cases)
        country.write_steps()
        write_outcomes(world, loader, cases)
        meetings = write_meetings(world, loader, cases, scale.meetings)
        loader.finish()
    count_rows()
    return Seeded(
        participants=participants,
        enrolments=len(cases),
        mentors=len(country.mentors),
        meetings=meetings,
    )
