from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from participants.models import Municipality


class DashboardSnapshot(models.Model):
    """The figures of one dashboard as they stood at one time: a municipality's, or all of them.

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
    computed_at = models.DateTimeField()
    figures = models.JSONField()

    class Meta:
        verbose_name = _("dashboard snapshot")
        verbose_name_plural = _("dashboard snapshots")
        constraints = [
            models.UniqueConstraint(
                Coalesce("municipality", Value("")),
                name="snapshot_one_per_municipality",
            )
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id or 'DK'} {self.computed_at:%Y-%m-%d %H:%M}"

    @property
    def stamp(self) -> str:
        """What tells this snapshot from every other, in the addresses of its pictures."""
        return f"{self.pk}-{self.computed_at:%Y%m%d%H%M%S}"
