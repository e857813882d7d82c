"""A spreadsheet on its way in: the file as it was sent, and what becomes of each row."""

from datetime import date, timedelta
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.access.querysets import VisibleQuerySet
from primus.jobs.models import Run

# So long a file and its rows are kept.
KEPT_DAYS = 14


class ImportKind(models.TextChoices):
    PARTICIPANTS = "participants", _("participants with enrolments")
    MENTORS = "mentors", _("mentors")
    REGISTER = "register", _("what the registers say after the release")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("waits for its columns")
    CHECKING = "checking", _("is being checked")
    CHECKED = "checked", _("checked, nothing is imported yet")
    APPLYING = "applying", _("is being imported")
    APPLIED = "applied", _("imported")
    REFUSED = "refused", _("could not be read")


class ImportFileQuerySet(VisibleQuerySet):
    """An uploaded file is seen by whoever uploaded it, and by nobody else."""

    def _for_coordinator(self, user):
        return self.filter(uploaded_by=user)

    def too_old(self):
        return self.filter(uploaded_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))


class ImportFile(models.Model):
    """One uploaded file. It and its rows are people's data, and are deleted after `KEPT_DAYS`."""

    kind = models.CharField(_("what is in it"), max_length=15, choices=ImportKind)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    name = models.CharField(_("file"), max_length=120)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    # The headings as they stand in the file, and the first rows below them, to choose columns by.
    headings = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    # How many rows there are below the headings.
    length = models.PositiveIntegerField(default=0)
    # Which column of the file holds which field, as {field: position}.
    columns = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="import_files"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)
    # The dry run or the import that was begun last.
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # Counted up by each worker that takes the file: one that was given up writes nothing more.
    attempt = models.PositiveIntegerField(default=0)

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ImportKind.values), name="import_file_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ImportState.values), name="import_file_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=ImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=ImportState.APPLIED) & Q(applied_at=None)),
                name="import_file_applied_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def extension(self) -> str:
        """«.xlsx» or «.csv»."""
        return PurePath(self.name).suffix.lower()

    @property
    def is_moving(self) -> bool:
        """Whether a worker is at it, or soon will be."""
        return self.run is not None and self.run.is_moving

    @property
    def has_stopped(self) -> bool:
        """Whether a worker began and did not come to an end."""
        return self.state in (ImportState.CHECKING, ImportState.APPLYING) and not self.is_moving

    @property
    def kept_until(self) -> date:
        """The day after which it is deleted."""
        return timezone.localdate(self.uploaded_at) + timedelta(days=KEPT_DAYS)


class RowOutcome(models.TextChoices):
    """What a row would do, or has done."""

    CREATE = "create", _("new")
    CHANGE = "change", _("changed")
    SAME = "same", _("unchanged")
    BAD = "bad", _("cannot be imported")


class ImportRowQuerySet(VisibleQuerySet):
    def _for_coordinator(self, user):
        return self.filter(file__uploaded_by=user)

    def to_apply(self):
        """Those that change something and have not done so yet."""
        return self.filter(outcome__in=[RowOutcome.CREATE, RowOutcome.CHANGE], applied_at=None)


class ImportRow(models.Model):
    """One row of a file: its cells, what it would do, and what is wrong with which cell."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="rows")
    # As a spreadsheet counts its rows: the first is 1, and mostly holds the headings.
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    # What is wrong: {field: [[code, words], …]}; "" for what is wrong with the whole row.
    problems = models.JSONField(default=dict)
    # What a change would change: {field: [before, after]}.
    changes = models.JSONField(default=dict)
    # Whom it is about, as far as they are known: the number of an enrolment, of a mentor.
    subject = models.BigIntegerField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an imported file")
        verbose_name_plural = _("rows of imported files")
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="import_row_once_per_number"),
            models.CheckConstraint(
                condition=Q(outcome__in=RowOutcome.values), name="import_row_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=RowOutcome.BAD) | Q(applied_at=None),
                name="import_row_bad_is_never_applied",
            ),
        ]
        indexes = [models.Index(fields=["file", "outcome", "number"])]

    def __str__(self) -> str:
        return f"row {self.number} of import {self.file_id}"
