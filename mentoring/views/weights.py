"""How much each criterion counts when pairs are suggested: an administrator decides."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentoring.forms.weights import WeightsForm
from mentoring.models import MatchWeight
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.ADMINISTRATOR], event=Event.CHANGE)
def match_weights(request):
    weights = list(MatchWeight.objects.select_for_update().order_by("pk"))
    form = WeightsForm(request.POST if request.method == "POST" else None, weights=weights)
    if request.method == "POST" and form.is_valid():
        for weight, before in form.changed():
            weight.save(update_fields=["weight"])
            # Nobody's data, but a change of what everybody is offered: kept with who made it.
            detail = f"{weight.criterion}: {before} → {weight.weight}"
            request.access.one(weight, Event.CHANGE, detail)
        messages.success(request, _("Saved. The next suggestions are weighed by it."))
        return redirect("match_weights")
    request.access.nobody()
    return render(request, "mentoring/match_weights.html", {"section": "weights", "form": form})
