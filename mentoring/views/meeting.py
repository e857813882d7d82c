"""Log a meeting, in under a minute."""

import uuid

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mentoring.forms.meeting import MeetingForm
from mentoring.meetings import FormAlreadySaved, log_meeting
from mentoring.models import MeetingState
from mentoring.overview import nearest_release_first
from mentoring.seats import attach_seats
from participants.coordinators import only_coordinator_of
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.templatetags.primus_ui import clock, shortdate


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.CREATE)
def meeting_create(request):
    """A mentor for those they follow; a coordinator for one enrolment, on a mentor's behalf."""
    wanted = request.GET.get("enrolment", "")
    offered = Enrolment.objects.visible_to(request.user).current().select_related("participant")
    if request.user.is_coordinator:
        found = get_visible(request, Enrolment.objects.current(), pk=wanted, event=Event.READ)
        offered = offered.filter(pk=found.pk)
    enrolments = nearest_release_first(attach_seats(offered))
    if not enrolments:
        raise Http404
    if not request.user.is_coordinator:
        request.access.many(enrolments, Event.LIST)
    chosen = next((e for e in enrolments if str(e.pk) == wanted), enrolments[0])
    form = MeetingForm(
        request.POST or None,
        user=request.user,
        enrolments=offered,
        loaded=enrolments,
        chosen=chosen,
    )
    if not request.user.is_coordinator:
        form.coordinator = only_coordinator_of(chosen.municipality_id)
    if request.method == "POST" and form.is_valid():
        answer = save(request, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "section": "enrolments" if request.user.is_coordinator else "home",
        "back": where_after(request, chosen),
    }
    return render(request, "mentoring/meeting/form.html", context)


def save(request, form: MeetingForm):
    """Save what the form says and lead on; None when the form must be shown again."""
    enrolment = form.cleaned_data["enrolment"]
    try:
        meeting, is_new = log_meeting(
            enrolment,
            form.entry(),
            by=request.user,
            token=form.cleaned_data["token"],
            exact_time=form.exact_time,
        )
    except FormAlreadySaved as before:
        if before.saved_at:
            sentence = _(
                "This form was saved at %(time)s, and the text has changed since. "
                "Save again if this was another meeting."
            ) % {"time": clock(before.saved_at)}
        else:
            sentence = _("This form has been used before. Look it through and save again.")
        form.add_error(None, sentence)
        form.data = form.data.copy()
        form.data["token"] = str(uuid.uuid4())
        return None
    if is_new:
        request.access.one(meeting)
    words = {
        MeetingState.HELD: _("The meeting with %(name)s on %(day)s is saved."),
        MeetingState.NOT_HELD: _("Saved: the meeting with %(name)s was not held."),
        MeetingState.TRIED: _("Saved: you tried to reach %(name)s."),
    }
    text = words[MeetingState(meeting.state)] % {
        "name": enrolment.participant.first_name,
        "day": shortdate(meeting.happened_at),
    }
    if form.entry().concern:
        text = _("%(saved)s The coordinator has been told of your concern.") % {"saved": text}
    messages.success(request, text)
    return redirect(where_after(request, enrolment))


def where_after(request, enrolment: Enrolment) -> str:
    if request.user.is_coordinator:
        return reverse("enrolment", args=[enrolment.pk])
    return reverse("mentor_home")
