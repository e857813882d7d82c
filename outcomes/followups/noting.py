"""Noting what the registers say of the time after a release: by hand, and from a file.

One rule for each thing that cannot be, in `impossible`: the pages and the import ask it alike.
Each verb holds the consent it rests on until the transaction ends, so that nothing is noted while
the consent is being taken back, and two who note at once do so one after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from outcomes.models import FollowUp, Reoffence, TrialSubject
from outcomes.models.followup import consenting
from outcomes.recidivism import Offence
from participants.consents import ConsentRefused
from participants.models import Consent, ConsentKind, Enrolment
from primus.refusals import Refused
from primus.spreadsheets.models import ImportFile, ImportKind

# Whom it is about: an enrolment, or a trial subject without one.
Followed = Enrolment | TrialSubject

DAYS = ("register_date", "died_on", "emigrated_on", "offence_on", "convicted_on")


class FollowUpRefused(Refused):
    """One thing that cannot be noted. ``field`` is the answer it is about, "" is all of them."""

    SENTENCES = {
        "not_released": _("There is no release yet, and so nothing to look up."),
        "future": _("This day has not come yet."),
        "offence_before_release": _(
            "The offence is before the release on %(day)s. Only what came after it is noted."
        ),
        "conviction_before_offence": _("A conviction cannot come before its offence."),
        "conviction_after_register": _(
            "The registers have been read up to %(day)s, and this conviction is later."
        ),
        "register_before_release": _(
            "The release was on %(day)s. The registers must have been read past it."
        ),
        "before_release": _("This is before the release on %(day)s."),
        "offence_after_death": _("The offence is after the death on %(day)s."),
        "conviction_noted": _("A conviction of %(day)s is noted below. Change or remove it first."),
        "offence_noted": _("An offence of %(day)s is noted below. Change or remove it first."),
        "no_register": _("Note first how far the registers have been read."),
        "already": _("This conviction is noted already."),
        "changed": _(
            "Somebody has changed this meanwhile. What you wrote is still here, and what is noted "
            "now stands above it. Save again if yours is right."
        ),
    }

    def __init__(self, code: str, field: str = "", **words: str):
        super().__init__(code, **words)
        self.field = field


class NotNoted(Exception):
    """Nothing was noted; ``refusals`` say why, each about its own answer."""

    def __init__(self, *refusals: FollowUpRefused):
        super().__init__(", ".join(refused.code for refused in refusals))
        self.refusals = refusals

    def codes(self) -> set[str]:
        return {refused.code for refused in self.refusals}


def written(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


@dataclass(frozen=True)
class Registers:
    """How far the registers have been read, and why somebody cannot be followed any longer."""

    register_date: date
    died_on: date | None = None
    emigrated_on: date | None = None

    @classmethod
    def of(cls, row: FollowUp) -> "Registers":
        return cls(row.register_date, row.died_on, row.emigrated_on)


def mark(row: FollowUp | Reoffence | None) -> str:
    """What a form was opened with, to see afterwards whether somebody has changed it since."""
    if row is None:
        return ""
    names = ("offence_on", "convicted_on", "sanction") if isinstance(row, Reoffence) else DAYS[:3]
    return " ".join(str(getattr(row, name) or "-") for name in names)


# --- Whom it is about -----------------------------------------------------------------------


def whose(row: FollowUp) -> Followed:
    """The enrolment or the trial subject that a follow-up is of."""
    about = row.enrolment or row.subject
    assert about is not None, "the database sees to it"
    return about


def row_number(about: Followed) -> int:
    """By which a row of a file says whom it is about: an enrolment's own number, a trial subject's
    below zero."""
    return about.pk if isinstance(about, Enrolment) else -about.pk


def key_of(about: Followed) -> dict[str, Followed]:
    """By which field a follow-up is theirs."""
    return {"enrolment" if isinstance(about, Enrolment) else "subject": about}


def follow_up_of(about: Followed) -> FollowUp | None:
    """What is noted of them, with the reoffences."""
    row = FollowUp.objects.filter(**key_of(about)).prefetch_related("reoffences").first()
    if row is not None:
        for field, known in key_of(about).items():
            setattr(row, field, known)
    return row


def is_released(about: Followed) -> bool:
    """Whether there is anything to look up yet."""
    return about.released_on is not None and about.released_on <= timezone.localdate()


def address_of(about: Followed) -> str:
    """The page where it is noted."""
    name = "followup" if isinstance(about, Enrolment) else "followup_subject"
    return reverse(name, args=[about.pk])


def may_be_noted(about: Followed) -> bool:
    """Whether there is a consent to keeping data on offences."""
    return _consents(about).exists()


def _consents(about: Followed):
    if isinstance(about, Enrolment):
        return Consent.objects.in_force().filter(enrolment=about, kind=ConsentKind.OFFENCES)
    return consenting(TrialSubject.objects.filter(pk=about.pk))


def _held(about: Followed) -> date:
    """The day of release, with the consent kept as it is until the transaction ends.

    Raises ConsentRefused without one, and NotNoted before the release.
    """
    if not list(_consents(about).select_for_update(no_key=True, of=("self",))):
        raise ConsentRefused(f"missing_{ConsentKind.OFFENCES.value}")
    about.refresh_from_db(fields=["released_on"])
    if about.released_on is None or not is_released(about):
        raise NotNoted(FollowUpRefused("not_released"))
    return about.released_on


# --- What cannot be -------------------------------------------------------------------------


def impossible(
    said: Mapping[str, date | None], released_on: date, today: date
) -> dict[str, FollowUpRefused]:
    """What is wrong with the days, by field, the first thing where there are several.

    `said` holds those of `DAYS` that are known; the others are not asked about.
    """
    days = {name: day for name in DAYS if (day := said.get(name)) is not None}
    found: dict[str, FollowUpRefused] = {}

    def refuse(field: str, code: str, than: date | None = None) -> None:
        words = {"day": written(than)} if than else {}
        found.setdefault(field, FollowUpRefused(code, field, **words))

    for name, day in days.items():
        if day > today:
            refuse(name, "future")
    register, died = days.get("register_date"), days.get("died_on")
    offence, convicted = days.get("offence_on"), days.get("convicted_on")
    if register and register < released_on:
        refuse("register_date", "register_before_release", released_on)
    for name in ("died_on", "emigrated_on"):
        if name in days and days[name] < released_on:
            refuse(name, "before_release", released_on)
    if offence and offence < released_on:
        refuse("offence_on", "offence_before_release", released_on)
    if offence and died and offence > died:
        refuse("offence_on", "offence_after_death", died)
    if offence and convicted and convicted < offence:
        refuse("convicted_on", "conviction_before_offence")
    if convicted and register and convicted > register:
        refuse("convicted_on", "conviction_after_register", register)
    return found


def _against_noted(
    said: Registers, noted: Sequence[Reoffence], found: dict[str, FollowUpRefused]
) -> None:
    """What the days of a follow-up cannot be because of the reoffences that it has."""
    convicted = max((row.convicted_on for row in noted), default=said.register_date)
    if convicted > said.register_date:
        refused = FollowUpRefused("conviction_noted", "register_date", day=written(convicted))
        found.setdefault("register_date", refused)
    offended = max((row.offence_on for row in noted), default=date.min)
    if said.died_on and offended > said.died_on:
        refused = FollowUpRefused("offence_noted", "died_on", day=written(offended))
        found.setdefault("died_on", refused)


# --- By hand --------------------------------------------------------------------------------


@transaction.atomic
def note_registers(about: Followed, said: Registers, *, seen: str, by) -> FollowUp:
    """Note how far the registers have been read. `seen` is the `mark` of what stood there.

    Raises NotNoted, also when somebody has changed it since, and ConsentRefused.
    """
    released_on = _held(about)
    row = follow_up_of(about)
    if mark(row) != seen:
        raise NotNoted(FollowUpRefused("changed"))
    found = impossible(asdict(said), released_on, timezone.localdate())
    _against_noted(said, list(row.reoffences.all()) if row else [], found)
    if found:
        raise NotNoted(*found.values())
    if row is None:
        row = FollowUp(**key_of(about))
    elif Registers.of(row) == said:
        return row
    for name, day in asdict(said).items():
        setattr(row, name, day)
    row.recorded_by, row.recorded_at = by, timezone.now()
    row.save()
    return row


@transaction.atomic
def add_reoffence(about: Followed, said: Offence) -> Reoffence:
    """Note a conviction for a new offence. Raises NotNoted and ConsentRefused."""
    released_on = _held(about)
    row = follow_up_of(about)
    if row is None:
        raise NotNoted(FollowUpRefused("no_register"))
    _check(row, said, released_on)
    return Reoffence.objects.create(follow_up=row, **asdict(said))


@transaction.atomic
def change_reoffence(reoffence: Reoffence, said: Offence, *, seen: str) -> Reoffence:
    """Correct a conviction. Raises NotNoted, also when somebody has changed it since it was
    `seen`, and ConsentRefused."""
    released_on = _held(whose(reoffence.follow_up))
    row = Reoffence.objects.select_related("follow_up").filter(pk=reoffence.pk).first()
    if row is None or mark(row) != seen:
        raise NotNoted(FollowUpRefused("changed"))
    _check(row.follow_up, said, released_on, but=row)
    for name, value in asdict(said).items():
        setattr(row, name, value)
    row.save()
    return row


def _check(
    row: FollowUp, said: Offence, released_on: date, *, but: Reoffence | None = None
) -> None:
    days = asdict(Registers.of(row)) | asdict(said)
    found = impossible(days, released_on, timezone.localdate())
    same = row.reoffences.filter(**asdict(said)).first()
    if not found and same is not None and same != but:
        found["offence_on"] = FollowUpRefused("already", "offence_on")
    # What is wrong with the follow-up itself is asked about on its own page.
    about_it = [found[name] for name in ("offence_on", "convicted_on") if name in found]
    if about_it:
        raise NotNoted(*about_it)


@transaction.atomic
def remove_reoffence(reoffence: Reoffence, *, seen: str) -> None:
    """Take out a conviction that was noted by mistake. Raises NotNoted when somebody has changed
    it since it was `seen`."""
    row = Reoffence.objects.select_for_update(of=("self",)).filter(pk=reoffence.pk).first()
    if row is None:
        return
    if mark(row) != seen:
        raise NotNoted(FollowUpRefused("changed"))
    row.delete()


def remove(about: Followed) -> None:
    """Delete all that is noted of them: they are not observable from then on."""
    FollowUp.objects.filter(**key_of(about)).delete()


def forget(about: Followed) -> None:
    """Delete all that is kept of them once the consent is gone: what is noted, and the files from
    the registers that somebody has uploaded and that speak of them."""
    remove(about)
    files = ImportFile.objects.filter(kind=ImportKind.REGISTER)
    files.filter(rows__subject=row_number(about)).delete()
