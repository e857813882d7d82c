"""How two mentors share the work: whose turn it is, who is away, who must stop."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models.mentor import Mentor
from mentoring.models.pair import Seat
from mentoring.querysets import AbsenceQuerySet, StopNoticeQuerySet
from participants.models import Enrolment
from primus.access.querysets import EnrolmentOwnedQuerySet


class TurnAnswer(models.TextChoices):
    ACCEPTED = "accepted", _("takes the next meeting")
    DECLINED = "declined", _("cannot take the next meeting")


class TurnRequest(models.Model):
    """That one mentor asks the other to take the next meeting with their participant.

    Open until it is answered, taken back, or made needless by a meeting that the other held.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="turn_requests")
    asked_by = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="+")
    asked = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="turn_requests")
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(_("answer"), max_length=10, choices=TurnAnswer, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # When it no longer says whose turn it is: the meeting was held, or the request taken back.
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to take the next meeting")
        verbose_name_plural = _("requests to take the next meeting")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(closed_at=None),
                name="turn_request_one_open_per_enrolment",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("asked")), name="turn_request_is_to_the_other"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | Q(answer__in=TurnAnswer.values, answered_at__isnull=False),
                name="turn_request_answer_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"turn request {self.pk}"


class Absence(models.Model):
    """That a mentor is away from ``away_from`` to ``away_until``, both days included."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="absences")
    away_from = models.DateField(_("away from"))
    away_until = models.DateField(_("away to"))
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["away_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(away_until__gte=F("away_from")), name="absence_end_not_before_start"
            )
        ]

    def __str__(self) -> str:
        return f"absence {self.pk} of mentor {self.mentor_id}"

    @property
    def has_not_begun(self) -> bool:
        return self.away_from > timezone.localdate()

    @property
    def has_been(self) -> bool:
        """Whether a day of it lies behind: that stays, also when the mentor is back earlier."""
        return self.away_from < timezone.localdate()


class Handover(models.Model):
    """What the one who stays should know of one participant while the other is away."""

    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="handovers")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="handovers")
    text = models.TextField(_("what the other mentor should know"))

    objects = EnrolmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ["absence", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["absence", "enrolment"], name="handover_once_per_absence_and_enrolment"
            )
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"


class StopReason(models.TextChoices):
    TIME = "time", _("I no longer have the time")
    MOVING = "moving", _("I am moving")
    HEALTH = "health", _("health or family")
    MATCH = "match", _("it does not work between us")
    SAFETY = "safety", _("I do not feel safe")
    OTHER = "other", _("something else")


class StopNotice(models.Model):
    """That a mentor must give up a seat: from ``stops_on`` they no longer hold it.

    The seat's ``held_until`` says the same day; the notice says why, and waits for the
    coordinator until it is acknowledged.
    """

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="stop_notices")
    stops_on = models.DateField(_("the first day without you"))
    reason = models.CharField(_("reason"), max_length=10, choices=StopReason)
    note = models.TextField(_("what the coordinator should know"), blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = StopNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice of stopping")
        verbose_name_plural = _("notices of stopping")
        ordering = ["stops_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(withdrawn_at=None),
                name="stop_notice_one_in_force_per_seat",
            ),
            models.CheckConstraint(
                condition=Q(reason__in=StopReason.values), name="stop_notice_reason_is_known"
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(acknowledged_at__gte=F("given_at")),
                name="stop_notice_acknowledged_not_before_given",
            ),
        ]

    def __str__(self) -> str:
        return f"stop notice {self.pk}"

    @property
    def enrolment(self) -> Enrolment:
        """Whose mentor stops; the access log labels the notice by it."""
        return self.seat.pair.enrolment
