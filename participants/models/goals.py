"""What has been agreed with a participant, per support area, and how it went."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models.enrolment import Enrolment
from participants.models.needs import SupportArea
from primus.access.querysets import EnrolmentOwnedQuerySet


class GoalState(models.TextChoices):
    OPEN = "open", _("under way")
    REACHED = "reached", _("reached")
    DROPPED = "dropped", _("dropped")


class Goal(models.Model):
    """Something agreed with the participant in one area, with a due date and a result."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="goals")
    area = models.CharField(_("area"), max_length=10, choices=SupportArea)
    title = models.CharField(_("what is agreed"), max_length=160)
    agreed_on = models.DateField(_("agreed on"), default=timezone.localdate)
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=GoalState, default=GoalState.OPEN)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    drop_reason = models.CharField(_("why it was dropped"), max_length=300, blank=True)

    objects = EnrolmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=GoalState.OPEN, closed_on=None)
                | Q(state__in=[GoalState.REACHED, GoalState.DROPPED], closed_on__isnull=False),
                name="goal_closed_has_date",
            ),
            models.CheckConstraint(
                condition=(Q(state=GoalState.DROPPED) & ~Q(drop_reason=""))
                | (~Q(state=GoalState.DROPPED) & Q(drop_reason="")),
                name="goal_dropped_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(area__in=SupportArea.values), name="goal_area_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GoalChangeQuerySet(EnrolmentOwnedQuerySet):
    enrolment_lookup = "goal__enrolment"


class GoalChangeKind(models.TextChoices):
    AGREED = "agreed", _("agreed")
    REWORDED = "reworded", _("worded anew")
    MOVED = "moved", _("moved")
    REACHED = "reached", _("reached")
    DROPPED = "dropped", _("dropped")
    REOPENED = "reopened", _("taken up again")


class GoalChange(models.Model):
    """One thing that happened to a goal: what, when, who, and what it said before."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(_("what happened"), max_length=10, choices=GoalChangeKind)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    title_before = models.CharField(max_length=160, blank=True)
    due_before = models.DateField(null=True, blank=True)
    due_after = models.DateField(null=True, blank=True)
    note = models.CharField(_("why"), max_length=300, blank=True)

    objects = GoalChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a goal")
        verbose_name_plural = _("changes of goals")
        ordering = ["changed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=GoalChangeKind.values), name="goal_change_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} goal {self.goal_id}"
