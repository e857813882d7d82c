"""Enrolments: where they stand today, how far they came, and new crime after release."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from mentoring.asked import with_pair_time
from mentoring.models import MentorPair, Seat
from mentoring.seats import seats_filled
from mentoring.targets import CONTACT_WITHIN_DAYS, PAIR_WITHIN_DAYS
from outcomes.counting.cells import (
    MONTHS_OVER,
    Contact,
    Counted,
    Crime,
    Furthest,
    Onward,
    Released,
    Seats,
    Step,
    Waited,
    YearCrime,
)
from outcomes.counting.meetings import Contacts, contacts_after, days_met
from outcomes.counting.needs import Ratings
from outcomes.models import Reoffence
from outcomes.recidivism import DEFINITIONS, OBSERVABLE, History, Offence, Outcome, classify
from participants.models import Consent, ConsentKind, EndReason, Enrolment
from participants.phases import CURRENT_PHASES, latest_day_reached

STREAM = 5000
FIELDS = (
    "pk",
    "municipality",
    "phase_now",
    "has_pair",
    "seats_now",
    "referred_on",
    "paired_on",
    "consented",
    "released_on",
    "seats_at_release",
    "ended_on",
    "end_reason",
    "follow_up__register_date",
    "follow_up__died_on",
    "follow_up__emigrated_on",
)


@dataclass(slots=True)
class Row:
    """One enrolment, as the fields above."""

    pk: int
    municipality: str
    phase: str
    has_pair: bool
    seats_now: int
    referred_on: date
    paired_on: date | None
    consented: bool
    released_on: date | None
    seats_at_release: int
    ended_on: date | None
    end_reason: str
    register_date: date | None
    died_on: date | None
    emigrated_on: date | None


class Calendar:
    """The days on which something becomes known, worked out once for a day."""

    def __init__(self, today: date):
        self.today = today
        # The latest release of which so many whole months are over.
        self._last = {months: latest_day_reached(today, -months) for months in MONTHS_OVER}
        self._over: dict[date, int] = {}

    def months_over(self, released_on: date) -> int:
        """Which of MONTHS_OVER are over since a release; 0 for none."""
        if released_on not in self._over:
            months = (m for m, last in self._last.items() if released_on <= last)
            self._over[released_on] = max(months, default=0)
        return self._over[released_on]


def count_enrolments(counted: Counted, today: date) -> None:
    """Goes through the enrolments once, with four questions to the database."""
    offences = _offences()
    days = days_met(today)
    ratings = Ratings()
    calendar = Calendar(today)
    consents = Consent.objects.filter(
        enrolment=OuterRef("pk"), kind=ConsentKind.PARTICIPATION, given_on__lte=today
    )
    rows = (
        with_pair_time(Enrolment.objects.taken_in().filter(referred_on__lte=today))
        .with_phase(today)
        .annotate(
            has_pair=Exists(MentorPair.objects.current(today).filter(enrolment=OuterRef("pk"))),
            seats_now=seats_filled(today),
            seats_at_release=seats_filled(OuterRef("released_on")),
            consented=Exists(consents),
        )
        .order_by()
        .values_list(*FIELDS)
    )
    for values in rows.iterator(chunk_size=STREAM):
        row = Row(*values)
        out_on = row.released_on if row.released_on and row.released_on <= today else None
        contacts = contacts_after(out_on, days.pop(row.pk, "")) if out_on else None
        _count_now(counted, row)
        _count_referred(counted, row, contacts, calendar)
        if out_on is not None:
            cell = row.municipality, out_on.year
            released = counted.released[cell]
            over = calendar.months_over(out_on)
            _count_released(released, row, contacts, over)
            ratings.add(released, cell, row.pk, over)
            history = History(
                out_on,
                row.register_date,
                row.died_on,
                row.emigrated_on,
                tuple(offences.get(row.pk, ())),
            )
            _count_crime(released, history, today)
    ratings.count(counted.released)


def _offences() -> dict[int, list[Offence]]:
    found: dict[int, list[Offence]] = defaultdict(list)
    known = (
        Reoffence.objects.filter(follow_up__enrolment__isnull=False)
        .order_by()
        .values_list("follow_up__enrolment", "offence_on", "convicted_on", "sanction")
    )
    for enrolment, offence_on, convicted_on, sanction in known.iterator(chunk_size=STREAM):
        found[enrolment].append(Offence(offence_on, convicted_on, sanction))
    return found


def _count_now(counted: Counted, row: Row) -> None:
    now = counted.now[row.municipality]
    if row.phase not in CURRENT_PHASES:
        now.ended += 1
        return
    now.phases[row.phase] += 1
    two = Seats.TWO if row.seats_now >= len(Seat.NUMBERS) else Seats.VACANT
    now.seats[two if row.has_pair else Seats.NONE] += 1


def _count_referred(
    counted: Counted, row: Row, contacts: Contacts | None, calendar: Calendar
) -> None:
    referred = counted.referred[row.municipality, row.referred_on.year]
    paired_on = row.paired_on
    if paired_on is not None and paired_on > calendar.today:
        paired_on = None
    referred.people += 1
    waited = Waited.NONE
    if paired_on is not None:
        days = (paired_on - row.referred_on).days
        referred.days[days] += 1
        waited = Waited.WITHIN if days <= PAIR_WITHIN_DAYS else Waited.LATER
    furthest = _furthest(row, paired_on, contacts, calendar.today)
    referred.flow[furthest, str(waited)] += 1


def _goes_on(row: Row, today: date) -> bool:
    return row.ended_on is None or row.ended_on > today


def _furthest(row: Row, paired_on: date | None, contacts: Contacts | None, today: date) -> Furthest:
    """The last step that somebody has come to, every step before it included."""
    goes_on = _goes_on(row, today)
    reached = (
        # Nobody is given a pair who has not said yes, written down or not.
        row.consented or paired_on is not None,
        paired_on is not None,
        row.released_on is not None and row.released_on <= today,
        contacts is not None,
        contacts is not None and contacts.is_late,
        row.end_reason == EndReason.COMPLETED and not goes_on,
    )
    came = next((step for step, is_reached in enumerate(reached) if not is_reached), len(reached))
    if came == len(reached):
        return str(Step.COMPLETED), ""
    return str(tuple(Step)[came]), str(Onward.PENDING if goes_on else Onward.DROPPED)


def _count_released(released: Released, row: Row, contacts: Contacts | None, over: int) -> None:
    assert row.released_on is not None
    released.people += 1
    released.without_two += row.seats_at_release < len(Seat.NUMBERS)
    contact = Contact.NOT if over else Contact.EARLY
    if over and contacts is not None and contacts.within(CONTACT_WITHIN_DAYS, row.released_on):
        contact = Contact.WITHIN
    released.time[over, str(contact)] += 1
    met = contacts.by_month if contacts is not None else [0] * over
    for month in range(over):
        if held := met[month]:
            released.meetings[over, month + 1].add(held)


def _count_crime(released: Released, history: History, today: date) -> None:
    """The definitions with two years' window agree on who can be judged, and each counts some of
    the sanctions that the next one counts."""
    any_conviction = classify(history, today, DEFINITIONS["dst"])
    crime = Crime.NONE
    if any_conviction not in OBSERVABLE:
        crime = Crime.UNKNOWN
        released.reasons[str(any_conviction)] += 1
    elif any_conviction == Outcome.REOFFENDED:
        crime = next(
            (
                narrower
                for narrower in (Crime.KRUS, Crime.KRIMINALFORSORGEN)
                if classify(history, today, DEFINITIONS[narrower]) == Outcome.REOFFENDED
            ),
            Crime.DST,
        )
    in_a_year = classify(history, today, DEFINITIONS["jdl"])
    year_crime = YearCrime.UNKNOWN
    if in_a_year in OBSERVABLE:
        is_new = in_a_year == Outcome.REOFFENDED
        year_crime = YearCrime.REOFFENDED if is_new else YearCrime.NONE
    released.crime[str(crime), str(year_crime)] += 1
