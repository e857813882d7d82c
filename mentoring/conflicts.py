"""Who is not put together with whom, and why."""

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mentoring.models import Mentor, MentorConflict
from participants.models import Participant
from primus.accounts.models import User
from primus.refusals import Refused


class ConflictRefused(Refused):
    """The conflict cannot be written down. ``code`` says why."""

    SENTENCES = {
        "oneself": _("A mentor is in no conflict with themself."),
        "already": _("This is written down already."),
    }


def conflicts_of(mentor: Mentor, reader: User) -> QuerySet[MentorConflict]:
    """A mentor's conflicts as far as the reader may see with whom, whichever of two mentors they
    were written down with.

    The others still hold: they are asked of the whole table wherever two are put together.
    """
    people = Participant.objects.visible_to(reader).values("pk")
    mentors = Mentor.objects.visible_to(reader).values("pk")
    theirs = Q(participant__in=people) | Q(other__in=mentors)
    both_ways = MentorConflict.objects.filter(
        Q(theirs, mentor=mentor) | Q(other=mentor, mentor__in=mentors)
    )
    return both_ways.select_related("mentor__user", "other__user", "participant").order_by("pk")


def add_conflict(
    mentor: Mentor, whom: Mentor | Participant, kind: str, by: User, note: str = ""
) -> MentorConflict:
    """Write down that a mentor is not put together with another mentor, or with a participant.

    Raises ConflictRefused.
    """
    if whom == mentor:
        raise ConflictRefused("oneself")
    about = {"other": whom} if isinstance(whom, Mentor) else {"participant": whom}
    if (
        isinstance(whom, Mentor)
        and MentorConflict.objects.filter(mentor=whom, other=mentor).exists()
    ):
        raise ConflictRefused("already")
    try:
        with transaction.atomic():
            return MentorConflict.objects.create(
                mentor=mentor, kind=kind, note=note.strip(), said_by=by, **about
            )
    except IntegrityError as error:
        raise ConflictRefused("already") from error
