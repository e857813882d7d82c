"""What is known of the time after a release: the ground of every figure on reoffending.

None of it is kept without the participant's consent to data on offences. The rows see to it
themselves, one by one and in bulk, so that no way of writing them goes around it: both raise
ConsentRefused. That a register was looked through and nothing found is such data as well.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants import consents
from participants.models import ConsentKind, Enrolment
from participants.querysets import CoordinatorOnlyQuerySet


class WithConsentQuerySet(CoordinatorOnlyQuerySet):
    """Rows that exist only with the consent of whom they are about: see ``about_enrolment``."""

    def bulk_create(self, objs: Iterable[Any], *args, **kwargs):
        rows = list(objs)
        consents.require([row.about_enrolment for row in rows], ConsentKind.OFFENCES)
        return super().bulk_create(rows, *args, **kwargs)


class FollowUp(models.Model):
    """How far the registers have been looked through for one enrolment, and why it stopped there.

    Without a follow-up nothing is known, and the enrolment is not observable: it is never
    counted as without reoffence.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="follow_up")
    # Convictions up to and including this day are known.
    register_date = models.DateField(_("known up to"))
    died_on = models.DateField(_("died on"), null=True, blank=True)
    emigrated_on = models.DateField(_("emigrated on"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = WithConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self) -> str:
        return f"follow-up to {self.register_date}"

    def save(self, *args, **kwargs) -> None:
        consents.require(self.about_enrolment, ConsentKind.OFFENCES)
        super().save(*args, **kwargs)

    @property
    def about_enrolment(self) -> int:
        return self.enrolment_id


class Sanction(models.TextChoices):
    UNSUSPENDED = "unsuspended", _("unsuspended imprisonment")
    SUSPENDED = "suspended", _("suspended imprisonment")
    SUPERVISED = "supervised", _("supervised sanction")
    FINE = "fine", _("fine")
    OTHER = "other", _("other conviction")


class ReoffenceQuerySet(WithConsentQuerySet):
    enrolment_lookup = "follow_up__enrolment"


class Reoffence(models.Model):
    """One new offence after release that led to a conviction."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="reoffences")
    offence_on = models.DateField(_("date of offence"))
    convicted_on = models.DateField(_("date of conviction"))
    sanction = models.CharField(_("sanction"), max_length=20, choices=Sanction)

    objects = ReoffenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reoffence")
        verbose_name_plural = _("reoffences")
        ordering = ["offence_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(convicted_on__gte=F("offence_on")),
                name="reoffence_conviction_not_before_offence",
                violation_error_message=_("A conviction cannot come before its offence."),
            ),
            models.CheckConstraint(
                condition=Q(sanction__in=Sanction.values), name="reoffence_sanction_is_known"
            ),
            models.UniqueConstraint(
                fields=["follow_up", "offence_on", "convicted_on", "sanction"],
                name="reoffence_recorded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sanction} {self.offence_on}"

    def save(self, *args, **kwargs) -> None:
        consents.require(self.about_enrolment, ConsentKind.OFFENCES)
        super().save(*args, **kwargs)

    @property
    def about_enrolment(self) -> int:
        return self.follow_up.enrolment_id
