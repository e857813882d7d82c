"""What a row from the registers would do, and doing it for many people at once.

A person has as many rows as convictions, or one that says that nothing was found. The rows about
one person are taken together or not at all: without one of them, what the registers say of that
person would look complete and not be so, and somebody could count as without a new sentence.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outcomes.followups.noting import (
    DAYS,
    Followed,
    FollowUpRefused,
    impossible,
    is_released,
    key_of,
    row_number,
    written,
)
from outcomes.imports.contradictions import OF_OFFENCE, Said
from outcomes.models import FollowUp, Reoffence, Sanction, TrialSubject
from outcomes.models.followup import consenting
from participants.consents import ConsentRefused
from participants.models import Consent, ConsentKind, Enrolment
from primus.spreadsheets.layouts import Done, Importer, Row, Verdict
from primus.spreadsheets.models import RowOutcome
from primus.spreadsheets.problems import Problem

SENTENCES = {
    "no_key": _("Write a case number like P-00042, or a trial number like F1-0042."),
    "unknown_key": _("You have nobody of that number, neither enrolled nor in a trial."),
    "unknown_sanction": _("There is no such sanction. Write one of these: %(choices)s."),
    "sanction_near": _("There is no such sanction. Did you mean %(near)s?"),
    "known_conviction": _(
        "Nothing was found, says the row. But a conviction of %(day)s is noted already. Look at it "
        "on the person's own page."
    ),
}

OF_PERSON = ("died_on", "emigrated_on")


@dataclass
class Person:
    """One person of a batch, with what is noted of them. ``number`` tells them from all others:
    an enrolment's own, a trial subject's below zero."""

    number: int
    about: Followed
    consents: bool
    follow_up: FollowUp | None = None
    noted: dict[tuple, Reoffence] = field(default_factory=dict)


def _offence(values: dict[str, Any]) -> tuple | None:
    """What the row says of an offence, if it says it all."""
    said = tuple(values.get(name) for name in OF_OFFENCE)
    return None if None in said else said


class RegisterImporter(Importer):
    """Whom a row is about, its case number or trial number says; only those the user may see are
    looked for. A register date never moves back; an empty cell changes nothing."""

    together = True

    def key(self, row: Row) -> object:
        return row.values.get("key")

    # --- Whom the rows are about -----------------------------------------------------------

    def _people(self, rows: Sequence[Row]) -> dict[object, Person]:
        """Everybody of a batch by the key that a row may have, with a fixed number of questions.

        Their consents stay as they are until the transaction ends, as where it is done by hand.
        """
        wanted = {row.values["key"] for row in rows if "key" in row.values}
        subjects = {(s.trial_id, s.number): s for s in self._subjects(wanted)}
        numbers = {k.enrolment for k in wanted if k.enrolment}
        numbers |= {s.enrolment_id for s in subjects.values() if s.enrolment_id}
        enrolments = {
            one.pk: one
            for one in Enrolment.objects.visible_to(self.user).filter(pk__in=numbers).order_by("pk")
        }
        alone = [s for s in subjects.values() if s.enrolment_id is None]
        people = self._with_consents(enrolments, alone)
        self._attach(people)
        found: dict[object, Person] = {}
        for key in wanted:
            subject = subjects.get((key.trial, key.number))
            enrolment = key.enrolment or (subject.enrolment_id if subject else None)
            number = enrolment or (-subject.pk if subject else 0)
            if number in people:
                found[key] = people[number]
        return found

    def _subjects(self, wanted) -> list[TrialSubject]:
        """By trial and number: for each trial one condition, however many numbers."""
        by_trial: dict[int, set[int]] = defaultdict(set)
        for key in wanted:
            if key.trial:
                by_trial[key.trial].add(key.number)
        if not by_trial:
            return []
        those = Q()
        for trial, numbers in by_trial.items():
            those |= Q(trial=trial, number__in=numbers)
        visible = TrialSubject.objects.visible_to(self.user).filter(those)
        # Their consent is a column of their own row.
        return list(
            TrialSubject.objects.filter(pk__in=visible.values("pk"))
            .order_by("pk")
            .select_for_update(no_key=True, of=("self",))
        )

    def _with_consents(self, enrolments, subjects) -> dict[int, Person]:
        given = (
            Consent.objects.in_force()
            .filter(enrolment__in=enrolments, kind=ConsentKind.OFFENCES)
            .order_by("pk")
            .select_for_update(no_key=True, of=("self",))
        )
        consented = {consent.enrolment_id for consent in given}
        numbers = [s.pk for s in subjects]
        willing = set(
            consenting(TrialSubject.objects.filter(pk__in=numbers)).values_list("pk", flat=True)
        )
        people = [Person(row_number(e), e, e.pk in consented) for e in enrolments.values()]
        people += [Person(row_number(s), s, s.pk in willing) for s in subjects]
        return {person.number: person for person in people}

    def _attach(self, people: dict[int, Person]) -> None:
        """What is noted of them already."""
        theirs = Q(enrolment__in=[n for n in people if n > 0]) | Q(
            subject__in=[-n for n in people if n < 0]
        )
        rows = FollowUp.objects.filter(theirs).order_by("pk").prefetch_related("reoffences")
        for row in rows:
            person = people[row.enrolment_id or -(row.subject_id or 0)]
            for name, about in key_of(person.about).items():
                setattr(row, name, about)
            person.follow_up = row
            person.noted = {
                (one.offence_on, one.convicted_on, one.sanction): one
                for one in row.reoffences.all()
            }

    # --- What a row would do ---------------------------------------------------------------

    def examine(self, rows: Sequence[Row]) -> list[Verdict]:
        people = self._people(rows)
        verdicts = [self._verdict(row, people.get(row.values.get("key"))) for row in rows]
        bad = {v.subject for row, v in zip(rows, verdicts, strict=True) if row.problems}
        for row, verdict in zip(rows, verdicts, strict=True):
            if verdict.subject in bad and not row.problems:
                row.refuse("", Problem("together"))
        return verdicts

    def _verdict(self, row: Row, person: Person | None) -> Verdict:
        if person is None:
            if "key" in row.values:
                row.refuse("key", Problem("unknown_key"))
            return Verdict(RowOutcome.BAD)
        self._check(row, person)
        changes = self._changes(row, person)
        outcome = RowOutcome.CHANGE if changes else RowOutcome.SAME
        if changes and (person.follow_up is None or "offence_on" in changes):
            outcome = RowOutcome.CREATE
        return Verdict(outcome, changes, person.number, known=person)

    def _check(self, row: Row, person: Person) -> None:
        """Everything that is wrong with the row at once."""
        values = row.values
        if not person.consents:
            row.refuse("key", ConsentRefused(f"missing_{ConsentKind.OFFENCES.value}"))
            return
        released_on = person.about.released_on
        if released_on is None or not is_released(person.about):
            row.refuse("key", FollowUpRefused("not_released"))
            return
        said = [name for name in OF_OFFENCE if name in values or name in row.problems]
        for name in OF_OFFENCE if said else ():
            if name not in values and name not in row.problems:
                row.refuse(name, Problem("missing"))
        days = {name: values.get(name) for name in DAYS}
        if person.follow_up and days["died_on"] is None:
            days["died_on"] = person.follow_up.died_on
        for name, refused in impossible(days, released_on, timezone.localdate()).items():
            # What is noted already is not the row's to answer for.
            if name in values and name not in row.problems:
                row.refuse(name, refused)
        self._check_beside_noted(row, person, nothing_found=not said)

    def _check_beside_noted(self, row: Row, person: Person, *, nothing_found: bool) -> None:
        values = row.values
        read_to, died = values.get("register_date"), values.get("died_on")
        convicted = [one.convicted_on for one in person.noted.values()]
        if nothing_found and read_to and any(day <= read_to for day in convicted):
            row.refuse("", Problem("known_conviction", day=written(min(convicted))))
        offended = max((one.offence_on for one in person.noted.values()), default=None)
        if died and offended and offended > died and "died_on" not in row.problems:
            row.refuse(
                "died_on", FollowUpRefused("offence_noted", "died_on", day=written(offended))
            )

    def _changes(self, row: Row, person: Person) -> dict[str, list[str]]:
        values, now = row.values, person.follow_up
        changes: dict[str, list[str]] = {}
        read_to = values.get("register_date")
        if read_to and (now is None or now.register_date < read_to):
            changes["register_date"] = [written(now.register_date) if now else "", written(read_to)]
        for name in OF_PERSON:
            before = getattr(now, name) if now else None
            if name in values and values[name] != before:
                changes[name] = [written(before) if before else "", written(values[name])]
        offence = _offence(values)
        if offence is not None and offence not in person.noted:
            changes["offence_on"] = ["", written(offence[0])]
            changes["convicted_on"] = ["", written(offence[1])]
            changes["sanction"] = ["", str(Sanction(offence[2]).label)]
        return changes

    def compare(self, row: Row, verdict: Verdict, earlier: dict) -> None:
        """Rows about one person may not contradict each other; one that says the same again
        changes nothing."""
        if verdict.subject is None:
            return
        said = earlier.setdefault(verdict.subject, Said())
        said.check(row)
        if said.has_said(row) and verdict.outcome != RowOutcome.BAD:
            verdict.outcome, verdict.changes = RowOutcome.SAME, {}

    # --- Doing it --------------------------------------------------------------------------

    def apply_all(self, good: Sequence[tuple[Row, Verdict]]) -> list[Done]:
        now = timezone.now()
        rows: dict[int, list[Row]] = defaultdict(list)
        people: dict[int, Person] = {}
        for row, verdict in good:
            people[verdict.known.number] = verdict.known
            rows[verdict.known.number].append(row)
        new: list[FollowUp] = []
        changed: list[FollowUp] = []
        for number, person in people.items():
            into = changed if person.follow_up else new
            person.follow_up = self._written(person, rows[number])
            person.follow_up.recorded_by, person.follow_up.recorded_at = self.user, now
            into.append(person.follow_up)
        FollowUp.objects.bulk_create(new)
        FollowUp.objects.bulk_update(
            changed, ["register_date", *OF_PERSON, "recorded_by", "recorded_at"]
        )
        Reoffence.objects.bulk_create(
            Reoffence(
                follow_up=people[number].follow_up, **dict(zip(OF_OFFENCE, offence, strict=True))
            )
            for number, theirs in rows.items()
            for offence in dict.fromkeys(_offence(row.values) for row in theirs)
            if offence is not None and offence not in people[number].noted
        )
        return [Done(row, created=[row]) for row in new] + [
            Done(row, changed=[row]) for row in changed
        ]

    def _written(self, person: Person, rows: list[Row]) -> FollowUp:
        """The person's follow-up as the rows say it, not saved yet."""
        row = person.follow_up or FollowUp(**key_of(person.about))
        read_to = max(one.values["register_date"] for one in rows)
        if row.register_date is None or row.register_date < read_to:
            row.register_date = read_to
        for name in OF_PERSON:
            for one in rows:
                if name in one.values:
                    setattr(row, name, one.values[name])
        return row

    def people(self, subjects: Iterable[int]) -> dict[int, models.Model]:
        numbers = set(subjects)
        enrolments = Enrolment.objects.visible_to(self.user).filter(
            pk__in=[number for number in numbers if number > 0]
        )
        found: dict[int, models.Model] = {one.pk: one for one in enrolments}
        below = [-number for number in numbers if number < 0]
        if below:
            visible = TrialSubject.objects.visible_to(self.user).filter(pk__in=below)
            found |= {-one.pk: one for one in visible}
        return found
