"""Two mentors for one enrolment. The database itself refuses a third."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models.mentor import Mentor
from mentoring.querysets import MentorPairQuerySet, SeatQuerySet
from participants.models import Ending, Enrolment


class PairEndReason(models.TextChoices):
    ENROLMENT_ENDED = "enrolment_ended", _("the enrolment ended")
    REPLACED = "replaced", _("replaced by another pair")
    BY_MISTAKE = "by_mistake", _("made by mistake")


class MentorPair(models.Model):
    """The pair that follows one enrolment, from the day it is formed until it ends."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="pairs")
    formed_on = models.DateField(_("formed on"), default=timezone.localdate)
    # The first day the pair no longer is one.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(
        _("reason for ending"), max_length=20, choices=PairEndReason, blank=True
    )
    formed_by = models.ForeignKey(
        "accounts.User", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = MentorPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor pair")
        verbose_name_plural = _("mentor pairs")
        ordering = ["-formed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(ended_on=None),
                name="pair_one_current_per_enrolment",
                violation_error_message=_("This participant already has a mentor pair."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("formed_on")),
                name="pair_end_not_before_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="")
                | Q(ended_on__isnull=False, end_reason__in=PairEndReason.values),
                name="pair_end_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"


class Seat(models.Model):
    """One mentor's time in seat 1 or seat 2 of a pair.

    Held from ``held_from`` up to, but not on, ``held_until``. A seat with nobody in it today has
    no row that says otherwise: that is a vacancy.
    """

    NUMBERS = (1, 2)

    pair = models.ForeignKey(MentorPair, on_delete=models.CASCADE, related_name="seats")
    number = models.PositiveSmallIntegerField(_("seat"))
    mentor = models.ForeignKey(Mentor, on_delete=models.PROTECT, related_name="seats")
    held_from = models.DateField(_("held from"), default=timezone.localdate)
    held_until = models.DateField(_("held until"), null=True, blank=True)
    # The ending of the enrolment that this seat ended with, and the day it would have ended
    # without it: by these it comes back when the enrolment is opened again.
    ended_with = models.ForeignKey(
        Ending, on_delete=models.SET_NULL, null=True, blank=True, related_name="seats"
    )
    held_until_before = models.DateField(null=True, blank=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["pair", "number", "held_from", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(number__in=(1, 2)), name="seat_number_is_1_or_2"),
            models.UniqueConstraint(
                fields=["pair", "number"],
                condition=Q(held_until=None),
                name="seat_one_current_holder",
                violation_error_message=_("This seat is already taken."),
            ),
            models.UniqueConstraint(
                fields=["pair", "mentor"],
                condition=Q(held_until=None),
                name="seat_no_mentor_twice_in_a_pair",
                violation_error_message=_("The same mentor cannot hold both seats."),
            ),
            models.CheckConstraint(
                condition=Q(held_until=None) | Q(held_until__gte=F("held_from")),
                name="seat_end_not_before_start",
            ),
            models.CheckConstraint(
                condition=Q(ended_with=None) | Q(held_until__isnull=False),
                name="seat_ended_with_has_end",
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.number} of pair {self.pair_id}"

    def is_held_on(self, day: date) -> bool:
        """Whether somebody sits here on the day: as `querysets.held_on` says it in SQL."""
        return self.held_from <= day and self.lasts_beyond(day)

    def lasts_beyond(self, day: date) -> bool:
        """Whether it is held after the day, or is to be."""
        return self.held_until is None or self.held_until > day
