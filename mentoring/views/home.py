"""A mentor's home: who they follow, what phase each is in, what is next."""

from django.shortcuts import render
from django.utils import timezone

from mentoring.overview import (
    attach_checklist,
    attach_contact,
    attach_goals,
    contact_sentence,
    nearest_release_first,
)
from mentoring.reminders import for_home
from mentoring.seats import attach_seats
from participants.coordinators import coordinators_of
from participants.models import Enrolment
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role, User


@entry(roles=[Role.MENTOR], event=Event.LIST)
def mentor_home(request):
    mine = Enrolment.objects.visible_to(request.user).current()
    enrolments = nearest_release_first(
        attach_seats(mine.select_related("participant", "institution", "municipality"))
    )
    attach_contact(enrolments)
    attach_goals(enrolments)
    attach_checklist(enrolments)
    partners: dict[int, User] = {}
    for enrolment in enrolments:
        last = enrolment.last_meeting
        enrolment.contact = last and contact_sentence(
            last, enrolment.participant.first_name, request.user
        )
        others = [s.mentor.user for s in enrolment.seats_now if s.mentor.user_id != request.user.pk]
        partners |= {user.pk: user for user in others}
    coordinators = coordinators_of(e.municipality_id for e in enrolments)
    request.access.many(enrolments)
    return render(
        request,
        "mentoring/home/home.html",
        {
            "section": "home",
            "enrolments": enrolments,
            "partners": list(partners.values()),
            "coordinators": list(coordinators),
            "reminders": for_home(request.user),
            "today": timezone.localdate(),
        },
    )
