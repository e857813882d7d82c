"""The plan: what is agreed with the participant, and how it goes."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.enrolment_page import frame, section_of
from mentoring.forms.goals import AgreeForm, DropForm, MoveForm, ReopenForm, RewordForm
from mentoring.plan import (
    by_area,
    can_be_taken_back,
    goals_of,
    history_of_goal,
    last_change,
    said_of,
)
from mentoring.receipts import FormAlreadySaved, already_saved, save_once
from mentoring.views.checklist import numbers as numbers_in
from participants import goals as verbs
from participants.goals import GoalRefused
from participants.models import Enrolment, Goal, GoalChange, GoalState, SupportArea
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

PEOPLE = [Role.MENTOR, Role.COORDINATOR]


@entry(roles=PEOPLE, event=Event.READ)
def enrolment_plan(request, pk: int):
    found, context = frame(request, pk, "plan")
    goals = goals_of(found)
    told = request.GET.get("changed", "")
    just = next((c for g in goals if (c := last_change(g)) and str(c.pk) == told), None)
    context |= {
        "plan": by_area(goals),
        "goals_open": sum(1 for goal in goals if goal.state == GoalState.OPEN),
        "goals_reached": sum(1 for goal in goals if goal.state == GoalState.REACHED),
        "today": timezone.localdate(),
        "just": just,
        "said": said_of(just) if just else "",
        "can_undo": found.is_current and can_be_taken_back(just, request.user),
    }
    return render(request, "mentoring/enrolment/plan.html", context)


def plan_after(goal: Goal, change: GoalChange | None = None) -> HttpResponse:
    """Back to the plan, where the goal stands, with what was done to it."""
    address = reverse("enrolment_plan", args=[goal.enrolment_id])
    if change is None:
        return redirect(address)
    return redirect(f"{address}?{urlencode({'changed': change.pk})}#area-{goal.area}")


@entry(roles=PEOPLE, event=Event.CREATE)
def goal_create(request, pk: int):
    enrolments = Enrolment.objects.current().select_related("participant")
    found = get_visible(request, enrolments, event=Event.READ, pk=pk)
    area = request.GET.get("area", "")
    form = AgreeForm(
        request.POST if request.method == "POST" else None,
        initial={"area": area if area in SupportArea.values else None, "due_when": "month"},
    )
    if request.method == "POST" and form.is_valid():
        answer = _agree(request, found, form)
        if answer is not None:
            return answer
    context = {"section": section_of(request.user), "enrolment": found, "form": form}
    return render(request, "mentoring/enrolment/goal_new.html", context)


def _agree(request, enrolment: Enrolment, form: AgreeForm) -> HttpResponse | None:
    """Save the goal once and lead back; None when the form must be shown again."""

    def save(_receipt) -> Goal:
        data = form.cleaned_data
        return verbs.agree(enrolment, data["area"], data["title"], request.user, due_on=form.due)

    content = form.content() | {"enrolment": enrolment.pk}
    try:
        goal = save_once(form.cleaned_data["token"], content, request.user, save)
    except GoalRefused as refused:
        form.add_error(form.due_field if refused.code == "past_due" else None, refused.sentence)
        return None
    except FormAlreadySaved as before:
        form.add_error(None, already_saved(before))
        form.renew()
        return None
    if goal is None:
        return redirect("enrolment_plan", enrolment.pk)
    request.access.one(goal)
    return plan_after(goal, goal.changes.get())


@entry(roles=PEOPLE, event=Event.CHANGE)
def goal(request, pk: int):
    """One goal with its history, and what can be done to it: ``do`` says what."""
    changes = Prefetch("changes", GoalChange.objects.select_related("changed_by"))
    goals = Goal.objects.select_related("enrolment__participant").prefetch_related(changes)
    found = get_visible(request, goals, event=Event.READ, pk=pk)
    forms = {
        name: form(goal=found)
        for name, form in (
            ("reword", RewordForm),
            ("move", MoveForm),
            ("drop", DropForm),
            ("reopen", ReopenForm),
        )
    }
    do = request.POST.get("do", "")
    if request.method == "POST":
        if do in forms:
            forms[do] = type(forms[do])(request.POST, goal=found)
        answer = _do(request, found, do, forms.get(do))
        if answer is not None:
            return answer
        # Refused: what stands on the page is the goal as it is now.
        found = goals.get(pk=found.pk)
    context = {
        "section": section_of(request.user),
        "enrolment": found.enrolment,
        "goal": found,
        "back": f"{reverse('enrolment_plan', args=[found.enrolment_id])}#area-{found.area}",
        "forms": forms,
        "open": do or request.GET.get("do", ""),
        "lines": history_of_goal(found),
        "today": timezone.localdate(),
    }
    return render(request, "mentoring/enrolment/goal.html", context)


def _do(request, found: Goal, do: str, form) -> HttpResponse | None:
    """Change the goal and lead back to the plan; None when the page must be shown again."""
    if form is not None and not form.is_valid():
        return None
    try:
        change = _change(request, found, do, form)
    except GoalRefused as refused:
        # Of two taps the second finds the goal as the first left it: nothing is wrong.
        wished = {"reach": GoalState.REACHED, "drop": GoalState.DROPPED, "reopen": GoalState.OPEN}
        if refused.code in ("closed", "open") and _state_now(found) == wished.get(do):
            return plan_after(found)
        if form is None or refused.code in ("ended", "closed", "open"):
            messages.warning(request, refused.sentence)
            return plan_after(found)
        form.add_error(_place_of(refused, form), refused.sentence)
        return None
    if change is None:
        return redirect("goal", found.pk)
    request.access.one(found, detail=change.kind)
    return plan_after(found, change)


def _change(request, found: Goal, do: str, form) -> GoalChange | None:
    match do:
        case "reach":
            return verbs.reach(found, request.user)
        case "reword":
            return verbs.reword(found, form.cleaned_data["title"], request.user)
        case "move":
            return verbs.move(found, form.due, request.user, note=form.cleaned_data["note"])
        case "drop":
            return verbs.drop(found, form.cleaned_data["reason"], request.user)
        case "reopen":
            return verbs.reopen(found, request.user, due_on=form.due)
    return None


def _state_now(found: Goal) -> str:
    return Goal.objects.values_list("state", flat=True).get(pk=found.pk)


def _place_of(refused: GoalRefused, form) -> str | None:
    """The field that a refusal is about."""
    if refused.code in ("past_due", "same_day"):
        return form.due_field
    return {"empty": "title", "unchanged": "title", "no_reason": "reason"}.get(refused.code)


@entry(roles=PEOPLE, event=Event.CHANGE)
@require_POST
def goal_undo(request, pk: int):
    """Take back what the plan has just told of. What is gone already is taken back already."""
    found = get_visible(request, Enrolment.objects.current(), event=Event.READ, pk=pk)
    numbers = numbers_in(request.POST.getlist("change"))
    own = GoalChange.objects.filter(goal__enrolment=found, changed_by=request.user)
    change = own.select_related("goal").filter(pk__in=numbers).first()
    if change is None:
        return redirect("enrolment_plan", found.pk)
    try:
        verbs.take_back(change)
    except GoalRefused as refused:
        messages.warning(request, refused.sentence)
        return plan_after(change.goal)
    request.access.one(change.goal, detail=f"undone: {change.kind}")
    messages.success(request, _("It is as it was before."))
    return plan_after(change.goal)
