"""Telling somebody by e-mail that something waits for them: a concern, a mentor who must stop.

A row for each recipient is written in the transaction of what it tells of. It is sent once that
is saved; what could not be sent then (no broker, no mail server, a worker that was killed) is
found by the timetable's task, every few minutes.
"""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from mentoring.models import (
    Concern,
    Letter,
    LetterOccasion,
    Message,
    MessageRecipient,
    ProposalAnswer,
    StopNotice,
    Urgency,
)
from mentoring.models.letter import ABOUT
from mentoring.proposal_letters import words_of_proposal
from mentoring.sending import Sent, letter, send_waiting
from participants.coordinators import coordinators_of
from participants.models import Enrolment, EnrolmentChange
from primus.accounts.models import User


def write_letters(
    about: Concern | StopNotice | ProposalAnswer | Message | EnrolmentChange,
    recipients: Iterable[User],
    occasion: LetterOccasion = LetterOccasion.NEWS,
) -> None:
    """Write a letter to each recipient, and have them sent once this is saved.

    Call it in the transaction that saves what it is about.
    """
    field = next(
        name for name in ABOUT if Letter._meta.get_field(name).related_model is type(about)
    )
    Letter.objects.bulk_create(
        Letter(recipient=user, occasion=occasion, **{field: about}) for user in recipients
    )
    # Robust: a broker that is away must not make the mentor think that nothing was saved.
    transaction.on_commit(_send_soon, robust=True)


def tell_coordinators(about: Concern | StopNotice) -> None:
    """Write a letter to each active coordinator of the municipality."""
    write_letters(about, coordinators_of([about.enrolment.municipality_id]))


def _send_soon() -> None:
    from mentoring.tasks import send_letters

    send_letters.delay()


def send_letters() -> Sent:
    """Send every letter that waits, each exactly once."""
    return send_waiting(Letter.objects.all(), compose=compose_letter)


def compose_letter(row: Letter, connection: BaseEmailBackend | None = None) -> EmailMessage | None:
    """The e-mail of a letter, in the recipient's language; None when it is nobody's news any more.

    It names nobody and says nothing of what it is about.
    """
    field = next(name for name in ABOUT if getattr(row, f"{name}_id") is not None)
    with translation.override(row.recipient.language):
        said = WORDS[field](row)
        if said is None:
            return None
        subject, body = said
    return letter(row, to=row.recipient.email, subject=subject, body=body, connection=connection)


def _address(page: str, number: int) -> str:
    return settings.BASE_URL + reverse(page, args=[number])


def _of_concern(row: Letter) -> tuple[str, str] | None:
    if row.occasion == LetterOccasion.STAFF:
        return _to_staff(row)
    waiting = Concern.objects.visible_to(row.recipient).waiting()
    waiting = waiting.select_related("enrolment__municipality")
    concern = waiting.filter(pk=row.concern_id).first()
    if concern is None:
        return None
    address = _address("concern", concern.pk)
    if row.occasion == LetterOccasion.DEPUTY:
        return _("A concern has not been answered in time"), _(
            "A concern in %(municipality)s still waits, and you are the deputy there.\n\n"
            "Please answer it now:\n%(address)s\n\n"
            "For the sake of the participant, this e-mail does not say what it is about."
        ) % {"municipality": concern.enrolment.municipality, "address": address}
    if concern.urgency == Urgency.LIFE:
        return _("A concern needs your answer at once"), _(
            "A mentor has raised a concern about a participant in one of your municipalities, "
            "and it cannot wait.\n\n"
            "Please answer at once:\n%(address)s\n\n"
            "For the sake of the participant, this e-mail does not say what it is about."
        ) % {"address": address}
    urgent = concern.urgency == Urgency.URGENT
    deadline = timezone.localtime(concern.acknowledge_by)
    body = _(
        "A mentor has raised a concern about a participant in one of your municipalities.\n\n"
        "Please answer by %(time)s on %(day)s:\n%(address)s\n\n"
        "For the sake of the participant, this e-mail does not say what it is about."
    ) % {
        "time": time_format(deadline),
        "day": date_format(deadline, _("l j F")),
        "address": address,
    }
    return _("A concern needs your answer today") if urgent else _("A concern waits for you"), body


def _to_staff(row: Letter) -> tuple[str, str] | None:
    concern = (
        Concern.objects.waiting()
        .filter(pk=row.concern_id)
        .select_related("enrolment__municipality")
        .first()
    )
    if concern is None or not row.recipient.is_staff_role:
        return None
    return _("A concern waits in %(municipality)s") % {
        "municipality": concern.enrolment.municipality
    }, _(
        "A concern in %(municipality)s has not been answered in time, neither by the coordinators "
        "nor by a deputy.\n\n"
        "Here you can see how long it has waited, and whom to call:\n%(address)s\n\n"
        "What it is about is for the coordinators only."
    ) % {
        "municipality": concern.enrolment.municipality,
        "address": settings.BASE_URL + reverse("concerns_waiting"),
    }


def _of_stop_notice(row: Letter) -> tuple[str, str] | None:
    notices = StopNotice.objects.visible_to(row.recipient).to_see_to()
    notice = notices.filter(pk=row.stop_notice_id).first()
    if notice is None:
        return None
    return _("A mentor must stop"), _(
        "A mentor in one of your municipalities has said that they must stop following a "
        "participant.\n\n"
        "Here you can see from when, and find a new mentor:\n%(address)s\n\n"
        "For the sake of the participant, this e-mail does not say who it is."
    ) % {"address": _address("stop_notice", notice.pk)}


def _of_handing_over(row: Letter) -> tuple[str, str] | None:
    mine = Enrolment.objects.visible_to(row.recipient).current()
    found = mine.filter(changes=row.enrolment_change_id, coordinator__user=row.recipient).first()
    if found is None:
        return None
    return _("An enrolment has been handed over to you"), _(
        "Another coordinator has handed an enrolment over to you. You answer for it now.\n\n"
        "Here you can read what they wrote to you, and see whether the mentor pair comes along:\n"
        "%(address)s\n\n"
        "For the sake of the participant, this e-mail does not say who it is."
    ) % {"address": _address("enrolment", found.pk)}


def _of_message(row: Letter) -> tuple[str, str] | None:
    unread = MessageRecipient.objects.visible_to(row.recipient).unread()
    waiting = unread.filter(message=row.message_id, user=row.recipient).first()
    if waiting is None:
        return None
    return _("A message waits for you"), _(
        "Your coordinator has written to you. Read it in Primus:\n%(address)s\n\n"
        "For everybody's sake, this e-mail does not say what it is about."
    ) % {"address": _address("message", waiting.message_id)}


# What a letter says of each thing it can be about: subject and text, or None when it is nobody's
# news any more.
WORDS: dict[str, Callable[[Letter], tuple[str, str] | None]] = {
    "concern": _of_concern,
    "stop_notice": _of_stop_notice,
    "proposal_answer": words_of_proposal,
    "message": _of_message,
    "enrolment_change": _of_handing_over,
}
