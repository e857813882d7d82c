"""Making a trial: its arms, its strata, and the order of its draws, sealed before anybody is drawn.

Permuted blocks within strata: in each municipality and risk group the arms come in blocks, in each
block as often as their weights say, and in an order of which each is as likely as any other. How
long each block is, is drawn as well (Matts & Lachin 1988; ICH E9, 2.3.2). All of it by the
operating system's generator.
"""

from collections.abc import Iterable, Mapping, MutableSequence, Sequence
from datetime import datetime
from random import SystemRandom
from typing import Any, Protocol

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, transaction
from django.db.models import Field
from django.utils import timezone

from outcomes.models import RiskGroup, Stratum, Trial, TrialArm, TrialPlace
from outcomes.recidivism import DEFAULT, DEFINITIONS
from outcomes.trials import order
from outcomes.trials.refusals import TrialRefused
from primus import sealing

# With these, 3 in 100 draws follow from all the draws before them in the stratum, for somebody who
# knows the sizes; with blocks of 4 only it is 33.
BLOCK_SIZES = (4, 6, 8)
LENGTH = 200


class Chance(Protocol):
    """A source of chance, as random.Random is one and random.SystemRandom another."""

    def choice(self, seq: Sequence[int], /) -> int: ...

    def shuffle(self, x: MutableSequence[Any], /) -> None: ...

    def getrandbits(self, k: int, /) -> int: ...


SYSTEM: Chance = SystemRandom()


def permuted_blocks(
    weights: Mapping[int, int], sizes: Sequence[int], length: int, chance: Chance = SYSTEM
) -> list[tuple[int, int]]:
    """At least `length` places, each its block (from 1) and its arm, in whole blocks.

    `weights` is the arms' numbers with their shares; each size is a multiple of their sum.
    """
    shares = sum(weights.values())
    places: list[tuple[int, int]] = []
    block = 0
    while len(places) < length:
        block += 1
        times = chance.choice(sizes) // shares
        arms = [arm for arm, weight in weights.items() for _ in range(weight * times)]
        chance.shuffle(arms)
        places += [(block, arm) for arm in arms]
    return places


def bounds(name: str) -> tuple[int, int]:
    """The least and the most that a number of a trial may be, as its model says."""
    field = Trial._meta.get_field(name)
    assert isinstance(field, Field)
    rules = field.validators
    least = max(rule.limit_value for rule in rules if isinstance(rule, MinValueValidator))
    most = min(rule.limit_value for rule in rules if isinstance(rule, MaxValueValidator))
    return least, most


def _is_within(number: int, name: str) -> bool:
    least, most = bounds(name)
    return least <= number <= most


def check_blocks(sizes: Sequence[int], weights: Mapping[int, int]) -> None:
    """Raise TrialRefused for blocks that the arms cannot share, or whose end could be foreseen."""
    if len(set(sizes)) < 2:
        raise TrialRefused("one_size")
    shares = sum(weights.values())
    for size in sizes:
        if size < 2 or size % shares:
            words = ":".join(str(weight) for weight in weights.values())
            raise TrialRefused("size_does_not_fit", size=str(size), weights=words)


def check_design(
    *, sizes: Sequence[int], weights: Mapping[int, int], length: int, horizon_days: int
) -> None:
    """Raise TrialRefused for a design that could not be drawn, or could be foreseen."""
    if any(not 1 <= weight <= 4 for weight in weights.values()):
        raise TrialRefused("bad_weight")
    check_blocks(sizes, weights)
    if not _is_within(length, "length"):
        raise TrialRefused("bad_length")
    if not _is_within(horizon_days, "horizon_days"):
        raise TrialRefused("bad_horizon")


@transaction.atomic
def new_trial(
    *,
    name: str,
    municipalities: Iterable[str],
    by,
    purpose: str = "",
    definition: str = DEFAULT.key,
    horizon_days: int = DEFAULT.window,
    block_sizes: Iterable[int] = BLOCK_SIZES,
    length: int = LENGTH,
    weight_with: int = 1,
    weight_without: int = 1,
    is_demonstration: bool = False,
    created_at: datetime | None = None,
    source: Chance | None = None,
) -> Trial:
    """Make a trial with the whole order of its draws. Arm 1 has two mentors, arm 2 has not.

    `municipalities` are codes, each with a stratum for every risk group; `length` is places in
    each stratum. `source` is for demonstrations only, which are to be the same every time.
    Raises TrialRefused when it cannot be drawn like this.
    """
    codes = sorted(set(municipalities))
    sizes = sorted(set(block_sizes))
    weights = {1: weight_with, 2: weight_without}
    name = " ".join(name.split())
    if definition not in DEFINITIONS:
        raise TrialRefused("unknown_definition")
    if not codes:
        raise TrialRefused("no_municipality")
    if source is not None and not is_demonstration:
        raise TrialRefused("foreseeable")
    check_design(sizes=sizes, weights=weights, length=length, horizon_days=horizon_days)

    chance = source or SYSTEM
    key, salt = sealing.new_key(), f"{chance.getrandbits(256):064x}"
    trial = Trial(
        name=name,
        purpose=purpose,
        definition=definition,
        horizon_days=horizon_days,
        block_sizes=sizes,
        length=length,
        sealed_key=sealing.seal(key),
        sealed_salt=sealing.seal(salt, key),
        is_demonstration=is_demonstration,
        created_at=created_at or timezone.now(),
        created_by=by,
    )
    lines = [
        order.Line(code, risk_group, number, block, arm)
        for code in codes
        for risk_group in sorted(RiskGroup.values)
        for number, (block, arm) in enumerate(
            permuted_blocks(weights, sizes, length, chance), start=1
        )
    ]
    trial.sequence_hash = order.fingerprint(order.text_of(trial, weights, salt, lines))
    try:
        with transaction.atomic():
            trial.save(force_insert=True)
    except IntegrityError as error:
        raise TrialRefused("name_taken") from error
    TrialArm.objects.bulk_create(
        TrialArm(trial=trial, number=number, has_mentors=number == 1, weight=weight)
        for number, weight in weights.items()
    )
    strata = Stratum.objects.bulk_create(
        Stratum(trial=trial, municipality_id=code, risk_group=risk_group)
        for code in codes
        for risk_group in sorted(RiskGroup.values)
    )
    by_stratum = {(one.municipality_id, one.risk_group): one for one in strata}
    TrialPlace.objects.bulk_create(
        (
            TrialPlace(
                stratum=by_stratum[line.municipality, line.risk_group],
                number=line.number,
                sealed_arm=sealing.seal(line.text, key),
            )
            for line in lines
        ),
        batch_size=2000,
    )
    return trial
