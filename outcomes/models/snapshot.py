from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from outcomes.models.trial import Trial
from participants.models import Municipality


class DashboardSnapshot(models.Model):
    """The figures of one dashboard as they stood at one time: a municipality's, or all of them.

    One row for each period: a calendar year, or all years together (empty). Periods do not
    overlap, so that none can be told by subtracting one from another.

    The stored figures are already protected (see outcomes.disclosure): what is not in them
    cannot be shown by mistake.
    """

    # None is the whole country.
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="snapshots",
    )
    # «2025», or empty for all years.
    period = models.CharField(max_length=4, blank=True)
    computed_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        verbose_name = _("dashboard snapshot")
        verbose_name_plural = _("dashboard snapshots")
        constraints = [
            models.UniqueConstraint(
                Coalesce("municipality", Value("")),
                "period",
                name="snapshot_one_per_municipality_and_period",
            )
        ]

    def __str__(self) -> str:
        place = self.municipality_id or "DK"
        return f"{place} {self.period or 'all'} {self.computed_at:%Y-%m-%d %H:%M}"

    @property
    def stamp(self) -> str:
        """What tells this snapshot from every other, in the addresses of its pictures."""
        return f"{self.pk}-{self.computed_at:%Y%m%d%H%M%S}"


class EffectSnapshot(models.Model):
    """The results of one trial by one definition, as they stood at one time. Protected as the
    dashboards' are: what is not in them cannot be shown by mistake."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="snapshots")
    definition = models.CharField(max_length=20)
    computed_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        verbose_name = _("effect snapshot")
        verbose_name_plural = _("effect snapshots")
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "definition"], name="effect_snapshot_one_per_definition"
            )
        ]

    def __str__(self) -> str:
        return f"{self.trial_id} {self.definition} {self.computed_at:%Y-%m-%d %H:%M}"

    @property
    def stamp(self) -> str:
        """What tells this snapshot from every other, in the addresses of its pictures."""
        return f"{self.pk}-{self.computed_at:%Y%m%d%H%M%S}"
