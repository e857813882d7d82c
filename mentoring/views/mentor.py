"""A mentor as their coordinator sees them, and the profile that mentors keep themselves."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentoring.conflicts import conflicts_of
from mentoring.directory import attach_rows
from mentoring.forms.mentor_care import MentorNoteForm, OwnProfileForm, ProfileForm, StepForm
from mentoring.mentor_page import followed_by
from mentoring.models import Absence, Mentor, MentorNote, MentorState, MentorStep
from mentoring.steps import MOVES, StepRefused, move_to, seats_in_the_way
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]
FIELD_OF_STEP = {"future": "reached_on", "before": "reached_on", "not_cleared": "state"}


def mentor_of(request, pk: int) -> Mentor:
    """The mentor whose page it is, logged as read."""
    mentors = Mentor.objects.select_related("user", "municipality")
    return get_visible(request, mentors, event=Event.READ, pk=pk)


@entry(roles=COORDINATORS, event=Event.READ)
def mentor(request, pk: int):
    """All that is known of one mentor."""
    return _page(request, mentor_of(request, pk), MentorNoteForm())


def _page(request, found: Mentor, note_form: MentorNoteForm):
    attach_rows([found])
    followed = followed_by(found, request.user)
    request.access.many(followed.enrolments, Event.LIST)
    own = {"mentor": found}
    conflicts = list(conflicts_of(found, request.user))
    for conflict in conflicts:
        others = (conflict.participant, conflict.other, conflict.mentor)
        conflict.whom = next(one for one in others if one is not None and one != found)
    request.access.many([conflict.whom for conflict in conflicts], Event.LIST)
    context = {
        "section": "mentors",
        "mentor": found,
        "followed": followed,
        "steps": MentorStep.objects.visible_to(request.user)
        .filter(**own)
        .select_related("said_by"),
        "absences": Absence.objects.visible_to(request.user).not_over().filter(**own),
        "conflicts": conflicts,
        "notes": MentorNote.objects.visible_to(request.user)
        .filter(**own)
        .select_related("written_by"),
        "note_form": note_form,
        "has_left": found.state == MentorState.LEFT,
    }
    return render(request, "mentoring/mentors/mentor.html", context)


@entry(roles=COORDINATORS, event=Event.CREATE)
@require_POST
def mentor_note(request, pk: int):
    """Write a note that only coordinators see."""
    found = mentor_of(request, pk)
    form = MentorNoteForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    form.instance.mentor = found
    form.instance.written_by = request.user
    form.save()
    request.access.one(found, Event.CREATE, "note")
    messages.success(request, _("The note is saved."))
    return redirect("mentor", found.pk)


def _save_profile(request, found: Mentor, form: ProfileForm) -> None:
    """Only what the form holds: the state may have changed meanwhile."""
    Mentor.objects.filter(pk=found.pk).update(**form.values())
    request.access.one(found, Event.CHANGE, "profile")


@entry(roles=COORDINATORS, event=Event.CHANGE)
def mentor_profile(request, pk: int):
    """Change what is known of a mentor."""
    found = mentor_of(request, pk)
    form = ProfileForm(
        request.POST if request.method == "POST" else None,
        instance=Mentor.objects.get(pk=found.pk),
    )
    if request.method == "POST" and form.is_valid():
        _save_profile(request, found, form)
        messages.success(request, _("The profile is saved."))
        return redirect("mentor", found.pk)
    context = {"section": "mentors", "mentor": found, "form": form}
    return render(request, "mentoring/mentors/profile.html", context)


@entry(roles=[Role.MENTOR], event=Event.CHANGE)
def my_profile(request):
    """What a mentor keeps right about themself."""
    found = Mentor.objects.filter(user=request.user).first()
    if found is None:
        raise Http404
    form = OwnProfileForm(
        request.POST if request.method == "POST" else None,
        instance=Mentor.objects.get(pk=found.pk),
    )
    if request.method == "POST" and form.is_valid():
        _save_profile(request, found, form)
        messages.success(request, _("Thank you. Your profile is saved."))
        return redirect("my_account")
    request.access.one(found, Event.READ)
    return render(request, "mentoring/mentors/mine.html", {"section": "account", "form": form})


@entry(roles=COORDINATORS, event=Event.CHANGE)
def mentor_step(request, pk: int):
    """Take a mentor a step further, or let them go."""
    found = mentor_of(request, pk)
    form = StepForm(request.POST if request.method == "POST" else None, mentor=found)
    in_the_way = seats_in_the_way(found)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        found.state = said["seen"]
        try:
            move_to(found, said["state"], said["reached_on"], request.user, said["note"])
        except StepRefused as refused:
            form.add_error(FIELD_OF_STEP.get(refused.code), refused.sentence)
            found.refresh_from_db(fields=["state"])
            in_the_way = refused.seats or in_the_way
        else:
            request.access.one(found, Event.CHANGE, f"step: {found.state}")
            _confirm(request, found, len(in_the_way))
            return redirect("mentor", found.pk)
    about = Enrolment.objects.filter(pk__in=[seat.pair.enrolment_id for seat in in_the_way])
    seen = {enrolment.pk: enrolment for enrolment in about.visible_to(request.user)}
    request.access.many(list(seen.values()), Event.LIST)
    seats = [seat for seat in in_the_way if seat.pair.enrolment_id in seen]
    context = {
        "section": "mentors",
        "mentor": found,
        "form": form,
        "seats": seats,
        "hidden": len(in_the_way) - len(seats),
        "may_leave": MentorState.LEFT in MOVES[found.state],
        "may_pause": MentorState.PAUSED in MOVES[found.state],
        "today": timezone.localdate(),
    }
    return render(request, "mentoring/mentors/step.html", context)


def _confirm(request, found: Mentor, seats: int) -> None:
    if found.state == MentorState.LEFT:
        messages.success(request, _("The mentor has left, and can no longer sign in."))
    else:
        messages.success(request, _("Saved: %(state)s.") % {"state": found.get_state_display()})
    if found.state == MentorState.PAUSED and seats:
        messages.warning(
            request,
            ngettext(
                "The mentor still follows %(n)d participant while on leave. "
                "Agree with the other mentor, or find somebody else.",
                "The mentor still follows %(n)d participants while on leave. "
                "Agree with the other mentors, or find somebody else.",
                seats,
            )
            % {"n": seats},
        )
