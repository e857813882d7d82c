"""A mentor who joins is an applicant in the municipality they were invited to."""

from django.dispatch import receiver

from mentoring import steps
from mentoring.models import Mentor
from primus.accounts.models import Invitation, Role
from primus.accounts.signals import user_joined


@receiver(user_joined)
def make_mentor(sender, user, municipality_codes, **kwargs) -> None:
    if user.role == Role.MENTOR:
        mentor = Mentor.objects.create(user=user, municipality_id=municipality_codes[0])
        invitation = Invitation.objects.filter(user=user).select_related("invited_by").first()
        steps.begin(mentor, invitation.invited_by if invitation else None)
