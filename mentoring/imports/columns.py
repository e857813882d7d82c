"""The columns of a file of mentors, what they are called, and how their cells are read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentoring.clearing import ClearanceRefused
from mentoring.imports.importer import SENTENCES, MentorImporter
from mentoring.imports.inviting import to_invite
from mentoring.models import Mentor, MentorState
from mentoring.steps import StepRefused
from participants.imports import places
from participants.imports.columns import GENDERS, LANGUAGES, name_of_place
from participants.languages import Language
from participants.models import Gender, SupportArea
from participants.timeslots import TimeSlot
from participants.trades import Trade
from primus.accounts.invitations import InvitationRefused
from primus.accounts.models import User
from primus.spreadsheets.layouts import Column, Layout
from primus.spreadsheets.models import ImportKind
from primus.spreadsheets.parsers import (
    day,
    email,
    number,
    one_of,
    past_day,
    phone,
    postcode,
    some_of,
    text_of,
)
from primus.spreadsheets.problems import sentences_of

STATES = {"ansøger": "applicant", "orlov": "paused", "pause": "paused", "stoppet": "left"}
AREAS = {
    "økonomi": "finance",
    "arbejde": "work",
    "uddannelse": "work",
    "sundhed": "health",
    "misbrug": "health",
}
OLDEST_YEAR, YOUNGEST_YEAR = 1920, 2015

LAYOUT = Layout(
    kind=ImportKind.MENTORS,
    importer=MentorImporter,
    title=("first_name", "last_name"),
    section="mentors",
    list_url="mentor_list",
    page_url="mentor",
    sentences=SENTENCES
    | places.SENTENCES
    | sentences_of(StepRefused, ClearanceRefused, InvitationRefused),
    afterwards="mentoring/imports/_invite.html",
    afterwards_context=lambda file: {"to_invite": to_invite(file).count()},
    columns=(
        Column(
            "first_name",
            _("First name"),
            text_of(User, "first_name"),
            also=("fornavn", "fornavne", "given name"),
            filled=True,
            example="Mentorine",
        ),
        Column(
            "last_name",
            _("Last name"),
            text_of(User, "last_name"),
            also=("efternavn", "efternavne", "surname", "family name"),
            filled=True,
            example="Opdigtsen",
        ),
        Column(
            "email",
            _("E-mail"),
            email,
            also=("mail", "e-mailadresse", "email address"),
            filled=True,
            example="mentorine@example.org",
        ),
        Column(
            "phone",
            _("Phone"),
            phone,
            also=("telefon", "tlf", "mobil", "telefonnummer", "mobilnummer", "phone number"),
            example="12 34 56 78",
        ),
        Column(
            "municipality",
            _("Municipality"),
            name_of_place,
            also=("kommune", "hjemkommune"),
            for_new=True,
            example="Aarhus",
        ),
        Column(
            "postcode",
            _("Postcode"),
            postcode,
            also=("postnummer", "postnr", "zip"),
            example="8000",
        ),
        Column(
            "state",
            _("State"),
            one_of(MentorState, STATES),
            also=("status", "tilstand"),
            example="ansøger",
            hint=_("Only read for new mentors. To be active, all clearances must be in force."),
        ),
        Column(
            "joined_on",
            _("Joined on"),
            past_day,
            also=("startdato", "mentor siden", "joined", "start date"),
            example="01-09-2026",
        ),
        Column(
            "capacity",
            _("How many participants at once"),
            number(0, Mentor.MOST_AT_ONCE),
            also=("kapacitet", "antal", "antal deltagere", "pladser", "capacity"),
            example="1",
        ),
        Column("gender", _("Gender"), one_of(Gender, GENDERS), also=("køn", "sex")),
        Column(
            "birth_year",
            _("Year of birth"),
            number(OLDEST_YEAR, YOUNGEST_YEAR),
            also=("fødselsår", "årgang", "birth year"),
        ),
        Column(
            "languages",
            _("Languages"),
            some_of(Language, LANGUAGES),
            also=("sprog", "taler", "language"),
            example="dansk, engelsk",
        ),
        Column(
            "occupation",
            _("Occupation"),
            text_of(Mentor, "occupation"),
            also=("beskæftigelse", "stilling", "erhverv", "job"),
        ),
        Column("trade", _("Line of work"), one_of(Trade), also=("branche", "fag", "trade")),
        Column(
            "times",
            _("Times that suit"),
            some_of(TimeSlot),
            also=("tider", "tidspunkter", "kan mødes", "times"),
        ),
        Column(
            "areas_known",
            _("Knows about"),
            some_of(SupportArea, AREAS),
            also=("ved noget om", "områder", "støtteområder", "areas"),
        ),
        Column(
            "about",
            _("About the mentor"),
            text_of(Mentor, "about"),
            also=("om", "om mentoren", "beskrivelse", "about"),
            example=pgettext_lazy("example in a spreadsheet", "Has coached football for years."),
        ),
        Column(
            "record_check_on",
            _("Criminal record check obtained on"),
            past_day,
            also=("straffeattest", "straffeattest dato", "straffeattest indhentet"),
        ),
        Column(
            "record_check_until",
            _("Criminal record check in force until"),
            day,
            also=("straffeattest udløber", "straffeattest gælder til"),
        ),
        Column(
            "confidentiality_on",
            _("Confidentiality agreement signed on"),
            past_day,
            also=("tavshedspligt", "tavshedserklæring", "tavshedserklæring dato"),
        ),
        Column(
            "confidentiality_until",
            _("Confidentiality agreement in force until"),
            day,
            also=("tavshedserklæring udløber", "tavshedserklæring gælder til"),
        ),
        Column(
            "training_on",
            _("Training completed on"),
            past_day,
            also=("kursus", "uddannet", "grundkursus", "mentorkursus", "training"),
        ),
        Column(
            "training_until",
            _("Training in force until"),
            day,
            also=("kursus udløber", "kursus gælder til"),
        ),
    ),
)
