"""Handing data to research: asking for a file, making it, fetching it, and forgetting it.

Everything is written to the access log in the transaction it happens in: that it was asked for
and what for, each enrolment that is in it when it is made, and that it was fetched.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from operator import itemgetter

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from outcomes.models import NotMadeReason, ResearchExport, TrialSubject
from outcomes.research import codebook, hanging, reading
from outcomes.research.describing import COLUMNS, About, codebook_rows, readable
from outcomes.research.guarding import TooFew, Traits, coarsened, guard
from outcomes.research.packing import Archive
from outcomes.research.pseudonyms import Pseudonyms
from participants.models import Consent, ConsentKind, Enrolment, Municipality
from primus.access import log
from primus.access.models import Event
from primus.access.words import PURPOSE
from primus.jobs.models import Run, RunKind
from primus.jobs.runs import Progress, request_run

VIEW = "outcomes.research.exports"
# Enrolments whose needs, meetings and so on are read at a time.
PART = 1000
# Consents can be taken back while a file is made: then it is made anew, so many times.
TRIES = 3
# How often everybody is gone through: needs, goals, meetings, follow-up.
PASSES = 4


def stated(export: ResearchExport) -> str:
    """The purpose as it stands in the access log."""
    return f"{PURPOSE}{export.purpose}"


@transaction.atomic
def ask(user, purpose: str) -> ResearchExport:
    """Note that data are asked for and what for, and have a worker make the file."""
    from outcomes import tasks

    export = ResearchExport.objects.create(
        purpose=purpose, requested_by=user, requested_by_label=user.get_full_name()
    )
    run, _is_new = request_run(RunKind.RESEARCH, user, f"export {export.pk}")
    export.run = run
    export.save(update_fields=["run"])
    transaction.on_commit(lambda: tasks.make_research_export.delay(run.pk))
    return export


def fetchable(export: ResearchExport) -> bool:
    """Whether the file may be handed out: it is there, and nobody has taken a consent back."""
    return export.has_file and not _taken_back_since(export.read_at, export.subjects)


def forget_old() -> None:
    """Delete the files whose time is over, and those with somebody in them who has taken their
    consent back."""
    for export in ResearchExport.objects.kept().defer("content"):
        if export.is_too_old or not fetchable(export):
            ResearchExport.objects.filter(pk=export.pk).update(
                content=None, deleted_at=timezone.now()
            )


def _taken_back_since(moment: datetime | None, subjects: list[int]) -> bool:
    """Whether anybody has taken back a consent that a file of that moment rests on."""
    taken_back = Consent.objects.filter(
        kind__in=[ConsentKind.RESEARCH, ConsentKind.OFFENCES], withdrawal_recorded_at__gte=moment
    )
    if taken_back.exists():
        return True
    return reading.willing().filter(pk__in=subjects).count() < len(subjects)


# --- Making it ------------------------------------------------------------------------------


@dataclass
class Made:
    """A finished file, with who is in it."""

    content: bytes
    counts: dict[str, int]
    enrolments: list[Enrolment]
    subjects: list[TrialSubject]
    read_at: datetime

    @property
    def subject_keys(self) -> list[int]:
        return [row.pk for row in self.subjects]


def make(run: Run, progress: Progress) -> None:
    """Make the file that the run was asked for, or note why there is none."""
    export = ResearchExport.objects.select_related("requested_by").filter(run=run).first()
    if export is None or export.built_at is not None:
        return
    why = _try_to_make(export, progress)
    if why:
        ResearchExport.objects.filter(pk=export.pk).update(not_made=why)


def _try_to_make(export: ResearchExport, progress: Progress) -> NotMadeReason | None:
    """Make and keep the file; why not, where that cannot be. Whoever asked must still be allowed
    to."""
    user = export.requested_by
    if user is None or not (user.is_active and user.is_staff_role):
        return NotMadeReason.NOT_STAFF
    for _try in range(TRIES):
        try:
            with translation.override(user.language):
                made = build(timezone.localdate(), progress)
        except TooFew:
            return NotMadeReason.TOO_FEW
        if _keep(export, user, made):
            return None
    return NotMadeReason.CHANGING


def _keep(export: ResearchExport, user, made: Made) -> bool:
    """Keep the file, and write who is in it to the log; not if a consent was taken back meanwhile.

    A row in the log for each municipality, as for any list: with the numbers of the cases, so that
    whoever asks what was done with a case finds it.
    """
    with transaction.atomic():
        if _taken_back_since(made.read_at, made.subject_keys):
            return False
        ResearchExport.objects.filter(pk=export.pk).update(
            content=made.content,
            counts=made.counts,
            subjects=made.subject_keys,
            read_at=made.read_at,
            built_at=timezone.now(),
        )
        for things in (made.enrolments, made.subjects):
            log.record_list(user, Event.EXPORT, things, view=VIEW, detail=stated(export))
    return True


def build(today: date, progress: Progress) -> Made:
    """The file as everything stands now. Raises TooFew where fewer than five people are in it."""
    read_at = timezone.now()
    found = reading.people()
    subjects = reading.subjects(found)
    progress.expect(len(found) * PASSES)
    traits: dict[Hashable, Traits] = {
        ("enrolment", pk): person.traits for pk, person in found.items()
    }
    for row in subjects:
        if row.enrolment_id is None:
            traits["subject", row.pk] = reading.subject_traits(row)
    steps = guard(traits)
    names = Pseudonyms()
    order = sorted(found, key=lambda pk: names.of("enrolment", pk))
    archive, counts = Archive(today), {}

    def put(table: codebook.Table, rows) -> None:
        counts[table.name] = archive.table(table.name, table.columns, rows)

    def hang(rows: hanging.Hanging) -> Iterator[reading.Row]:
        for start in range(0, len(order), PART):
            part = {pk: found[pk] for pk in order[start : start + PART]}
            yield from rows(part, names, today)
            progress.advance(len(part))

    put(codebook.ENROLMENTS, reading.enrolment_rows(found, steps, names, order))
    put(codebook.NEEDS, hang(hanging.need_rows))
    put(codebook.GOALS, hang(hanging.goal_rows))
    put(codebook.MEETINGS, hang(hanging.meeting_rows))
    alone = hanging.subject_follow_up_rows(subjects, names, today)
    put(codebook.FOLLOW_UP, merge(hang(hanging.follow_up_rows), alone, key=itemgetter(0)))
    put(codebook.TRIAL, reading.subject_rows(subjects, steps, names))
    about = About(
        today=today,
        is_demonstration=settings.PRIMUS_DEMO,
        counts=counts,
        steps=coarsened(steps),
        left_out=reading.willing().count() - len(subjects),
        **_places(traits, steps),
    )
    archive.table("codebook", COLUMNS, codebook_rows(about))
    archive.text("codebook", readable(about))
    # As much of a row as the log takes in.
    several = [Enrolment(pk=pk, municipality_id=found[pk].municipality) for pk in sorted(found)]
    return Made(archive.content(), counts, several, subjects, read_at)


def _places(traits: dict, steps: dict) -> dict[str, dict[str, str]]:
    """The municipalities and regions that are named in the file, with their names."""
    codes = {
        traits[key].municipality for key, step in steps.items() if step.place == "municipality"
    }
    regions = sorted({traits[key].region for key, step in steps.items() if step.place})
    named = Municipality.objects.filter(pk__in=codes).order_by("pk")
    return {
        "places": dict(named.values_list("pk", "name")),
        "regions": {region: region for region in regions},
    }
