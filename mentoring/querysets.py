"""What may be asked of mentors, pairs, seats and meetings, in sentences."""

from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import Case, Count, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from participants.querysets import CoordinatorOnlyQuerySet
from primus.access.querysets import EnrolmentOwnedQuerySet, VisibleQuerySet


def lasts_beyond(day: date, field: str) -> Q:
    """What has no last day, or one after the day: the field holds the first day it no longer is."""
    return Q(**{field: None}) | Q(**{f"{field}__gt": day})


def held_on(day: date, prefix: str = "") -> Q:
    """A seat is held from its first day up to, but not on, the day it is given up."""
    return Q(**{f"{prefix}held_from__lte": day}) & lasts_beyond(day, f"{prefix}held_until")


def open_on(day: date, prefix: str = "") -> Q:
    """A pair is current from the day it was formed up to, but not on, the day it ended."""
    return Q(**{f"{prefix}formed_on__lte": day}) & lasts_beyond(day, f"{prefix}ended_on")


class MentorQuerySet(VisibleQuerySet):
    def _for_coordinator(self, user):
        return self.filter(municipality__coordinators__user=user)

    def _for_mentor(self, user):
        """Oneself, and whoever shares a pair with one today."""
        seats = apps.get_model("mentoring", "Seat").objects.held()
        mine = seats.filter(mentor__user=user).values("pair")
        return self.filter(Q(user=user) | Q(pk__in=seats.filter(pair__in=mine).values("mentor")))

    def cleared(self, day: date | None = None):
        """Those with every kind of clearance in force on the day."""
        day = day or timezone.localdate()
        clearance = apps.get_model("mentoring", "Clearance")
        queryset = self
        for kind in clearance.kinds():
            queryset = queryset.filter(
                Exists(clearance.objects.in_force(day).filter(mentor=OuterRef("pk"), kind=kind))
            )
        return queryset

    def active(self):
        """Those who take part now: approved, and neither on leave nor gone."""
        return self.filter(state="active", user__is_active=True)

    def with_load(self, day: date | None = None, *, or_promised: bool = False):
        """Annotates ``load``: how many participants the mentor follows on the day, or with
        `or_promised` is to follow from a later one."""
        day = day or timezone.localdate()
        if or_promised:
            counted = lasts_beyond(day, "seats__held_until")
            counted &= lasts_beyond(day, "seats__pair__ended_on")
            counted &= Q(seats__held_until=None) | Q(seats__held_until__gt=F("seats__held_from"))
        else:
            counted = held_on(day, "seats__") & open_on(day, "seats__pair__")
        return self.annotate(load=Count("seats", filter=counted, distinct=True))

    def with_free_capacity(self, day: date | None = None, *, or_promised: bool = False):
        return self.with_load(day, or_promised=or_promised).filter(load__lt=F("capacity"))

    def listing(self, field: str, code: str):
        """Those whose list in `field` (languages, times, areas_known) holds the code.

        As text, because not every database can look into a list.
        """
        written = Cast(field, TextField())
        return self.alias(**{f"{field}_written": written}).filter(
            **{f"{field}_written__contains": f'"{code}"'}
        )


class CoordinatorsOfMentorQuerySet(VisibleQuerySet):
    """Rows about a mentor that only the coordinators of the mentor's municipality see."""

    def _for_coordinator(self, user):
        return self.filter(mentor__municipality__coordinators__user=user)


class MentorOwnedQuerySet(CoordinatorsOfMentorQuerySet):
    """Rows about a mentor that the mentor sees too."""

    def _for_mentor(self, user):
        return self.filter(mentor__user=user)


class ClearanceQuerySet(MentorOwnedQuerySet):
    def in_force(self, day: date | None = None):
        day = day or timezone.localdate()
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=day), obtained_on__lte=day)

    def not_renewed(self):
        """Of each mentor's clearances of a kind, the one that lasts longest: one that is followed
        by another needs nothing."""
        lasts_longer = Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on"))
        or_came_later = Q(expires_on=OuterRef("expires_on"), pk__gt=OuterRef("pk"))
        later = self.model._default_manager.filter(
            lasts_longer | or_came_later, mentor=OuterRef("mentor"), kind=OuterRef("kind")
        )
        return self.exclude(Exists(later), expires_on__isnull=False)

    def expiring(self, day: date | None = None):
        """Those in force on the day that have run out `EXPIRES_SOON_DAYS` later, and are not
        renewed: one definition, wherever it is warned of."""
        day = day or timezone.localdate()
        last = day + timedelta(days=self.model.EXPIRES_SOON_DAYS)
        return self.in_force(day).not_renewed().filter(expires_on__lte=last)


