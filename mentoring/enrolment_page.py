"""What the parts of the enrolment's page have in common: whose it is, and the way to the rest."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.seats import attach_seats
from participants.models import Enrolment
from primus.access.declare import get_visible
from primus.access.models import Event


@dataclass(frozen=True)
class Tab:
    """One part of the page: what it is called in `here`, its URL's name, and the word."""

    name: str
    url_name: str
    label: str | Promise


TABS = (
    Tab("overview", "enrolment", _("Overview")),
    Tab("meetings", "enrolment_meetings", _("Meetings")),
    Tab("plan", "enrolment_plan", _("Plan")),
    Tab("needs", "enrolment_needs", _("Needs")),
    Tab("people", "enrolment_people", _("People")),
)
FOR_COORDINATORS = (Tab("timeline", "enrolment_timeline", _("Timeline")),)


def section_of(user) -> str:
    """Where in the main menu an enrolment lies, for whoever looks at it."""
    return "enrolments" if user.is_coordinator else "home"


def context_for(request, enrolment: Enrolment, here: str) -> dict:
    """What ``templates/mentoring/enrolment/_frame.html`` needs of an enrolment, in one query.

    `enrolment` comes with participant, municipality and institution; `here` is the tab's name.
    """
    attach_seats([enrolment])
    return {
        "section": section_of(request.user),
        "enrolment": enrolment,
        "tabs": TABS + FOR_COORDINATORS if request.user.is_coordinator else TABS,
        "here": here,
    }


def frame(
    request, pk: int, here: str, *, event: Event | None = None, enrolments=None
) -> tuple[Enrolment, dict]:
    """The enrolment, logged as reached, and the context its page begins with: three queries.

    `enrolments` is a queryset that joins more. Raises Http404 for what is not the user's.
    """
    wanted = Enrolment.objects.all() if enrolments is None else enrolments
    related = wanted.select_related("participant", "municipality", "institution")
    found = get_visible(request, related, event=event, pk=pk)
    return found, context_for(request, found, here)
