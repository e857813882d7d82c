"""The columns of a file from the registers, what they are called, and how their cells are read."""

import re
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from outcomes.followups.noting import FollowUpRefused, address_of
from outcomes.imports import contradictions
from outcomes.imports.importer import SENTENCES, RegisterImporter
from outcomes.models import Sanction
from participants.consents import ConsentRefused
from participants.models import Enrolment
from primus.spreadsheets.cells import keys, nearest
from primus.spreadsheets.layouts import Column, Layout
from primus.spreadsheets.models import ImportKind
from primus.spreadsheets.parsers import one_of, past_day
from primus.spreadsheets.problems import Problem, sentences_of

# «F1-0042», however carelessly it is written.
PSEUDONYM = re.compile(r"\s*f([0-9]{1,9})\s*-\s*0*([0-9]{1,9})\s*", re.IGNORECASE)
# What else a sanction is called, beside its name on the page.
SANCTIONS = {
    "ubetinget": "unsuspended",
    "ubetinget dom": "unsuspended",
    "ubetinget straf": "unsuspended",
    "ubetinget fængselsstraf": "unsuspended",
    "ubetinget frihedsstraf": "unsuspended",
    "unsuspended": "unsuspended",
    "unsuspended sentence": "unsuspended",
    "immediate custody": "unsuspended",
    "betinget": "suspended",
    "betinget dom": "suspended",
    "betinget straf": "suspended",
    "betinget fængselsstraf": "suspended",
    "betinget frihedsstraf": "suspended",
    "suspended": "suspended",
    "suspended sentence": "suspended",
    "tilsyn": "supervised",
    "dom med tilsyn": "supervised",
    "betinget dom med tilsyn": "supervised",
    "samfundstjeneste": "supervised",
    "betinget dom med samfundstjeneste": "supervised",
    "supervised": "supervised",
    "supervision": "supervised",
    "probation": "supervised",
    "community service": "supervised",
    "community sentence": "supervised",
    "bøde": "fine",
    "bødeforlæg": "fine",
    "bødedom": "fine",
    "dagbøder": "fine",
    "bødestraf": "fine",
    "fines": "fine",
    "anden": "other",
    "andet": "other",
    "anden dom": "other",
    "anden afgørelse": "other",
    "øvrige": "other",
    "other conviction": "other",
}
_known_sanction = one_of(Sanction, SANCTIONS)


class Key(NamedTuple):
    """By what a row says whom it is about: an enrolment's number, or a subject's in its trial."""

    enrolment: int = 0
    trial: int = 0
    number: int = 0


def key(said: str) -> Key:
    """A case number or a trial subject's number."""
    if found := PSEUDONYM.fullmatch(said):
        return Key(trial=int(found[1]), number=int(found[2]))
    number = Enrolment.case_number_in(said)
    if number is None:
        raise Problem("no_key")
    return Key(enrolment=number)


@lru_cache(maxsize=8)
def _names(_language: str) -> dict[str, str]:
    """Every way in which a sanction is written, with its name in the reader's language."""
    labels = {str(sanction.value): str(sanction.label) for sanction in Sanction}
    names = {key: labels[value] for said, value in SANCTIONS.items() for key in keys(said)}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said = {str(sanction.value): str(sanction.label) for sanction in Sanction}
        names |= {key: labels[value] for value, text in said.items() for key in keys(text)}
    return names


@lru_cache(maxsize=512)
def _near(said: str, language: str) -> tuple[str, ...]:
    names = _names(language)
    within = [name for known, name in names.items() if min(keys(said)) in known and len(said) > 3]
    return tuple(dict.fromkeys([*nearest(said, names), *within]))[:3]


def sanction(said: str) -> str:
    """What a conviction was to, by any of its names."""
    try:
        return str(_known_sanction(said))
    except Problem as unknown:
        near = _near(said[:40], translation.get_language() or "")
        if near:
            raise Problem("sanction_near", near=" / ".join(near)) from unknown
        raise Problem("unknown_sanction", **unknown.words) from unknown


# A file that leaves out a sentence noted before would say that there is none.
ALL_SENTENCES = _(
    "The file must have all of each person's sentences after release in it, also those that are "
    "noted already: a row for each."
)

LAYOUT = Layout(
    kind=ImportKind.REGISTER,
    importer=RegisterImporter,
    title=("key",),
    section="enrolments",
    list_url="enrolment_list",
    page_of=address_of,
    hint=ALL_SENTENCES,
    sentences=SENTENCES | contradictions.SENTENCES | sentences_of(FollowUpRefused, ConsentRefused),
    columns=(
        Column(
            "key",
            _("Case number or trial number"),
            key,
            also=(
                "sagsnummer", "sagsnr", "forløbsnummer", "forløbsnr", "forsøgsnummer", "pseudonym",
                "nøgle", "løbenummer", "case number", "case key", "case", "key", "trial number",
            ),
            filled=True,
            example="P-00000",
            hint=_("Like P-00042, or F1-0042 for somebody in a trial. Never a name."),
        ),
        Column(
            "register_date",
            _("Registers read up to"),
            past_day,
            also=(
                "registerdato", "register læst til", "opslagsdato", "opgjort", "opgørelsesdato",
                "register date", "read up to", "as of",
            ),
            filled=True,
            example="30-06-2026",
            hint=_("A row with this day and no offence says: looked up, and nothing found."),
        ),
        Column(
            "offence_on",
            _("Date of offence"),
            past_day,
            also=(
                "gerningsdato", "gerningsdag", "gerningstidspunkt", "lovovertrædelse",
                "dato for lovovertrædelse", "offence", "offence date", "date of the offence",
            ),
            in_file=True,
            example="14-02-2025",
            hint=ALL_SENTENCES,
        ),
        Column(
            "convicted_on",
            _("Date of conviction"),
            past_day,
            also=(
                "domsdato", "dom", "dømt", "afgørelsesdato", "dato for dom", "conviction",
                "conviction date", "convicted on", "decision date",
            ),
            in_file=True,
            example="02-06-2025",
        ),
        Column(
            "sanction",
            _("Sanction"),
            sanction,
            also=("sanktion", "straf", "afgørelse", "foranstaltning", "dømt til", "sentence"),
            in_file=True,
            example="ubetinget fængsel",
        ),
        Column(
            "died_on",
            _("Died on"),
            past_day,
            also=("død", "døde", "dødsdato", "dødsdag", "died", "date of death", "death"),
        ),
        Column(
            "emigrated_on",
            _("Left the country on"),
            past_day,
            also=("udvandret", "udrejst", "udrejsedato", "udvandringsdato", "emigrated", "left"),
        ),
    ),
)  # fmt: skip
