"""What a row about a participant would do, and doing it by the verbs that the pages use."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants import languages, timeslots
from participants.alike import Alike, DateLikeness, NameLikeness
from participants.consents import check_given
from participants.imports.places import Places
from participants.models import ConsentKind, Enrolment, MoveReason, Participant, SupportArea
from participants.models.consent import ConsentForm
from participants.people_rules import check_birth, check_referred
from participants.referral import AlreadyEnrolled, refer
from participants.releases import check_expected, confirm_release, move_release
from participants.transfers import Place, move_institution
from primus import phones
from primus.names import folded
from primus.refusals import Refused
from primus.spreadsheets.layouts import Done, Importer, Row, Verdict, layout_of
from primus.spreadsheets.models import ImportKind, RowOutcome
from primus.spreadsheets.problems import Problem, RowRefused, about

SENTENCES = {
    "no_case": gettext_lazy("You have no enrolment with that number."),
    "other_person": gettext_lazy("%(number)s is about somebody else."),
    "other_referral": gettext_lazy("%(number)s was referred on %(day)s."),
    "several": gettext_lazy(
        "More than one person has this name and date of birth. Write the case number as well."
    ),
    "in_programme": gettext_lazy("Is in the programme already: %(number)s, referred on %(day)s."),
    "elsewhere": gettext_lazy(
        "The enrolment is in %(place)s. Another municipality is chosen on its own page."
    ),
    "has_ended": gettext_lazy("%(number)s has ended, so a file changes nothing in it."),
}

OF_PERSON = ("gender", "phone", "email", "postcode", "languages")
OF_ENROLMENT = ("release_kind", "gender_wish", "wished_times", "trade", "wishes", "source")
# What somebody new has where the file says nothing.
UNSAID = {"phone": "", "email": "", "postcode": ""}


def written_day(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def names_of_areas(codes: Iterable[str]) -> str:
    return ", ".join(str(SupportArea(code).label) for code in codes)


# How what is kept as a list of codes is written.
NAMES_OF = {
    "languages": languages.names,
    "wished_times": timeslots.names,
    "times": timeslots.names,
    "areas_known": names_of_areas,
}


def said(obj: models.Model, name: str, value) -> str:
    """A field's value as a reader is told it."""
    if value in (None, "", []):
        return ""
    if isinstance(value, date):
        return written_day(value)
    if isinstance(value, list):
        return NAMES_OF[name](value)
    if name == "phone":
        return phones.shown(value)
    return str(_choices(type(obj), name).get(value, value))


@cache
def _choices(model: type[models.Model], name: str) -> dict:
    """What a field's values are called; by whom they are read decides in which language."""
    return dict(getattr(model._meta.get_field(name), "choices", None) or ())


def is_same(name: str, before, after) -> bool:
    """A phone number is the same however its digits stand, a list whatever its order."""
    if name == "phone":
        return phones.tel(before) == phones.tel(after)
    if isinstance(after, list):
        return sorted(before or []) == sorted(after)
    return before == after


