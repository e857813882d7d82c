"""One subject of a trial: assessed, drawn, and what becomes of them. Only for coordinators."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from outcomes.followups.noting import address_of
from outcomes.models import TrialSubject
from outcomes.trials import enrolling, following
from outcomes.trials.forms import (
    AssessmentForm,
    CaseNumberForm,
    ReleaseForm,
    WithdrawalForm,
    baseline_words,
)
from outcomes.trials.refusals import TrialRefused
from outcomes.trials.standing import standing_of
from outcomes.views.trial import the_trial
from participants.consents import ConsentRefused
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]
SUBJECTS = TrialSubject.objects.select_related(
    "trial", "municipality", "arm", "enrolment__participant"
)
# How many case files are offered by one click.
OFFERED = 12


def _page(request, template: str, subject: TrialSubject, **context) -> HttpResponse:
    return render(
        request,
        f"outcomes/trial/{template}.html",
        {"section": "enrolments", "trial": subject.trial, "subject": subject, **context},
    )


def _instead(request, subject: TrialSubject, why: str) -> HttpResponse:
    """Why there is no such form for them, at once and on their own page."""
    messages.warning(request, TrialRefused(why).sentence)
    return redirect("trial_subject", subject.pk)


def _after(request, subject: TrialSubject, sentence: str) -> HttpResponse:
    """A change is done and logged: back to the subject."""
    request.access.one(subject, Event.CHANGE)
    messages.success(request, sentence)
    return redirect("trial_subject", subject.pk)


@entry(roles=COORDINATORS, event=Event.CREATE)
def trial_assess(request, pk: int):
    """Whether somebody can and will take part. A form that comes twice is one person."""
    trial = the_trial(request.user, pk)
    if trial.closed_on is not None:
        messages.warning(request, TrialRefused("closed").sentence)
        return redirect("trial", trial.pk)
    form = AssessmentForm(
        request.POST if request.method == "POST" else None, trial=trial, user=request.user
    )
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"]
        try:
            subject = enrolling.assess(trial, by=request.user, form_token=token, **form.answers())
        except TrialRefused as refused:
            form.refuse(refused)
        else:
            request.access.one(subject)
            return _assessed(request, subject)
    request.access.nobody()
    return render(
        request,
        "outcomes/trial/assess.html",
        {"section": "enrolments", "trial": trial, "subject": None, "form": form},
    )


def _assessed(request, subject: TrialSubject) -> HttpResponse:
    if enrolling.is_ready(subject):
        return redirect("trial_draw", subject.pk)
    messages.success(
        request,
        _("%(number)s is noted. Write the number where you keep who they are.")
        % {"number": subject.pseudonym},
    )
    return redirect("trial_subject", subject.pk)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def trial_reassess(request, pk: int):
    """The answers anew, until the draw: somebody has said yes, or something was mistaken."""
    subject = get_visible(request, SUBJECTS, event=Event.READ, pk=pk)
    if subject.is_randomised or subject.trial.closed_on is not None:
        return _instead(request, subject, "drawn_already" if subject.is_randomised else "closed")
    form = AssessmentForm(
        request.POST if request.method == "POST" else None,
        trial=subject.trial,
        user=request.user,
        subject=subject,
    )
    if request.method == "POST" and form.is_valid():
        try:
            subject = enrolling.reassess(subject, by=request.user, **form.answers())
        except TrialRefused as refused:
            form.refuse(refused)
        else:
            request.access.one(subject, Event.CHANGE)
            return _assessed(request, subject)
    return _page(request, "assess", subject, form=form)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def trial_draw(request, pk: int):
    """A page that says on what is drawn, and the draw. Who was drawn before stays as drawn."""
    subject = get_visible(request, SUBJECTS, event=Event.READ, pk=pk)
    if subject.is_randomised:
        return redirect("trial_subject", subject.pk)
    if request.method == "POST":
        try:
            subject = enrolling.allocate(subject, request.user)
        except TrialRefused as refused:
            messages.warning(request, refused.sentence)
        else:
            request.access.one(subject, Event.CHANGE, "drawn")
        return redirect("trial_subject", subject.pk)
    if not enrolling.is_ready(subject) or subject.trial.closed_on is not None:
        closed = subject.trial.closed_on is not None
        return _instead(request, subject, "closed" if closed else "not_ready")
    return _page(request, "draw", subject, baseline=baseline_words(subject))


@entry(roles=COORDINATORS, event=Event.READ)
def trial_subject(request, pk: int):
    """Where one subject stands, and what is next."""
    subject = get_visible(request, SUBJECTS, pk=pk)
    return _page(
        request,
        "subject",
        subject,
        standing=standing_of(subject),
        is_ready=enrolling.is_ready(subject),
        baseline=baseline_words(subject),
        followup=address_of(subject.enrolment or subject),
        release_day=subject.enrolment.released_on if subject.enrolment else subject.released_on,
    )


@entry(roles=COORDINATORS, event=Event.CHANGE)
def trial_release(request, pk: int):
    """The day somebody without a case file was released."""
    subject = get_visible(request, SUBJECTS, event=Event.READ, pk=pk)
    if why := following.why_no_release(subject):
        return _instead(request, subject, why)
    form = ReleaseForm(request.POST if request.method == "POST" else None, subject=subject)
    if request.method == "POST" and form.is_valid():
        try:
            following.note_release(subject, form.cleaned_data["released_on"], request.user)
        except TrialRefused as refused:
            form.refuse(refused)
        else:
            return _after(request, subject, _("The release is noted."))
    return _page(request, "release", subject, form=form)


@entry(roles=COORDINATORS, event=Event.CHANGE)
def trial_link(request, pk: int):
    """Which case file is theirs: one of those that are offered, or by its number."""
    subject = get_visible(request, SUBJECTS, event=Event.READ, pk=pk)
    if why := following.why_not_followed(subject):
        return _instead(request, subject, why)
    sent = request.POST if request.method == "POST" else None
    form = CaseNumberForm(sent)
    if sent is not None and form.is_valid():
        number = form.cleaned_data["case_number"]
        enrolment = Enrolment.objects.visible_to(request.user).filter(pk=number).first()
        try:
            if enrolment is None:
                raise TrialRefused("no_such_case")
            following.link(subject, enrolment, request.user)
        except (TrialRefused, ConsentRefused) as refused:
            form.refuse(refused)
        else:
            request.access.one(enrolment, Event.CHANGE, f"trial subject {subject.pseudonym}")
            return _after(request, subject, _("The case file is theirs from now on."))
    offered = list(
        following.linkable(subject, request.user)
        .select_related("participant")
        .order_by("-referred_on", "-pk")[:OFFERED]
    )
    if offered:
        request.access.many(offered, Event.READ)
    return _page(request, "link", subject, form=form, offered=offered)


@entry(roles=COORDINATORS, event=Event.CHANGE)
@require_POST
def trial_unlink(request, pk: int):
    """Take back a link that was made by mistake."""
    subject = get_visible(request, SUBJECTS, event=Event.READ, pk=pk)
    try:
        following.unlink(subject, request.user)
    except TrialRefused as refused:
        return _instead(request, subject, refused.code)
    return _after(request, subject, _("The case file is no longer theirs."))


@entry(roles=COORDINATORS, event=Event.CHANGE)
def trial_withdraw(request, pk: int):
    """Somebody takes their consent back."""
    subject = get_visible(request, SUBJECTS, event=Event.READ, pk=pk)
    if subject.consent_on is None or subject.consent_withdrawn_on is not None:
        given = subject.consent_on is not None
        return _instead(request, subject, "withdrawn_already" if given else "not_consented")
    form = WithdrawalForm(request.POST if request.method == "POST" else None, subject=subject)
    if request.method == "POST" and form.is_valid():
        try:
            following.withdraw(subject, form.cleaned_data["withdrawn_on"], request.user)
        except TrialRefused as refused:
            form.refuse(refused)
        else:
            return _after(request, subject, _("It is noted that they have taken it back."))
    return _page(request, "withdraw", subject, form=form)
