"""A mentor's home: who they follow, what phase each is in, what is next."""

from dataclasses import replace

from django.shortcuts import render
from django.utils import timezone

from mentoring.absences import attach_absences
from mentoring.checklist import attach_checklist
from mentoring.concerns import with_unread_answers
from mentoring.firstdays import first_days
from mentoring.hometasks import attach_tasks, with_tasks
from mentoring.news import news_of
from mentoring.overview import (
    attach_contact,
    attach_goals,
    contact_sentence,
    nearest_release_first,
)
from mentoring.replacements import attach_replacements
from mentoring.seats import attach_seats
from mentoring.turns import Why, attach_turns, turn_sentence, with_request
from mentoring.yearline import MeetingMarks
from participants.coordinators import coordinators_of
from participants.models import Enrolment
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role, User


def followed(user: User) -> list[Enrolment]:
    """Those a mentor follows, with all that their cards say; the nearest release first."""
    mine = with_tasks(with_request(Enrolment.objects.visible_to(user).current()), user)
    related = with_unread_answers(mine, user).select_related(
        "participant", "institution", "municipality"
    )
    enrolments = nearest_release_first(attach_seats(related))
    attach_contact(enrolments)
    attach_goals(enrolments)
    attach_checklist(enrolments)
    attach_absences(enrolments)
    attach_turns(enrolments, user)
    attach_replacements(enrolments, user)
    attach_tasks(enrolments, user)
    for enrolment in enrolments:
        last = enrolment.last_meeting
        enrolment.contact = last and contact_sentence(last, enrolment.participant.first_name, user)
        enrolment.marks = MeetingMarks(enrolment, enrolment.meetings_seen)
        enrolment.first_days = first_days(enrolment)
        # With two or more, the page stays on one screen: a list is opened with a tap.
        enrolment.checklist_folded = len(enrolments) > 1
    return enrolments


@entry(roles=[Role.MENTOR], event=Event.LIST)
def mentor_home(request):
    enrolments = followed(request.user)
    partners: dict[int, User] = {}
    own_absences = {}
    for enrolment in enrolments:
        holders = [seat.mentor.user for seat in enrolment.seats_now]
        if request.user not in holders:
            # Whoever only hands over sees whose turn it is, and is not asked.
            enrolment.turn = replace(enrolment.turn, request=None)
        others = [user for user in holders if user.pk != request.user.pk]
        partner = enrolment.partner = others[0] if len(others) == 1 else None
        enrolment.my_mentor_id = next(
            seat.mentor_id
            for seat in enrolment.seats_held
            if seat.mentor.user_id == request.user.pk
        )
        turn = enrolment.turn
        enrolment.turn_told = turn_sentence(turn, request.user, partner)
        enrolment.is_my_turn = turn.mentor is not None and turn.mentor.pk == enrolment.my_mentor_id
        # Whoever is away, now or on the day of the next step, is not asked.
        enrolment.can_ask = (
            partner is not None
            and turn.why != Why.AWAY
            and not any(away.is_now and away.user == partner for away in enrolment.absences)
        )
        partners |= {user.pk: user for user in others}
        own_absences |= {a.pk: a for a in enrolment.absences if a.user.pk == request.user.pk}
    coordinators = coordinators_of(e.municipality_id for e in enrolments)
    news = news_of(request.user)
    request.access.many([*enrolments, *([news.asked] if news.asked else [])])
    return render(
        request,
        "mentoring/home/home.html",
        {
            "section": "home",
            "enrolments": enrolments,
            "news": news,
            "partners": list(partners.values()),
            "coordinators": list(coordinators),
            "answers_unread": sum(enrolment.answers_unread for enrolment in enrolments),
            "own_absences": list(own_absences.values()),
            "today": timezone.localdate(),
        },
    )