class ParticipantImporter(Importer):
    """A participant is known by name and date of birth, an enrolment by the day of referral.

    Only those the user may see are looked at. An empty cell changes nothing.
    """

    def __init__(self, user):
        super().__init__(user)
        self.places = Places(user)

    def key(self, row: Row) -> object:
        return _who(row.values)

    # --- What a row would do ---------------------------------------------------------------

    def examine(self, rows: Sequence[Row]) -> list[Verdict]:
        for row in rows:
            self.places.look_up(row, "municipality")
            self.places.look_up(row, "institution")
        people = self._people_of(rows)
        numbers = {r.values["case_number"] for r in rows if "case_number" in r.values}
        cases = {e.pk: e for e in self._enrolments().filter(pk__in=numbers)}
        theirs: dict[int, list[Enrolment]] = defaultdict(list)
        known = {person.pk for found in people.values() for person in found}
        for enrolment in self._enrolments().filter(participant__in=known):
            theirs[enrolment.participant_id].append(enrolment)
        return [self._verdict(row, people, theirs, cases) for row in rows]

    def _enrolments(self):
        enrolments = Enrolment.objects.visible_to(self.user)
        return enrolments.select_related("participant", "municipality", "institution")

    def _people_of(self, rows: Sequence[Row]) -> dict[object, list[Participant]]:
        born = {row.values["birth_date"] for row in rows if "birth_date" in row.values}
        found: dict[object, list[Participant]] = defaultdict(list)
        visible = Participant.objects.visible_to(self.user).filter(birth_date__in=born)
        for person in visible.order_by("pk"):
            found[folded(person.get_full_name()), person.birth_date].append(person)
        return found

    def _verdict(self, row: Row, people, theirs, cases) -> Verdict:
        enrolment, alike = None, None
        try:
            enrolment, alike = self._find(row, people, theirs, cases)
        except RowRefused as refusal:
            row.refuse(refusal.field, refusal.refused)
        if enrolment is not None:
            return self._compared(row, enrolment)
        self._check_new(row, alike)
        latest = alike.latest.pk if alike else None
        return Verdict(RowOutcome.CREATE, subject=latest, known=alike)

    def _find(self, row: Row, people, theirs, cases) -> tuple[Enrolment | None, Alike | None]:
        """The enrolment that the row is about; else the person who is to have a new one, if they
        are known. Raises RowRefused."""
        values = row.values
        who, referred = _who(values), values.get("referred_on")
        if "case_number" in values:
            found = cases.get(values["case_number"])
            if found is None:
                raise RowRefused("case_number", Problem("no_case"))
            number = found.case_number
            person = found.participant
            if who is not None and who != (folded(person.get_full_name()), person.birth_date):
                raise RowRefused("case_number", Problem("other_person", number=number))
            if referred is not None and referred != found.referred_on:
                day = written_day(found.referred_on)
                raise RowRefused("referred_on", Problem("other_referral", number=number, day=day))
            return found, None
        same = people.get(who, []) if who is not None and referred is not None else []
        at_once = [e for p in same for e in theirs[p.pk] if e.referred_on == referred]
        if len(at_once) > 1 or (not at_once and len(same) > 1):
            raise RowRefused("", Problem("several"))
        if at_once:
            return at_once[0], None
        if not same:
            return None, None
        alike = _alike(same[0], theirs[same[0].pk])
        if alike.current is not None:
            raise RowRefused("", _in_programme(alike.current))
        return None, alike

    def _check_new(self, row: Row, alike: Alike | None) -> None:
        """Everything that is wrong with a new one at once, before the verb says the first."""
        layout_of(ImportKind.PARTICIPANTS).demand(row)
        values = row.values
        born, referred = values.get("birth_date"), values.get("referred_on")
        if born and alike is None:
            _check(row, "birth_date", check_birth, born)
        if referred:
            _check(row, "referred_on", check_referred, referred, born)
        if expected := values.get("expected_release"):
            _check(row, "expected_release", check_expected, expected, referred or expected)
        if consented := values.get("consent_on"):
            form = values.get("consent_form", ConsentForm.WRITTEN)
            kind = ConsentKind.PARTICIPATION
            _check(row, "consent_on", check_given, kind, form, consented, born)

    def _compared(self, row: Row, enrolment: Enrolment) -> Verdict:
        """What the row says otherwise than what is known."""
        changes: dict[str, list[str]] = {}
        for name in (*OF_PERSON, *OF_ENROLMENT, "institution", "expected_release", "released_on"):
            if name not in row.values:
                continue
            of = enrolment.participant if name in OF_PERSON else enrolment
            before, after = getattr(of, name), row.values[name]
            if not is_same(name, before, after):
                changes[name] = [said(of, name, before), said(of, name, after)]
        place = row.values.get("municipality", enrolment.municipality)
        if place != enrolment.municipality:
            row.refuse("municipality", Problem("elsewhere", place=enrolment.municipality.name))
        elif changes and not enrolment.is_current:
            row.refuse("", Problem("has_ended", number=enrolment.case_number))
        outcome = RowOutcome.CHANGE if changes else RowOutcome.SAME
        return Verdict(outcome, changes, enrolment.pk, known=enrolment)

    # --- Doing it --------------------------------------------------------------------------

    def apply(self, row: Row, verdict: Verdict) -> Done:
        if verdict.outcome == RowOutcome.CREATE:
            return self._create(row.values, verdict.known)
        return self._change(row.values, verdict.known, verdict.changes)

    def _create(self, values: dict, alike: Alike | None) -> Done:
        person = ("first_name", "last_name", "birth_date", *OF_PERSON)
        course = ("municipality", "institution", "referred_on", "expected_release", *OF_ENROLMENT)
        given = {
            "kind": ConsentKind.PARTICIPATION,
            "form": values.get("consent_form", ConsentForm.WRITTEN),
            "given_on": values["consent_on"],
        }
        try:
            with about(""):
                enrolment, _is_new = refer(
                    by=self.user,
                    # The row itself says that it has been done.
                    token=None,
                    participant=UNSAID | {n: values[n] for n in person if n in values},
                    enrolment={n: values[n] for n in course if n in values}
                    | {"coordinator": getattr(self.user, "coordinator", None)},
                    consents_given=[given],
                    known=alike,
                )
        except AlreadyEnrolled as already:
            raise RowRefused("", _in_programme(already.enrolment)) from already
        if "released_on" in values:
            with about("released_on"):
                confirm_release(enrolment, values["released_on"], by=self.user)
        created: list[models.Model] = [enrolment]
        if alike is None:
            created.append(enrolment.participant)
            return Done(enrolment, created=created)
        return Done(enrolment, created=created, changed=[enrolment.participant])

    def _change(self, values: dict, enrolment: Enrolment, changes: dict) -> Done:
        seen = str(Place.of(enrolment))
        changed: list[models.Model] = [enrolment]
        if "institution" in changes:
            with about("institution"):
                move_institution(
                    enrolment,
                    values["institution"],
                    on=timezone.localdate(),
                    seen=seen,
                    by=self.user,
                    note=_("From a spreadsheet"),
                )
        if "expected_release" in changes:
            with about("expected_release"):
                move_release(
                    enrolment,
                    values["expected_release"],
                    reason=MoveReason.OTHER,
                    note=_("From a spreadsheet"),
                    by=self.user,
                )
        if "released_on" in changes:
            with about("released_on"):
                confirm_release(enrolment, values["released_on"], by=self.user)
        write_fields(enrolment, values, [name for name in OF_ENROLMENT if name in changes])
        of_person = [name for name in OF_PERSON if name in changes]
        if of_person:
            write_fields(enrolment.participant, values, of_person)
            changed.append(enrolment.participant)
        return Done(enrolment, changed=changed)

    def people(self, subjects: Iterable[int]) -> dict[int, models.Model]:
        return {e.pk: e for e in self._enrolments().filter(pk__in=set(subjects))}


def _who(values: dict) -> tuple[str, date] | None:
    named = values.get("first_name") and values.get("last_name") and values.get("birth_date")
    if not named:
        return None
    return folded(f"{values['first_name']} {values['last_name']}"), values["birth_date"]


def _alike(person: Participant, enrolments: list[Enrolment]) -> Alike:
    latest_first = sorted(enrolments, key=lambda e: (e.referred_on, e.pk), reverse=True)
    current = next((e for e in latest_first if e.is_current), None)
    return Alike(person, current, latest_first[0], NameLikeness.SAME, DateLikeness.SAME)


def _in_programme(enrolment: Enrolment) -> Problem:
    day = written_day(enrolment.referred_on)
    return Problem("in_programme", number=enrolment.case_number, day=day)


def _check(row: Row, field: str, rule, *args) -> None:
    try:
        rule(*args)
    except Refused as refused:
        row.refuse(field, refused)


def write_fields(obj: models.Model, values: dict, names: list[str]) -> None:
    """Write the fields, and nothing else of the row: others may be changing it meanwhile."""
    if names:
        type(obj)._base_manager.filter(pk=obj.pk).update(**{name: values[name] for name in names})
