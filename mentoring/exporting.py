"""A coordinator's lists as rows of text, under the headings that an import knows: the file can be
mended in a spreadsheet and imported again, and unmended it changes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mentoring.directory import attach_rows
from mentoring.imports.importer import CLEARANCES
from mentoring.models import Mentor
from mentoring.seats import attach_seats
from participants.imports.importer import said
from participants.models import Consent, ConsentKind, Enrolment
from participants.phases import Phase
from primus.spreadsheets.layouts import Layout, layout_of
from primus.spreadsheets.models import ImportKind

# Whose own values the columns are, beside those of the enrolment or the mentor.
OF_PERSON = ("first_name", "last_name", "birth_date", "gender", "languages", "phone", "email")
OF_PARTICIPANT = (*OF_PERSON, "postcode")
OF_USER = ("first_name", "last_name", "email", "phone")


# So many rows at a time get what stands beside them, in a few queries.
AT_ONCE = 500


def _parts(rows: Sequence) -> Iterator[Sequence]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def enrolment_rows(enrolments: Sequence[Enrolment]) -> Iterator[list[str]]:
    """The headings, and a row for each enrolment of a `caseload`, in the order given; in two
    queries for each part of them."""
    cells = _Cells(layout_of(ImportKind.PARTICIPANTS))
    phases = {phase.value: str(phase.label) for phase in Phase}
    yield [*_headings(cells.layout), _("Phase"), _("Mentors")]
    for part in _parts(enrolments):
        # What is given to each, the model does not know of.
        found: list[Any] = list(attach_seats(part))
        consents = {
            consent.enrolment_id: consent
            for consent in Consent.objects.filter(
                enrolment__in=found, kind=ConsentKind.PARTICIPATION, withdrawn_on=None
            )
        }
        for enrolment in found:
            names = ", ".join(seat.mentor.user.get_full_name() for seat in enrolment.seats_now)
            values = _enrolment(cells, enrolment, consents.get(enrolment.pk))
            yield [*values, phases[enrolment.phase_now], names]


def _headings(layout: Layout) -> list[str]:
    return [str(column.label) for column in layout.columns]


class _Cells:
    """What stands in the cells of one file. The same days and choices come again in row after row,
    and are put into words once."""

    def __init__(self, layout: Layout):
        self.layout = layout
        self._words: dict[tuple, str] = {}

    def cell(self, of: Any, name: str, value) -> str:
        """As it is read again: a day with its numbers, anything else in the reader's words."""
        key = type(of), name, tuple(value) if isinstance(value, list) else value
        if key not in self._words:
            is_day = isinstance(value, date)
            self._words[key] = f"{value:%d-%m-%Y}" if is_day else said(of, name, value)
        return self._words[key]

    def of(self, given: Mapping[str, str], row: Any, others: Mapping) -> list[str]:
        """What stands in each column: what is `given`, else the field of `row`, or of the other
        one whose it is."""
        values = []
        for column in self.layout.columns:
            name = column.name
            if name in given:
                values.append(given[name])
            else:
                whose = others.get(name, row)
                values.append(self.cell(whose, name, getattr(whose, name)))
        return values


def _enrolment(cells: _Cells, enrolment: Enrolment, consent: Consent | None) -> list[str]:
    given: dict[str, str] = {
        "case_number": enrolment.case_number,
        "municipality": enrolment.municipality.name,
        "institution": enrolment.institution.name,
        "consent_on": cells.cell(consent, "given_on", consent.given_on) if consent else "",
        "consent_form": cells.cell(consent, "form", consent.form) if consent else "",
    }
    return cells.of(given, enrolment, dict.fromkeys(OF_PARTICIPANT, enrolment.participant))


def mentor_rows(mentors: Sequence[Mentor]) -> Iterator[list[str]]:
    """The headings, and a row for each mentor, in the order given; in as many queries for each part
    of them as a page of the directory."""
    cells = _Cells(layout_of(ImportKind.MENTORS))
    yield [*_headings(cells.layout), _("Follows"), _("Ended pairs")]
    for part in _parts(mentors):
        found: list[Any] = list(attach_rows(part))
        for mentor in found:
            given = {"municipality": mentor.municipality.name}
            for standing in mentor.clearances_now:
                obtained, until = CLEARANCES[standing.kind]
                clearance = standing.clearance
                for name, day in ((obtained, "obtained_on"), (until, "expires_on")):
                    known = getattr(clearance, day) if clearance else None
                    given[name] = cells.cell(clearance, name, known)
            values = cells.of(given, mentor, dict.fromkeys(OF_USER, mentor.user))
            yield [*values, str(mentor.places.held), str(mentor.ended_pairs)]
