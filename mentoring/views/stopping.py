"""A mentor says that they must stop, and a coordinator takes it on."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.forms.stopping import StopForm
from mentoring.models import StopNotice
from mentoring.seats import attach_seats
from mentoring.stopping import StopRefused, acknowledge, give_notice, own_seat, withdraw
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.MENTOR], event=Event.CHANGE)
def seat_stop(request, pk: int):
    """From which day, and why; or, once it is said, taking it back."""
    current = Enrolment.objects.current().select_related("participant")
    enrolment = get_visible(request, current, event=Event.READ, pk=pk)
    seat = own_seat(request.user, enrolment)
    if seat is None:
        raise Http404
    context = {"section": "home", "enrolment": enrolment}
    notice = seat.stop_notices.in_force().first()
    if notice is not None:
        if request.method == "POST" and request.POST.get("do") == "withdraw":
            return _withdraw(request, enrolment, notice)
        return render(request, "mentoring/stopping/given.html", {**context, "notice": notice})
    form = StopForm(
        request.POST if request.method == "POST" else None,
        name=enrolment.participant.first_name,
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            notice = give_notice(seat, said["stops_on"], said["reason"], said["note"])
        except StopRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            request.access.one(notice, Event.CREATE)
            return _given(request, notice)
    return render(request, "mentoring/stopping/stop.html", {**context, "form": form})


def _given(request, notice: StopNotice):
    if notice.stops_on <= timezone.localdate():
        messages.success(
            request, _("You have stopped, and your coordinator knows. Thank you for your time.")
        )
        return redirect("mentor_home")
    messages.success(request, _("Your coordinator has been told. Thank you for saying so in time."))
    return redirect("seat_stop", notice.enrolment.pk)


def _withdraw(request, enrolment: Enrolment, notice: StopNotice):
    try:
        withdraw(notice)
    except StopRefused as refused:
        messages.warning(request, refused.sentence)
        return redirect("seat_stop", enrolment.pk)
    request.access.one(notice, Event.CHANGE, "withdrawn")
    messages.success(request, _("You have not stopped after all. Good that you stay."))
    return redirect("enrolment", enrolment.pk)


@entry(roles=[Role.COORDINATOR], event=Event.CHANGE)
def stop_notice(request, pk: int):
    """Who stops, from when and why; taking it on, and the way to finding somebody new."""
    notices = StopNotice.objects.in_force().select_related(
        "seat__mentor__user",
        "seat__pair__enrolment__participant",
        "seat__pair__enrolment__municipality",
        "acknowledged_by",
    )
    notice = get_visible(request, notices, event=Event.READ, pk=pk)
    if request.method == "POST" and request.POST.get("do") == "acknowledge":
        try:
            acknowledge(notice, request.user)
        except StopRefused as refused:
            messages.warning(request, refused.sentence)
        else:
            request.access.one(notice, Event.CHANGE, "acknowledged")
            messages.success(request, _("You have taken it on. It leaves the list."))
        return redirect("desk")
    attach_seats([notice.enrolment])
    return render(
        request,
        "mentoring/stopping/notice.html",
        {
            "section": "enrolments",
            "notice": notice,
            "mentor": notice.seat.mentor.user,
            "enrolment": notice.enrolment,
        },
    )
