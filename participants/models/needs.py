"""What a participant needs, per support area and stage."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models.enrolment import Enrolment
from primus.access.querysets import EnrolmentOwnedQuerySet


class SupportArea(models.TextChoices):
    HOUSING = "housing", _("Housing")
    FINANCE = "finance", _("Finances")
    WORK = "work", _("Work and education")
    HEALTH = "health", _("Health and substance use")
    NETWORK = "network", _("Network")


class RatingStage(models.TextChoices):
    """When needs are rated. All but the last have their day; that one is asked for when the
    enrolment is ended, whenever that is."""

    START = "start", _("at start")
    RELEASE = "release", _("at release")
    MONTH_3 = "month_3", _("after 3 months")
    MONTH_6 = "month_6", _("after 6 months")
    MONTH_12 = "month_12", _("after 12 months")
    END = "end", _("at the end")


# Those that fall due by themselves, in order.
TIMED_STAGES = tuple(stage for stage in RatingStage if stage != RatingStage.END)


class NeedRating(models.Model):
    """How one area stood for a participant at one stage: 1 (acute) to 5 (stable).

    *No need* is an answer of its own (``no_need``, without a rating); *not assessed* is no row.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="need_ratings")
    area = models.CharField(_("area"), max_length=10, choices=SupportArea)
    stage = models.CharField(_("stage"), max_length=10, choices=RatingStage)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    no_need = models.BooleanField(_("no need"), default=False)
    rated_on = models.DateField(_("rated on"), default=timezone.localdate)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = EnrolmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need rating")
        verbose_name_plural = _("need ratings")
        ordering = ["enrolment", "area", "rated_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "area", "stage"], name="need_rating_once_per_stage"
            ),
            models.CheckConstraint(
                condition=Q(no_need=True, rating=None)
                # Said outright, because a check that comes out as unknown does not refuse.
                | Q(no_need=False, rating__isnull=False, rating__gte=1, rating__lte=5),
                name="need_rating_from_1_to_5",
                violation_error_message=_("A rating is a number from 1 to 5, or no need."),
            ),
            models.CheckConstraint(
                condition=Q(area__in=SupportArea.values), name="need_rating_area_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=RatingStage.values), name="need_rating_stage_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.stage}: {'no need' if self.no_need else self.rating}"
