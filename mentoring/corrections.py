"""Correcting what a meeting says: by its author, for fourteen days, the earlier text kept."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.entries import MeetingEntry, entry_of, replace_parts
from mentoring.models import Meeting, MeetingVersion
from participants.models import Enrolment
from primus.accounts.models import User
from primus.refusals import Refused
from primus.templatetags.primus_ui import shortdate

CORRECTED_FOR_DAYS = 14


class CorrectionRefused(Refused):
    """The meeting stays as it is. ``code`` says why; ``said`` is what it says now, and
    ``version`` how often it has been corrected, where it was corrected in the meantime."""

    SENTENCES = {
        "gone": _("This meeting has been undone."),
        "not_author": _("Only whoever logged a meeting can correct it. You can add a line to it."),
        "too_late": _(
            "This meeting could be corrected until %(day)s. What you add now stands beside it."
        ),
        "changed": _(
            "This meeting has been corrected since you opened the page. Nothing you have written "
            "is lost: look at what it says now, and save again if your text should stand."
        ),
    }

    def __init__(self, code: str, said: MeetingEntry | None = None, version: int = 0, **words: str):
        super().__init__(code, **words)
        self.said = said
        self.version = version


def correct_until(meeting: Meeting) -> date:
    """The last day on which a meeting can be corrected."""
    return timezone.localdate(meeting.logged_at) + timedelta(days=CORRECTED_FOR_DAYS)


def check_may_correct(meeting: Meeting, user: User) -> None:
    """Raise CorrectionRefused: not_author, too_late."""
    if meeting.logged_by_id != user.pk:
        raise CorrectionRefused("not_author")
    if timezone.localdate() > correct_until(meeting):
        raise CorrectionRefused("too_late", day=shortdate(correct_until(meeting)))


def may_correct(meeting: Meeting, user: User) -> bool:
    try:
        check_may_correct(meeting, user)
    except CorrectionRefused:
        return False
    return True


def correct(
    meeting: Meeting, entry: MeetingEntry, *, by: User, version: int
) -> MeetingVersion | None:
    """Let a meeting say what it should have said; gives what it said before, as it is kept.

    `version` is how often the meeting had been corrected when its author began. What it says
    already (a form that is sent twice) changes nothing and gives None. Raises CorrectionRefused:
    gone, not_author, too_late, changed.
    """
    with transaction.atomic():
        Enrolment.objects.locked(meeting.enrolment_id)
        # The meeting too: whoever undoes it at this moment waits, or was first.
        rows = Meeting.objects.select_for_update(of=("self",), no_key=True).filter(pk=meeting.pk)
        now = rows.select_related("accompaniment").first()
        if now is None:
            raise CorrectionRefused("gone")
        check_may_correct(now, by)
        said = entry_of(now)
        if said == entry:
            return None
        corrected = now.versions.count()
        if corrected != version:
            raise CorrectionRefused("changed", said=said, version=corrected)
        kept = MeetingVersion.objects.create(meeting=now, content=said.as_content(), replaced_by=by)
        values = entry.meeting_fields()
        Meeting.objects.filter(pk=now.pk).update(**values)
        replace_parts(now, entry)
    return kept
