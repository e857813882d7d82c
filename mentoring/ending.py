"""What follows from ending an enrolment: said before it is confirmed."""

from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mentoring.models import Concern, PairProposal
from mentoring.pairing import open_pair, standing_seats
from participants.endings import DETAILS
from participants.models import EndReason, Enrolment, GoalState
from primus.templatetags.primus_ui import longdate


def what_follows(enrolment: Enrolment, ended_on: date, reason: str) -> list[str]:
    """Sentences, the most important first. Five queries."""
    said = [*_mentors(enrolment, ended_on)]
    if PairProposal.objects.open().filter(enrolment=enrolment).exists():
        said.append(_("The two mentors who have been asked are told that nothing comes of it."))
    goals = enrolment.goals.filter(state=GoalState.OPEN).count()
    if goals:
        sentence = ngettext(
            "%(n)d goal is still under way. It stays in the plan and is nobody's task any longer.",
            "%(n)d goals are still under way. They stay in the plan and are nobody's tasks any "
            "longer.",
            goals,
        )
        said.append(sentence % {"n": goals})
    concerns = Concern.objects.unresolved().filter(enrolment=enrolment).count()
    if concerns:
        sentence = ngettext(
            "%(n)d concern has not been closed. You can still close it afterwards.",
            "%(n)d concerns have not been closed. You can still close them afterwards.",
            concerns,
        )
        said.append(sentence % {"n": concerns})
    said.append(_("Reminders that have not been sent are cancelled."))
    if reason in DETAILS:
        said.append(
            _(
                "Of a referral that comes to nothing we keep who it was about and why: no wishes, "
                "notes or assessment."
            )
        )
    if reason == EndReason.CUSTODY:
        said.append(_("Afterwards you can open a new enrolment for the same person."))
    said.append(_("You can open the enrolment again for 30 days."))
    return said


def _mentors(enrolment: Enrolment, ended_on: date) -> list[str]:
    pair = open_pair(enrolment, ended_on)
    if pair is None:
        return [_("Nobody follows the participant, so no mentor loses a seat.")]
    names = [seat.mentor.user.first_name for seat in standing_seats(pair, ended_on)]
    if not names:
        return [_("The mentor pair ends.")]
    sentence = ngettext(
        "%(mentors)s gives up the seat on %(day)s: can no longer open this enrolment, finds it no "
        "longer in the calendar, and has room for somebody else.",
        "%(mentors)s give up their seats on %(day)s: they can no longer open this enrolment, find "
        "it no longer in their calendars, and have room for somebody else.",
        len(names),
    )
    return [sentence % {"mentors": get_text_list(names, _("and")), "day": longdate(ended_on)}]
