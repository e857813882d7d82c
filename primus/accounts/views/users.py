"""The users, as the administrator sees them: who may sign in, as what. Nothing of the cases."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts import activation
from primus.accounts.filters import UserFilter
from primus.accounts.invitation_forms import CoordinatorMunicipalitiesForm
from primus.accounts.models import Invitation, Role, User
from primus.filters import keep_choices, kept_choices
from primus.paging import page_of

ADMINISTRATOR = (Role.ADMINISTRATOR,)


@entry(roles=ADMINISTRATOR, event=Event.LIST)
def user_list(request):
    """Everyone who has or had a user."""
    if request.method == "POST":
        return keep_choices(request)
    users = (
        User.objects.visible_to(request.user)
        # By name: what a coordinator or mentor is, is known further up.
        .select_related("mentor__municipality", "coordinator")
        .prefetch_related("coordinator__municipalities")
    )
    chosen = UserFilter(kept_choices(request), users)
    page = page_of(request, chosen.qs)
    text = chosen.form.cleaned_data.get("q", "")
    request.access.many(page, event=Event.SEARCH if text else Event.LIST, detail=text)
    return render(
        request,
        "accounts/user_list.html",
        {
            "filter": chosen,
            "page": page,
            "waiting": Invitation.objects.visible_to(request.user).waiting().count(),
            "section": "users",
        },
    )


@entry(roles=ADMINISTRATOR, event=Event.CHANGE)
@require_POST
def user_deactivate(request, pk):
    """Keep someone from signing in."""
    user = get_visible(request, User.objects, pk=pk)
    try:
        activation.deactivate(user, by=request.user)
    except activation.ActivationRefused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("%(name)s can no longer sign in.") % {"name": user})
    return redirect("user_list")


@entry(roles=ADMINISTRATOR, event=Event.CHANGE)
@require_POST
def user_reactivate(request, pk):
    """Let someone sign in again."""
    user = get_visible(request, User.objects, pk=pk)
    activation.reactivate(user)
    messages.success(request, _("%(name)s can sign in again.") % {"name": user})
    return redirect("user_list")


@entry(roles=ADMINISTRATOR, event=Event.CHANGE)
def user_municipalities(request, pk):
    """Where a coordinator works; takes effect at their next request."""
    user = get_visible(request, User.objects, pk=pk)
    coordinator = getattr(user, "coordinator", None)
    if coordinator is None:
        raise Http404
    form = CoordinatorMunicipalitiesForm(
        request.POST if request.method == "POST" else None,
        initial={"municipalities": list(coordinator.municipalities.values_list("code", flat=True))},
    )
    if request.method == "POST" and form.is_valid():
        coordinator.municipalities.set(form.cleaned_data["municipalities"])
        messages.success(request, _("The municipalities of %(name)s are saved.") % {"name": user})
        return redirect("user_list")
    return render(
        request,
        "accounts/user_municipalities.html",
        {"form": form, "subject": user, "section": "users"},
    )
