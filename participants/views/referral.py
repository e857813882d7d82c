"""A new referral, step by step, at one address: what is typed is only ever sent, never asked for
by an address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.endings import EndRefused
from participants.forms.referral import PersonForm, TurnDownForm
from participants.forms.referral.steps import (
    FIRST,
    KEYS,
    LABELS,
    NEEDED_TO_TURN_DOWN,
    SUMMARY,
    TURN_DOWN,
    Referral,
    names_of_answers,
)
from participants.models import Enrolment, Municipality
from participants.referral import (
    NOT_KEPT_OF_PERSON,
    AlreadyEnrolled,
    refer,
    sent_before,
)
from primus.access.declare import entry
from primus.access.models import Event
from primus.accounts.form_proofs import issue, may_keep, reader_of
from primus.accounts.models import Role
from primus.accounts.refused import kept_when_refused

# Answers of a form that came too late, and characters in each, that are given back to it.
MOST_ANSWERS, LONGEST = 200, 20_000
# Digits that a key can have.
LONGEST_NUMBER = 19


def give_back(request: HttpRequest) -> HttpResponse | None:
    """Of whoever was signed out meanwhile nothing is kept: their own page gets it all back, to be
    sent again. Only a page that was made for them, so that nobody is handed another's words."""
    user = may_keep(request.POST.get("proof", ""), request.POST.get("token", ""))
    signed_in = request.user.is_authenticated
    if user is None or (signed_in and request.user.pk != user.pk):
        return None
    known = names_of_answers()
    answers = [
        (name, value.replace("\x00", "")[:LONGEST])
        for name, values in request.POST.lists()
        if name in known
        for value in values
    ]
    context = {"answers": answers[:MOST_ANSWERS], "signed_in": signed_in}
    return render(request, "participants/referral_kept.html", context, status=403)


@kept_when_refused(give_back)
@entry(roles=[Role.COORDINATOR], event=Event.CREATE)
def enrolment_create(request):
    if request.method != "POST":
        return _page(request, _begun(request), FIRST)
    if reader_of(request.POST.get("proof", ""), request.POST.get("token", "")) not in (
        None,
        request.user.pk,
    ):
        messages.warning(
            request,
            _(
                "Someone else is signed in here now, so the referral was not saved. Sign in again "
                "as yourself to write it."
            ),
        )
        return redirect("enrolment_create")
    referral = Referral(request.user, request.POST)
    saved = sent_before(referral.token, request.user)
    if saved is not None:
        # Sent twice, or gone back to after it was saved.
        return redirect("enrolment", saved.pk)
    return _answer(request, referral, request.POST.get("step", FIRST))


def _begun(request) -> Referral:
    """An empty referral; or one about the person whose ended enrolment ``again`` names."""
    number = request.GET.get("again", "")
    if number.isdecimal() and len(number) < LONGEST_NUMBER:
        ended = Enrolment.objects.visible_to(request.user).exclude(ended_on=None)
        earlier = ended.select_related("participant").filter(pk=number).first()
        if earlier is not None:
            return Referral.of_known(request.user, earlier.participant)
    return Referral(request.user)


def _answer(request, referral: Referral, step: str):
    """Do what the button says that was pressed on the page of a step."""
    go = request.POST.get("go", "next")
    if step in KEYS and go == TURN_DOWN:
        referral.leave(step)
    elif step in KEYS:
        if "choose" in request.POST:
            referral.choose(request.POST["choose"])
            go = "stay" if request.POST["choose"] == "undo" else "next"
        if go == "back" or (go in KEYS and KEYS.index(go) < KEYS.index(step)):
            referral.leave(step)
            return _page(request, referral, go if go in KEYS else _before(step))
        if not referral.try_step(step) or go == "stay":
            return _page(request, referral, step)
        if go == "next":
            return _page(request, referral, _after(step))
    if step == TURN_DOWN and go == "next":
        return _close(request, referral)
    if TURN_DOWN in (go, step) and go in (TURN_DOWN, "stay"):
        return _turn_down(request, referral)
    if go == "save":
        return _save(request, referral)
    wanted = go if go in (*KEYS, SUMMARY) else SUMMARY
    return _page(request, referral, referral.reached(wanted))


def _before(step: str) -> str:
    return KEYS[max(0, KEYS.index(step) - 1)]


