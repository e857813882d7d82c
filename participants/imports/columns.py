"""The columns of a file of participants, what they are called, and how their cells are read."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from participants.consents import ConsentRefused
from participants.imports import places
from participants.imports.importer import SENTENCES, ParticipantImporter
from participants.languages import Language
from participants.models import (
    Enrolment,
    Gender,
    GenderWish,
    Participant,
    ReferralSource,
    ReleaseKind,
)
from participants.models.consent import ConsentForm
from participants.people_rules import PersonRefused
from participants.releases import ReleaseRefused
from participants.timeslots import TimeSlot
from participants.trades import Trade
from participants.transfers import TransferRefused
from primus.spreadsheets.layouts import Column, Layout
from primus.spreadsheets.models import ImportKind
from primus.spreadsheets.parsers import (
    day,
    email,
    one_of,
    past_day,
    phone,
    postcode,
    some_of,
    text_of,
)
from primus.spreadsheets.problems import Problem, sentences_of

# What else an answer is called, beside its name on the page.
GENDERS = {"m": "male", "k": "female", "f": "female", "mandlig": "male", "kvindelig": "female"}
RELEASES = {
    "prøve": "parole",
    "fuld tid": "full_sentence",
    "udstået": "full_sentence",
    "udståelse": "full_sentence",
    "arrest": "remand",
    "varetægt": "remand",
}
WISHES = {"nej": "any", "ingen": "any", "ligegyldigt": "any", "no": "any"}
SOURCES = {
    "fængsel": "prison",
    "arresthus": "prison",
    "kriminalforsorgen": "probation",
    "kif": "probation",
    "selv": "self",
    "pårørende": "relative",
    "kommune": "municipality",
}
FORMS = {"skriftlig": "written", "mundtlig": "oral"}
LANGUAGES = dict.fromkeys(
    ["bosnisk", "kroatisk", "serbisk", "bosnian", "croatian", "serbian"], "bs"
) | dict.fromkeys(["farsi", "persisk", "dari"], "fa")


def case_number(said: str) -> int:
    number = Enrolment.case_number_in(said)
    if number is None:
        raise Problem("no_case")
    return number


def name_of_place(said: str) -> str:
    """As it stands: which it is, the importer knows."""
    return said


LAYOUT = Layout(
    kind=ImportKind.PARTICIPANTS,
    importer=ParticipantImporter,
    title=("first_name", "last_name"),
    section="enrolments",
    list_url="enrolment_list",
    page_url="enrolment",
    sentences=SENTENCES
    | places.SENTENCES
    | sentences_of(PersonRefused, ReleaseRefused, ConsentRefused, TransferRefused),
    columns=(
        Column(
            "first_name",
            _("First name"),
            text_of(Participant, "first_name"),
            also=("fornavn", "fornavne", "given name"),
            filled=True,
            example="Deltagine",
        ),
        Column(
            "last_name",
            _("Last name"),
            text_of(Participant, "last_name"),
            also=("efternavn", "efternavne", "surname", "family name"),
            filled=True,
            example="Opdigtsen",
        ),
        Column(
            "birth_date",
            _("Date of birth"),
            past_day,
            also=("fødselsdato", "fødselsdag", "født", "birth date", "born"),
            filled=True,
            example="17-05-1990",
        ),
        Column(
            "referred_on",
            _("Referred on"),
            day,
            also=("henvist", "henvist den", "henvisningsdato", "referral date", "referred"),
            filled=True,
            example="02-11-2026",
        ),
        Column(
            "case_number",
            _("Case number"),
            case_number,
            also=("sagsnummer", "sagsnr", "forløbsnummer", "forløbsnr", "case", "enrolment"),
            hint=_("Of an enrolment that is here already. Leave it empty for a new one."),
        ),
        Column(
            "gender",
            _("Gender"),
            one_of(Gender, GENDERS),
            also=("køn", "sex"),
            for_new=True,
            example="mand",
        ),
        Column(
            "languages",
            _("Languages"),
            some_of(Language, LANGUAGES),
            also=("sprog", "taler", "language"),
            example="dansk, arabisk",
        ),
        Column(
            "phone",
            _("Phone"),
            phone,
            also=("telefon", "tlf", "mobil", "telefonnummer", "mobilnummer", "phone number"),
            example="12 34 56 78",
        ),
        Column("email", _("E-mail"), email, also=("mail", "e-mailadresse", "email address")),
        Column(
            "municipality",
            _("Municipality"),
            name_of_place,
            also=("kommune", "løslades til", "hjemkommune", "municipality after release"),
            for_new=True,
            example="Aarhus",
        ),
        Column(
            "postcode",
            _("Postcode after release"),
            postcode,
            also=("postnummer", "postnr", "postcode", "zip"),
            example="8000",
        ),
        Column(
            "institution",
            _("Institution"),
            name_of_place,
            also=("fængsel", "arresthus", "institution now", "afsoningssted"),
            for_new=True,
            example="Enner Mark Fængsel",
        ),
        Column(
            "expected_release",
            _("Expected release"),
            day,
            also=("forventet løsladelse", "forventet løsladt", "løsladelsesdato", "release date"),
            for_new=True,
            example="15-03-2027",
        ),
        Column(
            "release_kind",
            _("Kind of release"),
            one_of(ReleaseKind, RELEASES),
            also=("løsladelsesform", "form for løsladelse", "release kind"),
            for_new=True,
            example="prøveløsladelse",
        ),
        Column(
            "released_on",
            _("Released on"),
            day,
            also=("løsladt", "løsladt den", "faktisk løsladelse", "released"),
            hint=_("Only of those who have been released."),
        ),
        Column(
            "gender_wish",
            _("Wish for the mentors' gender"),
            one_of(GenderWish, WISHES),
            also=("ønske om køn", "mentorernes køn", "mentors' gender"),
        ),
        Column(
            "wished_times",
            _("Times that suit the participant"),
            some_of(TimeSlot),
            also=("tider", "tidspunkter", "times"),
        ),
        Column(
            "trade",
            _("Line of work they have or want"),
            one_of(Trade),
            also=("branche", "fag", "arbejde", "trade"),
        ),
        Column(
            "wishes",
            _("Wishes and what matters"),
            text_of(Enrolment, "wishes"),
            also=("ønsker", "bemærkninger", "wishes"),
            example=pgettext_lazy("example in a spreadsheet", "Would like to meet outdoors."),
        ),
        Column(
            "source",
            _("Referred by"),
            one_of(ReferralSource, SOURCES),
            also=("henvist af", "henviser", "source"),
        ),
        Column(
            "consent_on",
            _("Consent given on"),
            day,
            also=("samtykke", "samtykkedato", "samtykke givet", "samtykke den", "consent"),
            for_new=True,
            example="02-11-2026",
            hint=_("The day they said yes to taking part. Only read for new enrolments."),
        ),
        Column(
            "consent_form",
            _("How they gave consent"),
            one_of(ConsentForm, FORMS),
            also=("samtykkeform", "form for samtykke", "consent form"),
            example="skriftligt",
        ),
    ),
)
