"""When a participant was last met: the one definition, wherever it is shown, sent or counted."""

from django.db.models import OuterRef, QuerySet, Subquery

from mentoring.models import Meeting


def last_held(enrolment: str) -> QuerySet[Meeting]:
    """The last meeting that was held, for a subquery; `enrolment` leads from its outer query."""
    held = Meeting.objects.held().filter(enrolment=OuterRef(enrolment))
    return held.order_by("-happened_at", "-pk")[:1]


def with_last_contact(enrolments):
    """Annotates ``last_contact``: when the last meeting that was held took place, or None.

    Attempts and cancelled meetings are no contact; a meeting with either mentor is.
    """
    return enrolments.annotate(last_contact=Subquery(last_held("pk").values("happened_at")))
