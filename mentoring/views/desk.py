"""A coordinator's desk: what needs them today, each list by itself, and whether it has changed."""

from dataclasses import replace

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from mentoring.desk.lists import BY_NAME
from mentoring.desk.reading import fill, fingerprint, look, one_page
from mentoring.desk.worklist import Scope
from mentoring.forms.desk import DeskFilter, address_of
from mentoring.reminders import for_home
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]
MORNING_UNTIL, EVENING_FROM = 10, 18


def _rail(scope: Scope, listed, here: str = "") -> dict:
    """What ``mentoring/desk/_rail.html`` needs: the counts, and how to ask for them again."""
    kept = address_of(scope)
    return {
        "section": "desk",
        "listed": [one for one in listed if one.total],
        "here": here,
        "kept": kept,
        "address": f"{reverse('desk')}?{kept}" if kept else reverse("desk"),
        "seen": fingerprint(listed),
        "enrolments_count": scope.enrolments().count(),
        # Who has room may be asked by anybody: this is counted alike in one's own and in all.
        "kept_municipality": scope.municipality.pk if scope.municipality else "",
        "mentors_with_room": replace(scope, own=False)
        .mentors()
        .active()
        .with_free_capacity(or_promised=True)
        .count(),
    }


@entry(roles=COORDINATORS, event=Event.LIST)
def desk(request):
    form = DeskFilter(request.GET, request.user)
    listed = look(form.scope)
    reached = fill(form.scope, listed)
    reminders = for_home(request.user)
    request.access.many([*reached, *(reminder.enrolment for reminder in reminders)])
    request.access.nobody()
    now = timezone.localtime()
    context = _rail(form.scope, listed) | {
        "form": form,
        "in_order": [one.worklist for one in listed if not one.total],
        "waiting": next(one.total for one in listed if one.worklist.name == "concerns"),
        "reminders": reminders,
        "now": now,
        "is_morning": now.hour < MORNING_UNTIL,
        "is_evening": now.hour >= EVENING_FROM,
    }
    return render(request, "mentoring/desk/desk.html", context)


@entry(roles=COORDINATORS, event=Event.LIST)
def desk_list(request, name: str):
    """One list, all of it, a page at a time."""
    worklist = BY_NAME.get(name)
    if worklist is None:
        raise Http404
    form = DeskFilter(request.GET, request.user)
    one, page = one_page(request, form.scope, worklist)
    request.access.many(fill(form.scope, [one]))
    request.access.nobody()
    context = _rail(form.scope, look(form.scope), name) | {"form": form, "one": one, "page": page}
    return render(request, "mentoring/desk/list.html", context)


@entry(roles=COORDINATORS, event=None)
def desk_counts(request):
    """The counts alone, which name nobody: asked for again and again while the desk is open."""
    form = DeskFilter(request.GET, request.user)
    here = request.GET.get("here", "")
    context = _rail(form.scope, look(form.scope), here if here in BY_NAME else "")
    context["has_changed"] = request.GET.get("seen") != context["seen"]
    return render(request, "mentoring/desk/_rail.html", context)
