"""What is said of one meeting, wherever it is said: in a form, in the database, in an earlier
version. One shape for all three, so that they can be compared and shown alike."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from mentoring.models import Accompaniment, Attendance, Meeting, MeetingArea

MEETING_FIELDS = (
    "state",
    "happened_at",
    "mode",
    "not_held_reason",
    "duration_minutes",
    "transport_km",
    "is_rescheduled",
    "note",
    "next_step",
    "next_step_on",
)
ACCOMPANIMENT_FIELDS = ("authority", "purpose", "outcome", "follow_up", "follow_up_on")
# What a form asks beside the meeting itself: it is done once, when the meeting is logged.
DONE_ONCE = ("goals_reached", "goals_moved", "concern")


@dataclass(frozen=True)
class ConcernEntry:
    """What the mentor wants the coordinator to know now."""

    text: str
    urgency: str
    topic: str


@dataclass(frozen=True)
class MeetingEntry:
    """What one filled form says. Dates and times are Danish; texts are kept as they were typed.

    ``goals_reached`` and ``goals_moved`` hold primary keys of goals, the latter with the day each
    is now due.
    """

    state: str
    happened_at: datetime
    mode: str = ""
    not_held_reason: str = ""
    duration_minutes: int | None = None
    transport_km: int | None = None
    is_rescheduled: bool | None = None
    note: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    mentor_ids: tuple[int, ...] = ()
    areas: dict[str, str] = field(default_factory=dict)
    authority: str = ""
    purpose: str = ""
    outcome: str = ""
    follow_up: str = ""
    follow_up_on: date | None = None
    goals_reached: tuple[int, ...] = ()
    goals_moved: dict[int, date] = field(default_factory=dict)
    concern: ConcernEntry | None = None

    def meeting_fields(self) -> dict:
        """The values of the meeting's own row."""
        return {name: getattr(self, name) for name in MEETING_FIELDS}

    def accompaniment_fields(self) -> dict:
        return {name: getattr(self, name) for name in ACCOMPANIMENT_FIELDS}

    def as_content(self) -> dict:
        """The meeting itself as JSON can hold it, for a version."""
        content = {k: v for k, v in asdict(self).items() if k not in DONE_ONCE}
        content["happened_at"] = self.happened_at.isoformat()
        content["mentor_ids"] = list(self.mentor_ids)
        for name in ("next_step_on", "follow_up_on"):
            if content[name]:
                content[name] = content[name].isoformat()
        return content


def entry_from(content: dict) -> MeetingEntry:
    """What a version says; the way back from ``as_content``."""
    values = dict(content)
    values["happened_at"] = datetime.fromisoformat(values["happened_at"])
    values["mentor_ids"] = tuple(values.get("mentor_ids", ()))
    for name in ("next_step_on", "follow_up_on"):
        if values.get(name):
            values[name] = date.fromisoformat(values[name])
    return MeetingEntry(**values)


def entry_of(meeting: Meeting) -> MeetingEntry:
    """What a meeting says now: three queries, fewer where its parts are fetched already."""
    companion = getattr(meeting, "accompaniment", None)
    about = {name: getattr(companion, name) for name in ACCOMPANIMENT_FIELDS} if companion else {}
    return MeetingEntry(
        **{name: getattr(meeting, name) for name in MEETING_FIELDS},
        **about,
        mentor_ids=tuple(sorted(a.mentor_id for a in meeting.attendances.all())),
        areas={row.area: row.text for row in meeting.areas.all()},
    )


def add_parts(meeting: Meeting, entry: MeetingEntry) -> None:
    """Save who was at a new meeting, its areas and its accompaniment."""
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, mentor_id=pk) for pk in entry.mentor_ids
    )
    MeetingArea.objects.bulk_create(
        MeetingArea(meeting=meeting, area=area, text=text) for area, text in entry.areas.items()
    )
    if entry.authority:
        Accompaniment.objects.create(meeting=meeting, **entry.accompaniment_fields())


def replace_parts(meeting: Meeting, entry: MeetingEntry) -> None:
    """The same for a meeting that has parts already. A follow-up that is done stays done, unless
    it is another one now."""
    meeting.attendances.exclude(mentor__in=entry.mentor_ids).delete()
    there = set(meeting.attendances.values_list("mentor_id", flat=True))
    new = set(entry.mentor_ids) - there
    Attendance.objects.bulk_create(Attendance(meeting=meeting, mentor_id=pk) for pk in sorted(new))
    meeting.areas.all().delete()
    MeetingArea.objects.bulk_create(
        MeetingArea(meeting=meeting, area=area, text=text) for area, text in entry.areas.items()
    )
    before = Accompaniment.objects.filter(meeting=meeting).first()
    if not entry.authority:
        Accompaniment.objects.filter(meeting=meeting).delete()
        return
    values = entry.accompaniment_fields()
    if before and before.follow_up != entry.follow_up:
        values |= {"follow_up_done_on": None, "follow_up_done_by": None}
    Accompaniment.objects.update_or_create(meeting=meeting, defaults=values)
