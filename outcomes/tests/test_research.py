"""What is handed to research: who is in it, that nobody can be told from it, and who asked."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from datetime import date, datetime

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from outcomes.models import FollowUp, ResearchExport
from outcomes.research import codebook, exports
from outcomes.research.guarding import STEPS, TooFew, Traits, guard
from outcomes.tests.factories import FollowUpFactory, TrialSubjectFactory
from outcomes.tests.research_data import PAGE, PURPOSE, ResearchExportFactory, ask
from participants.consents import withdraw_consent
from participants.models import Consent, ConsentKind, Enrolment
from primus.access.models import AccessEntry, Event
from primus.demo.national import Scale, seed_national
from primus.jobs.models import Run
from primus.testing.reference import OWN_APPS

pytestmark = pytest.mark.django_db

# What is the same for everybody, and stands in the codebook by its name.
REFERENCE = {"Municipality", "Institution", "ChecklistPoint"}


@pytest.fixture(scope="module")
def a_country(django_db_setup, django_db_blocker):
    """Some hundred people in the whole country and a trial, for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic():
        today = timezone.localdate()
        seed_national(7, today, Scale(enrolments=400, mentors=400, meetings=4000))
        for number in range(8):
            subject = TrialSubjectFactory(has_mentors=number % 2 == 0, followed=True)
            FollowUpFactory(enrolment=None, subject=subject)
        yield today
        transaction.set_rollback(True)


class NoProgress:
    def expect(self, total):
        pass

    def advance(self, by=1):
        pass


class File:
    """A file for research as whoever receives it reads it."""

    def __init__(self, content: bytes):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.texts = {n: archive.read(n).decode("utf-8-sig") for n in archive.namelist()}
            self.dates = {info.date_time for info in archive.infolist()}
        self.tables = {
            name.removesuffix(".csv"): list(csv.DictReader(text.splitlines(), delimiter=";"))
            for name, text in self.texts.items()
            if name.endswith(".csv")
        }

    def cells(self):
        """Table, variable, and what stands in each cell."""
        for table in codebook.TABLES:
            for row in self.tables[table.name]:
                for variable in table.variables:
                    yield table, variable, row[variable.name]


def built() -> File:
    return File(exports.build(timezone.localdate(), NoProgress()).content)


@pytest.fixture(scope="module")
def file(a_country, django_db_blocker):
    with django_db_blocker.unblock():
        return built()


# --- Nobody can be told from it -------------------------------------------------------------


def stored_values():
    """Every name, text, number of a case or phone, and day that the database holds of people."""
    for label in OWN_APPS:
        for model in apps.get_app_config(label).get_models():
            if model.__name__ in REFERENCE:
                continue
            fields = [
                field
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField | models.DateField)
                and not field.choices
                and not field.is_relation
            ]
            if fields:
                for row in model._base_manager.values_list(*(field.name for field in fields)):
                    yield from row
    yield from (row.case_number for row in Enrolment.objects.all())


def days_as_written(day: date) -> set[str]:
    return {f"{day:%Y-%m-%d}", f"{day:%d-%m-%Y}", f"{day:%d.%m.%Y}", f"{day:%Y%m%d}"}


def test_nothing_that_is_stored_of_people_stands_in_the_file(file):
    text = "\n".join(file.texts.values())
    words = set(re.findall(r"\w+", text))
    days = set(re.findall(r"\d{1,4}[-.]\d\d?[-.]\d{2,4}|\d{8}", text))
    values = {value for value in stored_values() if value}
    assert len(values) > 3000
    found = set()
    for value in values:
        if isinstance(value, datetime | date):
            found |= days_as_written(value) & days
        elif " " in value or not value.isalnum():
            found |= {value} if len(value) > 3 and value in text else set()
        else:
            found |= {value} & words if len(value) > 2 else set()
    # A trial was planned with a definition, by the name that the file calls it by.
    assert found - set(codebook.DEFINITIONS) == set()


def test_every_cell_is_of_its_kind_and_no_day_stands_anywhere(file):
    kinds = {
        codebook.PSEUDONYM: r"[0-9a-f]{16}",
        codebook.COUNT: r"-?\d{1,5}",
        codebook.MONTH: r"20\d\d(-\d\d)?",
        codebook.CODE: r"[a-z0-9_]+|\d{4}|[A-ZÆØÅ][a-zæøå]+",
    }
    for table, variable, cell in file.cells():
        told = f"{table.name}.{variable.name}: {cell!r}"
        assert cell in codebook.MISSING or re.fullmatch(kinds[variable.type], cell), told
        if variable.values and cell not in codebook.MISSING:
            assert cell in variable.values, told
    for name, text in file.texts.items():
        assert not re.search(r"\d{4}-\d\d-\d\d|\d{1,2}[-./]\d{1,2}[-./]\d{4}", text), name
    assert {written[2:] for written in file.dates} == {(1, 0, 0, 0)}


