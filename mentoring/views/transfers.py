"""Handing an enrolment over: to another institution, municipality or coordinator."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mentoring.just_done import told
from mentoring.seats import attach_seats
from participants.forms.transfers import (
    HandOverForm,
    InstitutionMoveForm,
    MunicipalityChoiceForm,
    MunicipalityMoveForm,
)
from participants.models import ChangeKind, Enrolment, EnrolmentChange, Municipality
from participants.transfers import (
    TransferRefused,
    hand_over,
    move_institution,
    move_municipality,
    receivers,
)
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]


@dataclass(frozen=True)
class Way:
    """One of the three transfers, as the page's tabs lead to them."""

    url_name: str
    label: str | Promise


INSTITUTION = Way("institution_move", _("Institution"))
MUNICIPALITY = Way("municipality_move", _("Municipality"))
COORDINATOR = Way("coordinator_change", _("Coordinator"))


def _own(request, pk: int) -> Enrolment:
    # Read until something is changed: a page that is only looked at is no change.
    enrolments = Enrolment.objects.select_related(
        "participant", "institution", "municipality", "coordinator__user"
    )
    return get_visible(request, enrolments, event=Event.READ, pk=pk)


def _stuck(request, enrolment: Enrolment, *, inside: bool = False) -> HttpResponse | None:
    """Back to the enrolment that cannot be moved any longer, with why."""
    code = ""
    if not enrolment.is_current:
        code = "ended"
    elif inside and enrolment.released_on is not None:
        code = "released"
    if not code:
        return None
    messages.warning(request, TransferRefused(code).sentence)
    return redirect("enrolment", enrolment.pk)


def _page(request, enrolment: Enrolment, here: Way, form, **context):
    attach_seats([enrolment])
    ways = [MUNICIPALITY, COORDINATOR]
    if enrolment.released_on is None:
        ways.insert(0, INSTITUTION)
    context |= {
        "section": "enrolments",
        "enrolment": enrolment,
        "ways": ways,
        "here": here,
        "form": form,
        "mentors": [seat.mentor.user for seat in enrolment.seats_now],
    }
    return render(request, f"mentoring/transfers/{here.url_name}.html", context)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def institution_move(request, pk: int):
    enrolment = _own(request, pk)
    stuck = _stuck(request, enrolment, inside=True)
    if stuck is not None:
        return stuck
    form = InstitutionMoveForm(
        request.POST if request.method == "POST" else None,
        enrolment=enrolment,
        initial={"on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change = move_institution(
                enrolment,
                data["institution"],
                on=data["on"],
                note=data["note"],
                seen=data["seen"],
                by=request.user,
            )
        except TransferRefused as refused:
            days = ("in_future", "before_referral")
            form.add_error("on" if refused.code in days else None, refused.sentence)
            enrolment = _as_now(form, enrolment)
        else:
            request.access.one(enrolment, Event.CHANGE, "institution")
            return told(enrolment, change)
    return _page(request, enrolment, INSTITUTION, form)


def _as_now(form, enrolment: Enrolment) -> Enrolment:
    """Where the enrolment is after a refusal, in the page and in the form."""
    enrolment.refresh_from_db()
    form.enrolment = enrolment
    form.renew()
    return enrolment


@entry(roles=COORDINATORS, event=Event.CHANGE)
def coordinator_change(request, pk: int):
    enrolment = _own(request, pk)
    stuck = _stuck(request, enrolment)
    if stuck is not None:
        return stuck
    form = HandOverForm(
        request.POST if request.method == "POST" else None,
        enrolment=enrolment,
        municipality=enrolment.municipality,
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change = hand_over(
                enrolment,
                data["coordinator"],
                note=data["note"],
                seen=data["seen"],
                by=request.user,
            )
        except TransferRefused as refused:
            form.add_error(None, refused.sentence)
            enrolment = _as_now(form, enrolment)
        else:
            request.access.one(enrolment, Event.CHANGE, "coordinator")
            return told(enrolment, change)
    return _page(request, enrolment, COORDINATOR, form)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def municipality_move(request, pk: int):
    """In two steps: which municipality; then to whom there, who sees it from then on, and what
    they should know. ``to`` in the address is the municipality chosen."""
    enrolment = _own(request, pk)
    stuck = _stuck(request, enrolment)
    if stuck is not None:
        return stuck
    which = MunicipalityChoiceForm(
        request.GET if "to" in request.GET else None, enrolment=enrolment
    )
    if not which.is_bound or not which.is_valid():
        return _page(request, enrolment, MUNICIPALITY, which)
    to: Municipality = which.cleaned_data["to"]
    form = MunicipalityMoveForm(
        request.POST if request.method == "POST" else None, enrolment=enrolment, municipality=to
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        before = f"municipality {enrolment.municipality_id} → {to.pk}"
        try:
            change = move_municipality(
                enrolment,
                to,
                data["coordinator"],
                note=data["note"],
                postcode=data["postcode"],
                seen=data["seen"],
                by=request.user,
            )
        except TransferRefused as refused:
            form.add_error(None, refused.sentence)
            enrolment = _as_now(form, enrolment)
        else:
            # In both logs: of where it was, and of where it is.
            request.access.one(enrolment, Event.CHANGE, before)
            request.access.one(change.enrolment, Event.CHANGE, before)
            return redirect("handed_over", change.pk)
    mine = request.user.coordinator.municipalities.filter(pk=to.pk).exists()
    others = [one for one in receivers(enrolment.municipality) if one.user_id != request.user.pk]
    return _page(
        request,
        enrolment,
        MUNICIPALITY,
        which,
        move=form,
        to=to,
        nobody="" if form.receivers else TransferRefused("nobody_there", municipality=to.name),
        stays_mine=mine,
        others=len(others),
    )


@entry(roles=COORDINATORS, event=Event.READ)
def handed_over(request, pk: int):
    """Who sees it now. Whoever handed it over reads this, and not the enrolment any longer."""
    changes = EnrolmentChange.objects.filter(kind=ChangeKind.COORDINATOR)
    change = get_visible(request, changes.select_related("enrolment__municipality"), pk=pk)
    still = Enrolment.objects.visible_to(request.user).filter(pk=change.enrolment_id).exists()
    since = EnrolmentChange.objects.filter(
        enrolment=change.enrolment_id, kind=ChangeKind.COORDINATOR, pk__gt=change.pk
    )
    if not still and since.exists():
        # Where it went from there is no longer theirs to know.
        raise Http404
    attach_seats([change.enrolment])
    context = {
        "section": "enrolments",
        "change": change,
        "enrolment": change.enrolment,
        "still": still,
        "mentors": len(change.enrolment.seats_now),
    }
    return render(request, "mentoring/transfers/handed_over.html", context)
