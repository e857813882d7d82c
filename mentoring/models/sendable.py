"""What a row needs so that its e-mail goes out exactly once (see mentoring.sending)."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SendState(models.TextChoices):
    PLANNED = "planned", _("planned")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    CANCELLED = "cancelled", _("cancelled")


class Sendable(models.Model):
    """A row that stands for one e-mail to one recipient, and says what became of it."""

    # A claim older than this was made by a sender that was killed; another takes it up.
    CLAIM_HOLDS = timedelta(minutes=30)

    state = models.CharField(max_length=10, choices=SendState, default=SendState.PLANNED)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # The class of the last error in sending, if any; tried again at the next run.
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        abstract = True
