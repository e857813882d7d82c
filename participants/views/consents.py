"""The consents of an enrolment: which are in force, one more, one taken back."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from participants.consents import (
    AFTER_WITHDRAWAL,
    PURPOSES,
    ConsentRefused,
    give_consent,
    withdraw_consent,
)
from participants.forms.consents import ConsentGivenForm, ConsentWithdrawalForm
from participants.models import Consent, ConsentKind, Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role


@entry(roles=[Role.COORDINATOR], event=Event.CHANGE)
def enrolment_consents(request, pk: int):
    enrolments = Enrolment.objects.select_related("participant")
    enrolment = get_visible(request, enrolments, event=Event.READ, pk=pk)
    consents = list(enrolment.consents.select_related("recorded_by", "withdrawal_recorded_by"))
    in_force = {consent.kind: consent for consent in consents if consent.withdrawn_on is None}
    missing = [kind for kind in ConsentKind if kind not in in_force]
    form = ConsentGivenForm(
        request.POST if request.method == "POST" else None, enrolment=enrolment, missing=missing
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            given = give_consent(
                enrolment,
                data["kind"],
                form=data["form"],
                given_on=data["given_on"],
                by=request.user,
            )
        except ConsentRefused as refused:
            form.refuse(refused)
        else:
            request.access.one(given, Event.CREATE, f"consent {given.kind}")
            messages.success(request, _("The consent is noted."))
            return redirect("enrolment_consents", enrolment.pk)
    kinds = [
        {
            "kind": kind,
            "purpose": PURPOSES[kind],
            "in_force": in_force.get(kind),
            "before": [c for c in consents if c.kind == kind and c.withdrawn_on is not None],
        }
        for kind in ConsentKind
    ]
    return render(
        request,
        "participants/consents.html",
        {
            "section": "enrolments",
            "enrolment": enrolment,
            "kinds": kinds,
            "form": form if missing else None,
            "must_end": enrolment.is_current
            and ConsentKind.PARTICIPATION in missing
            and any(c.kind == ConsentKind.PARTICIPATION for c in consents),
        },
    )


@entry(roles=[Role.COORDINATOR], event=Event.CHANGE)
def consent_withdraw(request, pk: int):
    consents = Consent.objects.select_related("enrolment__participant")
    consent = get_visible(request, consents, event=Event.READ, pk=pk)
    enrolment = consent.enrolment
    if consent.withdrawn_on is not None:
        messages.warning(request, ConsentRefused("already_withdrawn").sentence)
        return redirect("enrolment_consents", enrolment.pk)
    form = ConsentWithdrawalForm(
        request.POST if request.method == "POST" else None, consent=consent
    )
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_consent(consent, form.cleaned_data["withdrawn_on"], by=request.user)
        except ConsentRefused as refused:
            form.add_error("withdrawn_on", refused.sentence)
        else:
            request.access.one(consent, Event.CHANGE, f"consent {consent.kind} withdrawn")
            if consent.kind == ConsentKind.PARTICIPATION and enrolment.is_current:
                messages.warning(
                    request, _("The consent to taking part is taken back. End the enrolment now.")
                )
                return redirect("enrolment_end", enrolment.pk)
            messages.success(request, _("It is noted that the consent is taken back."))
            return redirect("enrolment_consents", enrolment.pk)
    return render(
        request,
        "participants/consent_withdraw.html",
        {
            "section": "enrolments",
            "enrolment": enrolment,
            "consent": consent,
            "purpose": PURPOSES[consent.kind],
            "after": AFTER_WITHDRAWAL[consent.kind],
            "form": form,
        },
    )
