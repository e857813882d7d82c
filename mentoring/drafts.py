"""What is typed of a meeting is kept on the server: one draft for each user and enrolment.

A draft comes from an open page. The page names itself (`writer`) and counts what it sends
(`revision`), and it says which drafts it has been shown (`seen`). So what arrives late replaces
nothing that is newer, and what another window or device has written is never replaced unasked.
"""

import re
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models import FormReceipt, MeetingDraft
from participants.models import Enrolment
from primus.accounts.models import User
from primus.refusals import Refused
from primus.templatetags.primus_ui import moment

# Characters in one answer, and in all of them together; a form has some fifty answers.
LONGEST_TEXT = 20_000
LONGEST_DRAFT = 300_000
MOST_ANSWERS = 500
# What a form sends besides its answers.
NO_ANSWERS = frozenset(
    (
        *("csrfmiddlewaretoken", "enrolment", "token", "proof"),
        *("writer", "revision", "seen", "restored", "waited"),
    )
)
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

Content = dict[str, list[str]]


class DraftRefused(Refused):
    """The draft was not kept. ``code`` says why; ``other`` is the draft that stands in its way."""

    SENTENCES = {
        "closed": _(
            "This form has been saved or discarded in another window. "
            "What you write here is not kept as a draft."
        ),
        "elsewhere": _(
            "There is another draft about %(name)s, from %(when)s. Only one of them can be kept."
        ),
        "stale": _("A newer draft is kept already."),
        "too_long": _(
            "A text can be at most 20,000 characters long, so the draft is not kept. "
            "Make it a little shorter."
        ),
    }

    def __init__(self, code: str, other: MeetingDraft | None = None):
        words = {}
        if other is not None:
            words = {
                "name": other.enrolment.participant.first_name,
                "when": moment(other.saved_at),
            }
        super().__init__(code, **words)
        self.other = other


# --- What a form says ----------------------------------------------------------------------


def as_typed(sent: QueryDict) -> QueryDict:
    """A form as it was typed: browsers send each line break as two characters."""
    typed = sent.copy()
    for name, values in list(typed.lists()):
        typed.setlist(name, [str(value).replace("\r\n", "\n") for value in values])
    return typed


def content_of(typed: QueryDict) -> Content:
    """The answers of a form, as text. Raises DraftRefused("too_long")."""
    content: Content = {}
    for name, values in typed.lists():
        if name not in NO_ANSWERS and NAME.fullmatch(name):
            # No database keeps the null character, and no keyboard has it.
            content[name] = [str(value).replace("\x00", "") for value in values]
    lengths = [len(value) for values in content.values() for value in values]
    longest, total = max(lengths, default=0), sum(lengths)
    if longest > LONGEST_TEXT or total > LONGEST_DRAFT or len(lengths) > MOST_ANSWERS:
        raise DraftRefused("too_long")
    return content


def answers_of(typed: QueryDict, enrolment: Enrolment) -> list:
    """What tells a form that is sent again from another: what was answered, not what it means,
    since «just now» and «tomorrow» mean something else when it arrives late."""
    answers = {
        name: values
        for name, values in typed.lists()
        if name not in NO_ANSWERS and NAME.fullmatch(name)
    }
    return [enrolment.pk, answers]


# --- Keeping, discarding -------------------------------------------------------------------


def one_form_at_a_time(user: User) -> None:
    """Until the transaction ends, nothing else that this user writes of meetings is saved.

    Without it a draft that is just being kept could outlive the form that is saved at the same
    moment. On SQLite the transaction itself keeps others away.
    """
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)


def _is_still_theirs(draft: MeetingDraft) -> bool:
    """Whether the author may still see whom a draft is about: of nobody else are they told."""
    return MeetingDraft.objects.visible_to(draft.author).filter(pk=draft.pk).exists()


@transaction.atomic
def keep(
    author: User,
    enrolment: Enrolment,
    *,
    token: UUID,
    writer: UUID,
    content: Content,
    revision: int | None = None,
    seen: frozenset[str] = frozenset(),
) -> tuple[MeetingDraft, bool]:
    """Keep what an open page says of a meeting; gives the draft, and whether it is a new one.

    The draft follows the form: when another participant is chosen on the page, it is theirs, and
    none is left with the first. Without `revision` the text counts as the page's newest.
    Raises DraftRefused: closed (the form has been saved or discarded), elsewhere (another draft,
    that the page has not seen, would be replaced), stale (the page has sent something newer).
    """
    one_form_at_a_time(author)
    if FormReceipt.objects.filter(token=token).exists():
        raise DraftRefused("closed")
    found = list(
        MeetingDraft.objects.filter(Q(enrolment=enrolment) | Q(token=token), author=author)
    )
    for draft in found:
        if draft.writer == writer:
            if revision is not None and revision <= draft.revision:
                raise DraftRefused("stale")
        elif draft.mark not in seen and _is_still_theirs(draft):
            raise DraftRefused("elsewhere", draft)
    here = next((d for d in found if d.enrolment_id == enrolment.pk), None)
    same_form = next((d for d in found if d.token == token), None)
    draft = here or same_form or MeetingDraft(author=author)
    is_new = here is None or here.token != token
    if revision is None:
        revision = max((d.revision + 1 for d in found), default=0)
    draft.enrolment, draft.token, draft.writer = enrolment, token, writer
    draft.content, draft.revision, draft.saved_at = content, revision, timezone.now()
    draft.save()
    MeetingDraft.objects.filter(author=author, token=token).exclude(pk=draft.pk).delete()
    return draft, is_new


@transaction.atomic
def discard(author: User, token: UUID) -> None:
    """Throw away a form's draft; what is still on its way from an open page comes too late."""
    one_form_at_a_time(author)
    MeetingDraft.objects.filter(author=author, token=token).delete()
    FormReceipt.objects.get_or_create(token=token, defaults={"saved_by": author})


def give_back(author: User, enrolment: Enrolment, content: Content) -> MeetingDraft:
    """Make a draft of what had been saved, as a form of its own.

    Raises DraftRefused("elsewhere") when the author has begun on something else meanwhile.
    """
    other = MeetingDraft.objects.filter(author=author, enrolment=enrolment).first()
    if other is not None:
        raise DraftRefused("elsewhere", other)
    return MeetingDraft.objects.create(
        author=author, enrolment=enrolment, token=uuid4(), content=content
    )


def delete_too_old() -> int:
    """Delete the drafts that nobody has written on for a week; gives how many."""
    return MeetingDraft.objects.too_old().delete()[0]
