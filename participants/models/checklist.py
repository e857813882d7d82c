"""The gate-week checklist: what must be in place on the day of release."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from participants.models.enrolment import Enrolment
from primus.access.querysets import EnrolmentOwnedQuerySet


class PointApplies(models.TextChoices):
    """When a point belongs on an enrolment's checklist."""

    ALWAYS = "always", _("always")
    CLOSED_DAY = "closed_day", _("when offices are closed at the release")


class ChecklistPoint(models.Model):
    """One point that an enrolment's checklist begins with. Reference data, in both languages."""

    key = models.SlugField(max_length=30, unique=True)
    text_da = models.CharField(_("text in Danish"), max_length=120)
    text_en = models.CharField(_("text in English"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"))
    applies = models.CharField(
        _("applies"), max_length=12, choices=PointApplies, default=PointApplies.ALWAYS
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("checklist point")
        verbose_name_plural = _("checklist points")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(applies__in=PointApplies.values),
                name="checklist_point_applies_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.text_en if get_language() == "en" else self.text_da


class ChecklistItemQuerySet(EnrolmentOwnedQuerySet):
    def done(self):
        return self.filter(done_on__isnull=False)


class ChecklistItem(models.Model):
    """One point of the gate-week checklist of one enrolment: who sees to it by when, and who did
    it when."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="checklist")
    point = models.ForeignKey(ChecklistPoint, on_delete=models.PROTECT, related_name="items")
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["enrolment", "point__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "point"], name="checklist_item_once_per_point"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=False) | Q(done_by=None),
                name="checklist_item_done_by_needs_date",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False) | Q(taken_by=None),
                name="checklist_item_taken_by_needs_date",
            ),
        ]

    def __str__(self) -> str:
        return str(self.point)
