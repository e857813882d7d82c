"""A trial as it is made, followed and closed: by staff, who see no person of it, and the list of
their own subjects for its coordinators."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from outcomes.effects.stored import snapshot_of
from outcomes.models import Trial, TrialSubject
from outcomes.recidivism import DEFINITIONS
from outcomes.trials.closing import close, verify
from outcomes.trials.forms import TrialForm
from outcomes.trials.randomisation import new_trial
from outcomes.trials.reading import running_out, trials_for
from outcomes.trials.refusals import TrialRefused
from outcomes.trials.standing import standing_of
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role
from primus.paging import page_of

READERS = [Role.STAFF, Role.COORDINATOR]


def the_trial(user, pk: int) -> Trial:
    """The trial, for whoever may open it; 404 for anybody else."""
    try:
        return trials_for(user).get(pk=pk)
    except (Trial.DoesNotExist, OverflowError) as missing:
        raise Http404 from missing


def section_of(user) -> str:
    return "effect" if user.is_staff_role else "enrolments"


@entry(roles=READERS, event=None)
def trial_list(request):
    """Every trial, for staff; for a coordinator those of their municipalities."""
    trials = list(trials_for(request.user))
    return render(
        request,
        "outcomes/trial/list.html",
        {"section": section_of(request.user), "trials": trials},
    )


@entry(roles=[Role.STAFF], event=None)
def trial_create(request):
    form = TrialForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            trial = new_trial(by=request.user, **form.design())
        except TrialRefused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request,
                _("The trial is made, and its order is sealed. Keep the hash where others see it."),
            )
            return redirect("trial", trial.pk)
    return render(request, "outcomes/trial/create.html", {"section": "effect", "form": form})


@entry(roles=READERS, event=Event.READ)
def trial(request, pk: int):
    """For staff what was decided, what came of it and the proof; for a coordinator their own
    subjects, those first with whom there is something to do."""
    found = the_trial(request.user, pk)
    if request.user.is_staff_role:
        return _for_staff(request, found)
    subjects = TrialSubject.objects.visible_to(request.user).filter(trial=found)
    waiting = subjects.waiting()
    shown = request.GET.get("show")
    if shown not in ("waiting", "all"):
        shown = "waiting" if waiting.exists() else "all"
    rows = waiting if shown == "waiting" else subjects
    page = page_of(
        request,
        rows.select_related("arm", "municipality", "enrolment").order_by("-number"),
    )
    people = list(page)
    if people:
        request.access.many(people)
    else:
        request.access.nobody()
    return render(
        request,
        "outcomes/trial/subjects.html",
        {
            "section": "enrolments",
            "trial": found,
            "page": page,
            "rows": [(subject, standing_of(subject)) for subject in people],
            "shown": shown,
            "waiting": waiting.count(),
            "all": subjects.count(),
        },
    )


def _for_staff(request, found: Trial) -> HttpResponse:
    request.access.nobody()
    snapshot = snapshot_of(found, DEFINITIONS[found.definition])
    context = {
        "section": "effect",
        "trial": found,
        "definition": DEFINITIONS[found.definition],
        "arms": list(found.arms.all()),
        "places": found.strata.values_list("municipality__name", flat=True)
        .order_by("municipality__name")
        .distinct(),
        "running_out": [] if found.closed_on else running_out(found),
        "snapshot": snapshot,
        "flow": snapshot.figures["flow"] if snapshot else None,
        "flow_arms": [snapshot.figures["arms"][arm] for arm in ("mentors", "control")]
        if snapshot
        else [],
        "checked": None,
    }
    if "check" in request.GET:
        # What disagrees names subjects, whom nobody here may see: the command tells.
        context |= {"checked": verify(found).agrees, "checked_at": timezone.now()}
    return render(request, "outcomes/trial/staff.html", context)


@entry(roles=[Role.STAFF], event=None)
def trial_close(request, pk: int):
    """Close a trial, after a page that says what follows."""
    found = the_trial(request.user, pk)
    if request.method == "POST":
        try:
            close(found, request.user)
        except TrialRefused as refused:
            messages.warning(request, refused.sentence)
        else:
            messages.success(
                request, _("The trial is closed, and its order is open to everybody who checks it.")
            )
        return redirect("trial", found.pk)
    if found.closed_on is not None:
        return redirect("trial", found.pk)
    return render(request, "outcomes/trial/close.html", {"section": "effect", "trial": found})


@entry(roles=READERS, event=None)
def trial_order(request, pk: int):
    """The order of a closed trial as it was hashed, byte for byte; 404 while it is sealed."""
    found = the_trial(request.user, pk)
    if not found.opened_order:
        raise Http404
    response = HttpResponse(found.opened_order.encode(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trial-{found.pk}-order.txt"'
    return response
