"""Two mentors are asked whether they will follow a participant: what they see and answer, and
what the coordinator does about it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring.forms.proposals import DeclineForm
from mentoring.models import PairProposal, ProposalAnswer, ProposalState
from mentoring.pairing import PairingRefused
from mentoring.proposal_profile import profile_of
from mentoring.proposals import ProposalRefused, answer_no, answer_yes, pair_now, withdraw
from participants.models import Enrolment
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.models import Role

COORDINATORS = [Role.COORDINATOR]


@entry(roles=[Role.MENTOR], event=Event.CHANGE)
def proposal_answer(request, pk: int):
    """What a mentor is asked, and their answer. Once it is closed it says so, and nothing more."""
    answers = ProposalAnswer.objects.select_related(
        "proposal__enrolment__participant",
        "proposal__enrolment__institution",
        "proposal__enrolment__municipality",
        "mentor__user",
    )
    mine = get_visible(request, answers, record=False, pk=pk)
    if mine.proposal.state == ProposalState.PAIRED:
        seen = Enrolment.objects.visible_to(request.user).filter(pk=mine.proposal.enrolment_id)
        if seen.exists():
            return redirect("enrolment", mine.proposal.enrolment_id)
    if mine.proposal.state != ProposalState.OPEN:
        return _closed(request, mine)
    form = DeclineForm(request.POST if request.POST.get("do") == "no" else None)
    if request.method == "POST":
        said = _said(request, mine, form)
        if said is not None:
            return said
    return _question(request, mine, form)


def _said(request, mine: ProposalAnswer, form: DeclineForm):
    """Take the answer and lead on; None when the page must be shown again."""
    do = request.POST.get("do")
    if do not in ("yes", "no") or (do == "no" and not form.is_valid()):
        return None
    try:
        if do == "no":
            answer_no(mine, form.cleaned_data["reason"])
            messages.success(request, _("Thank you for telling us. Nothing more is asked of you."))
            request.access.one(mine, Event.CHANGE, "no")
            return redirect("mentor_home")
        outcome = answer_yes(mine)
    except ProposalRefused as refused:
        request.access.one(mine, Event.READ)
        messages.warning(request, refused.sentence)
        return redirect("proposal_answer", mine.pk)
    request.access.one(mine, Event.CHANGE, "yes")
    if outcome.pair is not None:
        messages.success(request, _("Thank you! You are a mentor pair from today."))
        return redirect("enrolment", mine.proposal.enrolment_id)
    if outcome.is_waiting:
        messages.success(request, _("Thank you! You hear from us when the other has answered."))
    return redirect("proposal_answer", mine.pk)


def _question(request, mine: ProposalAnswer, form: DeclineForm):
    request.access.one(mine, Event.READ)
    others = mine.proposal.answers.exclude(pk=mine.pk).select_related("mentor__user")
    context = {
        "section": "home",
        "mine": mine,
        "profile": profile_of(mine.proposal.enrolment),
        "other": others.first(),
        "form": form,
    }
    return render(request, "mentoring/proposals/question.html", context)


def _closed(request, mine: ProposalAnswer):
    request.access.nobody()
    return render(request, "mentoring/proposals/closed.html", {"section": "home", "mine": mine})


def _proposal(request, pk: int) -> PairProposal:
    proposals = PairProposal.objects.select_related("enrolment")
    return get_visible(request, proposals, event=Event.READ, pk=pk)


def _do(request, proposal: PairProposal, verb, done: str):
    try:
        verb()
    except PairingRefused as refused:
        messages.warning(request, refused.sentence)
    else:
        request.access.one(proposal, Event.CHANGE, verb.__name__)
        messages.success(request, done)
    return redirect("pair_create", proposal.enrolment_id)


@entry(roles=COORDINATORS, event=Event.CHANGE)
@require_POST
def proposal_withdraw(request, pk: int):
    """The two are asked no longer."""
    proposal = _proposal(request, pk)

    def withdrawn() -> None:
        withdraw(proposal)

    return _do(request, proposal, withdrawn, _("Taken back. Both mentors are told."))


@entry(roles=COORDINATORS, event=Event.CHANGE)
@require_POST
def proposal_pair(request, pk: int):
    """Both have said yes by phone: the pair is formed now."""
    proposal = _proposal(request, pk)

    def paired() -> None:
        pair_now(proposal, request.user)

    done = _("The pair is formed. Both mentors see the participant now.")
    return _do(request, proposal, paired, done)
