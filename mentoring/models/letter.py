from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentoring.models.concern import Concern
from mentoring.models.cover import StopNotice
from mentoring.models.matching import ProposalAnswer
from mentoring.models.message import Message
from mentoring.models.sendable import Sendable, SendState
from mentoring.querysets import LetterQuerySet
from participants.models import EnrolmentChange

# What a letter can be about: the fields of which exactly one is set.
ABOUT = ("concern", "stop_notice", "proposal_answer", "message", "enrolment_change")


def _exactly_one(*fields: str) -> Q:
    found = Q()
    for chosen in fields:
        found |= Q(**{f"{name}__isnull": name != chosen for name in fields})
    return found


class LetterOccasion(models.TextChoices):
    """What a letter says of the thing it is about."""

    NEWS = "news", _("that it is there")
    DEPUTY = "deputy", _("that it was not answered in time, to the deputy")
    STAFF = "staff", _("that it was not answered in time, to staff on duty")
    OVER = "over", _("that nothing comes of it")
    PAIRED = "paired", _("that the pair is formed")


class Letter(Sendable):
    """One e-mail to one person: that a concern waits, a mentor must stop, somebody is asked to
    follow a participant, a message waits, or an enrolment was handed over to them.

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
    proposal_answer = models.ForeignKey(
        ProposalAnswer, on_delete=models.CASCADE, null=True, blank=True, related_name="letters"
    )
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, null=True, blank=True, related_name="letters"
    )
    enrolment_change = models.ForeignKey(
        EnrolmentChange, on_delete=models.CASCADE, null=True, blank=True, related_name="letters"
    )
    occasion = models.CharField(max_length=10, choices=LetterOccasion, default=LetterOccasion.NEWS)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="letters"
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=_exactly_one(*ABOUT),
                name="letter_tells_of_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name, "recipient", "occasion"],
                    name=f"letter_once_per_{name}_and_recipient",
                )
                for name in ABOUT
            ),
            models.CheckConstraint(
                condition=Q(occasion__in=LetterOccasion.values), name="letter_occasion_is_known"
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
