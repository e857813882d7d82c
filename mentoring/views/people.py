"""The people around one participant, and how to reach them."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.absences import attach_absences
from mentoring.contacts import add_contact, change_contact, contacts_of, coordinators_for
from mentoring.enrolment_page import frame, section_of
from mentoring.forms.contacts import ContactForm
from mentoring.models import AuthorityContact
from mentoring.receipts import FormAlreadySaved, already_saved, save_once
from mentoring.replacements import attach_replacements
from mentoring.seats import former_seats
from mentoring.views.checklist import numbers as numbers_in
from participants.models import Enrolment
from participants.phases import Phase
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

PEOPLE = [Role.MENTOR, Role.COORDINATOR]


@entry(roles=PEOPLE, event=Event.READ)
def enrolment_people(request, pk: int):
    found, context = frame(request, pk, "people")
    attach_absences([found])
    attach_replacements([found], request.user)
    ended = found.phase == Phase.ENDED
    context |= {
        "former_seats": former_seats(found) if ended else [],
        "coordinators": coordinators_for(found),
        "contacts": contacts_of(found),
    }
    return render(request, "mentoring/enrolment/people.html", context)


@entry(roles=PEOPLE, event=Event.CREATE)
def contact_create(request, pk: int):
    found = get_visible(request, Enrolment.objects.current(), event=Event.READ, pk=pk)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _add(request, found, form)
        if answer is not None:
            return answer
    context = {"section": section_of(request.user), "enrolment": found, "form": form}
    return render(request, "mentoring/enrolment/contact.html", {**context, "contact": None})


def _add(request, enrolment: Enrolment, form: ContactForm) -> HttpResponse | None:
    """Save the contact once and lead back; None when the form must be shown again."""
    values = form.values()
    try:
        contact = save_once(
            form.cleaned_data["token"] or uuid.uuid4(),
            values | {"enrolment": enrolment.pk},
            request.user,
            lambda _receipt: add_contact(enrolment, values, request.user),
        )
    except FormAlreadySaved as before:
        form.add_error(None, already_saved(before))
        form.renew()
        return None
    if contact is not None:
        request.access.one(contact)
        messages.success(request, _("%(name)s is in the list.") % {"name": contact.name})
    return redirect("enrolment_people", enrolment.pk)


@entry(roles=PEOPLE, event=Event.CHANGE)
def contact(request, pk: int):
    contacts = AuthorityContact.objects.select_related("enrolment").filter(
        enrolment__in=Enrolment.objects.current()
    )
    found = get_visible(request, contacts, event=Event.READ, pk=pk)
    # On a copy, so that a refused change does not show in what stands beside the form.
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        instance=AuthorityContact.objects.get(pk=found.pk),
    )
    if request.method == "POST" and form.is_valid():
        change_contact(found, form.values())
        request.access.one(found)
        messages.success(request, _("%(name)s is changed.") % {"name": found.name})
        return redirect("enrolment_people", found.enrolment_id)
    context = {"section": section_of(request.user), "enrolment": found.enrolment, "form": form}
    return render(request, "mentoring/enrolment/contact.html", {**context, "contact": found})


@entry(roles=PEOPLE, event=Event.DELETE)
@require_POST
def contact_remove(request, pk: int):
    """Take a contact out of the list. Who is out of it already, by a second tap, stays out."""
    found = get_visible(request, Enrolment.objects.current(), event=Event.READ, pk=pk)
    numbers = numbers_in(request.POST.getlist("contact"))
    gone = AuthorityContact.objects.filter(enrolment=found, pk__in=numbers).first()
    if gone is not None:
        request.access.one(gone)
        gone.delete()
        messages.success(request, _("%(name)s is out of the list.") % {"name": gone.name})
    return redirect("enrolment_people", found.pk)
