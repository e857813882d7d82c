"""How two mentors are found for an enrolment: what counts, who is asked, and what they answer."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.models.mentor import Mentor
from mentoring.models.pair import MentorPair, Seat
from mentoring.querysets import (
    PairProposalQuerySet,
    ProposalAnswerQuerySet,
    ReplacementQuerySet,
    WaitingListPlanQuerySet,
)
from participants.models import Enrolment, Municipality
from primus.jobs.models import Run


class Criterion(models.TextChoices):
    """What makes one pair suit an enrolment better than another."""

    LANGUAGE = "language", _("a language in common")
    DISTANCE = "distance", _("how near they live")
    TIMES = "times", _("times that fit each other and the visits")
    EXPERIENCE = "experience", _("know what is needed most")
    MIX = "mix", _("one experienced mentor with a new one")
    LOAD = "load", _("how many they follow already")
    HISTORY = "history", _("no earlier ending in conflict")


class MatchWeight(models.Model):
    """How much one criterion counts, from 0 (not at all) to 10. Reference data."""

    MOST = 10

    criterion = models.CharField(max_length=12, choices=Criterion, unique=True)
    weight = models.PositiveSmallIntegerField(_("weight"))

    class Meta:
        verbose_name = _("weight of a criterion")
        verbose_name_plural = _("weights of criteria")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(criterion__in=Criterion.values), name="match_weight_criterion_is_known"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=0, weight__lte=10), name="match_weight_from_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.weight}"


class WaitingListPlan(models.Model):
    """The pairs that were found at once for everyone of a municipality who waits for one.

    ``rows`` holds numbers and nothing about people: for each enrolment the two mentors, or none.
    """

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="waiting_list_plans"
    )
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="waiting_list_plan")
    computed_at = models.DateTimeField(null=True, blank=True)
    rows = models.JSONField(default=list)

    objects = WaitingListPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan for a waiting list")
        verbose_name_plural = _("plans for waiting lists")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"waiting list plan {self.pk}"


class ProposalState(models.TextChoices):
    OPEN = "open", _("waits for answers")
    PAIRED = "paired", _("both said yes")
    DECLINED = "declined", _("one said no")
    WITHDRAWN = "withdrawn", _("taken back")
    OVERTAKEN = "overtaken", _("overtaken by something else")


class Overtaking(models.TextChoices):
    """What a proposal was overtaken by, named as the refusal of pairing that it is."""

    ENDED = "ended", _("the enrolment ended")
    PAIRED = "already_paired", _("the participant was given another pair")
    ELSEWHERE = "elsewhere", _("the participant is in another municipality now")
    NOT_ACTIVE = "not_active", _("the mentor does not take on participants any longer")
    NOT_CLEARED = "not_cleared", _("the mentor's clearance has expired")
    FULL = "full", _("the mentor was given somebody else, and has no room for more")
    AWAY = "away", _("the mentor is away")
    CONFLICT = "conflict", _("it was said meanwhile that they must not be put together")
    WISH = "wish", _("the participant wishes mentors of another gender")
    CHANGED = "changed", _("something else changed at the same moment")


class PairProposal(models.Model):
    """That two mentors are asked to follow an enrolment together, and what came of it.

    Where it was ``OVERTAKEN``, ``overtaken_by`` says by what, and ``overtaken_mentor`` about
    which of the two, if it is one of them.
    """

    # One that has waited for more days is one to ring about.
    PATIENCE_DAYS = 3

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.OPEN
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    overtaken_by = models.CharField(max_length=20, choices=Overtaking, blank=True)
    overtaken_mentor = models.ForeignKey(
        Mentor, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    pair = models.OneToOneField(
        MentorPair, on_delete=models.SET_NULL, null=True, blank=True, related_name="proposal"
    )

    objects = PairProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed pair")
        verbose_name_plural = _("proposed pairs")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"],
                condition=Q(state=ProposalState.OPEN),
                name="proposal_one_open_per_enrolment",
                violation_error_message=_("Two mentors have already been asked."),
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, closed_at=None)
                | (
                    Q(state__in=ProposalState.values, closed_at__isnull=False)
                    & ~Q(state=ProposalState.OPEN)
                ),
                name="proposal_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(pair=None) | Q(state=ProposalState.PAIRED),
                name="proposal_pair_only_when_paired",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OVERTAKEN, overtaken_by__in=Overtaking.values)
                | (~Q(state=ProposalState.OVERTAKEN) & Q(overtaken_by="")),
                name="proposal_overtaken_says_by_what",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class DeclineReason(models.TextChoices):
    """Why a mentor says no to a proposal."""

    TIME = "time", _("I do not have the time now")
    DISTANCE = "distance", _("it is too far away")
    FULL = "full", _("I follow as many as I can")
    KNOWN = "known", _("I think I know the person")
    MATCH = "match", _("I do not think we suit each other")
    OTHER = "other", pgettext_lazy("why a mentor says no", "something else")


class ProposalAnswer(models.Model):
    """What one of the two mentors answers to a proposal; empty while they have not."""

    YES, NO = "yes", "no"

    proposal = models.ForeignKey(PairProposal, on_delete=models.CASCADE, related_name="answers")
    number = models.PositiveSmallIntegerField(_("seat"))
    mentor = models.ForeignKey(Mentor, on_delete=models.CASCADE, related_name="proposal_answers")
    answer = models.CharField(
        _("answer"), max_length=3, choices=[(YES, _("yes")), (NO, _("no"))], blank=True
    )
    reason = models.CharField(_("why"), max_length=10, choices=DeclineReason, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a proposal")
        verbose_name_plural = _("answers to proposals")
        ordering = ["proposal", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__in=(1, 2)), name="proposal_answer_number_is_1_or_2"
            ),
            models.UniqueConstraint(
                fields=["proposal", "number"], name="proposal_answer_once_per_number"
            ),
            models.UniqueConstraint(
                fields=["proposal", "mentor"], name="proposal_answer_no_mentor_twice"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, reason="")
                | Q(answer="yes", answered_at__isnull=False, reason="")
                | Q(answer="no", answered_at__isnull=False, reason__in=DeclineReason.values),
                name="proposal_answer_has_time_and_no_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.number} to proposal {self.proposal_id}"

    @property
    def enrolment(self) -> Enrolment:
        """Whom it is about; the access log labels the answer by it."""
        return self.proposal.enrolment


class Replacement(models.Model):
    """That one mentor takes over a seat from another: what the new one should know, and when the
    two and the participant meet.

    From the day the new one begins, they are the one who sits there; for ``overlap_days`` more
    the other still sees the participant and can log meetings, and only hands over. Taken back,
    the other stays until ``outgoing_until``, as they would have without it.
    """

    OVERLAP_DAYS = 14

    outgoing = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="replacements")
    incoming = models.OneToOneField(Seat, on_delete=models.CASCADE, related_name="replacing")
    outgoing_until = models.DateField(null=True, blank=True)
    overlap_days = models.PositiveSmallIntegerField(_("days with both"), default=0)
    summary = models.TextField(_("what the new mentor should know"), blank=True, max_length=4000)
    # Whether the one who leaves is asked to write it.
    summary_asked = models.BooleanField(default=False)
    # When the one who takes over has read it.
    read_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    introduction_on = models.DateField(_("introduction meeting"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(default=timezone.now)

    objects = ReplacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("replacement")
        verbose_name_plural = _("replacements")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outgoing=models.F("incoming")), name="replacement_is_by_another_seat"
            ),
            models.CheckConstraint(
                condition=Q(overlap_days__gte=0, overlap_days__lte=14),
                name="replacement_overlap_at_most_14_days",
            ),
            models.UniqueConstraint(
                fields=["outgoing"],
                condition=Q(taken_back_at=None),
                name="replacement_one_in_force_per_seat",
            ),
        ]

    def __str__(self) -> str:
        return f"replacement {self.pk}"

    @property
    def ends_on(self) -> date:
        """The first day on which the one who leaves no longer sees the participant."""
        return self.incoming.held_from + timedelta(days=self.overlap_days)

    def is_seen_by(self, user) -> bool:
        """As `visible_to` says it, of an enrolment that the user may see."""
        mentors = (self.outgoing.mentor.user_id, self.incoming.mentor.user_id)
        return user.is_coordinator or user.pk in mentors

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to do or to know: it was taken back, or the one who leaves
        is gone and the new one has read what they wrote."""
        today = timezone.localdate()
        if self.taken_back_at is not None or not self.incoming.lasts_beyond(today):
            return True
        to_read = bool(self.summary) and self.read_at is None
        return not (self.outgoing.lasts_beyond(today) or to_read)

    @property
    def incoming_is_here(self) -> bool:
        return self.incoming.is_held_on(timezone.localdate())

    @property
    def outgoing_is_here(self) -> bool:
        return self.outgoing.is_held_on(timezone.localdate())

    @property
    def enrolment(self) -> Enrolment:
        return self.incoming.pair.enrolment
