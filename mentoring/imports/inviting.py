"""Mentors from a file are invited when their coordinator chooses so, and not before."""

from django.db.models import Exists, OuterRef

from mentoring.models import Mentor
from primus.accounts import invitations
from primus.accounts.models import Invitation
from primus.spreadsheets.models import ImportFile, RowOutcome


def to_invite(file: ImportFile):
    """The mentors that the file made, who cannot sign in and have no invitation that waits."""
    made = file.rows.filter(outcome=RowOutcome.CREATE, applied_at__isnull=False)
    waiting = Invitation.objects.waiting().filter(user=OuterRef("user"))
    return (
        Mentor.objects.visible_to(file.uploaded_by)
        .filter(pk__in=made.values("subject"), user__is_active=True)
        .filter(user__in=invitations.never_let_in())
        .exclude(Exists(waiting))
    )


def invite_all(file: ImportFile) -> list[Invitation]:
    """Invite each of them; gives the invitations that were made."""
    made = []
    for mentor in to_invite(file).select_related("user").order_by("pk"):
        try:
            made.append(
                invitations.invite_known(
                    file.uploaded_by, mentor.user, municipality_codes=[mentor.municipality_id]
                )
            )
        except invitations.InvitationRefused:
            # Somebody has invited that address meanwhile: one is enough.
            continue
    return made