def _after(step: str) -> str:
    return [*KEYS, SUMMARY][KEYS.index(step) + 1]


def _save(request, referral: Referral):
    wrong = referral.first_wrong()
    if wrong is not None:
        return _page(request, referral, wrong)
    return _refer(
        request,
        referral,
        referral.to_enrol(),
        _("The referral is saved. Next: find two mentors."),
    )


def _turn_down(request, referral: Referral):
    """The page that asks why; or the step that must be right first."""
    referral.turning_down = True
    wrong = referral.first_wrong(NEEDED_TO_TURN_DOWN)
    if wrong is not None:
        return _page(request, referral, wrong)
    return _page(request, referral, TURN_DOWN, TurnDownForm())


def _close(request, referral: Referral):
    referral.turning_down = True
    wrong = referral.first_wrong(NEEDED_TO_TURN_DOWN)
    if wrong is not None:
        return _page(request, referral, wrong)
    form = TurnDownForm(request.POST)
    if form.is_valid():
        try:
            return _refer(
                request,
                referral,
                referral.to_turn_down(form),
                _("The referral is closed. Only who it was about and why is kept."),
            )
        except EndRefused as refused:
            form.refuse(refused)
    return _page(request, referral, TURN_DOWN, form)


def _refer(request, referral: Referral, what: dict, sentence: str):
    try:
        enrolment, is_new = refer(by=request.user, token=referral.token, **what)
    except AlreadyEnrolled as there:
        request.access.one(there.enrolment, Event.READ)
        messages.warning(request, _("Somebody has enrolled this person meanwhile. Here it is."))
        return redirect("enrolment", there.enrolment.pk)
    if is_new:
        request.access.one(enrolment)
        request.access.one(enrolment.participant)
        messages.success(request, sentence)
    return redirect("enrolment", enrolment.pk)


def _page(request, referral: Referral, shown: str, form=None):
    """The page of one step, with the answers of the others on it, unseen."""
    if form is None and shown in KEYS:
        form = referral.form(shown)
    context = {
        "section": "enrolments",
        "step": shown,
        "heading": LABELS.get(shown, ""),
        "places": referral.places(shown),
        "number": _number(shown),
        "form": form,
        "carried": list(referral.carried(shown)),
        "proof": issue(request.user, referral.token),
        "has_places": Municipality.objects.of_coordinator(request.user).exists(),
    }
    if shown in (SUMMARY, TURN_DOWN):
        parts, without = (
            (KEYS, ()) if shown == SUMMARY else (NEEDED_TO_TURN_DOWN, NOT_KEPT_OF_PERSON)
        )
        context["parts"] = [(key, LABELS[key], referral.form(key).words(without)) for key in parts]
    alike = _alike(referral, shown)
    if alike is not None:
        context["alike"] = alike
    _log(request, alike)
    return render(request, "participants/referral.html", context)


def _number(shown: str) -> int:
    steps = [*KEYS, SUMMARY]
    return steps.index(shown) + 1 if shown in steps else len(steps)


def _alike(referral: Referral, shown: str) -> dict | None:
    """Who looks like the one who is referred, where the page says so."""
    if shown not in (FIRST, SUMMARY, TURN_DOWN) or FIRST not in referral.tried:
        return None
    person = referral.form(FIRST)
    person.is_valid()
    assert isinstance(person, PersonForm)
    told = person.told()
    return told if shown == FIRST or told["known"] else None


def _log(request, alike: dict | None) -> None:
    """Whoever was shown is a search's find; a page with none of them reaches nobody."""
    shown = alike["shown"] if alike else []
    if shown:
        request.access.many(
            [one.latest for one in shown], Event.SEARCH, f"referral: {alike['searched']}"
        )
    else:
        request.access.nobody()


@entry(roles=[Role.COORDINATOR], event=Event.SEARCH)
@require_POST
def referral_alike(request):
    """Who looks like the one whose name and date of birth are being typed; empty until all three
    are there. What the page shows already is not sent again, nor logged again."""
    form = PersonForm(request.POST, user=request.user)
    form.is_valid()
    alike = form.told()
    shown = " ".join(str(one.participant.pk) for one in alike["shown"])
    if shown and shown == request.POST.get("shown", ""):
        request.access.nobody()
        return HttpResponse(status=204)
    _log(request, alike)
    return render(request, "participants/_alike.html", {"alike": alike})
