"""Where people are released from and to. Reference data, loaded by a migration."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

postcode_validator = RegexValidator(r"^\d{4}$", _("A postcode has four digits."))


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def of_coordinator(self, user):
        """The municipalities a coordinator works in; none for anyone else."""
        return self.filter(coordinators__user=user)


class Municipality(models.Model):
    """One of Denmark's 98 municipalities, by its official code."""

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    name = models.CharField(_("name"), max_length=60, unique=True)
    region = models.CharField(_("region"), max_length=40)
    in_pilot = models.BooleanField(_("in the pilot scheme"), default=False)
    # One of its coordinators: who is told when a concern was not answered in time.
    deputy = models.ForeignKey(
        "participants.Coordinator",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="deputy_in",
        verbose_name=_("deputy"),
    )

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")

    def __str__(self) -> str:
        return self.name


class InstitutionKind(models.TextChoices):
    CLOSED = "closed", _("closed prison")
    OPEN = "open", _("open prison")
    REMAND = "remand", _("remand prison")
    HALFWAY = "halfway", _("halfway house")


class Institution(models.Model):
    """One place people are released from."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=InstitutionKind)
    is_active = models.BooleanField(_("in use"), default=True)
    postcode = models.CharField(
        _("postcode"), max_length=4, blank=True, validators=[postcode_validator]
    )
    # The parts of the week (TimeSlot) in which visits are possible; empty where it is not known.
    visiting_times = models.JSONField(_("visiting times"), default=list, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=InstitutionKind.values),
                name="institution_kind_is_known",
            )
        ]

    def __str__(self) -> str:
        return self.name
