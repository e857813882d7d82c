"""A mentor who joins is an applicant in the municipality they were invited to."""

from django.dispatch import receiver

from mentoring.models import Mentor
from primus.accounts.models import Role
from primus.accounts.signals import user_joined


@receiver(user_joined)
def make_mentor(sender, user, municipality_codes, **kwargs) -> None:
    if user.role == Role.MENTOR:
        Mentor.objects.create(user=user, municipality_id=municipality_codes[0])
