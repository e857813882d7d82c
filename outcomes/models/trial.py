"""A trial: who is drawn to two mentors and who is not, and that nobody could know it beforehand.

The order of the draws is made when the trial is made, is kept sealed, and its hash is published:
afterwards anybody can see that nothing was changed. What was decided at the start, and what was
drawn, never changes: see outcomes.trials.guards.
"""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from outcomes.trials.querysets import TrialSubjectQuerySet
from participants.models import Enrolment, Municipality, ReleaseKind
from participants.models.consent import ConsentForm


class RiskGroup(models.TextChoices):
    """How likely a new offence is, by what is known before the draw."""

    # The published trial's group: repeat offenders, and those who were not paroled.
    HIGHEST = "highest", _("highest risk")
    OTHER = "other", pgettext_lazy("risk group", "other")


class Trial(models.Model):
    """One randomised trial. What was decided when it began is never changed."""

    name = models.CharField(_("name"), max_length=120)
    purpose = models.TextField(_("what it is to show"), max_length=2000, blank=True)
    # Which definition of recidivism (outcomes.recidivism) the trial was planned with.
    definition = models.CharField(_("definition"), max_length=20, default="kriminalforsorgen")
    horizon_days = models.PositiveIntegerField(
        _("days followed from release"),
        default=730,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
    )
    block_sizes = models.JSONField(_("block sizes"), default=list)
    # How many places there are in each stratum, at least: the last block is whole.
    length = models.PositiveIntegerField(
        default=200, validators=[MinValueValidator(2), MaxValueValidator(1000)]
    )
    # SHA-256 of the whole order and its salt; see outcomes.trials.order.
    sequence_hash = models.CharField(max_length=64, editable=False)
    # The trial's own key, sealed with the installation's: what the order is sealed with. When the
    # installation changes its keys this is sealed again, and the order itself stays as it is.
    sealed_key = models.TextField(editable=False)
    # Sealed as the order is, until the trial is closed.
    sealed_salt = models.TextField(editable=False)
    # The whole order with its salt, written when the trial is closed. SHA-256 of it is the hash.
    opened_order = models.TextField(blank=True, editable=False)
    is_demonstration = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # Nobody is drawn from this day on; the order is then open to everybody who checks it.
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="trial_name_is_unique"),
            models.CheckConstraint(
                condition=Q(horizon_days__gte=30, horizon_days__lte=3650),
                name="trial_horizon_within_bounds",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, opened_order="")
                | (Q(closed_on__isnull=False) & ~Q(opened_order="")),
                name="trial_order_opened_when_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TrialArm(models.Model):
    """One arm of a trial. ``weight``: its share of each block, against the other's."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="arms")
    number = models.PositiveSmallIntegerField()
    has_mentors = models.BooleanField()
    weight = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = _("arm")
        verbose_name_plural = _("arms")
        ordering = ["trial", "number"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="trial_arm_number_once"),
            models.UniqueConstraint(
                fields=["trial", "has_mentors"], name="trial_arm_one_with_mentors_one_without"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=4), name="trial_arm_weight_within_bounds"
            ),
        ]

    def __str__(self) -> str:
        return "mentors" if self.has_mentors else "control"

    @property
    def label(self) -> str:
        return str(_("Two mentors") if self.has_mentors else _("Without mentors"))


class Stratum(models.Model):
    """One municipality and risk group of a trial, with an order of its own."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="strata")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    risk_group = models.CharField(_("risk group"), max_length=10, choices=RiskGroup)

    class Meta:
        verbose_name = _("stratum")
        verbose_name_plural = _("strata")
        ordering = ["trial", "municipality", "risk_group"]
        constraints = [
            models.UniqueConstraint(
                fields=["trial", "municipality", "risk_group"], name="stratum_once_in_trial"
            ),
            models.CheckConstraint(
                condition=Q(risk_group__in=RiskGroup.values), name="stratum_risk_group_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.risk_group}"


class TrialPlace(models.Model):
    """One place in a stratum's order. Which arm it is stays sealed until somebody has taken it,
    and so does which block it is in: at the end of a block the next arm could be told."""

    stratum = models.ForeignKey(Stratum, on_delete=models.CASCADE, related_name="places")
    number = models.PositiveIntegerField()
    sealed_arm = models.TextField(editable=False)

    class Meta:
        verbose_name = _("place in the order")
        verbose_name_plural = _("places in the order")
        ordering = ["stratum", "number"]
        constraints = [
            models.UniqueConstraint(fields=["stratum", "number"], name="trial_place_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.stratum_id}/{self.number}"


class Eligibility(models.TextChoices):
    ELIGIBLE = "eligible", _("can take part")
    NOT_ELIGIBLE = "not_eligible", _("cannot take part")
    DECLINED = "declined", _("said no")


class NotInTrialReason(models.TextChoices):
    """Why somebody who was assessed cannot take part in the trial."""

    SENTENCE = "sentence", _("is not released within the time of the trial")
    MUNICIPALITY = "municipality", _("will live where there is no programme")
    SAFETY = "safety", _("would not be safe for volunteers")
    LANGUAGE = "language", _("could not be told about the trial in a language they know")
    EARLIER = "earlier", _("has been in the trial before")
    OTHER = "other", pgettext_lazy("why not in the trial", "another reason")


class AgeGroup(models.TextChoices):
    UNDER_30 = "under_30", _("under 30")
    FROM_30 = "from_30", _("30 and over")


class PriorSentences(models.TextChoices):
    FEW = "few", _("0–2 earlier sentences")
    MANY = "many", _("3 or more earlier sentences")


class TrialSubject(models.Model):
    """One person assessed for a trial, known by a number and never by name.

    Whoever is drawn to two mentors gets a case file (``enrolment``); whoever is not stays a
    subject without one. Offences lie with the case file where there is one, else here: see
    FollowUp. Once drawn, the place and the arm never change; the database sees to it.
    """

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="subjects")
    # Counted from 1 within the trial.
    number = models.PositiveIntegerField()
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    risk_group = models.CharField(_("risk group"), max_length=10, choices=RiskGroup)
    assessed_on = models.DateField(_("assessed on"))
    eligibility = models.CharField(_("result"), max_length=15, choices=Eligibility)
    not_eligible_reason = models.CharField(
        _("why not"), max_length=15, choices=NotInTrialReason, blank=True
    )
    consent_form = models.CharField(
        _("how they said yes"), max_length=10, choices=ConsentForm, blank=True
    )
    consent_on = models.DateField(_("said yes on"), null=True, blank=True)
    consent_withdrawn_on = models.DateField(_("took it back on"), null=True, blank=True)
    age_group = models.CharField(_("age"), max_length=10, choices=AgeGroup, blank=True)
    priors = models.CharField(
        _("earlier sentences"), max_length=10, choices=PriorSentences, blank=True
    )
    release_kind = models.CharField(
        _("kind of release"), max_length=20, choices=ReleaseKind, blank=True
    )
    expected_release = models.DateField(_("expected release"), null=True, blank=True)
    released_on = models.DateField(_("released on"), null=True, blank=True)
    place = models.OneToOneField(
        TrialPlace, on_delete=models.PROTECT, null=True, blank=True, related_name="subject"
    )
    arm = models.ForeignKey(
        TrialArm, on_delete=models.PROTECT, null=True, blank=True, related_name="subjects"
    )
    allocated_at = models.DateTimeField(null=True, blank=True)
    enrolment = models.OneToOneField(
        Enrolment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="trial_subject",
    )
    # The token of the form it was sent by: the same token saves once.
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = TrialSubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("trial subject")
        verbose_name_plural = _("trial subjects")
        ordering = ["trial", "number"]
        constraints = [
            models.UniqueConstraint(fields=["trial", "number"], name="trial_subject_number_once"),
            models.CheckConstraint(
                condition=Q(place=None, arm=None, allocated_at=None)
                | Q(
                    place__isnull=False,
                    arm__isnull=False,
                    allocated_at__isnull=False,
                    eligibility=Eligibility.ELIGIBLE,
                    consent_on__isnull=False,
                ),
                name="trial_subject_drawn_only_with_consent",
                violation_error_message=_("Nobody is drawn before they can and will take part."),
            ),
            models.CheckConstraint(
                condition=Q(place=None)
                | Q(
                    age_group__in=AgeGroup.values,
                    priors__in=PriorSentences.values,
                    release_kind__in=ReleaseKind.values,
                    expected_release__isnull=False,
                ),
                name="trial_subject_drawn_only_with_baseline",
            ),
            models.CheckConstraint(
                condition=Q(consent_on=None, consent_form="")
                | Q(
                    consent_on__isnull=False,
                    consent_form__in=ConsentForm.values,
                    eligibility=Eligibility.ELIGIBLE,
                ),
                name="trial_subject_consent_fits_result",
            ),
            models.CheckConstraint(
                condition=Q(
                    eligibility=Eligibility.NOT_ELIGIBLE,
                    not_eligible_reason__in=NotInTrialReason.values,
                )
                | (Q(not_eligible_reason="") & ~Q(eligibility=Eligibility.NOT_ELIGIBLE)),
                name="trial_subject_reason_fits_result",
            ),
            models.CheckConstraint(
                condition=Q(eligibility__in=Eligibility.values),
                name="trial_subject_eligibility_is_known",
            ),
            models.CheckConstraint(
                condition=Q(risk_group__in=RiskGroup.values),
                name="trial_subject_risk_group_is_known",
            ),
            models.CheckConstraint(
                condition=Q(consent_withdrawn_on=None)
                | Q(consent_on__isnull=False, consent_withdrawn_on__gte=F("consent_on")),
                name="trial_subject_consent_withdrawn_not_before_given",
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym

    @property
    def pseudonym(self) -> str:
        """What the subject is called everywhere, also in the registers: «F1-0042»."""
        return f"F{self.trial_id}-{self.number:04d}"

    @property
    def case_number(self) -> str:
        """By what the access log names a case."""
        return self.pseudonym

    @property
    def is_randomised(self) -> bool:
        return self.place_id is not None
