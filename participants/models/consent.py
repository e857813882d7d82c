from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models.enrolment import Enrolment
from participants.querysets import CoordinatorOnlyQuerySet


class ConsentKind(models.TextChoices):
    """What a participant says yes to."""

    PARTICIPATION = "participation", _("taking part, and that we keep what that needs")
    MUNICIPALITY = "municipality", _("contact with the municipality and other authorities")
    OFFENCES = "offences", _("that we keep data on new offences")
    RESEARCH = "research", _("that the data are used in research without names")


class ConsentForm(models.TextChoices):
    WRITTEN = "written", _("in writing")
    ORAL = "oral", _("orally")


class ConsentQuerySet(CoordinatorOnlyQuerySet):
    def in_force(self, day: date | None = None):
        """Given by the day (today unless said otherwise), and not taken back by then."""
        day = day or timezone.localdate()
        return self.filter(
            Q(withdrawn_on=None) | Q(withdrawn_on__gt=day),
            given_on__lte=day,
        )


class Consent(models.Model):
    """One yes from a participant, and when it was taken back if it was."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("to what"), max_length=20, choices=ConsentKind)
    form = models.CharField(
        _("how"), max_length=10, choices=ConsentForm, default=ConsentForm.WRITTEN
    )
    given_on = models.DateField(_("given on"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)
    withdrawal_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawal_recorded_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind"],
                condition=Q(withdrawn_on=None),
                name="consent_one_current_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_not_before_given",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=False)
                | Q(withdrawal_recorded_by=None, withdrawal_recorded_at=None),
                name="consent_withdrawal_recorded_needs_day",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ConsentKind.values), name="consent_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.given_on}"
