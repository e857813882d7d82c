"""A new referral: one form for the person and their enrolment."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from participants.forms import ReferralForm
from participants.models import Municipality
from participants.referral import refer, sent_before
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.COORDINATOR], event=Event.CREATE)
def enrolment_create(request):
    form = ReferralForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST":
        if form.is_valid():
            enrolment, is_new = refer(
                by=request.user, token=form.cleaned_data["token"], known=form.known, **form.parts()
            )
            if is_new:
                request.access.one(enrolment)
                request.access.one(enrolment.participant)
                messages.success(request, _("The referral is saved. Next: find two mentors."))
            return redirect("enrolment", enrolment.pk)
        # Sent twice: the second time, the person is in the programme by the first.
        earlier = sent_before(form.cleaned_data.get("token"), request.user)
        if earlier is not None:
            return redirect("enrolment", earlier.pk)
        if form.known is not None:
            # The sentence about whom they know is a look at that person.
            request.access.one(form.known.latest, Event.READ)
    request.access.nobody()
    has_places = Municipality.objects.of_coordinator(request.user).exists()
    return render(
        request,
        "participants/referral.html",
        {"section": "enrolments", "form": form, "has_places": has_places},
    )