def test_everybody_shares_place_time_age_and_gender_with_four_others(file):
    shown = ("municipality", "region", "age_group", "gender", "clock", "release_month")
    people = defaultdict(set)
    for row in file.tables["enrolments"]:
        if row["release_month"] == codebook.NOT_SHOWN:
            # Those of whom nothing is shown are one group, whatever happened to them.
            row["clock"] = ""
        month = row["release_month"]
        if row["clock"] == "referral":
            month = row["referral_month"]
        people[(*(row[name] for name in shown[:-1]), month)].add(row["person"])
    for row in file.tables["trial"]:
        people[row["municipality"], row["region"], row["age_group"], row["release_month"]].add(
            row["subject"]
        )
    assert len(people) > 5
    assert {len(them) < 5 for them in people.values()} == {False}, people


traits = st.builds(
    Traits,
    person=st.integers(0, 40),
    municipality=st.sampled_from(["0101", "0147", "0461"]),
    region=st.just("Hovedstaden"),
    age=st.sampled_from(["under_25", "25_29"]),
    gender=st.sampled_from(["male", "female"]),
    clock=st.sampled_from(["release", "referral"]),
    month=st.sampled_from([date(2025, 1, 1), date(2025, 2, 1), date(2026, 1, 1)]),
)


@given(st.lists(traits, max_size=80))
def test_whoever_is_shown_is_one_of_five(rows):
    given_rows = dict(enumerate(rows))
    people = {row.person for row in rows}
    if len(people) < 5:
        with pytest.raises(TooFew):
            guard(given_rows)
        return
    steps = guard(given_rows)
    assert set(steps) == set(given_rows)
    alike = defaultdict(set)
    for key, step in steps.items():
        alike[step.shown(given_rows[key])].add(given_rows[key].person)
    assert all(len(them) >= 5 for them in alike.values())
    # Nothing is held back where all are alike.
    if len({STEPS[0].shown(row) for row in rows}) == 1:
        assert set(steps.values()) == {STEPS[0]}


def test_two_files_cannot_be_put_together_and_their_order_says_nothing(file, a_country):
    again = built()
    for name, table in file.tables.items():
        if name == "codebook":
            continue
        key = next(iter(table[0]))
        ours, theirs = ([row[key] for row in one.tables[name]] for one in (file, again))
        assert ours == sorted(ours)
        assert not set(ours) & set(theirs)
        assert len(ours) == len(theirs)


# --- What is in it --------------------------------------------------------------------------


def test_only_those_who_have_said_yes_are_in_it(file, a_country):
    yes = Consent.objects.in_force()
    research = set(yes.filter(kind=ConsentKind.RESEARCH).values_list("enrolment", flat=True))
    offences = set(yes.filter(kind=ConsentKind.OFFENCES).values_list("enrolment", flat=True))
    assert 0 < len(research) < Enrolment.objects.count()
    assert len(file.tables["enrolments"]) == len(research)
    may = {row["enrolment"] for row in file.tables["enrolments"] if row["offences"] == "1"}
    assert len(may) == len(research & offences) < len(research)
    subjects = {row["subject"] for row in file.tables["trial"]}
    assert len(subjects) == 8
    followed = {row["case"] for row in file.tables["follow_up"]}
    assert followed <= may | subjects
    assert subjects <= followed
    assert FollowUp.objects.exclude(enrolment__in=research).exists()


def test_the_figures_are_those_of_the_database(file, a_country):
    meetings = file.tables["meetings"]
    own = Consent.objects.in_force().filter(kind=ConsentKind.RESEARCH).values("enrolment")
    held = sum(int(row["held"]) for row in meetings)
    assert held == sum(int(row["in_person"]) + int(row["remote"]) for row in meetings)
    found = apps.get_model("mentoring", "Meeting").objects.filter(enrolment__in=own)
    assert held == found.held().count()
    minutes = found.held().aggregate(models.Sum("duration_minutes"))["duration_minutes__sum"]
    assert sum(int(row["minutes"]) for row in meetings) == minutes
    ratings = apps.get_model("participants", "NeedRating").objects.filter(enrolment__in=own)
    assert len(file.tables["needs"]) == ratings.count()
    released = [row for row in file.tables["enrolments"] if row["clock"] == "release"]
    assert len(released) == Enrolment.objects.filter(pk__in=own, released_on__isnull=False).count()
    shown = [row for row in released if len(row["release_month"]) == len("2025-03")]
    for row in shown:
        year, month = map(int, row["release_month"].split("-"))
        back = year * 12 + month - 1 + int(row["referral"])
        assert row["referral_month"] == f"{back // 12}-{back % 12 + 1:02}"


