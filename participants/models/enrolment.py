"""One time through the programme, and the dates that carry it."""

import re
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.closed_days import Closed, closed_reason
from participants.milestones import Milestone, milestone_date
from participants.models.coordinator import Coordinator
from participants.models.participant import GenderWish, Participant
from participants.models.places import Institution, Municipality
from participants.phases import (
    MONTHS_AFTER_RELEASE,
    Phase,
    add_months,
    phase_expression,
    phase_of,
)
from participants.querysets import EnrolmentQuerySet
from participants.trades import Trade
from primus.access.querysets import EnrolmentOwnedQuerySet


class ReleaseKind(models.TextChoices):
    PAROLE = "parole", _("parole")
    FULL_SENTENCE = "full_sentence", _("full sentence served")
    REMAND = "remand", _("from remand")
    OTHER = "other", pgettext_lazy("kind of release", "other")


class EndReason(models.TextChoices):
    COMPLETED = "completed", _("completed")
    WITHDREW = "withdrew", _("withdrew")
    MOVED = "moved", _("moved away")
    CUSTODY = "custody", _("back in custody")
    DIED = "died", _("died")
    NO_MENTOR = "no_mentor", _("no mentor found")
    NOT_ELIGIBLE = "not_eligible", _("not for this programme")
    DECLINED = "declined", _("said no to taking part")
    OTHER = "other", _("other")


class NotEligibleReason(models.TextChoices):
    """Why a referral is not for this programme."""

    RELEASE_FAR = "release_far", _("no release in sight")
    MUNICIPALITY = "municipality", _("will live where there is no programme")
    MORE_HELP = "more_help", _("needs more than volunteers can give")
    SAFETY = "safety", _("would not be safe for volunteers")
    OTHER_SCHEME = "other_scheme", _("is in another mentor scheme")
    NOT_OTHER = "not_other", pgettext_lazy("why not eligible", "another reason")


class DeclinedReason(models.TextChoices):
    """Why somebody who was referred said no."""

    NO_WISH = "no_wish", _("does not want a mentor")
    HAS_SUPPORT = "has_support", _("has the help that is needed")
    NO_CONSENT = "no_consent", _("will not have data kept")
    LATER = "later", _("perhaps later")
    NO_REASON = "no_reason", _("gave no reason")


class ReferralSource(models.TextChoices):
    """Who referred somebody."""

    PRISON = "prison", _("the prison or remand prison")
    PROBATION = "probation", _("the probation service")
    MUNICIPALITY = "municipality", _("the municipality")
    SELF = "self", _("the participant")
    RELATIVE = "relative", _("a relative")
    ORGANISATION = "organisation", _("another organisation")
    OTHER = "other", pgettext_lazy("who referred somebody", "somebody else")


# «P-00042», «p42» or «42», of at most as many digits as a key can have.
CASE_NUMBER = re.compile(r"\s*(?:p-?)?0*([0-9]{1,18})\s*", re.IGNORECASE)


