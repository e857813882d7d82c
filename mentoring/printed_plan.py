"""The plan on paper, for the participant: what is agreed, what is reached, whom to call, and when.

It lies about on tables and in pockets, so it holds what its owner needs and would let others
see: first names, what was agreed in the words it was agreed in, numbers to call. It never holds
ratings, notes, next steps from the logbook (which are written by mentors, for mentors), concerns,
goals that were dropped, or anything on offences: the police among the contacts are left out too.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mentoring.models import Authority, AuthorityContact, Seat
from participants.coordinators import coordinators_of
from participants.languages import Language
from participants.milestones import Milestone
from participants.models import Enrolment, Goal, GoalState, SupportArea
from primus.accounts.models import User
from primus.phones import shown

LANGUAGES = (Language.DANISH, Language.ENGLISH)


@dataclass(frozen=True)
class Line:
    """One line of a list: the words, and what stands beside them (a day, a number to call)."""

    text: str
    beside: str = ""


@dataclass(frozen=True)
class AreaLines:
    area: SupportArea
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class PrintedPlan:
    """Everything on the sheet, in one language, so that the page and the PDF say the same."""

    language: str
    # Without anybody's name: for the document's properties.
    document_title: str
    title: str
    made_on: str
    headings: dict[str, str]
    mentors: list[Line]
    no_mentors: str
    agreed: list[AreaLines]
    nothing_agreed: str
    reached: list[Line] = field(default_factory=list)
    calls: list[Line] = field(default_factory=list)
    dates: list[Line] = field(default_factory=list)


def likely_language(enrolment: Enrolment) -> Language:
    """Danish, unless the participant speaks English and no Danish."""
    spoken = enrolment.participant.languages
    english_only = Language.ENGLISH in spoken and Language.DANISH not in spoken
    return Language.ENGLISH if english_only else Language.DANISH


def printed_plan(enrolment: Enrolment, language: Language, *, phones: bool = False) -> PrintedPlan:
    """The sheet of one enrolment, in four queries.

    `phones` adds the mentors' own numbers. They are volunteers, so they say so each time; without
    it there is a line to write on.
    """
    goals = list(Goal.objects.filter(enrolment=enrolment))
    seats = Seat.objects.current().filter(pair__enrolment=enrolment).order_by("number")
    people = [seat.mentor.user for seat in seats.select_related("mentor__user")]
    with translation.override(language.value):
        return PrintedPlan(
            language=language.value,
            document_title=_("Your plan"),
            title=_("Plan for %(name)s") % {"name": enrolment.participant.first_name},
            made_on=_("Made on %(day)s") % {"day": _full(timezone.localdate())},
            headings={
                "mentors": _("Your mentors"),
                "agreed": _("What we have agreed"),
                "reached": _("What you have reached"),
                "calls": _("Who you can call"),
                "dates": _("Days to know"),
                "notes": _("Your own notes"),
            },
            mentors=[_mentor(user, phones) for user in people],
            no_mentors=_("You will hear who your mentors are."),
            agreed=_agreed(goals),
            nothing_agreed=_("Nothing is agreed yet. Write it here when it is."),
            reached=_reached(goals),
            calls=_calls(enrolment),
            dates=_dates(enrolment),
        )


def _full(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _mentor(user: User, phones: bool) -> Line:
    return Line(user.first_name, shown(user.phone) if phones and user.phone else "")


def _agreed(goals: list[Goal]) -> list[AreaLines]:
    found = []
    for area in SupportArea:
        lines = [
            Line(goal.title, _("by %(day)s") % {"day": _full(goal.due_on)} if goal.due_on else "")
            for goal in goals
            if goal.area == area and goal.state == GoalState.OPEN
        ]
        if lines:
            found.append(AreaLines(area, str(area.label), lines))
    return found


def _reached(goals: list[Goal]) -> list[Line]:
    """The latest first."""
    reached = [goal for goal in goals if goal.state == GoalState.REACHED and goal.closed_on]
    reached.sort(key=lambda goal: (goal.closed_on, goal.pk), reverse=True)
    return [Line(goal.title, _full(goal.closed_on)) for goal in reached if goal.closed_on]


def _calls(enrolment: Enrolment) -> list[Line]:
    lines = [
        Line(
            pgettext("whom to call", "%(name)s, coordinator") % {"name": user.get_full_name()},
            shown(user.phone),
        )
        for user in coordinators_of([enrolment.municipality_id])
        if user.phone
    ]
    contacts = AuthorityContact.objects.filter(enrolment=enrolment).exclude(phone="")
    return lines + [
        Line(
            pgettext("whom to call", "%(name)s, %(authority)s")
            % {"name": contact.name, "authority": contact.get_authority_display()},
            shown(contact.phone),
        )
        for contact in contacts.exclude(authority=Authority.POLICE)
    ]


def _dates(enrolment: Enrolment) -> list[Line]:
    """What lies ahead; what is counted from a release stands once there has been one."""
    today = timezone.localdate()
    if enrolment.released_on is None:
        if enrolment.expected_release < today:
            return []
        words = [_("You are expected to be released. The day can still move.")]
        if enrolment.closed_at_release:
            words.append(enrolment.closed_at_release.sentence)
        return [Line(" ".join(words), _full(enrolment.expected_release))]
    sentences = {
        Milestone.MONTH_3: _("3 months since your release"),
        Milestone.MONTH_6: _("6 months since your release"),
        Milestone.MONTH_9: _("9 months since your release"),
        Milestone.MONTH_12: _("A year since your release: the time with your mentors ends"),
    }
    days = {milestone: enrolment.milestone(milestone) for milestone in sentences}
    return [Line(sentences[m], _full(day)) for m, day in days.items() if day >= today]
