"""What a coordinator can do with an enrolment as it stands: the one rule for list and page."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.models import Seat
from participants.models import Enrolment


@dataclass(frozen=True)
class Action:
    """Where something is done: the word on a button in a list, and with `title` and `icon` what
    stands on the enrolment's page."""

    url: str
    label: str | Promise
    title: str | Promise = ""
    icon: str = ""


def find_pair(enrolment: Enrolment) -> Action:
    return Action(
        reverse("pair_create", args=[enrolment.pk]), _("Find pair"), _("Find a pair"), "users"
    )


def find_mentor(enrolment: Enrolment) -> Action:
    return Action(
        reverse("pair_create", args=[enrolment.pk]), _("Find mentor"), _("Find a mentor"), "users"
    )


def confirm_release(enrolment: Enrolment) -> Action:
    url = reverse("release_confirm", args=[enrolment.pk])
    return Action(url, _("Confirm date"), _("Confirm the release"), "check")


def end(enrolment: Enrolment) -> Action:
    word = pgettext_lazy("enrolment", "End")
    return Action(reverse("enrolment_end", args=[enrolment.pk]), word)


def open_page(enrolment: Enrolment) -> Action:
    return Action(reverse("enrolment", args=[enrolment.pk]), pgettext_lazy("verb", "Open"))


def seats_open(enrolment: Enrolment) -> int:
    """How many of the pair's seats nobody holds and nobody is promised; needs ``attach_seats``."""
    taken = {seat.number for seat in [*enrolment.seats_now, *enrolment.seats_coming]}
    return len(Seat.NUMBERS) - len(taken)


def needed_now(enrolment: Enrolment) -> list[Action]:
    """What the enrolment lacks, the most urgent first; needs ``attach_seats``.

    Once the year is over there is only the ending; an enrolment that has ended lacks nothing.
    """
    if not enrolment.is_current:
        return []
    if enrolment.is_year_over:
        return [end(enrolment)]
    needed = []
    if enrolment.pair_now is None:
        needed.append(find_pair(enrolment))
    # From the day itself on: whoever hears of the release first can say so.
    if enrolment.released_on is None and enrolment.days_to_release <= 0:
        needed.append(confirm_release(enrolment))
    if enrolment.pair_now is not None and seats_open(enrolment):
        needed.append(find_mentor(enrolment))
    return needed


def next_action(enrolment: Enrolment) -> Action:
    """The one next step, for the button in a list."""
    return next(iter(needed_now(enrolment)), open_page(enrolment))
