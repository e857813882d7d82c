"""What a mentor's own calendar is told: the address it asks at, and what it was told so far."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models.mentor import Mentor
from mentoring.querysets import CalendarEntryQuerySet, CalendarFeedQuerySet
from participants.milestones import Milestone


class CalendarFeed(models.Model):
    """A private address at which a mentor's own calendar can subscribe to what is agreed.

    Only a digest of the address's secret is kept; a new address ends the old one.
    """

    mentor = models.OneToOneField(Mentor, on_delete=models.CASCADE, related_name="calendar_feed")
    secret_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    last_read_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return f"calendar of mentor {self.mentor_id}"


class CalendarEntry(models.Model):
    """One event as a mentor's calendar was last told of it.

    Without it a calendar could not be told that something has moved (``sequence`` counts the
    changes) or is off (``cancelled_at``). ``source`` names what it comes from, by the numbers of
    its rows; it never leaves the database, the calendar knows the event by ``uid``.
    """

    STEP = "step"

    feed = models.ForeignKey(CalendarFeed, on_delete=models.CASCADE, related_name="entries")
    source = models.CharField(max_length=60)
    # A milestone, or an agreed next step.
    kind = models.CharField(max_length=20)
    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    day = models.DateField()
    # The day follows from a release that has not happened yet.
    is_planned = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar entry")
        verbose_name_plural = _("calendar entries")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["feed", "source"], name="calendar_entry_once_per_feed_and_source"
            ),
            models.CheckConstraint(
                condition=Q(kind="step") | Q(kind__in=Milestone.values),
                name="calendar_entry_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"calendar entry {self.pk}"
