"""What stands around a logged meeting: its form, its draft, and how its text has changed."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models.concern import Concern
from mentoring.models.meeting import Meeting
from mentoring.querysets import MeetingDraftQuerySet, MeetingPartQuerySet
from participants.models import Enrolment, GoalChange
from primus.accounts.form_proofs import VALID_FOR


class FormReceipt(models.Model):
    """That a form was saved. It is never deleted, so the same token saves once for ever, also
    after the meeting it saved has been undone.

    ``digest`` tells a form that is sent again from one that was changed after it was saved.
    """

    token = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64)
    meeting = models.OneToOneField(
        Meeting, on_delete=models.SET_NULL, null=True, related_name="receipt"
    )
    concern = models.OneToOneField(
        Concern, on_delete=models.SET_NULL, null=True, related_name="receipt"
    )
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("form receipt")
        verbose_name_plural = _("form receipts")

    def __str__(self) -> str:
        return str(self.token)


class MeetingDraft(models.Model):
    """What a user has typed of a meeting and not yet saved: one for each user and enrolment.

    ``content`` is the form's fields as they were sent. ``token`` is its form's. ``writer`` is the
    open page that wrote it last; ``revision`` counts upwards within one page, so that what arrives
    late never overwrites what is newer.
    """

    # As long as a page's proof holds, so that a form that comes late is kept.
    KEPT_DAYS = VALID_FOR.days

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="meeting_drafts"
    )
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="meeting_drafts"
    )
    token = models.UUIDField()
    writer = models.UUIDField(default=uuid4)
    revision = models.PositiveIntegerField(default=0)
    content = models.JSONField()
    saved_at = models.DateTimeField(default=timezone.now)

    objects = MeetingDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a meeting")
        verbose_name_plural = _("drafts of meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["author", "enrolment"], name="meeting_draft_one_per_author_and_enrolment"
            )
        ]
        indexes = [models.Index(fields=["saved_at"])]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def mark(self) -> str:
        """What a page that has been shown this draft knows it by."""
        return f"{self.writer}:{self.revision}"


class MeetingVersion(models.Model):
    """What a meeting said before it was corrected. ``content`` is all of it, as it stood."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="versions")
    content = models.JSONField()
    replaced_at = models.DateTimeField(default=timezone.now)
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier version of a meeting")
        verbose_name_plural = _("earlier versions of meetings")
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return f"version {self.pk} of meeting {self.meeting_id}"


class MeetingAddition(models.Model):
    """Text that stands beside a meeting: a line from the other mentor who was there, or what the
    author adds once the time for correcting has passed. It can itself not be changed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="additions")
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("addition to a meeting")
        verbose_name_plural = _("additions to meetings")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="meeting_addition_has_text")
        ]

    def __str__(self) -> str:
        return f"addition {self.pk} to meeting {self.meeting_id}"


class MeetingGoalChange(models.Model):
    """That a goal was ticked off or moved in the form of a meeting, so that undoing the meeting
    undoes it too."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="goal_changes")
    change = models.OneToOneField(GoalChange, on_delete=models.CASCADE, related_name="+")

    objects = MeetingPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a goal at a meeting")
        verbose_name_plural = _("changes of goals at meetings")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"goal change {self.change_id} at meeting {self.meeting_id}"
