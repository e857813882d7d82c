from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.access.querysets import VisibleQuerySet
from primus.jobs.models import Run

# So long a file for research can be fetched.
KEPT_DAYS = 7


class NotMadeReason(models.TextChoices):
    """Why there is no file though one was asked for."""

    TOO_FEW = "too_few", _("fewer than five people have said yes to research")
    NOT_STAFF = "not_staff", _("whoever asked for it may no longer do so")
    CHANGING = "changing", _("consents were taken back while it was made")


class ResearchExportQuerySet(VisibleQuerySet):
    """That data were handed to research is known to all staff; it says nothing of anybody."""

    def _for_staff(self, user):
        return self

    def asked_by(self, user):
        """Whose file it is: only whoever stated the purpose fetches it."""
        return self.filter(requested_by=user)

    def kept(self):
        return self.filter(built_at__isnull=False, deleted_at=None)


class ResearchExport(models.Model):
    """One handing over of pseudonymised data to research: by whom, when, what for and how much.

    The row is kept; the file is deleted after `KEPT_DAYS`. With what key its pseudonyms were made
    is kept nowhere.
    """

    purpose = models.TextField(_("what it is for"), max_length=500)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Outlives the user, as in the access log.
    requested_by_label = models.CharField(max_length=160)
    requested_at = models.DateTimeField(default=timezone.now)
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    content = models.BinaryField(null=True)
    # What was read before this moment is in it: consents taken back since are not respected.
    read_at = models.DateTimeField(null=True, blank=True)
    built_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    # The trial subjects in it: of their taking it back only the day is known, not the moment.
    subjects = models.JSONField(default=list)
    # How many rows each table has.
    counts = models.JSONField(default=dict)
    not_made = models.CharField(max_length=10, choices=NotMadeReason, blank=True)

    objects = ResearchExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("research export")
        verbose_name_plural = _("research exports")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose=""),
                name="research_export_has_purpose",
                violation_error_message=_("Write what the data are for."),
            ),
            models.CheckConstraint(
                condition=Q(content=None)
                | Q(built_at__isnull=False, read_at__isnull=False, deleted_at=None, not_made=""),
                name="research_export_file_only_when_made_and_kept",
            ),
            models.CheckConstraint(
                condition=Q(not_made="") | Q(not_made__in=NotMadeReason.values, built_at=None),
                name="research_export_not_made_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"research export {self.pk}"

    @property
    def is_moving(self) -> bool:
        """Whether a worker is at it, or soon will be."""
        return self.built_at is None and self.run is not None and self.run.is_moving

    @property
    def has_file(self) -> bool:
        return self.built_at is not None and self.deleted_at is None

    @property
    def is_too_old(self) -> bool:
        return timezone.localdate() > self.kept_until

    @property
    def kept_until(self) -> date:
        """The day after which the file is deleted."""
        return timezone.localdate(self.built_at or self.requested_at) + timedelta(days=KEPT_DAYS)
