"""How a participant stands in the five areas, and how that has changed."""

from django.shortcuts import render

from mentoring.enrolment_page import frame
from mentoring.needs import needs_over_time
from participants.models import NeedRating
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.READ)
def enrolment_needs(request, pk: int):
    found, context = frame(request, pk, "needs")
    context["needs"] = needs_over_time(NeedRating.objects.filter(enrolment=found))
    return render(request, "mentoring/enrolment/needs.html", context)
