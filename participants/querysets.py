"""What may be asked of enrolments, in sentences."""

from datetime import date, timedelta

from django.apps import apps
from django.db.models import Exists, OuterRef
from django.utils import timezone

from participants.phases import CURRENT_PHASES, phase_expression
from primus.access.querysets import EnrolmentOwnedQuerySet, VisibleQuerySet


class EnrolmentQuerySet(VisibleQuerySet):
    def _for_mentor(self, user):
        """Those in which the mentor holds a seat today."""
        # By name: seats are known further up, and nothing is imported from there.
        seats = apps.get_model("mentoring", "Seat").objects
        return self.filter(
            Exists(seats.held().filter(mentor__user=user, pair__enrolment=OuterRef("pk")))
        )

    def _for_coordinator(self, user):
        return self.filter(municipality__coordinators__user=user)

    def with_phase(self, today: date | None = None):
        """Annotates ``phase_now``: what the property ``phase`` says, as SQL."""
        return self.annotate(phase_now=phase_expression(today or timezone.localdate()))

    def current(self, today: date | None = None):
        return self.with_phase(today).filter(phase_now__in=CURRENT_PHASES)

    def in_phase(self, *phases: str, today: date | None = None):
        return self.with_phase(today).filter(phase_now__in=phases)

    def taken_in(self):
        """Those who came into the programme: all but the referrals that were turned down, as not
        for it or declined. Only these say in detail why they ended; the database sees to that."""
        return self.filter(end_detail="")

    def without_pair(self):
        """Those without a pair today; one with a vacant seat is a pair."""
        pairs = apps.get_model("mentoring", "MentorPair").objects
        return self.filter(~Exists(pairs.current().filter(enrolment=OuterRef("pk"))))

    def released_within(self, days: int):
        """Not yet released, and expected to be within so many days from today."""
        last = timezone.localdate() + timedelta(days=days)
        return self.filter(released_on=None, expected_release__lte=last)

    def locked(self, pk: int):
        """The row as it is now, kept from others until the transaction ends.

        On SQLite the transaction itself keeps them away. Its key stays free: what only refers to
        the enrolment, such as a meeting being logged, need not wait.
        """
        return self.select_for_update(no_key=True).get(pk=pk)


class CoordinatorOnlyQuerySet(EnrolmentOwnedQuerySet):
    """Rows of an enrolment that only its coordinators see."""

    def visible_to(self, user):
        if user.is_authenticated and user.is_coordinator:
            return super().visible_to(user)
        return self.none()
