"""A spreadsheet on its way in: the file as it was sent, and what becomes of each row."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.querysets import ImportFileQuerySet
from primus.access.querysets import VisibleQuerySet
from primus.jobs.models import Run


class ImportKind(models.TextChoices):
    PARTICIPANTS = "participants", _("participants with enrolments")
    MENTORS = "mentors", _("mentors")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    CHECKED = "checked", _("checked")
    APPLIED = "applied", _("imported")


class ImportFile(models.Model):
    """One uploaded file. It and its rows are people's data, and are deleted after `KEPT_DAYS`."""

    KEPT_DAYS = 14

    kind = models.CharField(_("what is in it"), max_length=15, choices=ImportKind)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    name = models.CharField(_("file"), max_length=120)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    # Which column of the file holds which field, as {field: position}.
    columns = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="import_files"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    # The dry run or the import that was begun last.
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

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
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class RowOutcome(models.TextChoices):
    """What a row would do, or has done."""

    CREATE = "create", _("new")
    CHANGE = "change", _("changed")
    SAME = "same", _("unchanged")
    BAD = "bad", _("cannot be imported")


class ImportRowQuerySet(VisibleQuerySet):
    def _for_coordinator(self, user):
        return self.filter(file__uploaded_by=user)


class ImportRow(models.Model):
    """One row of a file: its cells, what it would do, and what is wrong with which cell."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="rows")
    # As a spreadsheet counts its rows: the first is 1, and mostly holds the headings.
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    # Codes of what is wrong, by field; "" for what is wrong with the whole row.
    problems = models.JSONField(default=dict)
    # What a change would change: {field: [before, after]}.
    changes = models.JSONField(default=dict)
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

    def __str__(self) -> str:
        return f"row {self.number} of import {self.file_id}"
