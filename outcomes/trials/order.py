"""The order of a trial's draws as a text: what is hashed at the start and published at the end.

The text is what the file holds that is published, byte for byte: UTF-8, lines that end with a
line feed, first what the trial is, then one line for each place. ``sha256sum`` of that file is the
hash that stood on the trial's page since the day it was made; docs/trials.md describes it.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from outcomes.models import Trial, TrialPlace
from primus import sealing
from primus.sealing import SealBroken

FORMAT = "primus-trial-order 1"
COLUMNS = "municipality,risk_group,place,block,arm"


class Line(NamedTuple):
    """One place of the order: the stratum's municipality and risk group, the place's number in
    it, the number of the block that it is in, and the number of its arm."""

    municipality: str
    risk_group: str
    number: int
    block: int
    arm: int

    @property
    def text(self) -> str:
        return ",".join(str(part) for part in self)

    @classmethod
    def read(cls, text: str) -> "Line":
        code, risk_group, number, block, arm = text.split(",")
        return cls(code, risk_group, int(number), int(block), int(arm))


def text_of(trial: Trial, weights: Mapping[int, int], salt: str, lines: Iterable[Line]) -> str:
    """The whole order as it is hashed: `weights` by the arms' numbers, the salt in hexadecimal."""
    head = [
        FORMAT,
        f"trial: {trial.name}",
        f"definition: {trial.definition}",
        f"days followed: {trial.horizon_days}",
        f"block sizes: {' '.join(str(size) for size in trial.block_sizes)}",
        *(
            f"arm {number}: {'two mentors' if number == 1 else 'without mentors'}, weight {weight}"
            for number, weight in sorted(weights.items())
        ),
        f"salt: {salt}",
        COLUMNS,
    ]
    return "".join(f"{line}\n" for line in [*head, *(line.text for line in sorted(lines))])


def fingerprint(text: str) -> str:
    """SHA-256 of the text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def key_of(trial: Trial) -> str:
    """The trial's own key. Raises SealBroken with another installation's keys."""
    return sealing.unseal(trial.sealed_key)


def arm_of(place: TrialPlace, trial: Trial) -> int:
    """The number of the arm that a place holds. Raises SealBroken when it cannot be told, or when
    what is sealed there is another place's."""
    return _line(place, key_of(trial)).arm


def _line(place: TrialPlace, key: str) -> Line:
    """What a place holds (its stratum is read along)."""
    line = Line.read(sealing.unseal(place.sealed_arm, key))
    stratum = place.stratum
    if line[:3] != (stratum.municipality_id, stratum.risk_group, place.number):
        raise SealBroken
    return line


def open_whole(trial: Trial) -> str:
    """The text of the whole order: as it was published, or opened with the key for whoever is to
    close or to check the trial. Raises SealBroken."""
    if trial.opened_order:
        return trial.opened_order
    key = key_of(trial)
    places = TrialPlace.objects.filter(stratum__trial=trial).select_related("stratum")
    return text_of(
        trial,
        dict(trial.arms.values_list("number", "weight")),
        sealing.unseal(trial.sealed_salt, key),
        [_line(place, key) for place in places],
    )


def lines_of(text: str) -> list[Line]:
    """The places of an order, from its text."""
    _head, _columns, body = text.partition(f"\n{COLUMNS}\n")
    return [Line.read(line) for line in body.splitlines()]
