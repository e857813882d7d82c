"""The meetings of one enrolment as they are listed: what is shown of each, and how one is found."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from mentoring.models import (
    Attendance,
    Meeting,
    MeetingAddition,
    MeetingArea,
    MeetingState,
    MeetingVersion,
)
from mentoring.overview import MeetingSeen, names_of
from primus.search import holds_words, words_of


def as_listed(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With all that is shown of each, in four queries; ``corrected_at`` is when it last was."""
    versions = MeetingVersion.objects.filter(meeting=OuterRef("pk")).order_by("-replaced_at")
    return (
        meetings.select_related("accompaniment", "logged_by")
        .prefetch_related(
            Prefetch("attendances", Attendance.objects.select_related("mentor__user")),
            "areas",
            Prefetch("additions", MeetingAddition.objects.select_related("written_by")),
        )
        .annotate(corrected_at=Subquery(versions.values("replaced_at")[:1]))
    )


def dress(meetings: Iterable[Meeting], reader) -> list[Meeting]:
    """Give each ``who`` (as the reader says it) and ``companion`` (an accompaniment or None)."""
    meetings = list(meetings)
    for meeting in meetings:
        meeting.who = names_of(meeting, reader)
        meeting.companion = getattr(meeting, "accompaniment", None)
    return meetings


# Where the words of a meeting stand, beside the lines of its areas and what was added to it.
TEXTS = (
    "note",
    "next_step",
    "accompaniment__purpose",
    "accompaniment__outcome",
    "accompaniment__follow_up",
)


def holding(meetings: QuerySet[Meeting], text: str) -> QuerySet[Meeting]:
    """Those in which each of the words stands somewhere: in the note, the next step, the line of
    an area, what a companion noted, or what was added."""
    found = Q()
    for word in words_of(text):
        inside = holds_words(word, "text")
        found &= (
            holds_words(word, *TEXTS)
            # Not by a join: each word may stand in another of several lines.
            | Q(Exists(MeetingArea.objects.filter(inside, meeting=OuterRef("pk"))))
            | Q(Exists(MeetingAddition.objects.filter(inside, meeting=OuterRef("pk"))))
        )
    return meetings.filter(found)


def about(meetings: QuerySet[Meeting], area: str) -> QuerySet[Meeting]:
    """Those that touched the area."""
    return meetings.filter(Exists(MeetingArea.objects.filter(area=area, meeting=OuterRef("pk"))))


def counted(meetings: Iterable[Meeting | MeetingSeen]) -> dict[str, int]:
    """How many there are, and how many of them were held."""
    states = [meeting.state for meeting in meetings]
    return {
        "meetings_total": len(states),
        "meetings_held": states.count(MeetingState.HELD),
    }
