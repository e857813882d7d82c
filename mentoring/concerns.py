"""A concern's way: raised by a mentor, heard by a coordinator in time, and answered."""

from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy

from mentoring.letters import tell_coordinators
from mentoring.models import (
    Concern,
    ConcernAction,
    ConcernTopic,
    Meeting,
    Urgency,
)
from mentoring.querysets import ConcernQuerySet
from mentoring.receipts import save_once
from participants.closed_days import next_working_day
from participants.models import Enrolment
from participants.querysets import EnrolmentQuerySet
from primus.access.models import AccessEntry, Event
from primus.accounts.models import User
from primus.refusals import Refused

URGENT_WITHIN = timedelta(hours=4)
# Any other is answered before the offices close on the next working day.
OFFICES_CLOSE = time(16, 0)
# For so long a mentor's home says that a concern was answered and they have not opened it.
NEWS_FOR = timedelta(days=30)


class ConcernRefused(Refused):
    """The concern is no longer as it was on the page. ``code`` says what changed."""

    SENTENCES = {
        "taken": gettext_lazy("Someone else has already answered this concern."),
        "resolved": gettext_lazy("This concern has already been closed."),
        "empty": gettext_lazy("Write what came of it."),
        "no_action": gettext_lazy("Write what you have done."),
    }


def answer_by(urgency: str, raised_at: datetime) -> datetime:
    """When a coordinator must have answered: four hours for what is urgent or about life and
    death (which is to be answered at once, and is late after that), otherwise 16.00 Danish time
    on the next working day (weekends and Danish holidays do not count)."""
    if urgency in (Urgency.LIFE, Urgency.URGENT):
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
    with transaction.atomic():
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
        tell_coordinators(concern)
    return concern


def raise_once(
    token: UUID, enrolment: Enrolment, by: User, *, text: str, urgency: str, topic: str
) -> tuple[Concern, bool]:
    """Raise a concern once for each form token; the concern and whether it is new.

    The same form sent again gives the concern that it raised the first time. Raises
    FormAlreadySaved as `save_once`.
    """

    concern = save_once(
        token,
        [enrolment.pk, text, urgency, topic],
        by,
        lambda receipt: receipt.concern,
        begin=lambda: {"concern": raise_concern(enrolment, by, text, urgency, topic)},
    )
    if concern is not None:
        return concern, True
    return Concern.objects.get(receipt__token=token), False


def _opened(user: User):
    """That the user has opened a concern since it was last answered.

    It is what the access log says: that is written with every page that shows one.
    """
    return AccessEntry.objects.filter(
        user=user,
        event=Event.READ,
        object_type=Concern._meta.label_lower,
        object_id=OuterRef("pk"),
        at__gte=OuterRef("answered_at"),
    )


def with_answered_at(concerns: ConcernQuerySet) -> ConcernQuerySet:
    """Annotates ``answered_at``: when a coordinator last wrote or did something about each."""
    acted = ConcernAction.objects.filter(concern=OuterRef("pk")).order_by("-taken_at")
    return concerns.annotate(
        answered_at=Coalesce(
            "resolved_at", Subquery(acted.values("taken_at")[:1]), "acknowledged_at"
        )
    )


def with_unread(concerns: ConcernQuerySet, user: User) -> ConcernQuerySet:
    """Annotates ``is_unread``: answered, and not opened by the user since."""
    return with_answered_at(concerns).annotate(
        is_unread=Case(
            When(acknowledged_at=None, then=Value(False)),
            default=~Exists(_opened(user)),
            output_field=BooleanField(),
        )
    )


def with_unread_answers(enrolments: EnrolmentQuerySet, user: User) -> EnrolmentQuerySet:
    """Annotates ``answers_unread``: how many of the concerns that the user raised about each were
    answered lately, and not opened since."""
    since = timezone.now() - NEWS_FOR
    unread = (
        with_answered_at(Concern.objects.filter(raised_by=user, enrolment=OuterRef("pk")))
        .filter(~Exists(_opened(user)), answered_at__gte=since)
        .order_by()
        .values("enrolment")
        .annotate(n=Count("pk"))
    )
    return enrolments.annotate(answers_unread=Coalesce(Subquery(unread.values("n")), 0))


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


def act_on(concern: Concern, by: User, text: str, token: UUID) -> bool:
    """Write down what was done about a concern, once for each form token; gives whether it was
    the first time. The mentor who raised it sees it.

    A concern that nobody has answered yet is answered by this. Raises ConcernRefused("no_action")
    without a text, ("resolved") if it was closed in the meantime, and FormAlreadySaved as
    `save_once`.
    """
    text = text.strip()
    if not text:
        raise ConcernRefused("no_action")

    def save(_receipt) -> ConcernAction:
        # Whoever closes it at this moment waits, or was first.
        row = Concern.objects.select_for_update(no_key=True).get(pk=concern.pk)
        if row.resolved_at is not None:
            raise ConcernRefused("resolved")
        if row.acknowledged_at is None:
            acknowledge(row, by)
        return ConcernAction.objects.create(concern=row, text=text, taken_by=by)

    return save_once(token, {"concern": concern.pk, "text": text}, by, save) is not None


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
