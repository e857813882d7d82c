"""What a participant wishes of their mentors, changed when they have thought again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentoring.forms.wishes import WishesForm
from participants.models import Enrolment
from participants.wishes import WISHES, change_wishes
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.COORDINATOR], event=Event.CHANGE)
def enrolment_wishes(request, pk: int):
    enrolment = get_visible(
        request, Enrolment.objects.select_related("participant"), event=Event.READ, pk=pk
    )
    form = WishesForm(
        request.POST if request.method == "POST" else None,
        user=request.user,
        initial={name: getattr(enrolment, name) for name in WISHES},
    )
    if request.method == "POST" and form.is_valid():
        changed = change_wishes(enrolment, **{name: form.cleaned_data[name] for name in WISHES})
        if changed:
            request.access.one(enrolment, Event.CHANGE, " ".join(changed))
        messages.success(request, _("The wishes are saved."))
        return redirect("pair_create", enrolment.pk)
    context = {"section": "enrolments", "enrolment": enrolment, "form": form}
    return render(request, "mentoring/wishes.html", context)
