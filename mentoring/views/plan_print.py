"""The plan on paper, for the participant."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mentoring.enrolment_page import section_of
from mentoring.forms.plan_print import PrintForm
from mentoring.printed_pdf import as_pdf
from mentoring.printed_plan import likely_language, printed_plan
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

FOLLOWING = [Role.MENTOR, Role.COORDINATOR]


def _sheet(request, pk: int):
    enrolment = get_visible(request, Enrolment.objects.select_related("participant"), pk=pk)
    form = PrintForm(request.GET, language=likely_language(enrolment))
    return enrolment, form, printed_plan(enrolment, **form.chosen)


@entry(roles=FOLLOWING, event=Event.READ)
def plan_print(request, pk: int):
    enrolment, form, plan = _sheet(request, pk)
    context = {
        "section": section_of(request.user),
        "enrolment": enrolment,
        "form": form,
        "plan": plan,
        "choices": request.GET.urlencode(),
    }
    return render(request, "mentoring/plan_print/plan_print.html", context)


@entry(roles=FOLLOWING, event=Event.EXPORT)
def plan_pdf(request, pk: int):
    _enrolment, _form, plan = _sheet(request, pk)
    response = HttpResponse(as_pdf(plan), content_type="application/pdf")
    # Of whom it is stands in no name of a file: those are seen by everyone at the device.
    name = f"plan-{timezone.localdate():%Y-%m-%d}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
