"""What happens to mentors and reminders when an enrolment's dates change further down."""

from django.dispatch import receiver

from mentoring.models import PairEndReason
from mentoring.overtaking import settle_open
from mentoring.pairing import end_pair, open_pair, plan_reminders
from participants.signals import enrolment_ended, release_changed


@receiver(release_changed, dispatch_uid="mentoring.release_changed")
def plan_anew(sender, enrolment, **kwargs) -> None:
    """Reminders follow the release."""
    plan_reminders(enrolment.pk)


@receiver(enrolment_ended, dispatch_uid="mentoring.enrolment_ended")
def close_pairs(sender, enrolment, **kwargs) -> None:
    """Nobody follows an enrolment that has ended, or is asked to."""
    pair = open_pair(enrolment)
    if pair is not None:
        end_pair(pair, PairEndReason.ENROLMENT_ENDED, enrolment.ended_on)
    settle_open(enrolment)
    plan_reminders(enrolment.pk)
