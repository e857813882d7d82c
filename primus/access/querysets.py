"""Deny by default: the base of every queryset that reaches a person."""

from typing import Self

from django.db import models


class VisibleQuerySet(models.QuerySet):
    """A queryset with one rule per role. A role without a rule sees nothing.

    Subclasses define ``_for_<role>(user)`` for the roles that may see rows.
    """

    def visible_to(self, user) -> Self:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        rule = getattr(self, f"_for_{user.role}", None)
        return rule(user) if rule else self.none()


class EnrolmentOwnedQuerySet(VisibleQuerySet):
    """Rows that are seen by whoever may see their enrolment."""

    enrolment_lookup = "enrolment"

    def visible_to(self, user) -> Self:
        enrolments = self.model._meta.apps.get_model("participants", "Enrolment").objects
        return self.filter(**{f"{self.enrolment_lookup}__in": enrolments.visible_to(user)})
