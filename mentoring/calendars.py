"""A mentor's own calendar: a private address at which it can subscribe to what is agreed.

The calendar lies with Apple, Google or an employer, so nothing in it names or describes anybody:
an event says what kind of day it is, and leads to Primus.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Calendar, Event, vDuration

from mentoring.models import CalendarEntry, CalendarFeed, Meeting, Mentor
from participants.milestones import Milestone
from participants.models import Enrolment
from primus.accounts.models import Role

# How long an event stays after its day, or after it was called off.
KEPT = timedelta(days=60)
# How often a calendar should ask; what it last read is noted at most so often.
REFRESH = timedelta(hours=4)
READ_NOTED_AFTER = timedelta(hours=1)

SUMMARIES: dict[str, str | Promise] = {
    CalendarEntry.STEP: gettext_lazy("Primus: next step"),
    Milestone.PERIOD_START: gettext_lazy("Primus: two months to release"),
    Milestone.GATE_WEEK: gettext_lazy("Primus: two weeks to release"),
    Milestone.RELEASE: gettext_lazy("Primus: day of release"),
    Milestone.DAY_3: gettext_lazy("Primus: 3 days after release"),
    Milestone.DAY_14: gettext_lazy("Primus: 14 days after release"),
    Milestone.MONTH_3: gettext_lazy("Primus: 3 months after release"),
    Milestone.MONTH_6: gettext_lazy("Primus: 6 months after release"),
    Milestone.MONTH_9: gettext_lazy("Primus: 9 months after release"),
    Milestone.MONTH_12: gettext_lazy("Primus: 12 months after release"),
}


def _digest(secret: str) -> str:
    # The secret has 256 random bits, so a plain digest cannot be guessed backwards.
    return hashlib.sha256(secret.encode()).hexdigest()


def make_address(mentor: Mentor) -> str:
    """A new secret for the mentor's address, which ends the old one. It is not kept anywhere."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        mentor=mentor,
        defaults={
            "secret_digest": _digest(secret),
            "made_at": timezone.now(),
            "last_read_at": None,
        },
    )
    return secret


def remove_address(mentor: Mentor) -> None:
    """End the address, and forget what the calendar was told."""
    CalendarFeed.objects.filter(mentor=mentor).delete()


def address_of(secret: str) -> str:
    """The whole address for a secret, as a calendar asks at it."""
    return settings.BASE_URL + reverse("calendar_feed", args=[secret])


def feed_of(secret: str) -> CalendarFeed | None:
    """The feed that a secret opens, of a mentor who can still sign in; None for any other.

    It is looked up by its digest, so how long it takes says nothing about the secret.
    """
    feeds = CalendarFeed.objects.filter(mentor__user__is_active=True)
    feeds = feeds.filter(mentor__user__role=Role.MENTOR, secret_digest=_digest(secret))
    return feeds.select_related("mentor__user").first()


def note_reading(feed: CalendarFeed) -> None:
    """Note that the calendar asked, so that a mentor sees whether it works; hourly at most."""
    now = timezone.now()
    long_ago = Q(last_read_at=None) | Q(last_read_at__lt=now - READ_NOTED_AFTER)
    CalendarFeed.objects.filter(long_ago, pk=feed.pk).update(last_read_at=now)


@dataclass(frozen=True)
class Wanted:
    """One event that the calendar should hold, and what it comes from."""

    source: str
    kind: str
    day: date
    is_planned: bool


def _wanted(feed: CalendarFeed, today: date) -> Iterable[Wanted]:
    """What is agreed and what is to come, of those the mentor follows today: two queries."""
    enrolments = list(Enrolment.objects.visible_to(feed.mentor.user).current(today))
    for enrolment in enrolments:
        for milestone in Milestone:
            yield Wanted(
                f"milestone:{enrolment.pk}:{milestone}",
                milestone,
                enrolment.milestone(milestone),
                # All of them hang on the release, which until it has happened is a plan.
                is_planned=enrolment.released_on is None,
            )
    steps = Meeting.objects.filter(enrolment__in=enrolments, next_step_on__gte=today - KEPT)
    for number, day in steps.order_by("pk").values_list("pk", "next_step_on"):
        assert day is not None
        yield Wanted(f"step:{number}", CalendarEntry.STEP, day, is_planned=False)


