"""The enrolment's page: everything about one time through the programme."""

from django.db.models import Prefetch
from django.shortcuts import render
from django.utils import timezone

from mentoring.enrolment_page import frame
from mentoring.history import history_of
from mentoring.models import Attendance, Concern, Meeting, MeetingState
from mentoring.needs import needs_over_time
from mentoring.overview import attach_checklist, attach_contact, names_of
from mentoring.seats import former_seats
from mentoring.yearline import MeetingMarks
from participants.models import Consent, Goal, GoalState, NeedRating, ReleaseDateMove
from participants.phases import Phase
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role

MEETINGS_SHOWN = 6


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.READ)
def enrolment(request, pk: int):
    found, context = frame(request, pk, "overview")
    attach_contact([found])
    attach_checklist([found])
    meetings = list(
        Meeting.objects.filter(enrolment=found)
        .select_related("accompaniment", "logged_by")
        .prefetch_related(
            Prefetch("attendances", Attendance.objects.select_related("mentor__user")), "areas"
        )
    )
    for meeting in meetings:
        meeting.who = names_of(meeting, request.user)
        meeting.companion = getattr(meeting, "accompaniment", None)
    show_all = request.GET.get("meetings") == "all"
    goals = list(Goal.objects.filter(enrolment=found))
    context |= {
        "marks": MeetingMarks(found, meetings),
        "meetings": meetings if show_all else meetings[:MEETINGS_SHOWN],
        "meetings_total": len(meetings),
        "meetings_held": sum(1 for m in meetings if m.state == MeetingState.HELD),
        "show_all": show_all,
        "goals": sorted(goals, key=lambda g: g.state != GoalState.OPEN),
        "goals_open": sum(1 for g in goals if g.state == GoalState.OPEN),
        "goals_reached": sum(1 for g in goals if g.state == GoalState.REACHED),
        "needs": needs_over_time(NeedRating.objects.filter(enrolment=found)),
        "concerns": Concern.objects.filter(enrolment=found)
        .select_related("raised_by", "acknowledged_by")
        .order_by("-raised_at"),
        "today": timezone.localdate(),
        "consents": Consent.objects.visible_to(request.user).filter(enrolment=found),
        "former_seats": former_seats(found) if found.phase == Phase.ENDED else [],
        "moves": ReleaseDateMove.objects.filter(enrolment=found).select_related("moved_by"),
    }
    context["history"] = history_of(found, meetings, goals, context["moves"])
    return render(request, "mentoring/enrolment/enrolment.html", context)
