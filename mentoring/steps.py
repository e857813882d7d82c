"""A mentor's way: applicant, interviewed, cleared, active, on leave, left; each step has its day.

The mentor's row is locked while a step is taken, as it is while they are given a seat
(mentoring.pairing), so nobody leaves with a seat, and nobody who has left is given one. Whom they
are asked to follow is settled before it, since enrolments are locked before mentors everywhere.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models import Mentor, MentorState, MentorStep, Seat
from mentoring.proposals import overtake_of
from primus.accounts import activation
from primus.accounts.models import User
from primus.accounts.signals import user_shut_out
from primus.refusals import Refused
from primus.templatetags.primus_ui import shortdate

# Where one can go from each state. Who has left begins again as an applicant.
MOVES: dict[str, tuple[MentorState, ...]] = {
    MentorState.APPLICANT: (MentorState.INTERVIEWED, MentorState.LEFT),
    MentorState.INTERVIEWED: (MentorState.CLEARED, MentorState.LEFT),
    MentorState.CLEARED: (MentorState.ACTIVE, MentorState.LEFT),
    MentorState.ACTIVE: (MentorState.PAUSED, MentorState.LEFT),
    MentorState.PAUSED: (MentorState.ACTIVE, MentorState.LEFT),
    MentorState.LEFT: (MentorState.APPLICANT,),
}
NEEDS_CLEARANCE = (MentorState.CLEARED, MentorState.ACTIVE)
# Who goes there takes on nobody, and is asked to follow nobody any longer.
TAKES_ON_NOBODY = (MentorState.PAUSED, MentorState.LEFT)


class StepRefused(Refused):
    """The step cannot be taken. ``code`` says why, ``seats`` which stand in the way, if any."""

    SENTENCES = {
        "changed": _("Somebody else has changed this meanwhile. Look again."),
        "not_from_here": _("That is not a step from where the mentor is now."),
        "future": _("Choose today or a day that has been."),
        "before": _("The step before it was on %(day)s: choose that day or a later one."),
        "not_cleared": _(
            "On that day a clearance was missing or had expired. All of them must be in force."
        ),
        "seats": _("The mentor still follows somebody. Replace them there first."),
    }

    def __init__(self, code: str, *, day: date | None = None, seats: Iterable[Seat] = ()):
        super().__init__(code, day=shortdate(day) if day else "")
        self.seats = list(seats)


def seats_in_the_way(mentor: Mentor, day: date | None = None) -> list[Seat]:
    """The seats that the mentor holds on the day (today) or is promised from a later one: who
    leaves on it must have none."""
    seats = mentor.seats.standing_in_pairs(day).select_related("pair__enrolment__participant")
    return list(seats.order_by("held_from", "pk"))


def earliest_day(mentor: Mentor) -> date:
    """The first day on which the mentor's next step can be: that of the step before it."""
    days = mentor.steps.order_by("-reached_on", "-pk").values_list("reached_on", flat=True)
    return days.first() or mentor.joined_on


def begin(mentor: Mentor, by: User | None = None) -> MentorStep:
    """Write the step that a mentor begins with, on the day they joined."""
    return MentorStep.objects.create(
        mentor=mentor, state=mentor.state, reached_on=mentor.joined_on, said_by=by
    )


@transaction.atomic
def move_to(mentor: Mentor, state: str, on: date, by: User, note: str = "") -> MentorStep:
    """Take a mentor to another state from a day on, and write it down.

    `mentor` is as whoever moves them saw them. Leaving keeps them from signing in, and coming
    back lets them in again. Raises StepRefused.
    """
    if state in TAKES_ON_NOBODY:
        overtake_of(mentor)
    locked = Mentor.objects.select_for_update(no_key=True).get(pk=mentor.pk)
    if locked.state != mentor.state:
        raise StepRefused("changed")
    if state not in MOVES[locked.state]:
        raise StepRefused("not_from_here")
    if on > timezone.localdate():
        raise StepRefused("future")
    earliest = earliest_day(locked)
    if on < earliest:
        raise StepRefused("before", day=earliest)
    if state in NEEDS_CLEARANCE and not Mentor.objects.filter(pk=locked.pk).cleared(on).exists():
        raise StepRefused("not_cleared")
    if state == MentorState.LEFT:
        seats = seats_in_the_way(locked, on)
        if seats:
            raise StepRefused("seats", seats=seats)
    Mentor.objects.filter(pk=locked.pk).update(state=state)
    if state == MentorState.LEFT:
        activation.shut_out(locked.user)
    elif locked.state == MentorState.LEFT:
        activation.reactivate(locked.user)
    mentor.state = state
    return MentorStep.objects.create(
        mentor=locked, state=state, reached_on=on, note=note.strip(), said_by=by
    )


@receiver(user_shut_out, dispatch_uid="mentoring.user_shut_out")
def keep_in_the_seat(sender, user: User, **kwargs) -> None:
    """Nobody loses their sign-in while a participant counts on them; what they are asked comes to
    nothing."""
    mentor = Mentor.objects.filter(user=user).first()
    if mentor is None:
        return
    # Of whoever leaves it is settled already, before their own row was locked.
    if mentor.state != MentorState.LEFT:
        overtake_of(mentor)
        Mentor.objects.select_for_update(no_key=True).get(pk=mentor.pk)
    if seats_in_the_way(mentor):
        raise activation.ActivationRefused("seats", name=str(user))
