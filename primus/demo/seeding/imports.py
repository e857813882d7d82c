"""A list that the coordinator of the demonstration has uploaded and had checked, and not imported
yet: some rows are good, some are not."""

import csv
import hashlib
import io
from datetime import date, timedelta

from participants.models import Institution, Municipality
from primus.demo.seeding.plans import AARHUS
from primus.demo.seeding.world import World, write
from primus.jobs.models import Run, RunKind
from primus.jobs.runs import Progress
from primus.spreadsheets.layouts import layout_of
from primus.spreadsheets.models import ImportFile, ImportKind, ImportState
from primus.spreadsheets.reading import contents
from primus.spreadsheets.work import do

NAME = "henvisninger.csv"
HEADINGS = (
    "Fornavn;Efternavn;Fødselsdato;Køn;Telefon;Kommune;Institution;Henvist;Forventet løsladelse;"
    "Løsladelsesform;Samtykke;Sprog"
)


def _list(world: World) -> bytes:
    def day(days: int) -> str:
        found: date = world.today + timedelta(days=days)
        return found.strftime("%d-%m-%Y")

    place = Municipality.objects.get(pk=AARHUS).name
    prison = Institution.objects.filter(is_active=True).earliest("name").name
    referred = day(-6)
    course = [place, prison, referred, day(75), "prøveløsladelse", referred]
    rows = [
        ["Deltager", "Opdigtsen", "04-02-1988", "mand", "12 34 56 78", *course, "dansk"],
        ["Prøvine", "Eksempelsen", "21.11.1995", "kvinde", "", *course, "dansk, engelsk"],
        ["Demo", "Fiktivsen", "9/7-79", "mand", "87 65 43 21", *course, "dansk og arabisk"],
        # What people get wrong.
        ["Testmund", "Opdigtsen", "31-02-1990", "mand", "", *course, "dansk"],
        ["Eksempla", "Fiktivsen", "12-12-1985", "kvinde", "ring til mor", *course, "dansk"],
        ["Prøvert", "Opdigtsen", "01-05-1992", "mand", "", place, prison[:-2], *course[2:], "da"],
        ["Deltager", "Opdigtsen", "04-02-1988", "mand", "", *course, "dansk"],
    ]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([HEADINGS.split(";"), *rows])
    return out.getvalue().encode("utf-8-sig")


def write_imports(world: World) -> None:
    layout = layout_of(ImportKind.PARTICIPANTS)
    content = _list(world)
    found = contents(NAME, content)
    file = ImportFile(
        kind=layout.kind,
        state=ImportState.CHECKING,
        name=NAME,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        headings=found.headings,
        samples=found.samples,
        length=found.length,
        columns=layout.recognise(found.headings),
        uploaded_by=world.coordinators[AARHUS],
        uploaded_at=world.at(world.yesterday, 14, 16),
    )
    write(ImportFile, [file])
    do(file, Progress(Run(kind=RunKind.IMPORT)))
