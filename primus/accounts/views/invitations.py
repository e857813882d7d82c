"""Invitations: sending them, and accepting one."""

from allauth.account.utils import perform_login
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from primus.access.declare import entry, get_visible, public
from primus.access.models import Event
from primus.accounts import invitations
from primus.accounts.forms import AcceptForm, current_language
from primus.accounts.invitation_forms import InvitationForm
from primus.accounts.models import Invitation, Role
from primus.paging import page_of

INVITERS = (Role.ADMINISTRATOR, Role.COORDINATOR)


@entry(roles=INVITERS, event=Event.LIST)
def invitation_list(request):
    """The invitations that wait to be accepted; a coordinator sees their own."""
    waiting = Invitation.objects.visible_to(request.user).waiting().select_related("invited_by")
    page = page_of(request, waiting)
    request.access.many(page)
    return render(
        request,
        "accounts/invitation_list.html",
        {"page": page, "section": _section(request.user)},
    )


@entry(roles=INVITERS, event=Event.CREATE)
def invitation_new(request):
    """Invite someone."""
    form = InvitationForm(request.POST if request.method == "POST" else None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(
                request.user,
                email=form.cleaned_data["email"],
                first_name=form.cleaned_data["first_name"],
                last_name=form.cleaned_data["last_name"],
                role=form.cleaned_data.get("role", Role.MENTOR),
                municipality_codes=form.cleaned_data["municipalities"],
            )
        except invitations.InvitationRefused as refused:
            form.add_error("email", refused.sentence)
        else:
            request.access.one(invitation)
            messages.success(
                request,
                _("The invitation is on its way to %(email)s.") % {"email": invitation.email},
            )
            return redirect("invitation_list")
    request.access.nobody()
    return render(
        request,
        "accounts/invitation_form.html",
        {"form": form, "section": _section(request.user)},
    )


@entry(roles=INVITERS, event=Event.CHANGE)
@require_POST
def invitation_resend(request, pk):
    """Send an invitation again, with a new link."""
    invitation = get_visible(request, Invitation.objects.waiting(), pk=pk)
    if invitations.resend(invitation):
        messages.success(
            request, _("A new link is on its way to %(email)s.") % {"email": invitation.email}
        )
    return redirect("invitation_list")


@entry(roles=INVITERS, event=Event.DELETE)
@require_POST
def invitation_revoke(request, pk):
    """Take an invitation back: its link leads nowhere from now on."""
    invitation = get_visible(request, Invitation.objects.waiting(), pk=pk)
    if invitations.revoke(invitation):
        messages.success(
            request, _("The invitation to %(email)s is taken back.") % {"email": invitation.email}
        )
    return redirect("invitation_list")


@public
@sensitive_post_parameters("password1")
def invitation_accept(request, token):
    """Where the link of an invitation leads: choose a password, and be signed in."""
    invitation = Invitation.objects.for_token(token).first()
    if invitation is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    form = AcceptForm(request.POST if request.method == "POST" else None, invitation=invitation)
    if request.method == "POST" and form.is_valid():
        try:
            user = invitations.accept(
                token, password=form.cleaned_data["password1"], language=current_language()
            )
        except invitations.NoSuchInvitation:
            return render(request, "accounts/invitation_gone.html", status=410)
        return perform_login(request, user)
    return render(
        request, "accounts/invitation_accept.html", {"form": form, "invitation": invitation}
    )


def _section(user) -> str:
    return "users" if user.is_administrator else "invitations"
