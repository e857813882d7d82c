"""One mentor takes over a seat from another: planned by the coordinator, told by the one who
leaves, read by the one who comes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.enrolment_page import section_of
from mentoring.forms.replacements import ReplaceForm, SummaryForm
from mentoring.matching.offer import mentors_for, offer_for
from mentoring.matching.people import wanted_by
from mentoring.models import Mentor, Replacement, Seat
from mentoring.pairing import PairingRefused, standing_seats
from mentoring.replacements import ReplacementRefused, mark_read, replace_seat, write_summary
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.templatetags.primus_ui import longdate


@entry(roles=[Role.COORDINATOR], event=Event.CHANGE)
def seat_replace(request, pk: int):
    """Who takes over the seat, from when, and with what handover."""
    seats = Seat.objects.standing().select_related(
        "pair__enrolment__participant",
        "pair__enrolment__institution",
        "pair__enrolment__municipality",
        "mentor__user",
    )
    seat = get_visible(request, seats, event=Event.READ, pk=pk)
    enrolment = seat.pair.enrolment
    (wanted,) = wanted_by([enrolment])
    mine = Mentor.objects.visible_to(request.user)
    today = timezone.localdate()
    if seat.held_from > today:
        # Nobody has sat there yet, so there is nothing to hand over: it is taken back instead.
        return redirect("pair_create", enrolment.pk)
    form = ReplaceForm(
        request.POST if request.method == "POST" else None,
        seat=seat,
        mentors=mentors_for(wanted, mine),
        initial={"starts_on": today},
    )
    if request.method == "POST" and form.is_valid():
        plan = form.plan()
        try:
            made = replace_seat(seat, form.cleaned_data["mentors"], plan, request.user)
        except PairingRefused as refused:
            form.refuse(refused)
        else:
            request.access.one(made, Event.CREATE)
            done = _("The seat is handed over. The new mentor sees the participant from %(day)s.")
            messages.success(request, done % {"day": longdate(plan.starts_on)})
            return redirect("pair_create", enrolment.pk)
    standing = standing_seats(seat.pair)
    offer = offer_for(
        wanted,
        mine,
        day=today,
        beside=[other.mentor_id for other in standing if other.number != seat.number],
        leave_out=[other.mentor_id for other in standing if other.number == seat.number],
        more="more" in request.GET,
    )
    form.offer(offer)
    request.access.many([person.row for person in offer.people], Event.LIST)
    context = {
        "section": "enrolments",
        "enrolment": enrolment,
        "seat": seat,
        "form": form,
        "offer": offer,
    }
    return render(request, "mentoring/replacements/replace.html", context)


def _replacement(request, pk: int, *, event: Event | None = None) -> Replacement:
    found = Replacement.objects.in_force().select_related(
        "incoming__pair__enrolment__participant",
        "incoming__mentor__user",
        "outgoing__mentor__user",
    )
    return get_visible(request, found, event=event, pk=pk)


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.CHANGE)
def replacement_summary(request, pk: int):
    """What the new mentor should know, by the one who leaves or by the coordinator."""
    found = _replacement(request, pk, event=Event.READ)
    if found.incoming.mentor.user_id == request.user.pk:
        raise Http404
    form = SummaryForm(
        request.POST if request.method == "POST" else None,
        initial={"summary": found.summary, "seen": found.summary},
    )
    now = ""
    if request.method == "POST" and form.is_valid():
        # As a form sends what it was given: with the line ends of the web.
        seen = form.cleaned_data["seen"].replace("\r\n", "\n")
        text = form.cleaned_data["summary"].replace("\r\n", "\n")
        try:
            write_summary(found, text, seen=seen)
        except ReplacementRefused as refused:
            now = found.summary if refused.code == "written" else ""
            form.add_error("summary", refused.sentence)
            form.data = form.data.copy()
            form.data["seen"] = found.summary
        else:
            request.access.one(found)
            messages.success(request, _("Saved. The new mentor reads it."))
            return redirect("enrolment", found.enrolment.pk)
    context = {
        "section": section_of(request.user),
        "replacement": found,
        "enrolment": found.enrolment,
        "form": form,
        "now": now,
    }
    return render(request, "mentoring/replacements/summary.html", context)


@entry(roles=[Role.MENTOR], event=Event.CHANGE)
@require_POST
def replacement_read(request, pk: int):
    """The new mentor has read what the other wrote."""
    found = _replacement(request, pk)
    if found.incoming.mentor.user_id != request.user.pk:
        raise Http404
    mark_read(found)
    return redirect("mentor_home")
