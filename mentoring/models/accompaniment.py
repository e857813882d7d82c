"""That a mentor stands beside a participant before an authority, and whom one can call there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models.meeting import Meeting
from mentoring.querysets import AccompanimentQuerySet
from participants.models import Enrolment
from primus.access.querysets import EnrolmentOwnedQuerySet
from primus.accounts.validators import phone_validator


class Authority(models.TextChoices):
    JOB_CENTRE = "job_centre", _("job centre")
    BENEFITS = "benefits", _("benefits office")
    HOUSING = "housing", _("housing office")
    BANK = "bank", _("bank or debt advice")
    DOCTOR = "doctor", _("doctor")
    TREATMENT = "treatment", _("treatment centre")
    PROBATION = "probation", _("probation service")
    POLICE = "police", _("police")
    OTHER = "other", _("another authority")


class Accompaniment(models.Model):
    """That a mentor was the participant's companion at an authority, and what came of it.

    ``follow_up`` is what somebody must see to afterwards, by ``follow_up_on``; it is a task until
    ``follow_up_done_on``.
    """

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="accompaniment")
    authority = models.CharField(_("which authority"), max_length=20, choices=Authority)
    purpose = models.CharField(_("what it was about"), max_length=300, blank=True)
    outcome = models.TextField(_("what was decided"), blank=True)
    follow_up = models.CharField(_("what must be followed up"), max_length=300, blank=True)
    follow_up_on = models.DateField(_("by when"), null=True, blank=True)
    follow_up_done_on = models.DateField(null=True, blank=True)
    follow_up_done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = AccompanimentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accompaniment")
        verbose_name_plural = _("accompaniments")
        constraints = [
            models.CheckConstraint(
                condition=Q(authority__in=Authority.values),
                name="accompaniment_authority_is_known",
            ),
            models.CheckConstraint(
                condition=(Q(follow_up="") & Q(follow_up_on=None))
                | (~Q(follow_up="") & Q(follow_up_on__isnull=False)),
                name="accompaniment_follow_up_has_date",
            ),
            models.CheckConstraint(
                condition=Q(follow_up_done_on=None) | Q(follow_up_on__isnull=False),
                name="accompaniment_done_was_to_follow_up",
            ),
        ]

    def __str__(self) -> str:
        return self.authority

    @property
    def enrolment(self) -> Enrolment:
        """Whose case it is."""
        return self.meeting.enrolment


class AuthorityContact(models.Model):
    """Somebody at an authority who works on one participant's case, and how to reach them."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="contacts")
    authority = models.CharField(_("which authority"), max_length=20, choices=Authority)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone"), max_length=40, blank=True, validators=[phone_validator])
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.CharField(_("good to know"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = EnrolmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact at an authority")
        verbose_name_plural = _("contacts at authorities")
        ordering = ["authority", "name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(authority__in=Authority.values),
                name="authority_contact_authority_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"
