"""Writing to a pair, or to all mentors of a municipality. What is written is read in Primus; the
e-mail only says that it waits (see mentoring.letters)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.letters import write_letters
from mentoring.models import Mentor, MentorPair, Message, MessageRecipient
from mentoring.pairing import open_pair
from participants.models import Enrolment, Municipality
from primus.accounts.models import User
from primus.refusals import Refused


class MessageRefused(Refused):
    """The message cannot be sent. ``code`` says why."""

    SENTENCES = {
        "nobody": _("There is nobody to write to here any longer."),
    }


@dataclass(frozen=True)
class Audience:
    """Whom a message goes to: the two of a pair, or all active mentors of a municipality."""

    municipality: Municipality
    pair: MentorPair | None
    mentors: list[Mentor]

    @property
    def users(self) -> list[User]:
        return [mentor.user for mentor in self.mentors]


def of_pair(enrolment: Enrolment) -> Audience | None:
    """The mentors who hold the seats of an enrolment today; None where there is no pair."""
    pair = open_pair(enrolment)
    if pair is None:
        return None
    current = (
        pair.seats.current().filter(mentor__user__is_active=True).select_related("mentor__user")
    )
    mentors = {
        seat.mentor_id: seat.mentor for seat in current.order_by("number", "held_from", "pk")
    }
    return Audience(enrolment.municipality, pair, list(mentors.values()))


def of_municipality(municipality: Municipality) -> Audience:
    """All active mentors of a municipality."""
    mentors = Mentor.objects.filter(municipality=municipality).active().select_related("user")
    return Audience(municipality, None, list(mentors))


def with_active(municipalities: QuerySet[Municipality]) -> QuerySet[Municipality]:
    """Annotates ``active_mentors``: how many a message to all of a municipality would reach."""
    active = Mentor.objects.active().values("pk")
    return municipalities.annotate(
        active_mentors=Count("mentors", filter=Q(mentors__in=active), distinct=True)
    )


@transaction.atomic
def send_message(audience: Audience, by: User, subject: str, text: str) -> Message:
    """Write the message and, in the same transaction, one letter to each recipient.

    Raises MessageRefused("nobody") where the audience is empty.
    """
    if not audience.mentors:
        raise MessageRefused("nobody")
    message = Message.objects.create(
        municipality=audience.municipality,
        pair=audience.pair,
        subject=subject.strip(),
        text=text.strip(),
        sent_by=by,
    )
    MessageRecipient.objects.bulk_create(
        MessageRecipient(message=message, user=user) for user in audience.users
    )
    write_letters(message, audience.users)
    return message


def inbox(user: User) -> QuerySet[MessageRecipient]:
    """The messages to a mentor that they may see, the latest first."""
    own = MessageRecipient.objects.visible_to(user).filter(user=user)
    return own.select_related("message__sent_by", "message__municipality")


def unread_of(user: User) -> int:
    """How many of them they have not opened."""
    return inbox(user).unread().count()


def mark_read(message: Message, user: User) -> bool:
    """That the user has opened a message; whether it was the first time."""
    unread = MessageRecipient.objects.unread().filter(message=message, user=user)
    return bool(unread.update(read_at=timezone.now()))


def with_readers(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Annotates ``sent_to`` and ``read_by``: how many it went to, and how many have opened it."""
    return messages.annotate(
        sent_to=Count("recipients", distinct=True),
        read_by=Count("recipients", filter=Q(recipients__read_at__isnull=False), distinct=True),
    )
