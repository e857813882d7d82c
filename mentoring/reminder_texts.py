"""What is said at each milestone, to a mentor and to a coordinator: in the app and by e-mail.

No text says whom it is about, so that the same words can stand in an e-mail. A reminder can
arrive some days after its milestone, so none says that something happens today.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.milestones import Milestone
from primus.accounts.models import Role


@dataclass(frozen=True)
class Words:
    """The words of one kind of reminder for one role.

    ``title`` is a task's line and an e-mail's subject, ``about`` opens the e-mail, ``steps`` are
    what to do, the most important first: the first stands under the task in the app.
    """

    title: str | Promise
    about: str | Promise
    steps: tuple[str | Promise, ...]


def words_for(kind: str, role: str) -> Words:
    """The words for a milestone; a role that follows nobody gets a coordinator's."""
    texts = MENTOR if role == Role.MENTOR else COORDINATOR
    return texts[Milestone(kind)]


MENTOR: dict[Milestone, Words] = {
    Milestone.PERIOD_START: Words(
        _("Before release: start meeting"),
        _("One of the people you follow is to be released in two months or less."),
        (
            _("Agree with your partner which of you calls the institution about the first visit."),
            _("Ask what matters most on the first day outside, and make it your first goal."),
            _("Log each meeting in Primus, also one that came to nothing."),
        ),
    ),
    Milestone.GATE_WEEK: Words(
        _("Two weeks to release: get ready"),
        _("One of the people you follow is to be released within two weeks."),
        (
            _("Go through the checklist together: a bed, a phone, ID, money and medicine."),
            _("Agree on who waits at the gate, when and where."),
            _("Book a time at the job centre in the first week."),
        ),
    ),
    Milestone.RELEASE: Words(
        _("Release: the first days count"),
        _("The day of release has come for one of the people you follow."),
        (
            _("Call or meet as you agreed, at the latest three days after the release."),
            _("Make sure there is a bed, a phone that works and food for the first days."),
            _("Agree on the next two meetings before you part."),
        ),
    ),
    Milestone.DAY_14: Words(
        _("Two weeks outside: stay close"),
        _("One of the people you follow has been outside for two weeks."),
        (
            _("Meet this week: without a mentor, this is when many fall back."),
            _("Ask how it goes with money, sleep and old friends."),
            _("Raise a concern in Primus if something worries you; your coordinator will answer."),
        ),
    ),
    Milestone.MONTH_3: Words(
        _("Three months outside: take stock"),
        _("One of the people you follow has been outside for three months."),
        (
            _("Rate the needs together in all five areas and see what has moved."),
            _("Look at the goals: close those that are reached and agree on the next."),
            _("Ask your partner how you share the work, and change it if you need to."),
        ),
    ),
    Milestone.MONTH_6: Words(
        _("Six months outside: half way"),
        _("One of the people you follow has been outside for six months."),
        (
            _("Rate the needs together in all five areas and say aloud what has gone well."),
            _("Choose the one or two goals that matter most in the last six months."),
            _("Offer to come along to an authority if something there has come to a halt."),
        ),
    ),
    Milestone.MONTH_9: Words(
        _("Nine months outside: who will be there afterwards?"),
        _("One of the people you follow has been outside for nine months."),
        (
            _("Talk about who will be there when the year is over: family, friends, a club."),
            _("Let more of the calls and letters be theirs, with you beside them."),
            _("Agree on what is to be in place before you say goodbye."),
        ),
    ),
    Milestone.MONTH_12: Words(
        _("A year outside: a good goodbye"),
        _("One of the people you follow has been outside for a year."),
        (
            _("Meet, all three, and look back at how far you have come."),
            _("Rate the needs together for the last time."),
            _("Tell your coordinator that you have finished, and how it has been for you."),
        ),
    ),
}

COORDINATOR: dict[Milestone, Words] = {
    Milestone.PERIOD_START: Words(
        _("Before release: see that the work begins"),
        _("A participant in one of your municipalities is to be released in two months or less."),
        (
            _("Check that there are two mentors, and that they have said when they meet first."),
            _("Ask the institution whether the date of release still holds."),
            _("Check that the needs have been rated at the start."),
        ),
    ),
    Milestone.GATE_WEEK: Words(
        _("Two weeks to release: is everything in place?"),
        _("A participant in one of your municipalities is to be released within two weeks."),
        (
            _("Look at the checklist and call the mentors about what is still open."),
            _("Confirm the day and the time with the institution."),
            _("Is it a Friday, or a day when offices are closed? Then settle what matters before."),
        ),
    ),
    Milestone.RELEASE: Words(
        _("Release: see that it went as planned"),
        _("The day of release has come for a participant in one of your municipalities."),
        (
            _("Check that the release is confirmed in Primus, or its date moved with the reason."),
            _("Check that a mentor has had contact within three days."),
            _("Ask the mentors whether something was missing at the gate."),
        ),
    ),
    Milestone.DAY_14: Words(
        _("Two weeks outside: has there been contact?"),
        _("A participant in one of your municipalities has been outside for two weeks."),
        (
            _("Check that a meeting has been logged since the release."),
            _("Call the mentors if it is silent: without contact, this is when many fall back."),
            _("See whether a concern is waiting for an answer."),
        ),
    ),
    Milestone.MONTH_3: Words(
        _("Three months outside: how is the pair doing?"),
        _("A participant in one of your municipalities has been outside for three months."),
        (
            _("Call both mentors and hear how they are, and how they share the work."),
            _("Check that the needs have been rated after three months."),
            _("Look at the rhythm: at least two meetings a month."),
        ),
    ),
    Milestone.MONTH_6: Words(
        _("Six months outside: half way, how does it go?"),
        _("A participant in one of your municipalities has been outside for six months."),
        (
            _("Check that the needs have been rated after six months."),
            _("Offer to step in where an authority has brought things to a halt."),
            _("Thank the mentors for the first half."),
        ),
    ),
    Milestone.MONTH_9: Words(
        _("Nine months outside: prepare the end"),
        _("A participant in one of your municipalities has been outside for nine months."),
        (
            _("Agree with the mentors how the last three months are used."),
            _("Ask what the participant still needs that someone else is to take over."),
            _("Ask the mentors whether they would follow someone new afterwards."),
        ),
    ),
    Milestone.MONTH_12: Words(
        _("A year outside: end the enrolment"),
        _("A participant in one of your municipalities has been outside for a year."),
        (
            _("Check that the needs have been rated for the last time."),
            _("End the enrolment in Primus with its reason."),
            _("Thank both mentors, and ask what they would tell the next pair."),
        ),
    ),
}
