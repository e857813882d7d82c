"""Raising a concern, following what comes of it, and answering one."""

import uuid

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentoring.concerns import (
    ConcernRefused,
    acknowledge,
    act_on,
    raise_once,
    resolve,
    with_unread,
)
from mentoring.forms.concerns import ActionForm, ConcernForm, OutcomeForm
from mentoring.models import Concern, ConcernTopic, Mentor
from mentoring.overview import nearest_release_first
from mentoring.receipts import FormAlreadySaved, already_saved
from mentoring.seats import attach_seats
from participants.coordinators import coordinators_of
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.paging import page_of

PER_PAGE = 25


@entry(roles=[Role.MENTOR], event=Event.CREATE)
def concern_create(request):
    """From anywhere: about the participant the page was about, if it was about one."""
    offered = Enrolment.objects.visible_to(request.user).current().select_related("participant")
    enrolments = nearest_release_first(offered)
    wanted = request.GET.get("enrolment", "")
    chosen = next((e for e in enrolments if str(e.pk) == wanted), None)
    if chosen is None and len(enrolments) == 1:
        chosen = enrolments[0]
    if not enrolments:
        return _nobody(request)
    request.access.many(enrolments, Event.LIST)
    form = ConcernForm(
        request.POST if request.method == "POST" else None,
        enrolments=offered,
        loaded=enrolments,
        chosen=chosen,
    )
    if request.method == "POST" and form.is_valid():
        concern = _send(request, form)
        if concern is not None:
            return redirect("concern", concern.pk)
    return render(request, "mentoring/concerns/new.html", {"section": "concerns", "form": form})


def _nobody(request):
    """Who follows nobody can write of nobody, and is told whom to call."""
    request.access.nobody()
    municipalities = Mentor.objects.filter(user=request.user).values_list("municipality", flat=True)
    return render(
        request,
        "mentoring/concerns/nobody.html",
        {"section": "concerns", "coordinators": list(coordinators_of(municipalities))},
    )


def _send(request, form: ConcernForm) -> Concern | None:
    """Raise the concern once; None when the form must be shown again."""
    said = form.cleaned_data
    try:
        concern, is_new = raise_once(
            said["token"],
            said["enrolment"],
            request.user,
            text=said["text"],
            urgency=said["urgency"],
            topic=said["topic"] or ConcernTopic.OTHER,
        )
    except FormAlreadySaved as before:
        form.add_error(None, already_saved(before))
        form.data = form.data.copy()
        form.data["token"] = str(uuid.uuid4())
        return None
    if is_new:
        request.access.one(concern)
        messages.success(request, _("Sent. The coordinators have been told."))
    return concern


@entry(roles=[Role.MENTOR], event=Event.LIST)
def my_concerns(request):
    """What a mentor has raised, the latest first, and where it stands."""
    own = Concern.objects.visible_to(request.user).filter(raised_by=request.user)
    rows = with_unread(own, request.user).select_related(
        "enrolment__participant", "acknowledged_by"
    )
    page = page_of(request, rows.order_by("-raised_at", "-pk"), PER_PAGE)
    request.access.many(page.object_list)
    request.access.nobody()
    return render(request, "mentoring/concerns/list.html", {"section": "concerns", "page": page})


@entry(roles=[Role.COORDINATOR, Role.MENTOR], event=Event.CHANGE)
def concern(request, pk: int):
    """For the mentor who raised it what came of it; for a coordinator the answering."""
    concerns = Concern.objects.select_related(
        "enrolment__participant",
        "enrolment__municipality",
        "meeting",
        "raised_by",
        "acknowledged_by",
    )
    found = get_visible(request, concerns, event=Event.READ, pk=pk)
    if request.user.is_mentor:
        return render(
            request,
            "mentoring/concerns/mine.html",
            {
                "section": "concerns",
                "concern": found,
                "enrolment": found.enrolment,
                "actions": found.actions.select_related("taken_by"),
                "coordinators": list(coordinators_of([found.enrolment.municipality_id])),
            },
        )
    do = request.POST.get("do") if request.method == "POST" else None
    if do == "acknowledge":
        return _acknowledge(request, found)
    action = ActionForm(request.POST if do == "act" else None)
    outcome = OutcomeForm(request.POST if request.method == "POST" and do != "act" else None)
    answer = _act(request, found, action) if do == "act" else _resolve(request, found, outcome)
    if answer is not None:
        return answer
    attach_seats([found.enrolment])
    return render(
        request,
        "mentoring/concern.html",
        {
            "section": "desk",
            "concern": found,
            "actions": found.actions.select_related("taken_by"),
            "enrolment": found.enrolment,
            "mentors": [place.mentor for place in found.enrolment.places if place.mentor],
            "action": action,
            "form": outcome,
        },
    )


def _act(request, found: Concern, form: ActionForm):
    """Write down what was done; None when the form must be shown again."""
    if not form.is_valid():
        return None
    said = form.cleaned_data
    try:
        is_new = act_on(found, request.user, said["text"], said["token"])
    except ConcernRefused as refused:
        form.add_error(None, refused.sentence)
        return None
    except FormAlreadySaved as before:
        form.add_error(None, already_saved(before))
        form.data = form.data.copy()
        form.data["action-token"] = str(uuid.uuid4())
        return None
    if is_new:
        request.access.one(found, Event.CHANGE, "action")
        messages.success(request, _("The mentor who raised it can see what you have done."))
    return redirect("concern", found.pk)


def _resolve(request, found: Concern, form: OutcomeForm):
    """Close it; None when the form is not sent, or must be shown again."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        resolve(found, request.user, form.cleaned_data["outcome"])
    except ConcernRefused as refused:
        form.add_error(None, refused.sentence)
        return None
    request.access.one(found, Event.CHANGE, "resolved")
    messages.success(
        request, _("The concern is closed. The mentor who raised it sees what came of it.")
    )
    return redirect("concern_inbox")


def _acknowledge(request, found: Concern):
    try:
        acknowledge(found, request.user)
    except ConcernRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        request.access.one(found, Event.CHANGE, "acknowledged")
        messages.success(request, _("The mentor can see that you have taken it."))
    return redirect("concern", found.pk)
