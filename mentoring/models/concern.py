from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models.meeting import Meeting
from mentoring.querysets import ConcernOwnedQuerySet, ConcernQuerySet
from participants.models import Enrolment


class Urgency(models.TextChoices):
    LIFE = "life", _("now: somebody's life is in danger")
    URGENT = "urgent", _("today: it cannot wait")
    SOON = "soon", _("by the next working day")


class ConcernTopic(models.TextChoices):
    HEALTH = "health", _("health or thoughts of suicide")
    RELAPSE = "relapse", _("substance use")
    CRIME = "crime", _("new crime")
    HOUSING = "housing", _("nowhere to live")
    MONEY = "money", _("money or debt")
    CONTACT = "contact", _("cannot be reached")
    SAFETY = "safety", _("the mentor's own safety")
    OTHER = "other", _("something else")


class Concern(models.Model):
    """Something a coordinator must hear now: by when they should have heard it, what came of it."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="concerns")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="concerns"
    )
    topic = models.CharField(
        _("what it is about"), max_length=20, choices=ConcernTopic, default=ConcernTopic.OTHER
    )
    urgency = models.CharField(_("how soon"), max_length=10, choices=Urgency, default=Urgency.SOON)
    text = models.TextField(_("what you have seen or heard"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    raised_at = models.DateTimeField(default=timezone.now)
    acknowledge_by = models.DateTimeField(_("answer by"))
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # When it went on because nobody had answered in time: to the deputy, then to staff on duty.
    deputy_told_at = models.DateTimeField(null=True, blank=True)
    staff_told_at = models.DateTimeField(null=True, blank=True)
    outcome = models.TextField(_("what came of it"), blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = ConcernQuerySet.as_manager()

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        ordering = ["acknowledge_by", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledge_by__gte=F("raised_at")),
                name="concern_deadline_not_before_raised",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None) | Q(acknowledged_at__gte=F("raised_at")),
                name="concern_acknowledged_not_before_raised",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None) | Q(acknowledged_at__isnull=False),
                name="concern_resolved_after_acknowledged",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=Urgency.values), name="concern_urgency_is_known"
            ),
        ]
        indexes = [models.Index(fields=["acknowledged_at", "acknowledge_by"])]

    def __str__(self) -> str:
        return f"concern {self.pk}"


class ConcernAction(models.Model):
    """One thing that was done about a concern. Whoever raised it sees it too."""

    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="actions")
    text = models.TextField(_("what was done"), max_length=2000)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(default=timezone.now)

    objects = ConcernOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("action on a concern")
        verbose_name_plural = _("actions on concerns")
        ordering = ["taken_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="concern_action_says_something")
        ]

    def __str__(self) -> str:
        return f"action {self.pk}"

    @property
    def enrolment(self) -> Enrolment:
        return self.concern.enrolment


class StaffDuty(models.Model):
    """That somebody of the national office is on duty, from a day to a day, both included."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="duties"
    )
    on_duty_from = models.DateField(_("on duty from"))
    on_duty_until = models.DateField(_("on duty to"))

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        ordering = ["on_duty_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(on_duty_until__gte=F("on_duty_from")),
                name="staff_duty_end_not_before_start",
            )
        ]

    def __str__(self) -> str:
        return f"duty {self.pk}"
