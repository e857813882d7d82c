"""Searching across participants, mentors and meetings, among what the user may see."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from mentoring.directory import directory
from mentoring.meeting_list import TEXTS
from mentoring.models import Meeting, MeetingAddition, MeetingArea, Mentor, MentorState
from participants.models import Enrolment, Municipality, Participant
from primus.accounts.models import User
from primus.search import Names, holds_words, spelt, words_of

# How many are shown of each kind, and among how many of the likest they are chosen.
SHOWN = 20
RANKED = 300
# Meetings are looked for in so many enrolments at most, current ones first: more than three
# municipalities have. Who has more is told, and offered one municipality at a time.
ENROLMENTS_AT_MOST = 5_000
# So many meetings or fewer are named one by one in the question for the next word.
NAMED_AT_MOST = 1_000

# What is shown of a text around the words that were found.
AROUND = 80
PASSAGES_AT_MOST = 3


@dataclass
class Passage:
    """Where words were found in a meeting: the area whose line it is (or none), and the text."""

    area: str
    text: str


@dataclass
class Found:
    """What one search found: at most SHOWN of each kind, and whether there are more."""

    enrolments: list[Enrolment] = field(default_factory=list)
    mentors: list[Mentor] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    more_enrolments: bool = False
    more_mentors: bool = False
    more_meetings: bool = False
    # Whether meetings were looked for in only some of the enrolments.
    only_latest: bool = False

    @property
    def everything(self) -> list:
        return [*self.enrolments, *self.mentors, *self.meetings]


def case_meant(user, text: str) -> Enrolment | None:
    """The enrolment that a whole case number («P-00042») leads to, if the user may see it."""
    number = Enrolment.case_number_in(text)
    if number is None or not text.strip().lower().startswith("p"):
        return None
    return Enrolment.objects.visible_to(user).filter(pk=number).first()


def search(user, text: str, municipality: Municipality | None = None) -> Found:
    """Participants and mentors by name, in any spelling, the likest first; and the meetings in
    which all of the words stand, newest first. A number is also the number of a case."""
    found = Found()
    if not words_of(text):
        return found
    where = Q(municipality=municipality) if municipality else Q()
    enrolments = Enrolment.objects.visible_to(user).filter(where)
    found.enrolments, found.more_enrolments = _by_name(
        enrolments.with_phase().select_related("participant", "municipality", "institution"),
        Names(Participant.objects.all(), text, "first_name", "last_name"),
        "participant",
        Enrolment.case_number_in(text),
        F("ended_on").desc(nulls_first=True),
        "-referred_on",
        "-pk",
    )
    has_left = Case(When(state=MentorState.LEFT, then=1), default=0)
    found.mentors, found.more_mentors = _by_name(
        directory(user).filter(where),
        Names(User.objects, text, "first_name", "last_name"),
        "user",
        None,
        has_left,
        *(Mentor._meta.ordering or ()),
    )
    latest = enrolments.order_by(F("ended_on").desc(nulls_first=True), "-pk")
    numbers = list(latest.values_list("pk", flat=True)[: ENROLMENTS_AT_MOST + 1])
    found.only_latest = len(numbers) > ENROLMENTS_AT_MOST
    newest = nlargest(SHOWN + 1, _meetings_with(words_of(text), numbers[:ENROLMENTS_AT_MOST]))
    found.more_meetings = len(newest) > SHOWN
    found.meetings = _shown(user, [pk for _, pk in newest[:SHOWN]], words_of(text))
    return found


def _by_name(rows: QuerySet, names: Names, person: str, number: int | None, *order):
    """The likest of the rows whose `person` is meant, and whether there are more."""
    prefix = f"{person}__"
    meant, exactly = names.meant(prefix), names.meant(prefix, exactly=True)
    if number is not None:
        meant, exactly = meant | Q(pk=number), exactly | Q(pk=number)
    rank = Case(When(exactly, then=Value(0)), default=Value(1), output_field=IntegerField())
    near = list(rows.filter(meant).order_by(rank, *order)[: RANKED + 1])

    def unlike(row) -> float:
        who = getattr(row, person)
        return -2.0 if row.pk == number else -names.likeness(who.first_name, who.last_name)

    # Of those that are equally like, the order is as the database gave it.
    near.sort(key=unlike)
    return near[:SHOWN], len(near) > SHOWN


def _meetings_with(words: list[str], enrolments: list[int]) -> Iterable[tuple[str, int]]:
    """The meetings of the enrolments in which all of the words stand: time (as it sorts in the
    database, unread) and number.

    A word may stand in the note and the next in an area's line, so each is looked for in every
    place; the longest first, since it leaves the fewest.
    """
    left: dict[int, str] | None = None
    for word in sorted(words, key=len, reverse=True):
        # Asked for by enrolment while there are many, since that is what meetings are found by.
        few = left if left is not None and len(left) <= NAMED_AT_MOST else None
        holding: dict[int, str] = {}
        for model, meeting in (
            (Meeting, ""),
            (MeetingArea, "meeting"),
            (MeetingAddition, "meeting"),
        ):
            holding.update(_holding(model, meeting, word, enrolments, few))
        left = holding if left is None else {k: at for k, at in left.items() if k in holding}
        if not left:
            break
    return ((at, number) for number, at in (left or {}).items())


def _holding(model, meeting: str, word: str, enrolments: list[int], few) -> QuerySet:
    """The meetings with the word in their own texts, or in their lines of one kind.

    Lines are counted for each meeting and not filtered: so the database goes from the enrolments
    to their lines, and not through all the lines there are.
    """
    before = f"{meeting}__" if meeting else ""
    rows = model.objects.order_by().annotate(at=Cast(f"{before}happened_at", TextField()))
    if few is None:
        rows = rows.filter(**{f"{before}enrolment__in": enrolments})
    else:
        rows = rows.filter(**{f"{meeting or 'pk'}__in": list(few)})
    if not meeting:
        return rows.filter(holds_words(word, *TEXTS)).values_list("pk", "at")
    times = Count("pk", filter=holds_words(word, "text"))
    counted = rows.values(meeting, "at").annotate(times=times)
    return counted.filter(times__gt=0).values_list(meeting, "at")


def _shown(user, numbers: list[int], words: list[str]) -> list[Meeting]:
    """The meetings with their ``passages``, newest first."""
    # What is given to each here, the model does not know of.
    meetings: list[Any] = list(
        Meeting.objects.visible_to(user)
        .filter(pk__in=numbers)
        .select_related("enrolment__participant", "accompaniment")
        .prefetch_related("areas", "additions")
        .order_by("-happened_at", "-pk")
    )
    for meeting in meetings:
        meeting.passages = _passages(meeting, words)
    return meetings


def _passages(meeting: Meeting, words: list[str]) -> list[Passage]:
    companion = getattr(meeting, "accompaniment", None)
    texts = [("", meeting.note)]
    texts += [(line.area, line.text) for line in meeting.areas.all()]
    if companion:
        texts += [("", companion.purpose), ("", companion.outcome), ("", companion.follow_up)]
    texts += [("", meeting.next_step)]
    texts += [("", addition.text) for addition in meeting.additions.all()]
    pattern = re.compile("|".join(spelt(word) for word in words), re.IGNORECASE)
    found = [
        Passage(area, _excerpt(text, place.start(), place.end()))
        for area, text in texts
        if (place := pattern.search(text))
    ]
    return found[:PASSAGES_AT_MOST]


def _excerpt(text: str, start: int, end: int) -> str:
    """What stands around a place in a text, in one line, cut between words where it can be."""
    first = max(0, start - AROUND)
    last = min(len(text), end + AROUND)
    if first:
        gap = text.find(" ", first, start)
        first = gap + 1 if gap >= 0 else first
    if last < len(text):
        gap = text.rfind(" ", end, last)
        last = gap if gap >= 0 else last
    inside = " ".join(text[first:last].split())
    return f"{'… ' if first else ''}{inside}{' …' if last < len(text) else ''}"
