"""What was saved, and taking it back while it is fresh."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.forms.drafts import answers_of
from mentoring.models import FormReceipt, Meeting, MeetingDraft, Urgency
from mentoring.overview import names_of
from mentoring.undo import UndoRefused, undo_meeting, undo_until
from mentoring.views.drafts import form_address, read_uuid
from mentoring.views.meeting import where_after
from participants.goals import GoalRefused
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

AUTHORS = [Role.MENTOR, Role.COORDINATOR]


def own(request, pk: int, event: Event | None = None, *, record: bool = True) -> Meeting:
    """A meeting that the user has logged. Raises Http404 for any other."""
    meetings = Meeting.objects.filter(logged_by=request.user).select_related(
        "enrolment__participant", "accompaniment", "receipt"
    )
    return get_visible(request, meetings, event=event, record=record, pk=pk)


@entry(roles=AUTHORS, event=Event.READ)
def meeting_saved(request, pk: int):
    meeting = own(request, pk)
    prefetch_related_objects([meeting], "attendances__mentor__user")
    areas = list(meeting.areas.all())
    concerns = list(meeting.concerns.all())
    until = undo_until(meeting)
    context = {
        "meeting": meeting,
        "enrolment": meeting.enrolment,
        "participant": meeting.enrolment.participant,
        "who": names_of(meeting, request.user) if meeting.attendances.all() else "",
        "areas": areas,
        "companion": getattr(meeting, "accompaniment", None),
        "goals": meeting.goal_changes.select_related("change__goal"),
        "has_concern": bool(concerns),
        # Said again, until somebody has heard it.
        "fears_for_life": any(
            c.urgency == Urgency.LIFE and c.acknowledged_at is None for c in concerns
        ),
        "token": getattr(getattr(meeting, "receipt", None), "token", ""),
        "undo_until": until if timezone.now() <= until else None,
        "again": form_address(meeting.enrolment_id),
        "back": where_after(request, meeting.enrolment),
        "section": "enrolments" if request.user.is_coordinator else "home",
    }
    return render(request, "mentoring/meeting/saved.html", context)


@entry(roles=AUTHORS, event=Event.DELETE)
@require_POST
def meeting_undo(request, pk: int):
    """Take back a meeting for ten minutes; what was written becomes a draft again."""
    try:
        meeting = own(request, pk, record=False)
    except Http404:
        undone = undone_before(request)
        if undone is None:
            raise
        return redirect(form_address(undone.enrolment_id))
    has_concern = meeting.concerns.exists()
    try:
        draft, kept = undo_meeting(meeting, by=request.user, answers=answers_of(meeting))
    except UndoRefused as refused:
        messages.warning(request, refused.sentence)
        return redirect("meeting_saved", pk)
    request.access.one(meeting, detail="undone")
    messages.success(request, _("The meeting is undone. What you wrote is a draft again."))
    if has_concern:
        messages.info(
            request,
            _("Your concern stays: the coordinator has been told. Call if it was a mistake."),
        )
    for change in kept:
        messages.warning(request, GoalRefused("changed_since", goal=change.goal.title).sentence)
    return redirect(form_address(draft.enrolment_id))


def undone_before(request) -> MeetingDraft | None:
    """The draft that the first of two taps on «Undo» has made; None for any other request."""
    token = read_uuid(request.POST.get("token", ""))
    undone = FormReceipt.objects.filter(token=token, saved_by=request.user, meeting=None)
    if token is None or not undone.exists():
        return None
    own_drafts = MeetingDraft.objects.visible_to(request.user)
    return own_drafts.order_by("-saved_at").first()
