"""Closing a trial and opening its order, and proving that all agrees: order, hash and draws."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.utils import timezone

from outcomes.models import Trial, TrialPlace, TrialSubject
from outcomes.trials import order
from outcomes.trials.enrolling import locked
from outcomes.trials.refusals import TrialRefused
from primus import sealing
from primus.sealing import SealBroken


@dataclass
class Proof:
    """What a check of one trial found. ``problems`` is empty when everything agrees."""

    sequence_hash: str
    found_hash: str = ""
    places: int = 0
    drawn: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not self.problems


@transaction.atomic
def close(trial: Trial, by) -> Trial:
    """Nobody is drawn from now on, and the whole order is open to everybody who checks it.

    Raises TrialRefused when it was closed before, or when the order cannot be opened.
    """
    trial = locked(trial.pk)
    if trial.closed_on is not None:
        raise TrialRefused("closed_already")
    try:
        trial.opened_order = order.open_whole(trial)
    except SealBroken as error:
        raise TrialRefused("broken_seal") from error
    trial.closed_on = timezone.localdate()
    trial.save(update_fields=["closed_on", "opened_order"])
    return trial


def verify(trial: Trial) -> Proof:
    """Whether the hash that was published, the order, and the draws that were made agree.

    Of an open trial too, with the key, and without telling anything of the order.
    """
    proof = Proof(trial.sequence_hash)
    try:
        text = order.open_whole(trial)
    except SealBroken:
        proof.problems.append("the order cannot be opened: another key, or somebody changed it")
        return proof
    proof.found_hash = order.fingerprint(text)
    if proof.found_hash != trial.sequence_hash:
        proof.problems.append("the order is not the one whose hash was published")
    lines = {line[:3]: line for line in order.lines_of(text)}
    proof.places = len(lines)
    taken: dict[tuple[str, str], list[tuple[int, datetime]]] = {}
    for subject in (
        TrialSubject.objects.filter(trial=trial)
        .randomised()
        .select_related("place__stratum", "arm")
        .order_by("place__number")
    ):
        proof.drawn += 1
        place: TrialPlace = subject.place
        stratum = (place.stratum.municipality_id, place.stratum.risk_group)
        taken.setdefault(stratum, []).append((place.number, subject.allocated_at))
        line = lines.get((*stratum, place.number))
        if stratum != (subject.municipality_id, subject.risk_group):
            proof.problems.append(f"{subject.pseudonym} was drawn in another stratum")
        if line is None or line.arm != subject.arm.number:
            proof.problems.append(f"{subject.pseudonym} is in another arm than the order says")
    for (code, risk_group), draws in taken.items():
        if [number for number, _at in draws] != list(range(1, len(draws) + 1)):
            proof.problems.append(f"a place was passed over in {code} {risk_group}")
        if any(before > after for (_n, before), (_m, after) in pairwise(draws)):
            proof.problems.append(f"the draws in {code} {risk_group} were not made in their order")
    return proof


@transaction.atomic
def reseal_all() -> int:
    """Seal the keys of the open trials with the installation's first key; returns how many.

    Raises SealBroken when one of them cannot be opened; then none is changed.
    """
    trials = Trial.objects.select_for_update().filter(closed_on=None)
    for trial in trials:
        trial.sealed_key = sealing.reseal(trial.sealed_key)
        trial.save(update_fields=["sealed_key"])
    return len(trials)
