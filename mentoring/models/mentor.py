from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.querysets import (
    ClearanceQuerySet,
    CoordinatorsOfMentorQuerySet,
    MentorOwnedQuerySet,
    MentorQuerySet,
)
from participants.models import Gender, Municipality, Participant
from participants.models.participant import default_languages
from participants.models.places import postcode_validator
from participants.trades import Trade


class MentorState(models.TextChoices):
    APPLICANT = "applicant", _("applicant")
    INTERVIEWED = "interviewed", _("interviewed")
    CLEARED = "cleared", _("cleared")
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("on leave")
    LEFT = "left", _("left")


class Mentor(models.Model):
    """One volunteer, with what decides whether and whom they can follow."""

    MOST_AT_ONCE = 4

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentor"
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="mentors",
        verbose_name=_("municipality"),
    )
    state = models.CharField(
        _("state"), max_length=12, choices=MentorState, default=MentorState.APPLICANT
    )
    joined_on = models.DateField(_("joined on"), default=timezone.localdate)
    capacity = models.PositiveSmallIntegerField(
        _("how many participants at once"),
        default=1,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_AT_ONCE)],
    )
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=4, blank=True, validators=[postcode_validator]
    )
    occupation = models.CharField(_("occupation"), max_length=80, blank=True)
    trade = models.CharField(_("line of work"), max_length=20, choices=Trade, blank=True)
    languages = models.JSONField(_("languages"), default=default_languages)
    # The parts of the week (TimeSlot) in which the mentor can meet; empty where it is not known.
    times = models.JSONField(_("times that suit"), default=list, blank=True)
    # The support areas (SupportArea) that the mentor knows more about than most.
    areas_known = models.JSONField(_("knows about"), default=list, blank=True)
    about = models.TextField(_("about the mentor, in a few lines"), blank=True, max_length=600)

    objects = MentorQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor")
        verbose_name_plural = _("mentors")
        ordering = ["user__first_name", "user__last_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MentorState.values), name="mentor_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(capacity__gte=0, capacity__lte=4), name="mentor_capacity_from_0_to_4"
            ),
            models.CheckConstraint(
                condition=Q(trade="") | Q(trade__in=Trade.values), name="mentor_trade_is_known"
            ),
        ]
        indexes = [models.Index(fields=["municipality", "state"])]

    def __str__(self) -> str:
        return str(self.user)


class MentorStep(models.Model):
    """That a mentor came to a state, on which day, and who said so. Never changed or deleted."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=12, choices=MentorState)
    reached_on = models.DateField(_("from"), default=timezone.localdate)
    note = models.CharField(_("note"), max_length=300, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    objects = MentorOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor's step")
        verbose_name_plural = _("mentors' steps")
        ordering = ["reached_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MentorState.values), name="mentor_step_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.reached_on}"


class MentorNote(models.Model):
    """What a coordinator writes down about a mentor; no mentor ever sees it."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"), max_length=4000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    objects = CoordinatorsOfMentorQuerySet.as_manager()

    class Meta:
        verbose_name = _("note about a mentor")
        verbose_name_plural = _("notes about mentors")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="mentor_note_says_something")
        ]

    def __str__(self) -> str:
        return f"note {self.pk}"


class ConflictKind(models.TextChoices):
    HOUSEHOLD = "household", _("same household or family")
    STATED = "stated", _("should not be put together")


class MentorConflict(models.Model):
    """Why a mentor is not put together with another mentor, or with a participant."""

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="conflicts")
    other = models.ForeignKey(
        Mentor, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts_with"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.CASCADE, null=True, blank=True, related_name="conflicts"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ConflictKind)
    note = models.CharField(_("note"), max_length=300, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    objects = CoordinatorsOfMentorQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        ordering = ["mentor", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other=None, participant__isnull=False)
                | Q(other__isnull=False, participant=None),
                name="conflict_is_with_one",
            ),
            models.CheckConstraint(
                condition=Q(other=None) | ~Q(other=F("mentor")), name="conflict_is_not_with_oneself"
            ),
            models.UniqueConstraint(fields=["mentor", "other"], name="conflict_once_per_mentor"),
            models.UniqueConstraint(
                fields=["mentor", "participant"], name="conflict_once_per_participant"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ConflictKind.values), name="conflict_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"conflict {self.pk}"

    @property
    def municipality_id(self) -> str:
        """Where the access log counts it."""
        return self.mentor.municipality_id


class ClearanceKind(models.TextChoices):
    RECORD_CHECK = "record_check", _("criminal record check")
    CONFIDENTIALITY = "confidentiality", _("confidentiality agreement")
    TRAINING = "training", _("training")


class Clearance(models.Model):
    """One clearance a mentor has obtained: dates only, the document itself is never kept."""

    EXPIRES_SOON_DAYS = 60

    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="clearances")
    kind = models.CharField(_("kind"), max_length=20, choices=ClearanceKind)
    obtained_on = models.DateField(_("obtained on"))
    # The last day it is in force; none where it does not expire.
    expires_on = models.DateField(_("in force until"), null=True, blank=True)

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearance")
        verbose_name_plural = _("clearances")
        ordering = ["mentor", "kind", "-obtained_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["mentor", "kind", "obtained_on"], name="clearance_once_per_day"
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("obtained_on")),
                name="clearance_end_not_before_start",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ClearanceKind.values), name="clearance_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.obtained_on}"

    @property
    def municipality_id(self) -> str:
        """Where the access log counts it."""
        return self.mentor.municipality_id

    @staticmethod
    def kinds() -> list[str]:
        """The kinds that a mentor needs, all of them, to follow anyone."""
        return list(ClearanceKind.values)
