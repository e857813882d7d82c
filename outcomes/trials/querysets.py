"""What may be asked of the subjects of a trial, in sentences."""

from primus.access.querysets import VisibleQuerySet


class TrialSubjectQuerySet(VisibleQuerySet):
    def _for_coordinator(self, user):
        return self.filter(municipality__coordinators__user=user)

    def randomised(self):
        return self.filter(place__isnull=False)
