"""Writing down whom a mentor is not put together with."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.conflicts import ConflictRefused, add_conflict
from mentoring.forms.mentor_care import ConflictForm
from mentoring.models import Mentor, MentorConflict
from mentoring.views.mentor import COORDINATORS, mentor_of
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event


@entry(roles=COORDINATORS, event=Event.CREATE)
def conflict_add(request, pk: int):
    """With another mentor, or with a participant."""
    found = mentor_of(request, pk)
    form = ConflictForm(
        request.POST if request.method == "POST" else None,
        mentor=found,
        mentors=Mentor.objects.visible_to(request.user),
        enrolments=Enrolment.objects.visible_to(request.user),
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            conflict = add_conflict(found, form.other, said["kind"], request.user, said["note"])
        except ConflictRefused as refused:
            form.add_error("whom", refused.sentence)
        else:
            request.access.one(conflict, Event.CREATE)
            messages.success(request, _("Written down: they will not be suggested together."))
            return redirect("mentor", found.pk)
    request.access.many(list(form.people.values()), Event.LIST)
    context = {"section": "mentors", "mentor": found, "form": form}
    return render(request, "mentoring/mentors/conflict.html", context)


@entry(roles=COORDINATORS, event=Event.DELETE)
@require_POST
def conflict_remove(request, pk: int):
    """They can be put together again."""
    conflict = get_visible(request, MentorConflict.objects.select_related("mentor"), pk=pk)
    conflict.delete()
    messages.success(request, _("Taken out: they can be suggested together again."))
    return redirect("mentor", conflict.mentor_id)
