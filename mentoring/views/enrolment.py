"""The enrolment's page, its overview: what matters now, and the course of things."""

from django.shortcuts import render
from django.utils import timezone

from mentoring.absences import attach_absences
from mentoring.accompaniments import open_follow_ups
from mentoring.asked import pair_time, shown_proposal, with_pair_time
from mentoring.checklist import attach_checklist
from mentoring.enrolment_page import frame
from mentoring.history import history_of
from mentoring.just_done import just_done
from mentoring.meeting_list import as_listed, counted, dress
from mentoring.models import Concern, Meeting
from mentoring.needs import needs_over_time
from mentoring.overview import attach_contact, contact_sentence
from mentoring.plan import mark_near
from mentoring.replacements import attach_replacements
from mentoring.seats import former_seats
from mentoring.turns import attach_turns, turn_sentence, with_request
from mentoring.yearline import MeetingMarks
from participants.endings import ending_in_force, reopen_until
from participants.forms.notes import NoteForm
from participants.models import (
    Consent,
    CoordinatorNote,
    Enrolment,
    Goal,
    GoalState,
    NeedRating,
    ReleaseDateMove,
)
from participants.notes import can_remove
from participants.phases import Phase
from participants.transfers import latest_handover, with_handover
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role, User

MEETINGS_SHOWN = 4
FOLLOW_UPS_SHOWN = 3
NOTES_SHOWN = 3


def whose_turn(found: Enrolment, reader: User) -> str:
    """Who takes the next meeting, as one of the two is told of it; empty for anybody else."""
    holders = [seat.mentor.user for seat in found.seats_now]
    if reader not in holders or not found.is_current:
        return ""
    attach_turns([found], reader)
    partner = next((user for user in holders if user != reader), None)
    return turn_sentence(found.turn, reader, partner)


def for_coordinators(found: Enrolment, reader: User) -> dict:
    """What only coordinators are given: notes, the handover, how a pair was found or is asked, and
    how it ended. A fixed number of queries, and none of it is read for anybody else."""
    notes = list(CoordinatorNote.objects.filter(enrolment=found).select_related("written_by"))
    for note in notes[:NOTES_SHOWN]:
        note.can_remove = can_remove(note, reader)
    context = {
        "notes": notes[:NOTES_SHOWN],
        "notes_total": len(notes),
        "note_form": NoteForm(),
        "handover": latest_handover(found),
        "pair_time": pair_time(found),
    }
    if found.pair_now is None and found.is_current:
        context["asked"] = shown_proposal(found)
    if found.ended_on is not None:
        ending = ending_in_force(found)
        last = reopen_until(found, ending)
        context |= {
            "ending": ending,
            "reopen_until": last,
            "can_reopen": timezone.localdate() <= last,
        }
    return context


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.READ)
def enrolment(request, pk: int):
    enrolments = with_request(Enrolment.objects).select_related("coordinator__user")
    if request.user.is_coordinator:
        enrolments = with_handover(with_pair_time(enrolments))
    found, context = frame(request, pk, "overview", enrolments=enrolments)
    attach_contact([found])
    attach_checklist([found])
    attach_absences([found])
    attach_replacements([found], request.user)
    meetings = found.meetings_seen
    goals = mark_near(Goal.objects.filter(enrolment=found))
    ratings = list(NeedRating.objects.filter(enrolment=found))
    moves = list(ReleaseDateMove.objects.filter(enrolment=found))
    last = found.last_meeting
    latest = as_listed(Meeting.objects.filter(enrolment=found))[:MEETINGS_SHOWN]
    context |= counted(meetings) | {
        "marks": MeetingMarks(found, meetings),
        "meetings": dress(latest, request.user),
        "turn": whose_turn(found, request.user),
        "contact": contact_sentence(last, found.participant.first_name, request.user)
        if last
        else "",
        "follow_ups": open_follow_ups([found])[:FOLLOW_UPS_SHOWN],
        "words": (),
        "goals": sorted(goals, key=lambda g: g.state != GoalState.OPEN),
        "goals_open": sum(1 for g in goals if g.state == GoalState.OPEN),
        "goals_reached": sum(1 for g in goals if g.state == GoalState.REACHED),
        "needs": needs_over_time(found, ratings),
        "concerns": Concern.objects.visible_to(request.user)
        .filter(enrolment=found)
        .select_related("raised_by", "acknowledged_by")
        .order_by("-raised_at"),
        "today": timezone.localdate(),
        "consents": Consent.objects.visible_to(request.user).filter(enrolment=found),
        "former_seats": former_seats(found) if found.phase == Phase.ENDED else [],
        "moves": moves,
        "history": history_of(found, meetings, goals, moves, ratings),
        "just": just_done(request, found),
    }
    if request.user.is_coordinator:
        context |= for_coordinators(found, request.user)
    return render(request, "mentoring/enrolment/enrolment.html", context)
