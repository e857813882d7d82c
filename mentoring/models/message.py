from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.message_querysets import MessageQuerySet, MessageRecipientQuerySet
from mentoring.models.pair import MentorPair
from participants.models import Municipality


class Message(models.Model):
    """What a coordinator writes to a pair, or to all mentors of a municipality.

    It is read here: the e-mail only says that it waits. ``pair`` is None where it went to all.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="messages"
    )
    # It goes with the pair: what was written about a participant is theirs.
    pair = models.ForeignKey(
        MentorPair, on_delete=models.CASCADE, null=True, blank=True, related_name="messages"
    )
    subject = models.CharField(_("subject"), max_length=120)
    text = models.TextField(_("message"), max_length=4000)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(text=""), name="message_says_something"
            )
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"


class MessageRecipient(models.Model):
    """That a message was sent to one mentor, and when they read it."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="recipients")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="received_messages"
    )
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient of a message")
        verbose_name_plural = _("recipients of messages")
        ordering = ["-message__sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "user"], name="message_recipient_once_per_message"
            )
        ]

    def __str__(self) -> str:
        return f"recipient {self.pk}"
