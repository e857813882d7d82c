"""Everything that happened to an enrolment, who did it and when: for its coordinators only.

What a mentor reads of the course of things is `mentoring.history`. Each source is a generator of
lines in a fixed number of queries; together they are sorted in memory, some hundreds of lines.
"""

from collections.abc import Callable, Iterator

from mentoring.timeline import course, pair, work
from mentoring.timeline.lines import Kind, Line
from participants.models import Enrolment

SOURCES: dict[Kind, Callable[[Enrolment], Iterator[Line]]] = {
    Kind.COURSE: course.course,
    Kind.PAIR: pair.pair,
    Kind.MEETINGS: work.meetings,
    Kind.PLAN: work.plan,
    Kind.CONCERNS: work.concerns,
    Kind.NOTES: course.notes,
    Kind.TOLD: work.told,
}


def timeline_of(enrolment: Enrolment, kind: Kind | None = None) -> list[Line]:
    """The lines of one kind, or all of them, newest first."""
    sources = [SOURCES[kind]] if kind is not None else list(SOURCES.values())
    lines = [line for source in sources for line in source(enrolment)]
    # Of one day, what comes later in the course of things stands above.
    return sorted(lines, key=lambda line: line.order)[::-1]


__all__ = ["Kind", "Line", "timeline_of"]
