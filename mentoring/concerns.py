"""A concern's way: raised by a mentor, heard by a coordinator in time, and answered."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.models import Concern, ConcernTopic, Meeting, Urgency
from participants.closed_days import next_working_day
from participants.coordinators import coordinators_of
from participants.models import Enrolment
from primus.accounts.models import User
from primus.refusals import Refused

URGENT_WITHIN = timedelta(hours=4)
# Any other is answered before the offices close on the next working day.
OFFICES_CLOSE = time(16, 0)


class ConcernRefused(Refused):
    """The concern is no longer as it was on the page. ``code`` says what changed."""

    SENTENCES = {
        "taken": gettext_lazy("Someone else has already answered this concern."),
        "resolved": gettext_lazy("This concern has already been closed."),
        "empty": gettext_lazy("Write what came of it."),
    }


def answer_by(urgency: str, raised_at: datetime) -> datetime:
    """When a coordinator must have answered: four hours for what is urgent, otherwise 16.00
    Danish time on the next working day (weekends and Danish holidays do not count)."""
    if urgency == Urgency.URGENT:
        return raised_at + URGENT_WITHIN
    day = next_working_day(timezone.localdate(raised_at))
    return datetime.combine(day, OFFICES_CLOSE, tzinfo=timezone.get_default_timezone())


def raise_concern(
    enrolment: Enrolment,
    by: User,
    text: str,
    urgency: str = Urgency.SOON,
    topic: str = ConcernTopic.OTHER,
    meeting: Meeting | None = None,
) -> Concern:
    """Save a concern with its clock, and tell the municipality's coordinators once it is saved."""
    now = timezone.now()
    concern = Concern.objects.create(
        enrolment=enrolment,
        meeting=meeting,
        topic=topic,
        urgency=urgency,
        text=text,
        raised_by=by,
        raised_at=now,
        acknowledge_by=answer_by(urgency, now),
    )
    # Robust: a broker that is away must not make the mentor think that nothing was saved.
    transaction.on_commit(lambda: _tell_later(concern.pk), robust=True)
    return concern


def _tell_later(concern_id: int) -> None:
    from mentoring.tasks import tell_of_concern

    tell_of_concern.delay(concern_id)


def tell_of_concern(concern_id: int) -> int:
    """E-mail the active coordinators of the municipality that a concern waits; how many were.

    The e-mail names nobody and says nothing of what the concern is about. A concern that has
    been answered in the meantime is nobody's news.
    """
    concern = Concern.objects.waiting().filter(pk=concern_id).select_related("enrolment").first()
    if concern is None:
        return 0
    address = settings.BASE_URL + reverse("concern", args=[concern.pk])
    coordinators = coordinators_of([concern.enrolment.municipality_id])
    messages = [_letter(user, concern, address) for user in coordinators]
    get_connection().send_messages(messages)
    return len(messages)


def _letter(user: User, concern: Concern, address: str) -> EmailMessage:
    urgent = concern.urgency == Urgency.URGENT
    with translation.override(user.language):
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
        subject = _("A concern needs your answer today") if urgent else _("A concern waits for you")
        return EmailMessage(subject=subject, body=body, to=[user.email])


def acknowledge(concern: Concern, by: User) -> Concern:
    """Say that a coordinator has heard it. Raises ConcernRefused("taken") if another was first."""
    now = timezone.now()
    first = (
        Concern.objects.waiting()
        .filter(pk=concern.pk)
        .update(acknowledged_at=now, acknowledged_by=by)
    )
    if not first:
        raise ConcernRefused("taken")
    concern.acknowledged_at, concern.acknowledged_by = now, by
    return concern


def resolve(concern: Concern, by: User, outcome: str) -> Concern:
    """Close a concern with what came of it, which the mentor who raised it then sees.

    A concern that nobody has answered yet is answered by this. Raises ConcernRefused("empty")
    without an outcome, ("resolved") if it was closed in the meantime.
    """
    if not outcome.strip():
        raise ConcernRefused("empty")
    now = timezone.now()
    with transaction.atomic():
        Concern.objects.waiting().filter(pk=concern.pk).update(
            acknowledged_at=now, acknowledged_by=by
        )
        closed = (
            Concern.objects.unresolved()
            .filter(pk=concern.pk)
            .update(outcome=outcome, resolved_at=now)
        )
        if not closed:
            raise ConcernRefused("resolved")
    concern.refresh_from_db()
    return concern
