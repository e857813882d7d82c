"""Mentors who are asked to follow somebody, and have not answered for days."""

from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.desk.words import lasting
from mentoring.desk.worklist import Row, Scope, Tone, Worklist, of_enrolment
from mentoring.models import PairProposal, ProposalAnswer
from mentoring.next_steps import Action
from participants.models import Enrolment


def _unanswered(scope: Scope):
    """Two mentors were asked more than three days ago, and not both have answered; the longest
    waiting first. ``since`` is the day they were asked."""
    waiting = PairProposal.objects.waiting_long(scope.today).filter(enrolment=OuterRef("pk"))
    asked_on = waiting.annotate(day=TruncDate("proposed_at")).values("day")[:1]
    found = scope.enrolments().annotate(since=Subquery(asked_on))
    return found.filter(since__isnull=False).order_by("since", "pk")


def attach_unanswered(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``silent_mentors``: who is asked and has not answered. One query."""
    by_number = {enrolment.pk: enrolment for enrolment in enrolments}
    for enrolment in by_number.values():
        enrolment.silent_mentors = []
    answers = ProposalAnswer.objects.filter(
        proposal__in=PairProposal.objects.open(), proposal__enrolment__in=by_number, answer=""
    )
    for answer in answers.select_related("mentor__user", "proposal").order_by("number"):
        by_number[answer.proposal.enrolment_id].silent_mentors.append(answer.mentor.user)


def _row(enrolment: Enrolment, since: date, today: date) -> Row:
    names = [user.get_full_name() for user in enrolment.silent_mentors]
    if len(names) > 1:
        sentence = _("%(one)s and %(other)s have not answered") % {
            "one": names[0],
            "other": names[1],
        }
    else:
        sentence = _("%(mentor)s has not answered") % {"mentor": "".join(names)}
    url = reverse("pair_create", args=[enrolment.pk])
    return of_enrolment(
        enrolment,
        reasons=[sentence, enrolment.municipality],
        when=lasting(since, today),
        action=Action(url, _("See answers")),
    )


UNANSWERED = Worklist(
    name="asked",
    title=gettext_lazy("Mentors who have not answered whether they will follow somebody"),
    short=gettext_lazy("Asked mentors, no answer"),
    why=gettext_lazy("After 3 days a call helps"),
    in_order=gettext_lazy("whoever was asked has answered"),
    tone=Tone.SOON,
    find=_unanswered,
    row=_row,
    attach=attach_unanswered,
)
