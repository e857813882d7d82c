"""Two mentors for everyone: who has none, where a seat is vacant, and who is away uncovered."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from mentoring.absences import Away, attach_absences
from mentoring.caseload import PAIR_LATE_DAYS, PAIR_WITHIN_DAYS, year_over
from mentoring.desk.words import course, lasting, on, write_to_pair
from mentoring.desk.worklist import Row, Scope, Tone, Worklist, of_enrolment
from mentoring.models import Absence, MentorPair, Seat, StopNotice
from mentoring.next_steps import Action, find_mentor, find_pair
from mentoring.querysets import held_on, open_on
from participants.models import Enrolment
from participants.phases import MONTHS_BEFORE_RELEASE, latest_day_reached
from primus.templatetags.primus_ui import days_between, longdate, relative

# From so many days before an absence begins somebody should have thought of it.
AWAY_WITHIN_DAYS = 7


def _no_pair(scope: Scope):
    """Released within 60 days, or out already with the year not over, and no pair today."""
    today = scope.today
    found = scope.enrolments().exclude(year_over(today)).without_pair()
    found = found.annotate(release_on=Coalesce("released_on", "expected_release"))
    soon = found.filter(release_on__lte=scope.in_days(PAIR_WITHIN_DAYS))
    return soon.annotate(since=F("referred_on")).order_by("release_on", "pk")


def _row_no_pair(enrolment: Enrolment, since: date, today: date) -> Row:
    out = enrolment.released_on is not None
    waited = _("referred %(ago)s") % {"ago": relative(since)}
    return of_enrolment(
        enrolment,
        reasons=[enrolment.municipality, waited, enrolment.institution],
        danger=_("Out without a pair.") if out else "",
        when=on(enrolment.release_day),
        is_near=enrolment.days_to_release <= PAIR_LATE_DAYS,
        action=find_pair(enrolment),
    )


def _vacant(scope: Scope):
    """A current pair with a seat that nobody holds today and nobody is promised, or one whose
    mentor has given notice: until a coordinator has taken that on, or somebody is to follow.

    ``since``: when the last one left the seat (the pair's own day, where nobody ever sat in it),
    or when the notice was given.
    """
    today = scope.today
    pairs = MentorPair.objects.current(today).filter(enrolment=OuterRef("pk")).order_by()
    here = Seat.objects.filter(open_on(today, "pair__"), pair__enrolment=OuterRef("pk"))
    one, two = (~Exists(here.standing(today).filter(number=number)) for number in Seat.NUMBERS)
    empty = Q(one) | Q(two)
    stays = Seat.objects.standing(today).filter(pair=OuterRef("pair"), number=OuterRef("number"))
    left = here.filter(~Exists(stays), held_until__lte=today).order_by("-held_until")
    notices = StopNotice.objects.to_see_to(today).filter(seat__pair__enrolment=OuterRef("pk"))
    found = (
        scope.enrolments()
        .exclude(year_over(today))
        .filter((Q(Exists(pairs)) & empty) | Q(Exists(notices)))
        .annotate(
            empty_since=Case(
                When(
                    (Q(Exists(pairs)) & empty),
                    then=Coalesce(
                        Subquery(left.values("held_until")[:1]),
                        Subquery(pairs.values("formed_on")[:1]),
                    ),
                ),
                output_field=DateField(),
            ),
            told_on=Subquery(
                notices.order_by("given_at").annotate(day=TruncDate("given_at")).values("day")[:1]
            ),
        )
        .annotate(since=Coalesce("empty_since", "told_on"))
    )
    # What is vacant already comes first.
    return found.order_by(F("empty_since").asc(nulls_last=True), "told_on", "pk")


def attach_notices(enrolments: Iterable[Enrolment]) -> None:
    """Give each ``stops``: the notices of its mentors that nobody has seen to, the nearest first.
    One query."""
    by_number = {enrolment.pk: enrolment for enrolment in enrolments}
    notices = (
        StopNotice.objects.to_see_to()
        .filter(seat__pair__enrolment__in=by_number)
        .select_related("seat__mentor__user", "seat__pair")
        .order_by("stops_on", "pk")
    )
    for enrolment in by_number.values():
        enrolment.stops = []
    for notice in notices:
        notice.seat.pair.enrolment = by_number[notice.seat.pair.enrolment_id]
        notice.enrolment.stops.append(notice)


def _row_vacant(enrolment: Enrolment, since: date, today: date) -> Row:
    notice = next(iter(enrolment.stops), None)
    reasons = [enrolment.municipality, course(enrolment)]
    more = None
    if notice is not None:
        mentor = notice.seat.mentor.user.get_full_name()
        words = {"mentor": mentor, "day": longdate(notice.stops_on)}
        reasons = [_("%(mentor)s stops on %(day)s") % words]
        why = pgettext("link to a reason", "Why")
        more = Action(reverse("stop_notice", args=[notice.pk]), why, mentor)
    vacant = sum(place.seat is None for place in enrolment.places)
    return of_enrolment(
        enrolment,
        reasons=reasons,
        warning=_("both seats are vacant") if vacant == len(Seat.NUMBERS) else "",
        when=_vacant_for(since, today) if vacant or notice is None else on(notice.stops_on),
        then=_("said %(ago)s") % {"ago": relative(since)} if notice and not vacant else "",
        more=more,
        action=find_mentor(enrolment),
    )


def _vacant_for(since: date, today: date) -> str:
    n = (today - since).days
    if n < 1:
        return _("vacant since today")
    return ngettext("vacant for %(n)d day", "vacant for %(n)d days", n) % {"n": n}


def _uncovered(scope: Scope):
    """From two months before the release until the year is over: a mentor of the pair is away
    today, or is within 7 days, and nobody covers for all of it: the other seat is vacant today,
    or its mentor is away too on one of the days that are left.

    Whether anything was written for the other one is not asked: who stays is the cover. ``since``
    is the first day of that absence.
    """
    today = scope.today
    away = Absence.objects.not_over(today).filter(away_from__lte=scope.in_days(AWAY_WITHIN_DAYS))
    in_seat = (
        held_on(today, "mentor__seats__")
        & open_on(today, "mentor__seats__pair__")
        & Q(mentor__seats__pair__enrolment=OuterRef("pk"))
    )
    away = away.filter(in_seat).annotate(
        in_pair=F("mentor__seats__pair"), left_from=Greatest(F("away_from"), Value(today))
    )
    too = Absence.objects.filter(
        mentor=OuterRef("mentor"),
        away_from__lte=OuterRef(OuterRef("away_until")),
        away_until__gte=OuterRef(OuterRef("left_from")),
    )
    cover = (
        Seat.objects.held(today)
        .filter(~Exists(too), pair=OuterRef("in_pair"))
        .exclude(mentor=OuterRef("mentor"))
    )
    alone = away.filter(~Exists(cover)).order_by("away_from", "pk")
    begun = latest_day_reached(today, MONTHS_BEFORE_RELEASE)
    under_way = Q(released_on__isnull=False) | Q(expected_release__lte=begun)
    found = scope.enrolments().exclude(year_over(today)).filter(under_way, Exists(alone))
    return found.annotate(since=Subquery(alone.values("away_from")[:1])).order_by("since", "pk")


def first_uncovered(enrolment: Enrolment, today: date) -> tuple[Away, Away | None] | None:
    """The first absence of `_uncovered`, and the other mentor's on the same days (None where the
    other seat is vacant); needs ``attach_absences``."""
    for away in enrolment.absences:
        if (away.away_from - today).days > AWAY_WITHIN_DAYS:
            continue
        others = {s.mentor_id for s in enrolment.seats_held if s.mentor_id != away.mentor.pk}
        too = [
            other
            for other in enrolment.absences
            if other.mentor.pk in others
            and other.away_from <= away.away_until
            and other.away_until >= max(away.away_from, today)
        ]
        if not others - {other.mentor.pk for other in too}:
            return away, next(iter(too), None)
    return None


def _row_uncovered(enrolment: Enrolment, since: date, today: date) -> Row:
    away, too = first_uncovered(enrolment, today) or (None, None)
    sentence, is_now = "", False
    if away is not None:
        days = days_between(away.away_from, away.away_until)
        words = {"name": away.user.first_name, "days": days}
        is_now = away.is_now
        if too is None:
            sentence = _("%(name)s is away %(days)s, and the other seat is vacant") % words
        else:
            words["other"] = too.user.first_name
            sentence = _("%(name)s is away %(days)s, and so is %(other)s") % words
    return of_enrolment(
        enrolment,
        reasons=[sentence],
        when=lasting(since, today) if since <= today else on(since),
        is_near=is_now,
        action=write_to_pair(enrolment),
    )


NO_PAIR = Worklist(
    name="no-pair",
    title=gettext_lazy("Release within 60 days without a mentor pair"),
    short=gettext_lazy("Soon released without a pair"),
    why=gettext_lazy("Nobody is released without two mentors"),
    in_order=gettext_lazy("everyone who is released soon has a pair"),
    tone=Tone.NOW,
    find=_no_pair,
    row=_row_no_pair,
)
VACANT = Worklist(
    name="vacant",
    title=gettext_lazy("Vacant seat"),
    short=gettext_lazy("Vacant seat"),
    why=gettext_lazy("A mentor has stopped, or is about to"),
    in_order=gettext_lazy("no seat is vacant"),
    tone=Tone.NOW,
    find=_vacant,
    row=_row_vacant,
    attach=attach_notices,
    is_tall=True,
)
UNCOVERED = Worklist(
    name="uncovered",
    title=gettext_lazy("Mentor away without cover"),
    short=gettext_lazy("Away without cover"),
    why=gettext_lazy("Nobody of the pair is there"),
    in_order=gettext_lazy("whoever is away is covered for"),
    tone=Tone.SOON,
    find=_uncovered,
    row=_row_uncovered,
    attach=attach_absences,
    is_tall=True,
)
