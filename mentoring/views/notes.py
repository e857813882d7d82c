"""A coordinator's notes about an enrolment: no mentor ever gets here."""

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.forms.notes import NoteForm
from participants.models import CoordinatorNote, Enrolment
from participants.notes import NoteRefused, remove_note, write_note
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]


def _back(enrolment_id: int):
    return redirect(f"{reverse('enrolment', args=[enrolment_id])}#notes")


@entry(roles=COORDINATORS, event=Event.CREATE)
@require_POST
def note_create(request, pk: int):
    enrolment = get_visible(request, Enrolment.objects, event=Event.READ, pk=pk)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.warning(request, " ".join(form.errors["text"]))
        return _back(enrolment.pk)
    try:
        note = write_note(enrolment, form.cleaned_data["text"], request.user)
    except NoteRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        request.access.one(note)
        messages.success(request, _("The note is kept. Only coordinators see it."))
    return _back(enrolment.pk)


@entry(roles=COORDINATORS, event=Event.DELETE)
@require_POST
def note_remove(request, pk: int):
    notes = CoordinatorNote.objects.select_related("enrolment")
    note = get_visible(request, notes, event=Event.READ, pk=pk)
    enrolment_id = note.enrolment_id
    try:
        number = note.pk
        remove_note(note, request.user)
    except NoteRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        note.pk = number
        request.access.one(note)
        messages.success(request, _("The note is removed."))
    return _back(enrolment_id)
