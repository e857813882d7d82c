"""Who hears of a concern that nobody answers, and what staff are told of those that wait."""

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.escalation import DutyRefused, put_on_duty, waiting_for_staff
from mentoring.forms.duty import DeputyForm, DutyForm
from mentoring.models import StaffDuty
from participants.models import Coordinator, Municipality
from primus.access.declare import entry
from primus.accounts.models import Role

ROTA = (Role.STAFF, Role.ADMINISTRATOR)


@entry(roles=[Role.STAFF], event=None)
def concerns_waiting(request):
    """Where a concern waits, for how long and whom to call; never what it says or about whom."""
    return render(
        request,
        "mentoring/duty/waiting.html",
        {"section": "waiting", "rows": waiting_for_staff()},
    )


def _with_coordinators(user):
    """The municipalities whose deputy the user chooses, with those who can be it."""
    found = Municipality.objects.filter(coordinators__isnull=False).distinct()
    if user.is_coordinator:
        found = Municipality.objects.of_coordinator(user)
    active = Coordinator.objects.filter(user__is_active=True).select_related("user")
    active = active.order_by("user__first_name", "user__last_name", "pk")
    return found.prefetch_related(Prefetch("coordinators", queryset=active, to_attr="who"))


@entry(roles=[Role.COORDINATOR, Role.ADMINISTRATOR], event=None)
def deputies(request):
    """The deputy of each municipality: who is told when a concern was not answered in time."""
    sent = request.POST if request.method == "POST" else None
    forms = [
        DeputyForm(sent, municipality=place, coordinators=place.who)
        for place in _with_coordinators(request.user)
    ]
    # Each is asked, so that every wrong answer is told of at once.
    wrong = [form for form in forms if not form.is_valid()]
    if sent is not None and not wrong:
        for form in forms:
            if form.has_changed():
                form.municipality.deputy = form.cleaned_data["deputy"]
                form.municipality.save(update_fields=["deputy"])
        messages.success(request, _("The deputies are saved."))
        return redirect("deputies")
    return render(
        request,
        "mentoring/duty/deputies.html",
        {"section": "desk" if request.user.is_coordinator else "users", "forms": forms},
    )


@entry(roles=ROTA, event=None)
def duty_list(request):
    """Who of the national office is on duty, and putting somebody on."""
    form = DutyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            put_on_duty(said["user"], said["on_duty_from"], said["on_duty_until"])
        except DutyRefused as refused:
            form.add_error("on_duty_until", refused.sentence)
        else:
            messages.success(request, _("%(name)s is on duty then.") % {"name": said["user"]})
            return redirect("duty_list")
    duties = StaffDuty.objects.filter(on_duty_until__gte=timezone.localdate())
    return render(
        request,
        "mentoring/duty/list.html",
        {
            "section": "waiting" if request.user.is_staff_role else "users",
            "form": form,
            "duties": duties.select_related("user"),
            "today": timezone.localdate(),
        },
    )


@entry(roles=ROTA, event=None)
@require_POST
def duty_remove(request, pk: int):
    """Take somebody off duty again."""
    duty = get_object_or_404(StaffDuty.objects.select_related("user"), pk=pk)
    duty.delete()
    messages.success(request, _("%(name)s is no longer on duty then.") % {"name": duty.user})
    return redirect("duty_list")
