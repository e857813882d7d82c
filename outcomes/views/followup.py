"""What the registers say of one person after the release: noted by hand, and what it counts as."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.receipts import FormAlreadySaved, already_saved, save_once
from outcomes.followups import noting
from outcomes.followups.forms import RegistersForm, ReoffenceForm
from outcomes.followups.noting import Followed, FollowUpRefused, NotNoted
from outcomes.followups.words import history_of, standings
from outcomes.models import FollowUp, Reoffence, TrialSubject
from participants.consents import ConsentRefused
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]
OWN_FOLLOW_UPS = FollowUp.objects.select_related("enrolment__participant", "subject")
OWN_REOFFENCES = Reoffence.objects.select_related(
    "follow_up__enrolment__participant", "follow_up__subject"
)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def followup(request, pk: int):
    """How far the registers have been read for an enrolment, what they say, what it counts as."""
    enrolments = Enrolment.objects.select_related("participant")
    return _page(request, get_visible(request, enrolments, event=Event.READ, pk=pk))


@entry(roles=COORDINATORS, event=Event.CHANGE)
def followup_subject(request, pk: int):
    """The same for a trial subject. Of whom has a case file it is noted there."""
    subject = get_visible(request, TrialSubject.objects.all(), event=Event.READ, pk=pk)
    if subject.enrolment_id is not None:
        return redirect("followup", subject.enrolment_id)
    return _page(request, subject)


def _page(request, about: Followed) -> HttpResponse:
    row = noting.follow_up_of(about)
    may_be_noted = noting.may_be_noted(about)
    can_note = may_be_noted and noting.is_released(about)
    sent = request.method == "POST" and can_note
    form = RegistersForm(request.POST if sent else None, of=row)
    if request.method == "POST" and not can_note:
        messages.warning(request, _why_not(may_be_noted))
        return redirect(noting.address_of(about))
    if sent and form.is_valid():
        answer = _note(request, about, form, is_new=row is None)
        if answer is not None:
            return answer
        row = noting.follow_up_of(about)
    if row is not None:
        request.access.one(row, Event.READ)
    context = _about(about) | {
        "row": row,
        "may_be_noted": may_be_noted,
        "can_note": can_note,
        "form": form,
        "today": timezone.localdate(),
    }
    if about.released_on is not None and can_note:
        history = history_of(about.released_on, row)
        context["standings"] = standings(history, timezone.localdate())
        context["convictions"] = [
            (one, (one.offence_on - about.released_on).days)
            for one in (row.reoffences.all() if row else ())
        ]
    return render(request, "outcomes/followup/followup.html", context)


def _why_not(may_be_noted: bool) -> str:
    if may_be_noted:
        return FollowUpRefused("not_released").sentence
    return ConsentRefused("missing_offences").sentence


def _note(request, about: Followed, form: RegistersForm, *, is_new: bool) -> HttpResponse | None:
    """Note what the form says and lead back; None when the page must be shown again."""
    try:
        row = noting.note_registers(
            about, form.said(), seen=form.cleaned_data["seen"], by=request.user
        )
    except NotNoted as refused:
        form.refuse(refused, noting.follow_up_of(about))
        return None
    except ConsentRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        request.access.one(row, Event.CREATE if is_new else Event.CHANGE)
        messages.success(request, _("It is noted how far the registers have been read."))
    return redirect(noting.address_of(about))


def _about(about: Followed) -> dict:
    """Whom a page is about, and where it leads back to."""
    if isinstance(about, Enrolment):
        return {
            "section": "enrolments",
            "about": about,
            "enrolment": about,
            "name": about.participant.get_full_name(),
            "back": reverse("enrolment", args=[about.pk]),
            "page": noting.address_of(about),
        }
    return {
        "section": "enrolments",
        "about": about,
        "enrolment": None,
        "name": about.pseudonym,
        "back": reverse("trial_subject", args=[about.pk]),
        "page": noting.address_of(about),
    }


@entry(roles=COORDINATORS, event=Event.CREATE)
def reoffence_create(request, pk: int):
    """One more conviction."""
    found = get_visible(request, OWN_FOLLOW_UPS, event=Event.READ, pk=pk)
    about = noting.whose(found)
    form = ReoffenceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():

        def add() -> Reoffence | None:
            return save_once(
                form.cleaned_data["token"] or uuid.uuid4(),
                form.said().__dict__ | {"follow_up": found.pk},
                request.user,
                lambda _receipt: noting.add_reoffence(about, form.said()),
            )

        answer = _keep(request, about, form, add, Event.CREATE, _("The conviction is noted."))
        if answer is not None:
            return answer
    return _form_page(request, about, form, None)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def reoffence(request, pk: int):
    """Correct a conviction, or take it out."""
    found = get_visible(request, OWN_REOFFENCES, event=Event.READ, pk=pk)
    about = noting.whose(found.follow_up)
    form = ReoffenceForm(request.POST if request.method == "POST" else None, of=found)
    if request.method == "POST" and form.is_valid():

        def change() -> Reoffence:
            return noting.change_reoffence(found, form.said(), seen=form.cleaned_data["seen"])

        answer = _keep(request, about, form, change, Event.CHANGE, _("The conviction is changed."))
        if answer is not None:
            return answer
        found = Reoffence.objects.filter(pk=found.pk).first()
    return _form_page(request, about, form, found)


def _keep(
    request,
    about: Followed,
    form: ReoffenceForm,
    save: Callable[[], Reoffence | None],
    event: Event,
    done: str,
) -> HttpResponse | None:
    """Save the conviction and lead back; None when the form must be shown again."""
    try:
        kept = save()
    except NotNoted as refused:
        form.refuse(refused, Reoffence.objects.filter(pk=form.of.pk).first() if form.of else None)
        return None
    except FormAlreadySaved as before:
        form.add_error(None, already_saved(before))
        form.renew()
        return None
    except ConsentRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        if kept is not None:
            request.access.one(kept, event)
            messages.success(request, done)
    return redirect(noting.address_of(about))


def _form_page(request, about: Followed, form: ReoffenceForm, found: Reoffence | None):
    context = _about(about) | {
        "form": form,
        "reoffence": found,
        "is_new": form.of is None,
        "seen": noting.mark(found),
    }
    return render(request, "outcomes/followup/reoffence.html", context)


@entry(roles=COORDINATORS, event=Event.DELETE)
@require_POST
def reoffence_remove(request, pk: int):
    """Take out a conviction that was noted by mistake. What is gone already, by a second tap,
    stays gone."""
    found = get_visible(request, OWN_FOLLOW_UPS, event=Event.READ, pk=pk)
    about = noting.whose(found)
    number = request.POST.get("reoffence", "")
    gone = None
    if number.isdecimal() and len(number) < 19:
        gone = found.reoffences.filter(pk=number).first()
    if gone is not None:
        request.access.one(gone)
        try:
            noting.remove_reoffence(gone, seen=request.POST.get("seen", ""))
        except NotNoted:
            messages.warning(
                request, _("Somebody has changed this conviction meanwhile. Look at it first.")
            )
            return redirect("reoffence", gone.pk)
        messages.success(request, _("The conviction is taken out."))
    return redirect(noting.address_of(about))


@entry(roles=COORDINATORS, event=Event.DELETE)
@require_POST
def followup_remove(request, pk: int):
    """Delete all that is noted of somebody: it was somebody else's, or should not be kept."""
    found = get_visible(request, OWN_FOLLOW_UPS, pk=pk)
    about = noting.whose(found)
    noting.remove(about)
    messages.success(request, _("All that was noted from the registers is deleted."))
    return redirect(noting.address_of(about))
