"""Asking the fellow mentor to take the next meeting, and answering."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from mentoring.absences import attach_absences
from mentoring.models import TurnRequest
from mentoring.overview import attach_contact
from mentoring.seats import attach_seats
from mentoring.turns import TurnRefused, answer, ask, take_back
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

ANSWERS = {"yes": True, "no": False}


@entry(roles=[Role.MENTOR], event=Event.CHANGE)
def turn_ask(request, pk: int):
    """Ask the other of the pair to take the next meeting with a participant."""
    enrolment = get_visible(request, Enrolment.objects.current(), pk=pk)
    if request.method == "POST":
        attach_seats([enrolment])
        attach_contact([enrolment])
        attach_absences([enrolment])
        mine = next(s.mentor for s in enrolment.seats_held if s.mentor.user_id == request.user.pk)
        try:
            asked = ask(enrolment, mine)
        except TurnRefused as refused:
            messages.warning(request, refused.sentence)
        else:
            name = asked.asked.user.first_name
            messages.success(request, _("%(name)s is asked, and sees it at once.") % {"name": name})
    return redirect("mentor_home")


@entry(roles=[Role.MENTOR], event=Event.CHANGE)
def turn_answer(request, pk: int):
    """Say yes or no to what one has been asked."""
    asked = TurnRequest.objects.filter(asked__user=request.user)
    found = get_visible(request, asked.select_related("enrolment", "asked_by__user"), pk=pk)
    takes_it = ANSWERS.get(request.POST.get("answer", ""))
    if takes_it is not None:
        name = found.asked_by.user.first_name
        try:
            answer(found, takes_it=takes_it)
        except TurnRefused as refused:
            messages.warning(request, refused.sentence)
        else:
            said = (
                _("%(name)s sees that you take the next meeting.")
                if takes_it
                else _("%(name)s sees that you cannot.")
            )
            messages.success(request, said % {"name": name})
    return redirect("mentor_home")


@entry(roles=[Role.MENTOR], event=Event.CHANGE)
def turn_take_back(request, pk: int):
    """Ask no longer, or put the answer aside."""
    own = TurnRequest.objects.filter(asked_by__user=request.user).select_related("enrolment")
    found = get_visible(request, own, pk=pk)
    if request.method == "POST":
        take_back(found)
        messages.success(request, _("You no longer ask about the next meeting."))
    return redirect("mentor_home")