def test_the_codebook_names_every_variable_and_every_value(file):
    named = defaultdict(set)
    for row in file.tables["codebook"]:
        named[row["table"], row["variable"]].add(row["value"])
        assert row["label"], row
        assert row["source"], row
        assert row["as_of"], row
    for table, variable, cell in file.cells():
        values = named[table.name, variable.name]
        assert cell in values or variable.type != codebook.CODE, (table.name, variable.name, cell)
    for table in codebook.TABLES:
        assert f"{table.name}.csv" in file.texts["codebook.txt"]


def test_a_demonstration_says_so(a_country, settings):
    words = "DEMONSTRATION"
    assert words not in built().texts["codebook.txt"]
    settings.PRIMUS_DEMO = True
    assert words in built().texts["codebook.txt"]


def test_whoever_takes_it_back_is_gone_from_the_next(a_country, coordinator):
    before = {name: len(rows) for name, rows in built().tables.items()}
    consent = Consent.objects.in_force().filter(
        kind=ConsentKind.RESEARCH, enrolment__follow_up__isnull=False
    )[0]
    offences = Consent.objects.in_force().filter(
        kind=ConsentKind.OFFENCES, enrolment__consents__in=Consent.objects.in_force().filter(
            kind=ConsentKind.RESEARCH), enrolment__follow_up__isnull=False
    ).exclude(enrolment=consent.enrolment_id)[0]  # fmt: skip
    for one in (consent, offences):
        withdraw_consent(one, timezone.localdate(), by=coordinator.user)
    after = {name: len(rows) for name, rows in built().tables.items()}
    assert after["enrolments"] == before["enrolments"] - 1
    # Four definitions for each of the two.
    assert after["follow_up"] == before["follow_up"] - 8


# --- Asking for it --------------------------------------------------------------------------


def test_staff_ask_for_a_file_and_fetch_it(
    a_country,
    staff_client,
    staff_user,
    client_for,
    research_worker,
    django_capture_on_commit_callbacks,
):
    callbacks = django_capture_on_commit_callbacks
    for nothing in ("", "   ", "forskning"):
        response = ask(staff_client, callbacks, nothing)
        assert response.status_code == 200
        assert response.context["form"].errors
    assert not ResearchExport.objects.exists()

    assert ask(staff_client, callbacks).url == PAGE
    export = ResearchExport.objects.get()
    assert export.is_moving
    assert f"/runs/{export.run_id}/" in staff_client.get(PAGE).content.decode()
    research_worker()
    export.refresh_from_db()
    assert export.run.done == export.run.total > 0
    assert export.counts["enrolments"] > 100
    address = reverse("research_file", args=[export.pk])
    response = staff_client.get(address)
    assert response["Content-Type"] == "application/zip"
    assert len(File(response.content).tables["enrolments"]) == export.counts["enrolments"]

    # Another of the staff sees that it was made and what for, and has no way to the file.
    other = client_for(ResearchExportFactory().requested_by)
    page = other.get(PAGE).content.decode()
    assert PURPOSE in page
    assert staff_user.get_full_name() in page
    assert address not in page
    assert other.get(address).status_code == 404


def test_the_log_says_who_what_for_and_of_whom(
    a_country, staff_client, administrator_client, client_for, research_worker,
    django_capture_on_commit_callbacks,
):  # fmt: skip
    ask(staff_client, django_capture_on_commit_callbacks)
    research_worker()
    export = ResearchExport.objects.get()
    staff_client.get(reverse("research_file", args=[export.pk]))
    rows = AccessEntry.objects.filter(event=Event.EXPORT)
    assert all(PURPOSE in row.detail for row in rows)
    assert rows.filter(object_type="outcomes.researchexport", object_id=export.pk).count() == 2
    # Each case that is in it is found in the log, by those who answer for it.
    lists = rows.filter(object_type="participants.enrolment")
    numbers = [n for row in lists for n in row.detail.rpartition("; ")[2].split()]
    yes = Consent.objects.in_force().filter(kind=ConsentKind.RESEARCH)
    assert sorted(map(int, numbers)) == sorted(yes.values_list("enrolment", flat=True))
    row = lists.exclude(municipality_code="")[0]
    one = row.detail.rpartition("; ")[2].split()[0]
    found = administrator_client.post("/access-log/", {"case": f"P-{one}"}, follow=True)
    assert PURPOSE in found.content.decode()


def test_if_the_log_cannot_be_written_there_is_no_file(
    a_country, staff_client, research_worker, monkeypatch, django_capture_on_commit_callbacks
):
    ask(staff_client, django_capture_on_commit_callbacks)

    def broken(*args, **kwargs):
        raise OSError

    monkeypatch.setattr(exports.log, "record_list", broken)
    with pytest.raises(OSError):  # noqa: PT011 - it says nothing more
        research_worker()
    assert not ResearchExport.objects.exclude(content=None).exists()
    assert Run.objects.get().state == "failed"
