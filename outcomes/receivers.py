"""What happens to what is known of reoffending when a consent changes further down."""

from django.dispatch import receiver

from outcomes.followups.noting import forget
from participants.models import ConsentKind
from participants.signals import consent_withdrawn


@receiver(consent_withdrawn, dispatch_uid="outcomes.consent_withdrawn")
def forget_offences(sender, consent, **kwargs) -> None:
    """Without consent nothing on offences is kept: the follow-up goes, and the reoffences with it.

    Whoever is not followed up counts as not observable from then on, never as without reoffence.
    """
    if consent.kind == ConsentKind.OFFENCES:
        forget(consent.enrolment)
