"""What a release needs: confirming, a checklist that is done, offices that are open; and the end
of the year after it."""

from datetime import date

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.caseload import PAIR_WITHIN_DAYS, year_over
from mentoring.checklist import attach_checklist
from mentoring.desk.words import on
from mentoring.desk.worklist import Row, Scope, Tone, Worklist, of_enrolment
from mentoring.next_steps import Action, confirm_release, end
from participants.closed_days import on_closed_day
from participants.milestones import GATE_WEEK_DAYS, Milestone, latest_release_day
from participants.models import ChecklistItem, ChecklistPoint, Enrolment, PointApplies
from participants.phases import add_months

# A day as near as this with something open is a matter of days.
NEAR_DAYS = 3
# A release that nobody has confirmed for longer no longer meets a closed office.
MONTHS_BACK = 24


def _unconfirmed(scope: Scope):
    """The expected day has passed, and nobody has said that they are out."""
    found = scope.enrolments().filter(released_on=None, expected_release__lt=scope.today)
    return found.annotate(since=F("expected_release")).order_by("expected_release", "pk")


def _row_unconfirmed(enrolment: Enrolment, since: date, today: date) -> Row:
    return of_enrolment(
        enrolment,
        reasons=[enrolment.municipality, enrolment.institution],
        when=on(since),
        action=confirm_release(enrolment),
    )


def _gate_week(scope: Scope):
    """From 14 days before the expected release until three days after it has happened, with a
    point of the checklist that is not done; as `checklist.in_gate_weeks` and `applies` say it.
    """
    today = scope.today
    gate = Q(released_on=None, expected_release__lte=scope.in_days(GATE_WEEK_DAYS))
    just_out = Q(
        released_on__lte=today,
        released_on__gt=latest_release_day(Milestone.DAY_3, scope.in_days(-1)),
    )
    done = ChecklistItem.objects.done().filter(
        enrolment=OuterRef(OuterRef("pk")), point=OuterRef("pk")
    )
    undone = ChecklistPoint.objects.filter(~Exists(done), is_active=True)
    closed = on_closed_day(
        "release_on", add_months(today, -MONTHS_BACK), scope.in_days(GATE_WEEK_DAYS)
    )
    still_open = Exists(undone.filter(applies=PointApplies.ALWAYS))
    or_closed = closed & Exists(undone.filter(applies=PointApplies.CLOSED_DAY))
    found = scope.enrolments().filter(gate | just_out)
    found = found.annotate(release_on=Coalesce("released_on", "expected_release"))
    found = found.filter(Q(still_open) | or_closed)
    return found.annotate(since=F("release_on")).order_by("release_on", "pk")


def _row_gate_week(enrolment: Enrolment, since: date, today: date) -> Row:
    closed = enrolment.closed_at_release
    ready = _("%(done)s of %(total)s ready") % {
        "done": enrolment.checklist_done,
        "total": len(enrolment.checklist_now),
    }
    page = reverse("enrolment", args=[enrolment.pk])
    return of_enrolment(
        enrolment,
        reasons=[enrolment.municipality, ready],
        warning=closed.name if closed else "",
        when=on(enrolment.release_day),
        is_near=enrolment.days_to_release <= NEAR_DAYS,
        action=Action(f"{page}#checklist-{enrolment.pk}", _("See checklist")),
    )


def _closed_day(scope: Scope):
    """A release within 60 days on a Friday, a weekend or a holiday, as long as nobody has said on
    the checklist that what cannot wait is settled."""
    last = scope.in_days(PAIR_WITHIN_DAYS)
    settled = ChecklistItem.objects.done().filter(
        enrolment=OuterRef("pk"), point__applies=PointApplies.CLOSED_DAY
    )
    found = scope.enrolments().filter(
        on_closed_day("expected_release", scope.today, last), ~Exists(settled), released_on=None
    )
    return found.annotate(since=F("expected_release")).order_by("expected_release", "pk")


def _row_closed_day(enrolment: Enrolment, since: date, today: date) -> Row:
    closed = enrolment.closed_at_release
    return of_enrolment(
        enrolment,
        reasons=[enrolment.municipality, enrolment.institution],
        warning=closed.name if closed else "",
        when=on(since),
        action=Action(reverse("release_move", args=[enrolment.pk]), _("Move the date")),
    )


def _year_over(scope: Scope):
    """Twelve months have passed since the release, and nobody has ended the enrolment."""
    found = scope.enrolments().filter(year_over(scope.today))
    return found.annotate(since=F("released_on")).order_by("released_on", "pk")


def _row_year_over(enrolment: Enrolment, since: date, today: date) -> Row:
    return of_enrolment(
        enrolment,
        reasons=[enrolment.municipality, _("12 months have passed")],
        when=on(enrolment.period_ends_on),
        action=end(enrolment),
    )


UNCONFIRMED = Worklist(
    name="unconfirmed",
    title=gettext_lazy("Release not confirmed"),
    short=gettext_lazy("Release not confirmed"),
    why=gettext_lazy("The day has passed"),
    in_order=gettext_lazy("every release is confirmed"),
    tone=Tone.SOON,
    find=_unconfirmed,
    row=_row_unconfirmed,
)
GATE_WEEK = Worklist(
    name="gate-week",
    title=gettext_lazy("Released within 14 days"),
    short=gettext_lazy("Released within 14 days"),
    why=gettext_lazy("The checklist must be ready"),
    in_order=gettext_lazy("every checklist is ready"),
    tone=Tone.SOON,
    find=_gate_week,
    row=_row_gate_week,
    attach=attach_checklist,
)
CLOSED_DAY = Worklist(
    name="closed-day",
    title=gettext_lazy("Release on a day when offices are closed"),
    short=gettext_lazy("Release on a closed day"),
    why=gettext_lazy("Move it, or settle what cannot wait"),
    in_order=gettext_lazy("no release meets closed offices"),
    tone=Tone.SOON,
    find=_closed_day,
    row=_row_closed_day,
)
YEAR_OVER = Worklist(
    name="to-end",
    title=gettext_lazy("Enrolments to end"),
    short=gettext_lazy("Enrolments to end"),
    why=gettext_lazy("The year is over"),
    in_order=gettext_lazy("no enrolment is past its year"),
    tone=Tone.PLAN,
    find=_year_over,
    row=_row_year_over,
)
