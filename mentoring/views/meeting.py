"""Log a meeting, in under a minute."""

from datetime import timedelta
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mentoring.drafts import answers_of
from mentoring.forms.drafts import restore
from mentoring.forms.meeting import MeetingForm
from mentoring.meetings import log_meeting, still_logged_to
from mentoring.models import MeetingDraft
from mentoring.overview import nearest_release_first
from mentoring.receipts import FormAlreadySaved
from mentoring.seats import attach_seats
from mentoring.views.drafts import (
    Sent,
    answer,
    form_address,
    from_another,
    keep_refused,
    wants_json,
)
from participants.coordinators import only_coordinator_of
from participants.goals import GoalRefused
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.form_proofs import VALID_FOR, issue
from primus.accounts.models import Role
from primus.accounts.refused import kept_when_refused
from primus.templatetags.primus_ui import clock


@kept_when_refused(keep_refused)
@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.CREATE)
def meeting_create(request):
    """A mentor for those they follow; a coordinator for one enrolment, on a mentor's behalf."""
    wanted = request.GET.get("enrolment", "")
    visible = still_logged_to(Enrolment.objects.visible_to(request.user))
    offered = visible.select_related("participant")
    if request.user.is_coordinator:
        enrolments = still_logged_to(Enrolment.objects.all())
        found = get_visible(request, enrolments, pk=wanted, event=Event.READ)
        offered = offered.filter(pk=found.pk)
    enrolments = nearest_release_first(attach_seats(offered))
    if not enrolments:
        text = _("You follow nobody at the moment, so there is no meeting to log.")
        if wants_json(request):
            return answer("gone", 409, sentence=text)
        messages.info(request, text)
        return redirect("mentor_home")
    people = {"user": request.user, "loaded": enrolments}
    if request.method == "POST":
        return take(request, people, wanted)
    drafts = own_drafts(request.user, enrolments)
    chosen = choose(enrolments, wanted, drafts)
    form = MeetingForm(chosen=chosen, **people)
    draft = drafts.get(chosen.pk)
    if draft is not None:
        restore(form, draft.content, draft.saved_at)
        form.initial["token"] = draft.token
        request.access.one(draft, detail="draft")
    return show(request, form, chosen, drafts)


def take(request, people: dict, wanted: str):
    """A form that was sent: saved, or shown again with what is wrong."""
    sent = Sent.by(request)
    enrolments = people["loaded"]
    if sent.reader not in (None, request.user.pk):
        return from_another(request, sent, sent.typed.get("enrolment", ""))
    chosen = choose(enrolments, sent.typed.get("enrolment", wanted), {})
    form = MeetingForm(sent.typed, chosen=chosen, **people)
    form.now -= waited(sent)
    right = form.is_valid() and is_about_the_same(form, sent, enrolments)
    saved = save(request, form, sent) if right else None
    if saved is not None:
        return saved
    return show(request, form, chosen, own_drafts(request.user, enrolments), sent)


def own_drafts(user, enrolments) -> dict[int, MeetingDraft]:
    """The user's own drafts, by enrolment."""
    found = MeetingDraft.objects.filter(author=user, enrolment__in=[e.pk for e in enrolments])
    by_pk = {enrolment.pk: enrolment for enrolment in enrolments}
    for draft in found:
        draft.enrolment = by_pk[draft.enrolment_id]
    return {draft.enrolment_id: draft for draft in found}


def choose(enrolments, wanted: str, drafts) -> Enrolment:
    """The one that was asked for; else the one last written about; else the first."""
    named = next((e for e in enrolments if str(e.pk) == wanted), None)
    newest = max(drafts.values(), key=lambda draft: draft.saved_at, default=None)
    return named or (newest.enrolment if newest else enrolments[0])