def bring_up_to_date(feed: CalendarFeed, today: date | None = None) -> list[CalendarEntry]:
    """What the calendar is told now: compared with what it was told last, each change counted.

    What has moved gets the next number in its sequence; what is off is called off, so that a
    calendar takes it out, and is forgotten after a while, as are days long past.

    Raises CalendarFeed.DoesNotExist when the address has been removed, or made anew, meanwhile.
    """
    today = today or timezone.localdate()
    now = timezone.now()
    with transaction.atomic():
        # One at a time: a phone and a laptop may ask together.
        rows = CalendarFeed.objects.select_for_update(no_key=True)
        rows.get(pk=feed.pk, secret_digest=feed.secret_digest)
        wanted = {w.source: w for w in _wanted(feed, today) if w.day >= today - KEPT}
        known = {entry.source: entry for entry in feed.entries.all()}
        forgotten, changed = [], []
        for source, entry in known.items():
            is_old = entry.day < today - KEPT
            if source in wanted:
                if _follow(entry, wanted[source]):
                    changed.append(entry)
            elif is_old or (entry.cancelled_at and entry.cancelled_at < now - KEPT):
                forgotten.append(entry.pk)
            elif entry.cancelled_at is None:
                entry.cancelled_at = now
                changed.append(entry)
        for entry in changed:
            entry.sequence += 1
            entry.changed_at = now
        new = [
            CalendarEntry(
                feed=feed,
                source=w.source,
                kind=w.kind,
                day=w.day,
                is_planned=w.is_planned,
                changed_at=now,
            )
            for source, w in wanted.items()
            if source not in known
        ]
        if forgotten:
            feed.entries.filter(pk__in=forgotten).delete()
        if changed:
            fields = ["day", "is_planned", "cancelled_at", "sequence", "changed_at"]
            CalendarEntry.objects.bulk_update(changed, fields)
        CalendarEntry.objects.bulk_create(new)
    told = [entry for entry in known.values() if entry.pk not in forgotten]
    return sorted([*told, *new], key=lambda entry: (entry.day, entry.pk))


def _follow(entry: CalendarEntry, wanted: Wanted) -> bool:
    """Make an entry say what is wanted; whether that changed it."""
    before = (entry.day, entry.is_planned, entry.cancelled_at)
    entry.day, entry.is_planned, entry.cancelled_at = wanted.day, wanted.is_planned, None
    return before != (entry.day, entry.is_planned, entry.cancelled_at)


def calendar_text(feed: CalendarFeed, entries: Iterable[CalendarEntry]) -> bytes:
    """The calendar as iCalendar (RFC 5545), in the mentor's language."""
    with translation.override(feed.mentor.user.language):
        calendar = Calendar()
        calendar.add("prodid", "-//Primus//Primus//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        for name in ("name", "x-wr-calname"):
            calendar.add(name, "Primus")
        calendar.add("x-wr-timezone", settings.TIME_ZONE)
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(REFRESH))
        for entry in entries:
            calendar.add_component(_event(entry))
        return calendar.to_ical()


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@primus")
    # Not when it was asked for: what has not changed reads the same each time.
    changed: datetime = entry.changed_at.replace(microsecond=0)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", str(SUMMARIES[entry.kind]))
    event.add("description", _("Open Primus to see more: %(url)s") % {"url": _home()})
    event.add("url", _home())
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("status", _status(entry))
    return event


def _home() -> str:
    return settings.BASE_URL + reverse("home")


def _status(entry: CalendarEntry) -> str:
    if entry.cancelled_at:
        return "CANCELLED"
    return "TENTATIVE" if entry.is_planned else "CONFIRMED"
