from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EconomyScenario(models.Model):
    """A set of assumptions that staff have given a name, to come back to and to share."""

    name = models.CharField(_("name"), max_length=80)
    # {assumption: number}; see outcomes.economy for the names and their units.
    assumptions = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="economy_scenario_name_is_unique",
                violation_error_message=_("There is a scenario of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
