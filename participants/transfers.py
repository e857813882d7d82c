"""Transfers: to another institution, another municipality, or another coordinator of the same.

What a coordinator may see follows from the municipality, so access follows in the transaction of
the transfer: from the next request on, the old municipality's coordinators find nothing there.
The mentors are no matter here; they keep their seats until they are replaced.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.coordinators import coordinators_of
from participants.models import (
    ChangeKind,
    Coordinator,
    Enrolment,
    EnrolmentChange,
    Institution,
    Municipality,
)
from participants.querysets import EnrolmentQuerySet
from participants.signals import enrolment_handed_over
from primus.refusals import Refused


class TransferRefused(Refused):
    """The enrolment stays where it is. ``code`` says why."""

    SENTENCES = {
        "ended": _("This enrolment has ended."),
        "released": _("The release has been confirmed: there is no institution to move to."),
        "same_institution": _("This is where the participant is already. Choose another."),
        "same_municipality": _("This is the municipality already. Choose another."),
        "same_coordinator": _("This is the coordinator already. Choose another."),
        "in_future": _("Write the day it happened; it cannot lie ahead."),
        "before_referral": _("It cannot be before the referral."),
        "not_there": _("This coordinator does not work in the municipality any longer."),
        "nobody_there": _(
            "Nobody coordinates in %(municipality)s, so nobody would see the enrolment. "
            "Talk to the national office first."
        ),
        "changed": _(
            "Somebody else has moved this enrolment since you opened the page. "
            "Look at where it is now."
        ),
    }


@dataclass(frozen=True)
class Place:
    """Where an enrolment lay when a form was opened: by this a second transfer at the same moment
    is told from the first."""

    municipality: str
    institution: int
    coordinator: int | None

    @classmethod
    def of(cls, enrolment: Enrolment) -> "Place":
        return cls(enrolment.municipality_id, enrolment.institution_id, enrolment.coordinator_id)

    def __str__(self) -> str:
        return f"{self.municipality}:{self.institution}:{self.coordinator or ''}"


def receivers(municipality: Municipality | str) -> list[Coordinator]:
    """The coordinators an enrolment in the municipality can be handed over to, by name."""
    code = municipality if isinstance(municipality, str) else municipality.pk
    found = Coordinator.objects.filter(user__in=coordinators_of([code])).select_related("user")
    return list(found.order_by("user__first_name", "user__last_name", "pk"))


def _locked(enrolment: Enrolment, seen: str) -> Enrolment:
    """The row as it is now, held until the transaction ends, and unchanged since it was seen."""
    row = Enrolment.objects.locked(enrolment.pk)
    if not row.is_current:
        raise TransferRefused("ended")
    if str(Place.of(row)) != seen:
        raise TransferRefused("changed")
    return row


@transaction.atomic
def move_institution(
    enrolment: Enrolment, institution: Institution, *, on: date, seen: str, by, note: str = ""
) -> EnrolmentChange:
    """The participant was moved to another institution on a day that has been, or today.

    Raises TransferRefused, also when somebody else has moved the enrolment since it was `seen`.
    """
    row = _locked(enrolment, seen)
    if row.released_on is not None:
        raise TransferRefused("released")
    if row.institution_id == institution.pk:
        raise TransferRefused("same_institution")
    if on > timezone.localdate():
        raise TransferRefused("in_future")
    if on < row.referred_on:
        raise TransferRefused("before_referral")
    before = row.institution.name
    row.institution = institution
    row.save(update_fields=["institution"])
    return EnrolmentChange.objects.create(
        enrolment=row,
        kind=ChangeKind.INSTITUTION,
        before=before,
        after=institution.name,
        effective_on=on,
        note=note,
        changed_by=by,
    )


@transaction.atomic
def hand_over(
    enrolment: Enrolment, coordinator: Coordinator, *, seen: str, by, note: str = ""
) -> EnrolmentChange:
    """Another coordinator of the same municipality answers for the enrolment from now on.

    Raises TransferRefused, also when somebody else has moved the enrolment since it was `seen`.
    """
    row = _locked(enrolment, seen)
    if row.coordinator_id == coordinator.pk:
        raise TransferRefused("same_coordinator")
    _check_there(coordinator, row.municipality)
    change = _give(row, coordinator, note, by)
    row.save(update_fields=["coordinator"])
    enrolment_handed_over.send(sender=Enrolment, enrolment=row, change=change, moved=False)
    return change


@transaction.atomic
def move_municipality(
    enrolment: Enrolment,
    municipality: Municipality,
    coordinator: Coordinator,
    *,
    seen: str,
    by,
    note: str = "",
    postcode: str = "",
) -> EnrolmentChange:
    """Another municipality takes over, and one of its coordinators: access follows at once.

    `postcode` is where the participant will live there; the old one no longer holds. Raises
    TransferRefused, also when somebody else has moved the enrolment since it was `seen`.
    """
    row = _locked(enrolment, seen)
    if row.municipality_id == municipality.pk:
        raise TransferRefused("same_municipality")
    if not receivers(municipality):
        raise TransferRefused("nobody_there", municipality=municipality.name)
    _check_there(coordinator, municipality)
    EnrolmentChange.objects.create(
        enrolment=row,
        kind=ChangeKind.MUNICIPALITY,
        before=row.municipality.name,
        after=municipality.name,
        changed_by=by,
    )
    change = _give(row, coordinator, note, by)
    row.municipality = municipality
    row.save(update_fields=["municipality", "coordinator"])
    row.participant.postcode = postcode
    row.participant.save(update_fields=["postcode"])
    enrolment_handed_over.send(sender=Enrolment, enrolment=row, change=change, moved=True)
    return change


def _check_there(coordinator: Coordinator, municipality: Municipality) -> None:
    # Held, so that the account is not closed between this look and the change.
    Coordinator.objects.select_for_update(no_key=True).get(pk=coordinator.pk)
    if coordinator.pk not in {one.pk for one in receivers(municipality)}:
        raise TransferRefused("not_there")


def _give(row: Enrolment, coordinator: Coordinator, note: str, by) -> EnrolmentChange:
    before = row.coordinator.user.get_full_name() if row.coordinator else ""
    row.coordinator = coordinator
    return EnrolmentChange.objects.create(
        enrolment=row,
        kind=ChangeKind.COORDINATOR,
        before=before,
        after=coordinator.user.get_full_name(),
        note=note,
        changed_by=by,
    )


@dataclass(frozen=True)
class Handover:
    """What whoever handed an enrolment over wrote to the one who has it now; ``by`` is their name,
    where it is still known."""

    note: str
    at: datetime
    by: str


def with_handover(enrolments: EnrolmentQuerySet):
    """Annotates what `latest_handover` needs of each enrolment."""
    changes = EnrolmentChange.objects.filter(
        enrolment=OuterRef("pk"), kind=ChangeKind.COORDINATOR
    ).order_by("-changed_at", "-pk")
    return enrolments.annotate(
        handover_note=Subquery(changes.values("note")[:1]),
        handover_at=Subquery(changes.values("changed_at")[:1]),
        handover_first_name=Subquery(changes.values("changed_by__first_name")[:1]),
        handover_last_name=Subquery(changes.values("changed_by__last_name")[:1]),
    )


def latest_handover(enrolment: Any) -> Handover | None:
    """The last handover of an enrolment that comes from `with_handover`, if something was written
    with it."""
    if not enrolment.handover_note:
        return None
    names = (enrolment.handover_first_name, enrolment.handover_last_name)
    by = " ".join(filter(None, names))
    return Handover(enrolment.handover_note, enrolment.handover_at, by)
