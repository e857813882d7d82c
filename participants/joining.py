"""A coordinator who joins gets the municipalities they were invited to."""

from django.dispatch import receiver

from participants.models import Coordinator
from primus.accounts.models import Role
from primus.accounts.signals import user_joined


@receiver(user_joined)
def make_coordinator(sender, user, municipality_codes, **kwargs) -> None:
    if user.role == Role.COORDINATOR:
        coordinator = Coordinator.objects.create(user=user)
        coordinator.municipalities.set(municipality_codes)