class MentorPairQuerySet(EnrolmentOwnedQuerySet):
    def current(self, day: date | None = None):
        return self.filter(open_on(day or timezone.localdate()))


class SeatQuerySet(EnrolmentOwnedQuerySet):
    enrolment_lookup = "pair__enrolment"

    def standing(self, day: date | None = None):
        """Those held on the day or promised from a later one; not those that were taken back
        before anybody sat in them."""
        lasting = self.filter(lasts_beyond(day or timezone.localdate(), "held_until"))
        return lasting.exclude(held_until=F("held_from"))

    def standing_in_pairs(self, day: date | None = None):
        """Those standing, of pairs that last beyond the day: what somebody still counts on."""
        day = day or timezone.localdate()
        return self.standing(day).filter(lasts_beyond(day, "pair__ended_on"))

    def held(self, day: date | None = None):
        """The seats held on the day, in pairs that are current on it: who may see the participant.

        While one mentor hands over to another, both hold the seat; see `current`.
        """
        day = day or timezone.localdate()
        return self.filter(held_on(day), open_on(day, "pair__"))

    def current(self, day: date | None = None):
        """Who is the one in each seat on the day: of two who hold it, the one who took over."""
        return self.held(day).filter(~Exists(self.model.objects.held(day).taking_over()))

    def taking_over(self):
        """Of the same seat as the outer query's, whoever came to it later."""
        later = Q(held_from__gt=OuterRef("held_from"))
        later |= Q(held_from=OuterRef("held_from"), pk__gt=OuterRef("pk"))
        return self.filter(later, pair=OuterRef("pair"), number=OuterRef("number"))


class MeetingQuerySet(EnrolmentOwnedQuerySet):
    def held(self):
        """Those that took place: what counts as contact, wherever contact is counted."""
        return self.filter(state="held")


class MeetingPartQuerySet(EnrolmentOwnedQuerySet):
    enrolment_lookup = "meeting__enrolment"


class AccompanimentQuerySet(MeetingPartQuerySet):
    def to_follow_up(self):
        """Those with something that somebody must still see to."""
        return self.filter(follow_up_on__isnull=False, follow_up_done_on=None)


class MeetingDraftQuerySet(VisibleQuerySet):
    """A draft is its author's own, while they may see the enrolment it is about."""

    def _own(self, user):
        enrolments = apps.get_model("participants", "Enrolment").objects
        return self.filter(author=user, enrolment__in=enrolments.visible_to(user))

    _for_mentor = _own
    _for_coordinator = _own

    def too_old(self):
        kept = timedelta(days=self.model.KEPT_DAYS)
        return self.filter(saved_at__lt=timezone.now() - kept)


class StopNoticeQuerySet(EnrolmentOwnedQuerySet):
    """Seen by coordinators and by whoever gave it. The other mentor sees the day on the seat, and
    not the reason."""

    enrolment_lookup = "seat__pair__enrolment"

    def visible_to(self, user):
        visible = super().visible_to(user)
        if user.is_authenticated and user.is_mentor:
            return visible.filter(seat__mentor__user=user)
        return visible

    def in_force(self):
        return self.filter(withdrawn_at=None)

    def to_see_to(self, today: date | None = None):
        """Those no coordinator has taken on, of current enrolments, while nobody follows on them.

        A seat that is promised to somebody from the day, or has been filled since, needs nothing
        more; nor does one whose pair has ended.
        """
        today = today or timezone.localdate()
        seats = apps.get_model("mentoring", "Seat").objects.standing(today)
        followers = seats.filter(
            pair=OuterRef("seat__pair"),
            number=OuterRef("seat__number"),
            # Not whoever they took over from themselves.
            held_from__gte=OuterRef("seat__held_from"),
        ).exclude(pk=OuterRef("seat"))
        return self.in_force().filter(
            ~Exists(followers),
            lasts_beyond(today, "seat__pair__ended_on"),
            lasts_beyond(today, "seat__pair__enrolment__ended_on"),
            # Not if the coordinator has ended it before the day.
            seat__held_until=F("stops_on"),
            acknowledged_at=None,
        )


class AbsenceQuerySet(VisibleQuerySet):
    """An absence is seen by the mentor, by whoever shares a pair with them, and by coordinators."""

    def _of_mentors(self, user):
        mentors = apps.get_model("mentoring", "Mentor").objects
        return self.filter(mentor__in=mentors.visible_to(user))

    _for_mentor = _of_mentors
    _for_coordinator = _of_mentors

    def not_over(self, day: date | None = None):
        """Those that last on the day, or begin after it."""
        return self.filter(away_until__gte=day or timezone.localdate())

    def on(self, day: date | None = None):
        day = day or timezone.localdate()
        return self.filter(away_from__lte=day, away_until__gte=day)


