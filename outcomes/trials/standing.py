"""Where one subject of a trial stands, and what a coordinator does next with them."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from outcomes.models import Eligibility, TrialSubject
from outcomes.trials.enrolling import is_ready
from outcomes.trials.querysets import latest_over


@dataclass(frozen=True)
class Standing:
    """``word`` says where they stand; ``action`` and ``address`` are what is next, if anything."""

    word: str
    action: str = ""
    address: str = ""
    is_over: bool = False

    @property
    def waits(self) -> bool:
        return bool(self.action)


def standing_of(subject: TrialSubject, today: date | None = None) -> Standing:
    """Where the subject stands today; its arm is read along."""
    today = today or timezone.localdate()

    def to(name: str) -> str:
        return reverse(name, args=[subject.pk])

    if subject.consent_withdrawn_on is not None:
        return Standing(_("took their consent back"), is_over=True)
    if subject.eligibility == Eligibility.NOT_ELIGIBLE:
        return Standing(_("cannot take part"), is_over=True)
    if subject.eligibility == Eligibility.DECLINED:
        return Standing(_("said no"), is_over=True)
    if not subject.is_randomised:
        if is_ready(subject):
            return Standing(_("ready to be drawn"), _("Draw"), to("trial_draw"))
        return Standing(_("has not answered yet"), _("Note their answer"), to("trial_reassess"))
    if subject.enrolment_id is not None:
        return Standing(_("has a case file"))
    assert subject.arm is not None, "the database sees to it"
    is_over = subject.released_on is not None and subject.released_on <= latest_over(today)
    if subject.arm.has_mentors and not is_over:
        return Standing(_("needs a referral"), _("Refer"), to("trial_subject"))
    if subject.released_on is not None:
        return Standing(pgettext("somebody in a trial", "released"))
    if subject.expected_release is not None and subject.expected_release <= today:
        return Standing(_("should have been released"), _("Write the day"), to("trial_release"))
    return Standing(_("not released yet"))
