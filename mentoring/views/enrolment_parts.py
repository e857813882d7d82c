"""The parts of the enrolment's page beside its overview."""

from django.shortcuts import render

from mentoring.enrolment_page import frame
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.READ)
def enrolment_meetings(request, pk: int):
    _found, context = frame(request, pk, "meetings")
    return render(request, "mentoring/enrolment/_frame.html", context)


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.READ)
def enrolment_plan(request, pk: int):
    _found, context = frame(request, pk, "plan")
    return render(request, "mentoring/enrolment/_frame.html", context)


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.READ)
def enrolment_people(request, pk: int):
    _found, context = frame(request, pk, "people")
    return render(request, "mentoring/enrolment/_frame.html", context)
