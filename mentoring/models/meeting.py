"""What happened between a participant and their mentors."""

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models.mentor import Mentor
from mentoring.querysets import MeetingPartQuerySet, MeetingQuerySet
from participants.models import Enrolment, SupportArea


class MeetingState(models.TextChoices):
    HELD = "held", _("Held")
    NOT_HELD = "not_held", _("Not held")
    TRIED = "tried", _("Tried to reach")


class NotHeldReason(models.TextChoices):
    NO_SHOW = "no_show", _("the participant did not come")
    PARTICIPANT = "participant", _("cancelled by the participant")
    INSTITUTION = "institution", _("cancelled by the institution")
    MENTOR = "mentor", _("cancelled by a mentor")
    NOT_POSSIBLE = "not_possible", _("not possible in the institution")
    OTHER = "other", _("other")


class MeetingMode(models.TextChoices):
    INSTITUTION = "institution", _("In the institution")
    CAFE = "cafe", _("Café")
    HOME = "home", _("At home")
    AUTHORITY = "authority", _("At an authority")
    PHONE = "phone", _("Phone")
    VIDEO = "video", _("Video")
    MESSAGE = "message", _("Message")


class Meeting(models.Model):
    """One meeting that was held, was not held, or was tried for; logged once.

    ``duration_minutes`` and ``transport_km`` are what the mentor says; None is not said.
    ``is_rescheduled`` is asked of a meeting that was not held: True, False, or None for not yet.
    """

    BACKDATED_DAYS = 60
    DURATION_STEP = 15
    # Minutes in a day, and a drive across the country and back.
    DURATION_LIMIT = 24 * 60
    TRANSPORT_LIMIT = 2000

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="meetings")
    state = models.CharField(_("what happened"), max_length=10, choices=MeetingState)
    not_held_reason = models.CharField(
        _("why it was not held"), max_length=20, choices=NotHeldReason, blank=True
    )
    happened_at = models.DateTimeField(_("when"))
    mode = models.CharField(_("how"), max_length=20, choices=MeetingMode, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("how long, in minutes"), null=True, blank=True
    )
    transport_km = models.PositiveSmallIntegerField(
        _("transport there and back, in km"), null=True, blank=True
    )
    is_rescheduled = models.BooleanField(_("a new time is agreed"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(_("date of the next step"), null=True, blank=True)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    logged_at = models.DateTimeField(default=timezone.now, editable=False)
    mentors = models.ManyToManyField(Mentor, through="Attendance", related_name="meetings")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MeetingState.values), name="meeting_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.NOT_HELD, not_held_reason__in=NotHeldReason.values)
                | (~Q(state=MeetingState.NOT_HELD) & Q(not_held_reason="")),
                name="meeting_not_held_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.NOT_HELD) | Q(mode__in=MeetingMode.values),
                name="meeting_mode_is_known",
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes=None)
                | Q(
                    Exact(Mod("duration_minutes", Value(15)), 0),
                    duration_minutes__gte=15,
                    duration_minutes__lte=24 * 60,
                ),
                name="meeting_duration_in_quarters",
            ),
            models.CheckConstraint(
                condition=Q(transport_km=None) | Q(transport_km__lte=2000),
                name="meeting_transport_has_limit",
            ),
            models.CheckConstraint(
                condition=Q(is_rescheduled=None) | Q(state=MeetingState.NOT_HELD),
                name="meeting_rescheduled_was_not_held",
            ),
        ]
        indexes = [
            models.Index(fields=["enrolment", "-happened_at"]),
            models.Index(fields=["happened_at"]),
        ]

    def __str__(self) -> str:
        return f"meeting {self.pk}"


class Attendance(models.Model):
    """One mentor who was at one meeting (or tried for it)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="attendances")

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "mentor"], name="attendance_once_per_mentor")
        ]

    def __str__(self) -> str:
        return f"mentor {self.mentor_id} at meeting {self.meeting_id}"


class MeetingArea(models.Model):
    """One support area that a meeting touched, with a line about it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(_("area"), max_length=10, choices=SupportArea)
    text = models.TextField(_("in short"), blank=True)

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("area of a meeting")
        verbose_name_plural = _("areas of a meeting")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "area"], name="meeting_area_once_per_meeting"
            ),
            models.CheckConstraint(
                condition=Q(area__in=SupportArea.values), name="meeting_area_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.area
