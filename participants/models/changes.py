"""What happened to an enrolment: who changed what, when, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models.enrolment import EndReason, Enrolment
from participants.querysets import CoordinatorOnlyQuerySet


class ChangeKind(models.TextChoices):
    RELEASE_CONFIRMED = "release_confirmed", _("release confirmed")
    RELEASE_CORRECTED = "release_corrected", _("day of release corrected")
    RELEASE_TAKEN_BACK = "release_taken_back", _("confirmation of the release taken back")
    INSTITUTION = "institution", _("moved to another institution")
    MUNICIPALITY = "municipality", _("moved to another municipality")
    COORDINATOR = "coordinator", _("handed over to another coordinator")
    ENDED = "ended", _("ended")
    REOPENED = "reopened", _("opened again")


HANDING_OVER = [ChangeKind.MUNICIPALITY, ChangeKind.COORDINATOR]


class EnrolmentChangeQuerySet(CoordinatorOnlyQuerySet):
    def visible_to(self, user):
        """Those of the enrolments one sees, and what one has handed over oneself, also when one
        no longer sees whose it was: that says to whom it went."""
        visible = super().visible_to(user)
        if user.is_authenticated and user.is_active and user.is_coordinator:
            return visible | self.filter(kind__in=HANDING_OVER, changed_by=user)
        return visible


class EnrolmentChange(models.Model):
    """One change of an enrolment: what it said before and after, who changed it, and why.

    Never changed or deleted. ``before`` and ``after`` are what the page called them that day: a
    day as ISO 8601, the name of an institution, a municipality or a coordinator.
    ``effective_on`` is the day from which it holds, where that is not the day it was written.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20, choices=ChangeKind)
    before = models.CharField(max_length=170, blank=True)
    after = models.CharField(max_length=170, blank=True)
    note = models.TextField(_("note"), blank=True, max_length=2000)
    effective_on = models.DateField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    objects = EnrolmentChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an enrolment")
        verbose_name_plural = _("changes of enrolments")
        ordering = ["changed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values), name="enrolment_change_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.enrolment_id}"


class Ending(models.Model):
    """What was written down when an enrolment ended. One that was opened again keeps its own."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="endings")
    ended_on = models.DateField(_("ended on"))
    reason = models.CharField(_("reason for ending"), max_length=20, choices=EndReason)
    closing_note = models.TextField(_("how it went, in short"), blank=True, max_length=2000)
    mentors_said = models.TextField(_("what the mentors said"), blank=True, max_length=2000)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(default=timezone.now)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, blank=True)

    objects = CoordinatorOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("ending")
        verbose_name_plural = _("endings")
        ordering = ["ended_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(reopened_at=None),
                name="ending_one_in_force_per_enrolment",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=EndReason.values), name="ending_reason_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=False) | Q(reopened_by=None),
                name="ending_reopened_by_needs_time",
            ),
        ]

    def __str__(self) -> str:
        return f"ending of {self.enrolment_id}"


class CoordinatorNote(models.Model):
    """What a coordinator writes down about an enrolment; no mentor ever sees it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    objects = CoordinatorOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordinator's note")
        verbose_name_plural = _("coordinators' notes")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="coordinator_note_says_something")
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"
