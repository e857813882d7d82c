"""What every part of the seeding shares: the dice, the day it is, and how rows are written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TypeVar

from django.db import models
from django.utils import timezone

from participants.closed_days import SATURDAY, closed_reason, is_working_day
from primus.accounts.models import User

Thing = TypeVar("Thing")
BATCH = 1000


def chance_of(*about) -> Random:
    """A chance of its own, the same each time for what is the same each time: a day or a text,
    never a primary key."""
    return Random(":".join(str(one) for one in about))  # noqa: S311 - the same each time


@dataclass
class World:
    """One seeding: everything is drawn from one source of chance, on one day.

    No clock is read: the latest moment that anything carries is the evening before ``today``,
    so that the same seed on the same day gives the same rows whatever the hour.
    """

    today: date
    rng: Random
    coordinators: dict[str, User] = field(default_factory=dict)  # by municipality code

    @property
    def yesterday(self) -> date:
        return self.today - timedelta(days=1)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, things: Sequence[Thing]) -> Thing:
        return things[self.rng.randrange(len(things))]

    def weighted(self, weights: dict[Thing, float]) -> Thing:
        return self.rng.choices(list(weights), list(weights.values()))[0]

    def sample(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """So many of them in the order they had."""
        chosen = sorted(self.rng.sample(range(len(things)), min(count, len(things))))
        return [things[index] for index in chosen]

    def days(self, least: int, most: int) -> timedelta:
        return timedelta(days=self.rng.randint(least, most))

    def at(self, day: date, earliest: int = 8, latest: int = 20) -> datetime:
        """A Danish time of the day between two whole hours, on a quarter."""
        minutes = self.rng.randrange(earliest * 60, latest * 60, 15)
        moment = time(minutes // 60, minutes % 60)
        return datetime.combine(day, moment, tzinfo=timezone.get_default_timezone())

    def settled(self, moment: datetime) -> datetime:
        """The moment, or the last evening before today if it is later."""
        last = datetime.combine(
            self.yesterday, time(23, 30), tzinfo=timezone.get_default_timezone()
        )
        return min(moment, last)

    def release_day(self, first: int, last: int, *, closed: bool = False) -> date:
        """A day of release so many days from today (negative: before).

        One on which offices are open the day after too, as institutions prefer it; or on the
        contrary one that must be flagged: a holiday if there is any, else a Friday.
        """
        days = [self.today + timedelta(days=n) for n in range(first, last + 1)]
        if not closed:
            self.rng.shuffle(days)
            return next((day for day in days if closed_reason(day) is None), days[0])
        weekdays = [day for day in days if day.weekday() < SATURDAY]
        holidays = [day for day in weekdays if not is_working_day(day)]
        flagged = [day for day in days if closed_reason(day) is not None]
        return self.pick(holidays or [d for d in flagged if d in weekdays] or flagged or days)


def write(model: type[models.Model], rows: list) -> list:
    """Insert rows in batches; they have their primary keys afterwards."""
    return model._default_manager.bulk_create(rows, batch_size=BATCH)
