"""Keeping what is typed of a meeting, also of whoever has been signed out meanwhile."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentoring import drafts
from mentoring.drafts import DraftRefused
from mentoring.meetings import still_logged_to
from mentoring.models import MeetingDraft
from participants.models import Enrolment
from primus.access import log
from primus.access.declare import entry, get_visible
from primus.access.models import Event
from primus.accounts.form_proofs import may_keep, reader_of
from primus.accounts.models import Role, User
from primus.accounts.refused import kept_when_refused
from primus.templatetags.primus_ui import clock

LARGEST_REVISION = 2**31 - 1
STATUS = {"closed": 409, "elsewhere": 409, "stale": 409, "too_long": 413}


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks, rather than the browser itself."""
    return "application/json" in request.headers.get("Accept", "")


def answer(state: str, status: int = 200, **more) -> JsonResponse:
    return JsonResponse({"state": state, **more}, status=status)


def form_address(enrolment_id: int | str, **more) -> str:
    return f"{reverse('meeting_create')}?{urlencode({'enrolment': enrolment_id, **more})}"


def read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True)
class Sent:
    """A form as it arrived, and what its page says of itself."""

    typed: QueryDict
    token: UUID | None
    writer: UUID | None
    revision: int | None
    seen: frozenset[str]
    proof: str

    @classmethod
    def by(cls, request: HttpRequest) -> "Sent":
        typed = drafts.as_typed(request.POST)
        revision = typed.get("revision", "")
        known = revision.isascii() and revision.isdigit() and int(revision[:11]) <= LARGEST_REVISION
        return cls(
            typed=typed,
            token=read_uuid(typed.get("token", "")),
            writer=read_uuid(typed.get("writer", "")),
            revision=int(revision) if known else None,
            seen=frozenset(typed.get("seen", "").split()),
            proof=typed.get("proof", ""),
        )

    @property
    def reader(self) -> int | None:
        """The number of the user whose page it was; None when it does not say."""
        return reader_of(self.proof, self.token) if self.token else None

    def keep(self, author: User, enrolment: Enrolment) -> tuple[MeetingDraft, bool]:
        """Keep it as the author's draft. Raises DraftRefused as `drafts.keep` does."""
        return drafts.keep(
            author,
            enrolment,
            token=self.token,
            writer=self.writer,
            revision=self.revision,
            seen=self.seen,
            content=drafts.content_of(self.typed),
        )


def keep_unasked(sent: Sent, enrolment_id: int | str, view: str) -> bool:
    """Keep a form for the user whose page it came from, who is not the one who is signed in.

    Nothing but that: what it found or why it could not is told to nobody.
    """
    author = may_keep(sent.proof, sent.token) if sent.token and sent.writer else None
    if author is None:
        return False
    try:
        enrolment = still_logged_to(Enrolment.objects.visible_to(author)).get(pk=enrolment_id)
        with transaction.atomic():
            draft, is_new = sent.keep(author, enrolment)
            if is_new:
                log.record(author, Event.CREATE, draft, view=view, detail="draft")
    except DraftRefused as refused:
        return refused.code == "stale"
    except (Enrolment.DoesNotExist, ValueError, OverflowError):
        return False
    return True


def keep_refused(request: HttpRequest) -> HttpResponse | None:
    """A form from somebody who has been signed out: kept, and found again after signing in."""
    sent = Sent.by(request)
    chosen = request.resolver_match.kwargs.get("pk") or sent.typed.get("enrolment", "")
    kept = keep_unasked(sent, chosen, f"{__name__}.keep_refused")
    if wants_json(request):
        return answer("signed_out", 401, kept=kept)
    if kept:
        return redirect(form_address(chosen, kept=1))
    if sent.reader is None:
        return None
    # It is given back to the browser it came from, to be sent again.
    fields = [(n, v) for n, vs in sent.typed.lists() for v in vs if n != "csrfmiddlewaretoken"]
    context = {"fields": fields, "address": request.get_full_path()}
    return render(request, "mentoring/meeting/held_back.html", context, status=403)


def from_another(request: HttpRequest, sent: Sent, enrolment_id: int | str) -> HttpResponse:
    """A form from a page that was opened by someone else than is signed in now."""
    kept = keep_unasked(sent, enrolment_id, f"{__name__}.from_another")
    if kept:
        text = _(
            "Someone else is signed in here now, so the meeting was not saved. What was written "
            "is kept as a draft for whoever wrote it."
        )
    else:
        text = _(
            "Someone else is signed in here now, so the meeting was not saved. Sign in again as "
            "yourself in a new tab, then come back to this page."
        )
    if wants_json(request):
        return answer("other_user", 409, kept=kept, sentence=text)
    messages.warning(request, text)
    return redirect("meeting_create" if request.user.is_mentor else "home")


def refusal(refused: DraftRefused) -> JsonResponse:
    """Why a draft was not kept, in words for its author."""
    more = {"sentence": refused.sentence}
    if refused.other is not None:
        address = form_address(refused.other.enrolment_id)
        more |= {"seen": refused.other.mark, "other": address}
    return answer(refused.code, STATUS[refused.code], **more)


@kept_when_refused(keep_refused)
@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.CREATE)
@require_POST
def draft_save(request, pk: int):
    """Keep what an open page says. The access log has a row when a draft begins, and one each time
    it is shown again; a row for each second of typing would bury the others."""
    enrolments = still_logged_to(Enrolment.objects.all())
    enrolment = get_visible(request, enrolments, pk=pk, record=False)
    request.access.nobody()
    sent = Sent.by(request)
    if sent.token is None or sent.writer is None:
        return redirect(form_address(pk))
    if sent.reader not in (None, request.user.pk):
        return from_another(request, sent, pk)
    try:
        draft, is_new = sent.keep(request.user, enrolment)
    except DraftRefused as refused:
        return refusal(refused)
    if is_new:
        request.access.one(draft, detail="draft")
    return answer("kept", at=clock(draft.saved_at))


@entry(roles=[Role.MENTOR, Role.COORDINATOR], event=Event.DELETE)
@require_POST
def draft_discard(request, pk: int):
    get_visible(request, Enrolment.objects.all(), pk=pk, record=False)
    token = read_uuid(request.POST.get("token", ""))
    if token is not None:
        draft = MeetingDraft.objects.filter(author=request.user, token=token).first()
        if draft is not None:
            request.access.one(draft, detail="draft")
        drafts.discard(request.user, token)
        messages.success(request, _("The draft is discarded."))
    return redirect(form_address(pk))
