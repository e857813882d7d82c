"""How it goes with whoever is followed: contact, assessments, what was promised at an authority."""

from datetime import date

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.contact import SILENT_AFTER_DAYS, silent, silent_since
from mentoring.desk.words import by, course, lasting, write_to_pair
from mentoring.desk.worklist import Row, Scope, Tone, Worklist, of_enrolment
from mentoring.models import Accompaniment
from mentoring.next_steps import Action
from participants.assessments import open_stages, stage_day, with_stage_due
from participants.models import Enrolment


def _silent(scope: Scope):
    """Without contact for 14 days or more: see `mentoring.contact`."""
    found = silent(scope.enrolments(), scope.today)
    return found.annotate(since=F("quiet_on")).order_by("quiet_on", "pk")


def _row_silent(enrolment: Enrolment, since: date, today: date) -> Row:
    pair = enrolment.pair_now
    quiet = silent_since(enrolment, since, pair.formed_on if pair else since)
    return of_enrolment(
        enrolment,
        reasons=[enrolment.municipality, course(enrolment)],
        when=lasting(quiet, today),
        action=write_to_pair(enrolment),
    )


def _unrated(scope: Scope):
    """A rating of the needs that is to be made now: see `participants.assessments`. The row works
    out its own day, which is counted in months."""
    found = with_stage_due(scope.enrolments(), scope.today).annotate(since=F("referred_on"))
    return found.order_by("due_about", "pk")


def _row_unrated(enrolment: Enrolment, since: date, today: date) -> Row:
    stage = open_stages(enrolment, today)[-1]
    url = reverse("needs_rate", args=[enrolment.pk, stage])
    return of_enrolment(
        enrolment,
        reasons=[enrolment.municipality, stage.label],
        when=by(stage_day(enrolment, stage)),
        action=Action(url, _("Rate needs")),
    )


def _follow_ups(scope: Scope):
    """After a mentor was a companion at an authority: the day to have seen to it has passed."""
    late = scope.accompaniments().to_follow_up().filter(follow_up_on__lt=scope.today)
    return late.annotate(since=F("follow_up_on")).order_by("follow_up_on", "pk")


def _row_follow_up(accompaniment: Accompaniment, since: date, today: date) -> Row:
    return of_enrolment(
        accompaniment.enrolment,
        reasons=[accompaniment.get_authority_display(), accompaniment.follow_up],
        when=by(since),
        action=Action(reverse("meeting", args=[accompaniment.meeting_id]), _("See meeting")),
    )


SILENT = Worklist(
    name="silent",
    title=gettext_lazy("No contact for 14 days"),
    short=gettext_lazy("No contact for 14 days"),
    why=gettext_lazy("No meeting or call has been held"),
    in_order=gettext_lazy("there has been contact with everyone"),
    tone=Tone.SOON,
    find=_silent,
    row=_row_silent,
)
UNRATED = Worklist(
    name="assessments",
    title=gettext_lazy("Assessment of needs due"),
    short=gettext_lazy("Assessment of needs due"),
    why=gettext_lazy("The mentors rate the needs with the participant"),
    in_order=gettext_lazy("the needs are rated"),
    tone=Tone.PLAN,
    find=_unrated,
    row=_row_unrated,
)
FOLLOW_UPS = Worklist(
    name="follow-ups",
    title=gettext_lazy("Follow-up after an authority is late"),
    short=gettext_lazy("Follow-up is late"),
    why=gettext_lazy("The agreed day has passed"),
    in_order=gettext_lazy("what was promised at authorities is followed up"),
    tone=Tone.PLAN,
    find=_follow_ups,
    row=_row_follow_up,
    of=Accompaniment,
    is_tall=True,
)
assert SILENT_AFTER_DAYS == 14, "the words of the list say fourteen"