class Enrolment(models.Model):
    """One time through the programme, from referral to end.

    A person who returns to prison and is referred again gets a new enrolment; the old one is
    never overwritten. ``expected_release`` is a plan and moves (see ReleaseDateMove);
    ``released_on`` is a fact. ``form_token`` is the token of the referral form it was sent by:
    the same token saves once.
    """

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="enrolments"
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="enrolments",
        verbose_name=_("municipality"),
    )
    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        related_name="enrolments",
        verbose_name=_("institution"),
    )
    referred_on = models.DateField(_("referred on"))
    expected_release = models.DateField(_("expected release"))
    released_on = models.DateField(_("released on"), null=True, blank=True)
    release_kind = models.CharField(_("kind of release"), max_length=20, choices=ReleaseKind)
    gender_wish = models.CharField(
        _("wish for the mentors' gender"),
        max_length=20,
        choices=GenderWish,
        default=GenderWish.ANY,
    )
    # The parts of the week (TimeSlot) in which the participant can meet after the release.
    wished_times = models.JSONField(_("times that suit the participant"), default=list, blank=True)
    trade = models.CharField(
        _("line of work they have or want"), max_length=20, choices=Trade, blank=True
    )
    wishes = models.TextField(_("wishes and what matters"), blank=True, max_length=2000)
    source = models.CharField(_("referred by"), max_length=20, choices=ReferralSource, blank=True)
    # Who answers for it; the others of the municipality see it too.
    coordinator = models.ForeignKey(
        Coordinator,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="enrolments",
        verbose_name=_("coordinator"),
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(
        _("reason for ending"), max_length=20, choices=EndReason, blank=True
    )
    # Why it was not for this programme, or why they said no; empty for any other reason.
    end_detail = models.CharField(
        max_length=20, choices=[*NotEligibleReason.choices, *DeclinedReason.choices], blank=True
    )
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-referred_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(ended_on=None),
                name="enrolment_one_current_per_participant",
                violation_error_message=_("This participant already has a current enrolment."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("referred_on")),
                name="enrolment_end_not_before_referral",
                violation_error_message=_("An enrolment cannot end before the referral."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None)
                | Q(released_on=None)
                | Q(ended_on__gte=F("released_on")),
                name="enrolment_end_not_before_release",
                violation_error_message=_("An enrolment cannot end before the release."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, end_reason="")
                | Q(ended_on__isnull=False, end_reason__in=EndReason.values),
                name="enrolment_end_has_reason",
                violation_error_message=_("An enrolment that ends needs a reason."),
            ),
            models.CheckConstraint(
                condition=Q(
                    end_reason=EndReason.NOT_ELIGIBLE, end_detail__in=NotEligibleReason.values
                )
                | Q(end_reason=EndReason.DECLINED, end_detail__in=DeclinedReason.values)
                | (
                    ~Q(end_reason__in=[EndReason.NOT_ELIGIBLE, EndReason.DECLINED])
                    & Q(end_detail="")
                ),
                name="enrolment_end_detail_fits_reason",
            ),
            models.CheckConstraint(
                condition=Q(release_kind__in=ReleaseKind.values),
                name="enrolment_release_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(source="") | Q(source__in=ReferralSource.values),
                name="enrolment_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(trade="") | Q(trade__in=Trade.values), name="enrolment_trade_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["municipality", "ended_on"]),
            models.Index(fields=["expected_release"]),
            models.Index(fields=["released_on"]),
        ]

    def __str__(self) -> str:
        return self.case_number

    @property
    def case_number(self) -> str:
        """What an enrolment is called where its participant must not be named."""
        return f"P-{self.pk:05d}"

    @staticmethod
    def case_number_in(text: str) -> int | None:
        """The number that a case number names, however carelessly it is written; else None."""
        found = CASE_NUMBER.fullmatch(text)
        return int(found[1]) if found else None

    @property
    def phase(self) -> Phase:
        return phase_of(self, timezone.localdate())

    @property
    def is_current(self) -> bool:
        return self.phase != Phase.ENDED

    @property
    def release_day(self) -> date:
        """The day of release: the fact when there is one, else the plan."""
        return self.released_on or self.expected_release

    @property
    def days_to_release(self) -> int:
        """Days from today to the day of release; negative when it has passed."""
        return (self.release_day - timezone.localdate()).days

    @cached_property
    def period_ends_on(self) -> date:
        """The day the twelve months after release are over."""
        return add_months(self.release_day, MONTHS_AFTER_RELEASE)

    @property
    def day_number(self) -> int:
        """Days since release; the day of release is day 0."""
        return -self.days_to_release

    @property
    def days_in_period(self) -> int:
        return (self.period_ends_on - self.release_day).days

    @property
    def is_year_over(self) -> bool:
        """Whether the twelve months after the release are over."""
        return self.released_on is not None and self.day_number > self.days_in_period

    @property
    def closed_at_release(self) -> Closed | None:
        """What to be warned of while the release lies ahead: offices that are closed on the day."""
        if self.released_on or self.ended_on or self.days_to_release < 0:
            return None
        return closed_reason(self.release_day)

    def milestone(self, milestone: Milestone) -> date:
        return milestone_date(milestone, self.release_day)

    @staticmethod
    def phase_expression(today: date | None = None, prefix: str = ""):
        return phase_expression(today or timezone.localdate(), prefix)


class MoveReason(models.TextChoices):
    RECALCULATED = "recalculated", _("new calculation from the institution")
    PAROLE_GRANTED = "parole_granted", _("parole granted")
    PAROLE_REFUSED = "parole_refused", _("parole refused")
    NEW_SENTENCE = "new_sentence", _("new sentence")
    MISTAKE = "mistake", _("the date was entered wrongly")
    OTHER = "other", _("other")


class ReleaseDateMove(models.Model):
    """One move of an enrolment's expected release, with its reason. Never changed or deleted."""

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.CASCADE, related_name="release_date_moves"
    )
    old_date = models.DateField()
    new_date = models.DateField()
    reason = models.CharField(_("reason"), max_length=20, choices=MoveReason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    moved_at = models.DateTimeField(default=timezone.now)

    objects = EnrolmentOwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("release date move")
        verbose_name_plural = _("release date moves")
        ordering = ["-moved_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_date=F("new_date")), name="release_date_move_moves"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=MoveReason.values), name="release_date_move_reason_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_date} → {self.new_date}"
