"""What a worklist is, whom it looks through, and what a row of it says."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from mentoring.models import Accompaniment, Clearance, Concern, Mentor, Seat
from mentoring.next_steps import Action
from mentoring.querysets import lasts_beyond
from participants.models import Enrolment, Municipality
from primus.accounts.models import User

Text = str | Promise


class Tone(StrEnum):
    """How soon: today, in the coming days, or when there is time."""

    NOW = "now"
    SOON = "soon"
    PLAN = "plan"


@dataclass(frozen=True)
class Scope:
    """What a coordinator looks through: all they may see, one of their municipalities, or their
    own alone (the enrolments they answer for, and the mentors who follow these)."""

    user: User
    municipality: Municipality | None = None
    own: bool = False
    today: date = field(default_factory=timezone.localdate)

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def _chosen(self) -> QuerySet[Enrolment]:
        found = Enrolment.objects.visible_to(self.user)
        if self.municipality is not None:
            found = found.filter(municipality=self.municipality)
        if self.own:
            found = found.filter(coordinator__user=self.user)
        return found

    def enrolments(self) -> QuerySet[Enrolment]:
        """Those that have not ended."""
        return self._chosen().filter(lasts_beyond(self.today, "ended_on"))

    def concerns(self) -> QuerySet[Concern]:
        """About anybody: one about an enrolment that has ended needs its answer too."""
        return Concern.objects.visible_to(self.user).filter(enrolment__in=self._chosen())

    def accompaniments(self) -> QuerySet[Accompaniment]:
        return Accompaniment.objects.filter(meeting__enrolment__in=self.enrolments())

    def mentors(self) -> QuerySet[Mentor]:
        found = Mentor.objects.visible_to(self.user)
        if self.municipality is not None:
            found = found.filter(municipality=self.municipality)
        if self.own:
            follow = Seat.objects.held(self.today).filter(pair__enrolment__in=self._chosen())
            found = found.filter(pk__in=follow.values("mentor"))
        return found

    def clearances(self) -> QuerySet[Clearance]:
        found = Clearance.objects.visible_to(self.user)
        return found.filter(mentor__in=self.mentors())


@dataclass(frozen=True)
class Row:
    """One line: who, why and since when in words, and what to do.

    ``warning`` stands after the first reason and is amber, ``danger`` before it and is red;
    ``is_near`` reddens the time; ``more`` leads to what the line has no room for.
    """

    name: str
    url: str
    reasons: list
    when: Text
    action: Action
    then: Text = ""
    warning: Text = ""
    danger: Text = ""
    is_near: bool = False
    more: Action | None = None
    places: list = field(default_factory=list)


@dataclass(frozen=True)
class Worklist:
    """One list of the desk.

    `name` stands in addresses. `find` gives the rows that belong on it, in order, each with
    ``since``: the day it is counted from, and `of` is what they are. `row` says one in words;
    `attach` gives the enrolments that are shown what `row` needs beside their seats, in a fixed
    number of queries.
    """

    name: str
    title: Text
    short: Text
    why: Text
    in_order: Text
    tone: Tone
    find: Callable[[Scope], QuerySet]
    row: Callable[..., Row]
    of: type[Model] = Enrolment
    attach: Callable[[list], None] | None = None
    is_tall: bool = False

    def __hash__(self) -> int:
        return hash(self.name)


def of_enrolment(enrolment: Enrolment, **said) -> Row:
    """A row about an enrolment: its participant, its seats, and what is said of it."""
    return Row(
        name=enrolment.participant.get_full_name(),
        url=reverse("enrolment", args=[enrolment.pk]),
        places=enrolment.places,
        **said,
    )
