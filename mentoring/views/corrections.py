"""One meeting: all it says, what it said before it was corrected, and what stands beside it."""

import uuid

from django.contrib import messages
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentoring.accompaniments import mark_done, mark_undone
from mentoring.additions import AdditionRefused, add_to
from mentoring.corrections import (
    CorrectionRefused,
    check_may_correct,
    correct,
    correct_until,
    may_correct,
)
from mentoring.drafts import as_typed
from mentoring.enrolment_page import section_of
from mentoring.entries import entry_from, entry_of
from mentoring.forms.meeting import AdditionForm, CorrectionForm
from mentoring.forms.meeting.correct import initial_of
from mentoring.forms.meeting.questions import AREA_TEXTS
from mentoring.models import (
    Accompaniment,
    Attendance,
    Concern,
    Meeting,
    MeetingAddition,
    MeetingGoalChange,
    MeetingVersion,
)
from mentoring.receipts import FormAlreadySaved
from mentoring.seats import attach_seats
from mentoring.told import differences, lines_of, names_for
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role
from primus.templatetags.primus_ui import clock

# The answers that are texts.
TEXTS = ("note", *AREA_TEXTS, "purpose", "outcome", "follow_up", "next_step")
FOLLOWING = [Role.MENTOR, Role.COORDINATOR]


def _whole():
    """Meetings with what they say; additions and versions are fetched where they are shown."""
    return Meeting.objects.select_related(
        "enrolment__participant", "accompaniment__follow_up_done_by", "logged_by"
    ).prefetch_related(
        Prefetch("attendances", Attendance.objects.select_related("mentor__user")), "areas"
    )


def _context(request, meeting: Meeting) -> dict:
    return {
        "section": section_of(request.user),
        "meeting": meeting,
        "enrolment": meeting.enrolment,
    }


def _additions(meeting: Meeting):
    return MeetingAddition.objects.filter(meeting=meeting).select_related("written_by")


@entry(roles=FOLLOWING, event=Event.READ)
def meeting(request, pk: int):
    found = get_visible(request, _whole(), pk=pk)
    now = entry_of(found)
    kept = list(MeetingVersion.objects.filter(meeting=found).select_related("replaced_by"))
    earlier = [entry_from(version.content) for version in kept]
    names = names_for([now, *earlier], request.user)
    # Newest first; each is compared with what took its place.
    after = [now, *earlier]
    versions = [
        {"row": row, "lines": lines_of(was, names, than=became)}
        for row, was, became in zip(kept, earlier, after, strict=False)
    ]
    context = _context(request, found) | {
        # What must be followed up has a line of its own, to be ticked off.
        "lines": [line for line in lines_of(now, names) if line.key != "follow_up"],
        "versions": versions,
        "additions": _additions(found),
        "goal_changes": MeetingGoalChange.objects.filter(meeting=found).select_related(
            "change__goal"
        ),
        "concerns": Concern.objects.visible_to(request.user).filter(meeting=found),
        "follow_up": _follow_up(found),
        "may_correct": may_correct(found, request.user),
        "correct_until": correct_until(found),
    }
    return render(request, "mentoring/meeting/meeting.html", context)


def _follow_up(meeting: Meeting) -> Accompaniment | None:
    companion = getattr(meeting, "accompaniment", None)
    return companion if companion and companion.follow_up else None


