"""A coordinator's lists as rows of text, under the headings that an import knows: the file can be
mended in a spreadsheet and imported again, and unmended it changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mentoring.directory import attach_rows
from mentoring.imports.importer import CLEARANCES
from mentoring.models import Mentor
from mentoring.seats import attach_seats
from participants.imports.importer import said
from participants.models import Consent, ConsentKind, Enrolment
from primus.spreadsheets.layouts import Layout, layout_of
from primus.spreadsheets.models import ImportKind

# Whose own values the columns are, beside those of the enrolment or the mentor.
OF_PERSON = ("first_name", "last_name", "birth_date", "gender", "languages", "phone", "email")
OF_PARTICIPANT = (*OF_PERSON, "postcode")
OF_USER = ("first_name", "last_name", "email", "phone")


def enrolment_rows(enrolments: Iterable[Enrolment]) -> Iterator[list[str]]:
    """The headings, and a row for each enrolment, in the order given; in two queries."""
    # What is given to each, the model does not know of.
    found: list[Any] = list(attach_seats(enrolments))
    consents = {
        consent.enrolment_id: consent
        for consent in Consent.objects.filter(
            enrolment__in=found, kind=ConsentKind.PARTICIPATION, withdrawn_on=None
        )
    }
    layout = layout_of(ImportKind.PARTICIPANTS)
    yield [*_headings(layout), _("Phase"), _("Mentors")]
    for enrolment in found:
        names = ", ".join(seat.mentor.user.get_full_name() for seat in enrolment.seats_now)
        values = _enrolment(layout, enrolment, consents.get(enrolment.pk))
        yield [*values, str(enrolment.phase.label), names]


def _headings(layout: Layout) -> list[str]:
    return [str(column.label) for column in layout.columns]


def _enrolment(layout: Layout, enrolment: Enrolment, consent: Consent | None) -> list[str]:
    given: dict[str, str] = {
        "case_number": enrolment.case_number,
        "municipality": enrolment.municipality.name,
        "institution": enrolment.institution.name,
        "consent_on": _cell(consent, "given_on", consent.given_on) if consent else "",
        "consent_form": _cell(consent, "form", consent.form) if consent else "",
    }
    return _values(layout, given, enrolment, dict.fromkeys(OF_PARTICIPANT, enrolment.participant))


def _cell(of: Any, name: str, value) -> str:
    """As it is read again: a day with its numbers, and anything else in the reader's words."""
    return value.strftime("%d-%m-%Y") if isinstance(value, date) else said(of, name, value)


def _values(layout: Layout, given: Mapping[str, str], row: Any, others: Mapping) -> list[str]:
    """What stands in each column: what is `given`, else the field of `row`, or of the other one
    whose it is."""
    values = []
    for column in layout.columns:
        if column.name in given:
            values.append(given[column.name])
        else:
            of = others.get(column.name, row)
            values.append(_cell(of, column.name, getattr(of, column.name)))
    return values


def mentor_rows(mentors: Iterable[Mentor]) -> Iterator[list[str]]:
    """The headings, and a row for each mentor, in the order given; in as many queries as a page of
    the directory."""
    layout = layout_of(ImportKind.MENTORS)
    yield [*_headings(layout), _("Follows"), _("Ended pairs")]
    found: list[Any] = list(attach_rows(mentors))
    for mentor in found:
        given = {"municipality": mentor.municipality.name}
        for standing in mentor.clearances_now:
            obtained, until = CLEARANCES[standing.kind]
            clearance = standing.clearance
            given[obtained] = _cell(clearance, obtained, clearance.obtained_on) if clearance else ""
            given[until] = _cell(clearance, until, clearance.expires_on) if clearance else ""
        values = _values(layout, given, mentor, dict.fromkeys(OF_USER, mentor.user))
        yield [*values, str(mentor.places.held), str(mentor.ended_pairs)]
