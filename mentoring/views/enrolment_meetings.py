"""All meetings of an enrolment: newest first, by area and kind, and searchable."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.enrolment_page import frame
from mentoring.forms.meeting_search import MeetingSearch
from mentoring.meeting_list import about, as_listed, dress, holding
from mentoring.models import Meeting, MeetingState
from participants.models import SupportArea
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.filters import keep_choices, kept_choices
from primus.paging import page_of
from primus.search import words_of

PER_PAGE = 20


@dataclass(frozen=True)
class Choice:
    """One link that narrows the list: its value in the address (None for all), and its word."""

    value: str | None
    label: str | Promise
    is_chosen: bool


def choices(chosen: str, everything, offered) -> list[Choice]:
    rows = [Choice(None, everything, not chosen)]
    return rows + [Choice(value, label, value == chosen) for value, label in offered]


def one_of(value: str | None, known) -> str:
    """The value where it is one that can be chosen, else none."""
    return value if value in known.values else ""


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.READ)
def enrolment_meetings(request, pk: int):
    """Area and kind stand in the address; what is searched for is posted and kept aside."""
    found, context = frame(request, pk, "meetings")
    if request.method == "POST":
        return keep_choices(request, "area", "kind")
    area = one_of(request.GET.get("area"), SupportArea)
    kind = one_of(request.GET.get("kind"), MeetingState)
    search = MeetingSearch(kept_choices(request))
    meetings = Meeting.objects.filter(enrolment=found)
    if area:
        meetings = about(meetings, area)
    if kind:
        meetings = meetings.filter(state=kind)
    if search.text:
        meetings = holding(meetings, search.text)
        request.access.one(found, Event.SEARCH, search.text)
    page = page_of(request, as_listed(meetings), PER_PAGE)
    context |= {
        "areas": choices(area, _("All areas"), SupportArea.choices),
        "kinds": choices(kind, _("All"), MeetingState.choices),
        "search": search,
        "words": words_of(search.text),
        "narrowed": bool(area or kind or search.text),
        "page": page,
        "meetings": dress(page, request.user),
    }
    return render(request, "mentoring/enrolment/meetings.html", context)