class ConcernQuerySet(EnrolmentOwnedQuerySet):
    def visible_to(self, user):
        """Seen by coordinators and by whoever raised it: what came of it is between these two."""
        visible = super().visible_to(user)
        if user.is_authenticated and user.is_mentor:
            return visible.filter(raised_by=user)
        return visible

    def most_urgent_first(self):
        """Danger to life before everything else, then what must be answered first."""
        life_first = Case(When(urgency="life", then=Value(0)), default=Value(1))
        return self.order_by(life_first, "acknowledge_by", "pk")

    def waiting(self):
        return self.filter(acknowledged_at=None)

    def unresolved(self):
        return self.filter(resolved_at=None)


class ConcernOwnedQuerySet(VisibleQuerySet):
    """What was done about a concern: seen by whoever may see the concern."""

    def visible_to(self, user):
        concerns = apps.get_model("mentoring", "Concern").objects
        return self.filter(concern__in=concerns.visible_to(user))


class SendableQuerySet(VisibleQuerySet):
    def sent(self):
        return self.filter(state="sent")

    def waiting(self):
        """Those to be sent: planned, or claimed so long ago that the sender must be gone."""
        silent_since = timezone.now() - self.model.CLAIM_HOLDS
        return self.filter(Q(state="planned") | Q(state="sending", claimed_at__lt=silent_since))


class LetterQuerySet(SendableQuerySet):
    """Shown to nobody: only the sender reads them."""


class CalendarFeedQuerySet(VisibleQuerySet):
    def _for_mentor(self, user):
        return self.filter(mentor__user=user)


class CalendarEntryQuerySet(VisibleQuerySet):
    def _for_mentor(self, user):
        return self.filter(feed__mentor__user=user)


class PairProposalQuerySet(CoordinatorOnlyQuerySet):
    """Seen by coordinators only: a mentor who is asked sees their own question, not the other's
    answer, and one who follows the participant is not told who else was asked."""

    def open(self):
        return self.filter(state="open")

    def waiting_long(self, today: date | None = None):
        """Those that have waited for an answer for more than three days, from day to day."""
        first = (today or timezone.localdate()) - timedelta(days=self.model.PATIENCE_DAYS)
        return self.open().filter(
            proposed_at__lt=timezone.make_aware(datetime.combine(first, time()))
        )

    def came_to_nothing(self):
        """Those that ended without a pair and that nobody took back: the coordinator goes on."""
        return self.filter(state__in=["declined", "overtaken"])


class ReplacementQuerySet(EnrolmentOwnedQuerySet):
    """Seen by the coordinators, and by the mentor who leaves and the one who takes over."""

    enrolment_lookup = "incoming__pair__enrolment"

    def visible_to(self, user):
        visible = super().visible_to(user)
        if user.is_authenticated and user.is_mentor:
            return visible.filter(Q(outgoing__mentor__user=user) | Q(incoming__mentor__user=user))
        return visible

    def in_force(self):
        return self.filter(taken_back_at=None)


class ProposalAnswerQuerySet(VisibleQuerySet):
    """Seen by the mentor who is asked, and by coordinators. What they are asked about is shown to
    the mentor only while the proposal is open."""

    def _for_mentor(self, user):
        return self.filter(mentor__user=user)

    def to_answer(self):
        """Those of proposals that are open: not yet answered, or the other is awaited."""
        return self.filter(proposal__state="open")

    def _for_coordinator(self, user):
        return self.filter(proposal__enrolment__municipality__coordinators__user=user)


class WaitingListPlanQuerySet(VisibleQuerySet):
    def _for_coordinator(self, user):
        return self.filter(municipality__coordinators__user=user)


class ReminderQuerySet(SendableQuerySet):
    """A reminder is its recipient's own, while they may see the enrolment it is about."""

    def _own(self, user):
        enrolments = apps.get_model("participants", "Enrolment").objects
        return self.filter(recipient=user, enrolment__in=enrolments.visible_to(user))

    _for_mentor = _own
    _for_coordinator = _own

    def not_put_aside(self, undo_for: timedelta):
        """Those the recipient has not put aside, or has within the time for undoing it."""
        return self.filter(Q(seen_at=None) | Q(seen_at__gt=timezone.now() - undo_for))

    def latest_of_current(self, today: date | None = None):
        """Of each recipient's in each enrolment that has not ended, the one sent last."""
        today = today or timezone.localdate()
        newer = self.model.objects.sent().filter(
            enrolment=OuterRef("enrolment"),
            recipient=OuterRef("recipient"),
            sent_at__gt=OuterRef("sent_at"),
        )
        return self.sent().filter(lasts_beyond(today, "enrolment__ended_on"), ~Exists(newer))
