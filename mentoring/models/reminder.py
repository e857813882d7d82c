from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring.models.sendable import Sendable, SendState
from mentoring.querysets import ReminderQuerySet
from participants.milestones import Milestone
from participants.models import Enrolment

ReminderState = SendState


class Reminder(Sendable):
    """A row in the ledger of what was due, to whom, why, and what became of it.

    The kind is a milestone, the occasion is the enrolment and the milestone's date: when the
    date moves, the reminder for the old date is cancelled and the new date gets its own.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20, choices=Milestone)
    occasion_on = models.DateField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    # When the recipient put it aside in the app.
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-occasion_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "recipient", "enrolment", "occasion_on"],
                name="reminder_once_per_kind_recipient_and_occasion",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Milestone.values), name="reminder_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReminderState.SENT) | Q(sent_at__isnull=False),
                name="reminder_sent_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "occasion_on"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion_on}"
