from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring.models.concern import Concern
from mentoring.models.cover import StopNotice
from mentoring.models.sendable import Sendable, SendState
from mentoring.querysets import LetterQuerySet


class Letter(Sendable):
    """One e-mail that tells one coordinator of a concern, or that a mentor must stop.

    Written together with what it tells of, so that it is sent however long the broker or the
    mail server was away.
    """

    # Somebody waits for an answer: what a sender left behind is soon taken up.
    CLAIM_HOLDS = timedelta(minutes=5)

    concern = models.ForeignKey(
        Concern, on_delete=models.CASCADE, null=True, blank=True, related_name="letters"
    )
    stop_notice = models.ForeignKey(
        StopNotice, on_delete=models.CASCADE, null=True, blank=True, related_name="letters"
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letters"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to a coordinator")
        verbose_name_plural = _("letters to coordinators")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(concern=None, stop_notice__isnull=False)
                | Q(concern__isnull=False, stop_notice=None),
                name="letter_tells_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["concern", "recipient"], name="letter_once_per_concern_and_recipient"
            ),
            models.UniqueConstraint(
                fields=["stop_notice", "recipient"],
                name="letter_once_per_stop_notice_and_recipient",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SendState.values), name="letter_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=SendState.SENT) | Q(sent_at__isnull=False),
                name="letter_sent_has_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"])]

    def __str__(self) -> str:
        return f"letter {self.pk}"
