"""What may be asked of the subjects of a trial, in sentences."""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from participants.phases import MONTHS_AFTER_RELEASE, add_months
from primus.access.querysets import VisibleQuerySet


def latest_over(today: date) -> date:
    """Who was released on this day or before can no longer be given mentors: their time is over."""
    return add_months(today, -MONTHS_AFTER_RELEASE)


class TrialSubjectQuerySet(VisibleQuerySet):
    def _for_coordinator(self, user):
        return self.filter(municipality__coordinators__user=user)

    def randomised(self):
        return self.filter(place__isnull=False)

    def waiting(self, today: date | None = None):
        """Those with whom a coordinator has something to do: see `standing.standing_of`."""
        today = today or timezone.localdate()
        undrawn = Q(place=None, eligibility="eligible")
        drawn = Q(place__isnull=False, enrolment=None) & (
            Q(arm__has_mentors=True) & (Q(released_on=None) | Q(released_on__gt=latest_over(today)))
            | Q(arm__has_mentors=False, released_on=None, expected_release__lte=today)
        )
        return self.filter(undrawn | drawn, consent_withdrawn_on=None)
