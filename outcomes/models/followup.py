"""What is known of the time after a release: the ground of every figure on reoffending.

None of it is kept without the participant's consent to data on offences. The rows see to it
themselves, one by one and in bulk, so that no way of writing them goes around it: both raise
ConsentRefused. That a register was looked through and nothing found is such data as well.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outcomes.models.trial import TrialSubject
from outcomes.trials.querysets import TrialSubjectQuerySet
from participants import consents
from participants.models import ConsentKind, Enrolment
from primus.access.querysets import VisibleQuerySet


def consenting(subjects: TrialSubjectQuerySet) -> TrialSubjectQuerySet:
    """Those of the trial subjects whose consent is in force today: it is to their data too."""
    today = timezone.localdate()
    return subjects.filter(
        Q(consent_withdrawn_on=None) | Q(consent_withdrawn_on__gt=today), consent_on__lte=today
    )


def require_consent(rows: Iterable["FollowUp"]) -> None:
    """Raise ConsentRefused unless everybody the rows are about has said yes to it."""
    rows = list(rows)
    enrolments = {row.enrolment_id for row in rows if row.enrolment_id}
    if enrolments:
        consents.require(enrolments, ConsentKind.OFFENCES)
    subjects = {row.subject_id for row in rows if row.subject_id}
    consented = consenting(TrialSubject.objects.filter(pk__in=subjects))
    if subjects and consented.count() < len(subjects):
        raise consents.ConsentRefused(f"missing_{ConsentKind.OFFENCES.value}")


class WithConsentQuerySet(VisibleQuerySet):
    """Rows that exist only with the consent of whom they are about: see ``about``.

    Only coordinators see them: those of the enrolment, or of the trial subject without one.
    """

    prefix = ""

    def _for_coordinator(self, user):
        subjects = TrialSubject.objects.visible_to(user)
        return self.filter(
            Q(**{f"{self.prefix}enrolment__in": Enrolment.objects.visible_to(user)})
            | Q(**{f"{self.prefix}subject__in": subjects})
        )

    def bulk_create(self, objs: Iterable[Any], *args, **kwargs):
        rows = list(objs)
        require_consent(row.about for row in rows)
        return super().bulk_create(rows, *args, **kwargs)


class FollowUp(models.Model):
    """How far the registers have been looked through for one enrolment, and why it stopped there.

    Without a follow-up nothing is known, and the enrolment is not observable: it is never
    counted as without reoffence. A trial subject without a case file is followed by itself; one
    that has an enrolment is followed there, and nowhere else.
    """

    enrolment = models.OneToOneField(
        Enrolment, on_delete=models.CASCADE, null=True, blank=True, related_name="follow_up"
    )
    subject = models.OneToOneField(
        TrialSubject, on_delete=models.CASCADE, null=True, blank=True, related_name="follow_up"
    )
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
        constraints = [
            models.CheckConstraint(
                condition=Q(enrolment=None, subject__isnull=False)
                | Q(enrolment__isnull=False, subject=None),
                name="follow_up_of_enrolment_or_subject",
            )
        ]

    def __str__(self) -> str:
        return f"follow-up to {self.register_date}"

    def save(self, *args, **kwargs) -> None:
        require_consent([self])
        super().save(*args, **kwargs)

    @property
    def about(self) -> "FollowUp":
        return self

    @property
    def municipality_id(self) -> str:
        """Whose coordinators may read in the access log who has looked at it."""
        about = self.enrolment or self.subject
        return about.municipality_id if about is not None else ""

    @property
    def case_number(self) -> str:
        """What whoever it is about is called where they must not be named."""
        if self.enrolment is not None:
            return self.enrolment.case_number
        return self.subject.pseudonym if self.subject is not None else ""

    @property
    def released_on(self) -> date | None:
        """The day the time is counted from; None while it has not come."""
        if self.enrolment is not None:
            return self.enrolment.released_on
        return self.subject.released_on if self.subject is not None else None


class Sanction(models.TextChoices):
    UNSUSPENDED = "unsuspended", _("unsuspended imprisonment")
    SUSPENDED = "suspended", _("suspended imprisonment")
    SUPERVISED = "supervised", _("supervised sanction")
    FINE = "fine", _("fine")
    OTHER = "other", _("other conviction")


class ReoffenceQuerySet(WithConsentQuerySet):
    prefix = "follow_up__"


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
        require_consent([self.about])
        super().save(*args, **kwargs)

    @property
    def about(self) -> FollowUp:
        return self.follow_up

    @property
    def enrolment(self) -> FollowUp:
        """By what the access log names a case: that of the follow-up."""
        return self.follow_up
