"""Participants from a spreadsheet: what each row would do, doing it, and mending what was wrong."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from participants.models import Consent, Enrolment, Institution, Participant, ReleaseDateMove
from participants.tests.factories import (
    ELSEWHERE,
    CoordinatorFactory,
    EnrolmentFactory,
    ParticipantFactory,
    in_days,
    municipality,
)
from primus.access.models import AccessEntry, Event
from primus.jobs.models import RunState
from primus.jobs.runs import Progress
from primus.spreadsheets import files
from primus.spreadsheets.models import ImportFile, ImportState
from primus.spreadsheets.tests.sending import (
    Importing,
    as_csv,
    as_xlsx,
    outcomes,
    problems,
)
from primus.spreadsheets.work import BATCH

pytestmark = pytest.mark.django_db

HEADINGS = [
    "Fornavn", "EFTERNAVN", "Fødselsdato", "Henvist den", "køn", "Tlf.", "Kommune", "Institution",
    "Forventet løsladelse", "Løsladelsesform", "Samtykke", "Sprog", "Noter",
]  # fmt: skip


def dk(days: int) -> str:
    return in_days(days).strftime("%d-%m-%Y")


def row(first="Deltagine", last="Opdigtsen", **other) -> list[str]:
    given = {
        "born": "17-05-1990",
        "referred": dk(-10),
        "gender": "Kvinde",
        "phone": "12 34 56 78",
        "place": "Aarhus Kommune",
        "institution": Institution.objects.earliest("name").name,
        "expected": dk(40),
        "kind": "parole",
        "consent": dk(-10),
        "languages": "dansk og somali",
        "notes": "",
    } | other
    return [first, last, *given.values()]


@pytest.fixture
def importing(coordinator_client, coordinator_user):
    coordinator_client.cookies["primus_language"] = "en"
    coordinator_user.language = "en"
    coordinator_user.save()
    return Importing(coordinator_client, "participants")


def test_new_participants_are_imported_and_a_second_time_changes_nothing(
    importing, coordinator_user, query_budget
):
    rows = [
        HEADINGS,
        row("Bo", "Et"),
        row("Eva", "To", place="", consent=dk(-9)),
        row("Åse", "Tre"),
    ]
    file = importing.check(as_csv(rows, encoding="cp1252"))
    assert outcomes(file) == ["create"] * 3, problems(file)
    # The dry run has tried it, and taken it back.
    assert not Participant.objects.exists()
    assert not AccessEntry.objects.filter(event=Event.CREATE).exists()
    file = importing.apply(file)
    assert file.state == ImportState.APPLIED
    one = Enrolment.objects.get(participant__last_name="To")
    assert one.municipality == municipality()
    assert one.coordinator == coordinator_user.coordinator
    assert one.participant.languages == ["da", "so"]
    assert Consent.objects.get(enrolment=one).given_on == in_days(-9)
    logged = AccessEntry.objects.filter(event=Event.CREATE, user=coordinator_user)
    assert logged.filter(object_type="participants.participant").count() == 3
    assert (
        logged.filter(object_type="participants.enrolment", municipality_code="0751").count() == 3
    )
    with query_budget(20):
        page = importing.page(file)
    assert one.case_number not in page
    assert "3 rows are imported" in page
    again = importing.check(as_xlsx(rows), "again.xlsx")
    assert outcomes(again) == ["same"] * 3
    assert "Import 3 rows" not in importing.page(again)
    assert Participant.objects.count() == Enrolment.objects.count() == 3


def test_each_problem_stands_in_words_beside_its_cell_and_mended_rows_are_imported(importing):
    other = municipality(ELSEWHERE)
    EnrolmentFactory(
        participant=ParticipantFactory(first_name="Her", last_name="Allerede"),
        referred_on=in_days(-90),
    )
    rows = [
        HEADINGS,
        row("God", "En"),
        row("", "Uden"),
        row("Tid", "Ligt", born="17-05-2020"),
        row("Frem", "Tid", referred=dk(3)),
        row("Før", "Henvist", expected=dk(-20)),
        row("Uden", "Samtykke", consent=""),
        row("Anden", "Kommune", place=other.name),
        row("Stavet", "Forkert", institution=Institution.objects.earliest("name").name[:-2]),
        row("Tele", "Fon", phone="abc", kind="hvad?"),
        row("GOD", "EN"),
        row("Her", "Allerede"),
        row("Dato", "Fejl", born="31-02-1990"),
    ]
    file = importing.check(as_csv(rows))
    assert problems(file) == {
        3: {"first_name": ["missing"]},
        4: {"birth_date": ["PersonRefused.age"]},
        5: {"referred_on": ["PersonRefused.referred_in_future"]},
        6: {"expected_release": ["ReleaseRefused.before_referral"]},
        7: {"consent_on": ["missing"]},
        8: {"municipality": ["not_yours"]},
        9: {"institution": ["did_you_mean"]},
        10: {"phone": ["phone"], "release_kind": ["choice"]},
        11: {"": ["twice"]},
        12: {"": ["in_programme"]},
        13: {"birth_date": ["no_day"]},
    }
    page = importing.page(file, show="bad")
    assert "G8" in page
    assert other.name in page
    assert "Did you mean" in page
    assert "There is no such day" in page
    importing.apply(file)
    assert Participant.objects.filter(first_name="God").count() == 1
    assert Participant.objects.count() == 2

    downloaded = importing.bad_rows(file).decode("utf-8-sig").splitlines()
    assert len(downloaded) == 12
    assert downloaded[0].startswith(";".join(HEADINGS))
    told = [line.rpartition(";")[2] for line in downloaded[1:]]
    assert "in the future" in told[2]
    # Mended, and uploaded as it is with the column that says why.
    mended = [downloaded[0], next(line for line in downloaded if "Uden;Samtykke" in line)]
    content = "\n".join(mended).replace(";;dansk og", f";{dk(-2)};dansk og")
    mended_file = importing.check(content.encode())
    assert outcomes(mended_file) == ["create"], problems(mended_file)
    importing.apply(mended_file)
    assert Enrolment.objects.filter(participant__first_name="Uden").count() == 1


def test_what_is_known_is_changed_by_the_verbs_of_the_pages(importing, coordinator_user):
    known = EnrolmentFactory(
        participant=ParticipantFactory(first_name="Søren", last_name="Kjær"),
        referred_on=in_days(-30),
        expected_release=in_days(20),
    )
    said = ["Soeren", "Kjær", "17.05.1990", dk(-30), "", "+45 87654321", "", ""]
    file = importing.check(as_csv([HEADINGS, [*said, dk(50), "", "", "dansk, tyrkisk", ""]]))
    assert outcomes(file) == ["change"], problems(file)
    assert set(file.rows.get().changes) == {"expected_release", "languages"}
    page = importing.page(file)
    assert "<del>" in page
    assert "Turkish" in page
    assert not ReleaseDateMove.objects.exists()
    importing.apply(file)
    known.refresh_from_db()
    assert known.expected_release == in_days(50)
    assert known.participant.first_name == "Søren"
    assert Participant.objects.get().languages == ["da", "tr"]
    assert ReleaseDateMove.objects.get().moved_by == coordinator_user
    changed = AccessEntry.objects.filter(event=Event.CHANGE, object_id=known.pk)
    assert changed.get(object_type="participants.enrolment").object_label == known.case_number
    assert mail.outbox == []


def test_somebody_known_from_before_gets_a_new_enrolment(importing):
    ended = EnrolmentFactory(
        withdrawn=True, participant=ParticipantFactory(first_name="Bo", last_name="Igen")
    )
    file = importing.check(as_csv([HEADINGS, row("Bo", "Igen", referred=dk(-2))]))
    assert outcomes(file) == ["create"], problems(file)
    assert ended.case_number in importing.page(file)
    importing.apply(file)
    assert ended.participant.enrolments.count() == 2
    assert Participant.objects.count() == 1


def test_nobody_is_looked_at_whom_the_coordinator_may_not_see(importing):
    EnrolmentFactory(
        municipality=municipality(ELSEWHERE),
        participant=ParticipantFactory(first_name="Bo", last_name="Fremmed"),
    )
    file = importing.check(as_csv([HEADINGS, row("Bo", "Fremmed")]))
    assert outcomes(file) == ["create"]
    importing.apply(file)
    assert Participant.objects.count() == 2


def test_what_can_no_longer_be_is_kept_as_bad(importing):
    file = importing.check(as_csv([HEADINGS, row("Bo", "Et"), row("Eva", "To")]))
    EnrolmentFactory(participant=ParticipantFactory(first_name="Bo", last_name="Et"))
    importing.apply(file)
    assert outcomes(file) == ["bad", "create"]
    assert problems(file) == {2: {"": ["in_programme"]}}
    assert file.rows.filter(applied_at__isnull=False).count() == 1


def test_columns_can_be_chosen_and_each_only_once(importing):
    content = as_csv([["A", *HEADINGS[1:]], row("Bo", "Et")])
    importing.upload(content)
    file = ImportFile.objects.get()
    assert "first_name" not in file.columns
    url = reverse("import_columns", args=[file.pk])
    page = importing.client.get(url).content.decode()
    assert "Noter" in page
    chosen = {f"column_{name}": at for name, at in file.columns.items()}
    answer = importing.client.post(url, chosen)
    assert "Choose the column that holds this." in answer.content.decode()
    answer = importing.client.post(url, chosen | {"column_first_name": 1})
    assert "chosen for something else" in answer.content.decode()
    assert importing.client.post(url, chosen | {"column_first_name": 0}).status_code == 302
    assert outcomes(importing.work(file)) == ["create"]


def test_a_downloaded_workbook_runs_nothing_and_comes_back_the_same(importing):
    rows = [HEADINGS, row("Bo", "Et", phone="+45 12 34 56 78", consent="", notes="@x")]
    file = importing.check(as_xlsx(rows), "a.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(importing.bad_rows(file))).active
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[1][:6] == ("Bo", "Et", "17-05-1990", dk(-10), "Kvinde", "+45 12 34 56 78")
    assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}
    assert cells[1][-1].startswith("Samtykke: ")
    again = importing.check(importing.bad_rows(file), "again.xlsx")
    assert problems(again) == problems(file)


def test_the_template_can_be_filled_in_and_its_example_is_not_imported(importing):
    answer = importing.client.get(reverse("import_template", args=["participants", "xlsx"]))
    file = importing.check(answer.content, "template.xlsx")
    assert len(file.columns) == len(file.headings)
    assert problems(file)[2][""] == ["example"]


def test_a_stopped_import_is_taken_up_where_it_stopped(importing, monkeypatch, coordinator_user):
    """The worker falls between two batches, and one that was given up writes nothing more."""
    rows = [HEADINGS, *(row(f"Bo{n:03}", "Nummer") for n in range(BATCH + 60))]
    file = importing.check(as_csv(rows))
    importing.client.post(reverse("import_apply", args=[file.pk]))
    advance = Progress.advance

    def fall(self, by=1):
        advance(self, by)
        if by == BATCH:
            raise KeyboardInterrupt

    monkeypatch.setattr(Progress, "advance", fall)
    with pytest.raises(KeyboardInterrupt):
        importing.work(file)
    monkeypatch.undo()
    assert Participant.objects.count() == BATCH
    file.refresh_from_db()
    assert file.has_stopped
    assert "Take it up again" in importing.page(file)
    importing.client.post(reverse("import_resume", args=[file.pk]))
    # The page is opened again while the worker is at it.
    file.refresh_from_db()
    assert "has_stopped" not in importing.page(file)
    assert "run-bar" in importing.page(file)
    file = importing.work(file)
    assert file.state == ImportState.APPLIED
    assert Participant.objects.count() == Enrolment.objects.count() == BATCH + 60
    assert file.run.state == RunState.DONE
    assert file.run.done == file.run.total == BATCH + 60


def test_nothing_is_done_in_the_name_of_who_may_no_longer(importing, coordinator_user):
    file = importing.check(as_csv([HEADINGS, row("Bo", "Et")]))
    importing.client.post(reverse("import_apply", args=[file.pk]))
    coordinator_user.is_active = False
    coordinator_user.save()
    importing.work(file)
    assert not Participant.objects.exists()


def test_the_file_goes_when_its_user_or_its_time_says_so(importing):
    importing.check(as_csv([HEADINGS, row("Bo", "Et")]))
    file = ImportFile.objects.get()
    other = CoordinatorFactory()
    assert not ImportFile.objects.visible_to(other.user).exists()
    importing.client.post(reverse("import_delete", args=[file.pk]))
    assert not ImportFile.objects.exists()
    importing.check(as_csv([HEADINGS, row("Bo", "Et")]))
    ImportFile.objects.update(uploaded_at=timezone.now() - timedelta(days=15))
    files.delete_too_old()
    assert not ImportFile.objects.exists()
