"""Saying that one is away, changing it, and being back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentoring.absences import AbsenceRefused, come_back, own_absences, say_away
from mentoring.forms.absences import AbsenceForm
from mentoring.models import Absence, Mentor
from mentoring.overview import nearest_release_first
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

FIELD_OF = {"order": "away_until", "past": "away_from"}


def _followed(user) -> list[Enrolment]:
    followed = Enrolment.objects.visible_to(user).current().select_related("participant")
    return nearest_release_first(followed)


def _save(request, form: AbsenceForm, mentor: Mentor, absence: Absence | None = None) -> bool:
    """Whether what the form says was saved; else the form says why not."""
    days = form.cleaned_data["away_from"], form.cleaned_data["away_until"]
    try:
        said = say_away(mentor, *days, form.handovers(), absence=absence)
    except AbsenceRefused as refused:
        form.add_error(FIELD_OF.get(refused.code), refused.sentence)
        return False
    event = Event.CHANGE if absence else Event.CREATE
    request.access.one(said, event)
    request.access.many(list(form.enrolments.values()), event, "handover")
    return True


def _page(request, form: AbsenceForm, absence: Absence | None, others):
    enrolments = list(form.enrolments.values())
    request.access.many(enrolments, Event.LIST)
    if not enrolments:
        request.access.nobody()
    context = {"section": "home", "form": form, "absence": absence, "others": others}
    return render(request, "mentoring/absence/absence.html", context)


@entry(roles=[Role.MENTOR], event=Event.CREATE)
def absence_create(request):
    """Say from when to when one is away, with a word to the other on each participant."""
    mentor = Mentor.objects.visible_to(request.user).filter(user=request.user).first()
    if mentor is None:
        raise Http404
    form = AbsenceForm(
        request.POST if request.method == "POST" else None, enrolments=_followed(request.user)
    )
    if request.method == "POST" and form.is_valid() and _save(request, form, mentor):
        messages.success(request, _("It is said. Your fellow mentor and the coordinator see it."))
        return redirect("mentor_home")
    return _page(request, form, None, list(own_absences(request.user)))


@entry(roles=[Role.MENTOR], event=Event.CHANGE)
def absence_change(request, pk: int):
    """Change the days or the texts; be back earlier, or take it all back (``do``)."""
    own = own_absences(request.user).select_related("mentor")
    found = get_visible(request, own, event=Event.READ, pk=pk)
    if request.method == "POST" and request.POST.get("do") == "back":
        event = Event.CHANGE if found.has_been else Event.DELETE
        request.access.one(found, event)
        if not found.has_been:
            # Its texts are of participants, and go with it.
            about = Enrolment.objects.filter(handovers__absence=found)
            request.access.many(list(about), event, "handover")
        come_back(found)
        messages.success(request, _("You are back. Your fellow mentor and the coordinator see it."))
        return redirect("mentor_home")
    texts = {h.enrolment_id: h.text for h in found.handovers.all()}
    enrolments = _followed(request.user)
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        enrolments=enrolments,
        initial={
            "away_from": found.away_from,
            "away_until": found.away_until,
            **{f"handover_{e.pk}": texts.get(e.pk, "") for e in enrolments},
        },
    )
    if request.method == "POST" and form.is_valid() and _save(request, form, found.mentor, found):
        messages.success(request, _("Changed. Your fellow mentor and the coordinator see it."))
        return redirect("mentor_home")
    return _page(request, form, found, [])
