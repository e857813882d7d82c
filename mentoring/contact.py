"""When a participant was last met: the one definition, wherever it is shown, sent or counted."""

from django.db.models import OuterRef, Subquery

from mentoring.models import Meeting


def with_last_contact(enrolments):
    """Annotates ``last_contact``: when the last meeting that was held took place, or None.

    Attempts and cancelled meetings are no contact; a meeting with either mentor is.
    """
    held = Meeting.objects.held().filter(enrolment=OuterRef("pk")).order_by("-happened_at", "-pk")
    return enrolments.annotate(last_contact=Subquery(held.values("happened_at")[:1]))
