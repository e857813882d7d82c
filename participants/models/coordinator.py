from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models.places import Municipality


class Coordinator(models.Model):
    """One coordinator and the municipalities they work in: what they may see follows from these."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="coordinator"
    )
    municipalities = models.ManyToManyField(
        Municipality, related_name="coordinators", verbose_name=_("municipalities"), blank=True
    )

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")

    def __str__(self) -> str:
        return str(self.user)