def is_about_the_same(form: MeetingForm, sent: Sent, enrolments) -> bool:
    """Whether a text that was restored for one participant is not just being saved for another.

    It is asked about once, of those without JavaScript; the script asks when the other is chosen.
    """
    chosen = form.cleaned_data["enrolment"]
    before = next((e for e in enrolments if str(e.pk) == sent.typed.get("restored")), chosen)
    if before.pk == chosen.pk:
        return True
    sentence = _(
        "What is written here was kept as a draft about %(name)s. "
        "Save again if it is about %(other)s."
    )
    names = {"name": before.participant.first_name, "other": chosen.participant.first_name}
    form.add_error("enrolment", sentence % names)
    return False


def waited(sent: Sent) -> timedelta:
    """How long ago «Save» was tapped: a form waits in the page while there is no signal."""
    seconds = sent.typed.get("waited", "")
    known = seconds.isascii() and seconds.isdigit() and len(seconds) < 10
    return min(timedelta(seconds=int(seconds)), VALID_FOR) if known else timedelta()


def show(request, form: MeetingForm, chosen: Enrolment, drafts: dict, sent: Sent | None = None):
    """The form: empty, with a draft in it, or as it was sent with what is wrong."""
    draft = None if sent else drafts.get(chosen.pk)
    if not request.user.is_coordinator:
        request.access.many(form.enrolments, Event.LIST)
        form.coordinator = only_coordinator_of(chosen.municipality_id)
    context = {
        "form": form,
        "chosen": chosen,
        "draft": draft,
        "drafts": " ".join(str(pk) for pk in drafts),
        "is_kept": draft is not None and "kept" in request.GET,
        "proof": issue(request.user, form["token"].value()),
        "writer": (sent and sent.writer) or uuid4(),
        "seen": " ".join(sorted(sent.seen)) if sent else draft.mark if draft else "",
        "section": "enrolments" if request.user.is_coordinator else "home",
        "back": where_after(request, chosen),
    }
    return render(request, "mentoring/meeting/form.html", context)


def save(request, form: MeetingForm, sent: Sent):
    """Save what the form says and lead on; None when the form must be shown again."""
    enrolment = form.cleaned_data["enrolment"]
    try:
        meeting, is_new = log_meeting(
            enrolment,
            form.entry(),
            by=request.user,
            token=form.cleaned_data["token"],
            answers=answers_of(sent.typed, enrolment),
        )
    except GoalRefused as refused:
        form.add_error(None, refused.sentence)
        return None
    except FormAlreadySaved as before:
        return saved_before(request, form, before)
    if is_new:
        request.access.one(meeting)
    return lead(request, reverse("meeting_saved", args=[meeting.pk]))


def saved_before(request, form: MeetingForm, before: FormAlreadySaved):
    """What is said of a form whose token has been used; it is never a second meeting unasked."""
    enrolment = form.cleaned_data["enrolment"]
    given_back = MeetingDraft.objects.filter(author=request.user, enrolment=enrolment)
    if before.is_undone and given_back.exists():
        messages.warning(
            request, _("This meeting was saved and then undone. What was written is a draft again.")
        )
        return lead(request, form_address(enrolment.pk))
    if before.saved_at:
        sentence = _(
            "This form was saved at %(time)s, and the text has changed since. "
            "Save again if this was another meeting."
        ) % {"time": clock(before.saved_at)}
    else:
        sentence = _("This form has been used before. Look it through and save again.")
    form.add_error(None, sentence)
    form.data = form.data.copy()
    form.data["token"] = str(uuid4())
    return None


def lead(request, address: str):
    """Lead on, in the way of whoever asks; it shows nobody yet."""
    request.access.nobody()
    return answer("saved", next=address) if wants_json(request) else redirect(address)


def where_after(request, enrolment: Enrolment) -> str:
    """Where one came from: a mentor's own page, a coordinator's enrolment."""
    if request.user.is_coordinator:
        return reverse("enrolment", args=[enrolment.pk])
    return reverse("mentor_home")
