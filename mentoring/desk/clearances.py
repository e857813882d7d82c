"""Mentors whose clearance runs out."""

from datetime import date, timedelta

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.desk.worklist import Row, Scope, Tone, Worklist
from mentoring.models import Clearance, MentorState
from mentoring.next_steps import Action
from primus.templatetags.primus_ui import relative, shortdate

# Whoever has been cleared and has not left.
STATES = (MentorState.CLEARED, MentorState.ACTIVE, MentorState.PAUSED)


def _expiring(scope: Scope):
    """The last of its kind that a mentor has runs out within 60 days, or has run out."""
    last = scope.today + timedelta(days=Clearance.EXPIRES_SOON_DAYS)
    found = scope.clearances().not_renewed().filter(expires_on__lte=last, mentor__state__in=STATES)
    return found.annotate(since=F("expires_on")).order_by("expires_on", "pk")


def _row(clearance: Clearance, since: date, today: date) -> Row:
    mentor = clearance.mentor
    words = {"ago": relative(since), "day": shortdate(since)}
    # In force on its last day too.
    gone = since < today
    page = reverse("mentor", args=[mentor.pk])
    when = _("expired %(ago)s (%(day)s)") if gone else _("expires %(ago)s (%(day)s)")
    return Row(
        name=mentor.user.get_full_name(),
        url=page,
        reasons=[mentor.municipality, clearance.get_kind_display()],
        when=when % words,
        is_near=gone,
        action=Action(page, _("See mentor")),
    )


EXPIRING = Worklist(
    name="clearances",
    title=gettext_lazy("Clearance of a mentor runs out within 60 days"),
    short=gettext_lazy("Clearance runs out"),
    why=gettext_lazy("Without all of them a mentor cannot be given anybody"),
    in_order=gettext_lazy("every mentor's clearance lasts"),
    tone=Tone.PLAN,
    find=_expiring,
    row=_row,
    of=Clearance,
)
