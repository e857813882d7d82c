from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.languages import Language
from participants.models.places import postcode_validator
from primus.access.querysets import VisibleQuerySet
from primus.accounts.validators import phone_validator


class Gender(models.TextChoices):
    FEMALE = "female", _("woman")
    MALE = "male", _("man")
    OTHER = "other", _("other")


class GenderWish(models.TextChoices):
    """What a participant wishes of the mentors' gender."""

    ANY = "any", _("no wish")
    FEMALE = "female", _("at least one woman")
    MALE = "male", _("at least one man")
    BOTH_FEMALE = "both_female", _("two women")
    BOTH_MALE = "both_male", _("two men")


def default_languages() -> list[str]:
    return [Language.DANISH.value]


class ParticipantQuerySet(VisibleQuerySet):
    def _through_enrolments(self, user):
        enrolments = self.model._meta.apps.get_model("participants", "Enrolment").objects
        return self.filter(pk__in=enrolments.visible_to(user).values("participant"))

    _for_mentor = _through_enrolments
    _for_coordinator = _through_enrolments


class Participant(models.Model):
    """One person who takes part in the programme, once or several times (see Enrolment)."""

    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    birth_date = models.DateField(_("date of birth"))
    gender = models.CharField(_("gender"), max_length=10, choices=Gender)
    phone = models.CharField(_("phone"), max_length=20, blank=True, validators=[phone_validator])
    email = models.EmailField(_("e-mail"), blank=True)
    postcode = models.CharField(
        _("postcode after release"), max_length=4, blank=True, validators=[postcode_validator]
    )
    languages = models.JSONField(_("languages"), default=default_languages)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["first_name", "last_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(gender__in=Gender.values), name="participant_gender_is_known"
            )
        ]
        indexes = [models.Index(fields=["birth_date"])]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