@entry(roles=FOLLOWING, event=Event.CHANGE)
def meeting_correct(request, pk: int):
    """By its author; everybody else, and whoever comes too late, is led to adding a line."""
    found = get_visible(request, _whole(), event=Event.READ, pk=pk)
    try:
        check_may_correct(found, request.user)
    except CorrectionRefused as refused:
        if request.method == "POST":
            return _too_late(request, found, refused)
        messages.warning(request, refused.sentence)
        return redirect("meeting_add", found.pk)
    attach_seats([found.enrolment])
    said = entry_of(found)
    form = CorrectionForm(
        as_typed(request.POST) if request.method == "POST" else None,
        meeting=found,
        said=said,
        user=request.user,
        initial={"version": MeetingVersion.objects.filter(meeting=found).count()},
    )
    context = _context(request, found) | {"form": form, "until": correct_until(found)}
    if request.method == "POST" and form.is_valid():
        try:
            kept = correct(
                found, form.entry(), by=request.user, version=form.cleaned_data["version"]
            )
        except CorrectionRefused as refused:
            context["differences"] = _told_again(form, refused, request.user)
        else:
            if kept:
                request.access.one(found, Event.CHANGE)
            messages.success(request, _("The meeting is corrected. The earlier text is kept."))
            return redirect("meeting", found.pk)
    return render(request, "mentoring/meeting/correct.html", context)


def _too_late(request, found: Meeting, refused: CorrectionRefused):
    """What was written of a correction that is no longer possible can be added instead."""
    before = initial_of(entry_of(found))
    written = as_typed(request.POST)
    texts = [written[name] for name in TEXTS if written.get(name, "") not in ("", before.get(name))]
    messages.warning(request, refused.sentence)
    return _add_page(request, found, AdditionForm(initial={"text": "\n\n".join(texts)}))


def _told_again(form: CorrectionForm, refused: CorrectionRefused, reader) -> list:
    """Show the form with what was typed, and what the meeting says otherwise by now."""
    mine = form.entry()
    form.add_error(None, refused.sentence)
    if refused.said is None:
        return []
    # Saving again is then meant for the meeting as it is shown now.
    form.data["version"] = str(refused.version)
    return differences(refused.said, mine, names_for([refused.said, mine], reader))


@entry(roles=FOLLOWING, event=Event.CREATE)
def meeting_add(request, pk: int):
    """Add a line to a meeting: the other mentor, or whoever logged it, later."""
    found = get_visible(request, _whole(), event=Event.READ, pk=pk)
    form = AdditionForm(as_typed(request.POST) if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            is_new = add_to(found, data["text"], by=request.user, token=data["token"])
        except FormAlreadySaved as before:
            sentence = _("This form has been used before. Look it through and save again.")
            if before.saved_at:
                sentence = _(
                    "Your line was saved at %(time)s, and the text has changed since. "
                    "Save again to add this one too."
                ) % {"time": clock(before.saved_at)}
            form.add_error(None, sentence)
            form.data["token"] = str(uuid.uuid4())
        except AdditionRefused as refused:
            form.add_error(None, refused.sentence)
        else:
            if is_new:
                request.access.one(found)
            messages.success(request, _("Your line stands beside the meeting."))
            return redirect("meeting", found.pk)
    return _add_page(request, found, form)


def _add_page(request, found: Meeting, form: AdditionForm):
    now = entry_of(found)
    context = _context(request, found) | {
        "form": form,
        "lines": lines_of(now, names_for([now], request.user)),
        "additions": _additions(found),
    }
    return render(request, "mentoring/meeting/add.html", context)


@entry(roles=FOLLOWING, event=Event.CHANGE)
def follow_up_save(request, pk: int):
    """Mark what must be followed up as done, or take that back (``undo``)."""
    found = get_visible(
        request,
        Accompaniment.objects.exclude(follow_up="").select_related(
            "meeting__enrolment__participant"
        ),
        event=Event.READ,
        pk=pk,
    )
    if request.method != "POST":
        # Where signing in anew leads after the session ran out on the button.
        return redirect("meeting", found.meeting_id)
    if "undo" in request.POST:
        mark_undone(found)
    else:
        mark_done(found, request.user)
    request.access.one(found, Event.CHANGE)
    if request.htmx:
        found = Accompaniment.objects.select_related("follow_up_done_by").get(pk=pk)
        return render(request, "mentoring/meeting/_follow_up.html", {"follow_up": found})
    return redirect("meeting", found.meeting_id)
