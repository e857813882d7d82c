"""The order of a trial's draws: by chance, sealed, and proved afterwards."""

import hashlib
import random
from collections import Counter
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from outcomes.models import Trial, TrialPlace
from outcomes.tests.factories import TrialSubjectFactory
from outcomes.trials import closing, enrolling, order, randomisation
from outcomes.trials.randomisation import new_trial, permuted_blocks
from outcomes.trials.refusals import TrialRefused
from primus import sealing

EVEN = {1: 1, 2: 1}
SEEDS = range(4000)


@pytest.fixture
def trial(db):
    return new_trial(name="Forsøg med æøå", municipalities=["0461", "0751"], by=None, length=8)


# --- Chance --------------------------------------------------------------------------------


@given(
    weights=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    times=st.sampled_from([(1,), (1, 2), (2, 3), (1, 2, 3, 4)]),
    length=st.integers(1, 60),
    seed=st.integers(0, 10**9),
)
def test_every_block_is_shared_as_the_weights_say(weights, times, length, seed):
    by_arm = dict(enumerate(weights, start=1))
    sizes = [sum(weights) * one for one in times]
    places = permuted_blocks(by_arm, sizes, length, random.Random(seed))
    assert length <= len(places) < length + max(sizes)
    blocks = [[arm for at, arm in places if at == block] for block in {b for b, _arm in places}]
    for block in blocks:
        assert len(block) in sizes
        shares = Counter(block)
        assert {arm: shares[arm] * sum(weights) for arm in by_arm} == {
            arm: weight * len(block) for arm, weight in by_arm.items()
        }
    assert [block for block, _arm in places] == sorted(block for block, _arm in places)


def chi_square(found: Counter, expected: int) -> float:
    return sum((n - expected) ** 2 / expected for n in found.values())


def test_every_arrangement_of_a_block_is_as_likely():
    found = Counter(
        tuple(arm for _block, arm in permuted_blocks(EVEN, [4], 4, random.Random(seed)))
        for seed in SEEDS
    )
    assert len(found) == 6
    # The 99.9th percentile with five degrees of freedom.
    assert chi_square(found, len(SEEDS) / 6) < 20.5


def test_every_size_is_as_likely():
    found = Counter(
        sum(block == 1 for block, _arm in permuted_blocks(EVEN, [2, 4, 6], 12, random.Random(s)))
        for s in SEEDS
    )
    assert set(found) == {2, 4, 6}
    assert chi_square(found, len(SEEDS) / 3) < 13.8


def test_what_was_drawn_in_one_stratum_says_nothing_of_another():
    pairs: Counter = Counter()
    for seed in SEEDS:
        source = random.Random(seed)
        one, other = (permuted_blocks(EVEN, [4, 6], 12, source) for _ in range(2))
        for place in (0, 5, 11):
            pairs[one[place][1], other[place][1]] += 1
    assert len(pairs) == 4
    assert chi_square(pairs, sum(pairs.values()) / 4) < 16.3


def could_be_told(arms: list[int], sizes: list[int]) -> list[bool]:
    """For each place, whether it follows from all before it, for somebody who knows the sizes but
    not where the blocks begin: every way of dividing what they saw is kept."""
    start = (0, 0)
    states, told = {start}, []
    for arm in arms:
        nexts: dict[int, set] = {1: set(), 2: set()}
        for state in states:
            rests = [(k // 2, k // 2) for k in sizes] if state == start else [state]
            for with_mentors, without in rests:
                if with_mentors:
                    nexts[1].add((with_mentors - 1, without))
                if without:
                    nexts[2].add((with_mentors, without - 1))
        told.append(not (nexts[1] and nexts[2]))
        states = nexts[arm]
    return told


def test_who_knows_all_draws_can_seldom_tell_the_next():
    def share(sizes):
        told = []
        for seed in range(150):
            places = permuted_blocks(EVEN, sizes, 60, random.Random(seed))
            told += could_be_told([arm for _block, arm in places], sizes)
        return sum(told) / len(told)

    varied, fixed = share(list(randomisation.BLOCK_SIZES)), share([4])
    assert varied < 0.035
    assert fixed > 0.3


def test_the_same_beginning_goes_on_both_ways():
    following: dict[tuple, set] = {}
    for seed in SEEDS:
        places = permuted_blocks(EVEN, randomisation.BLOCK_SIZES, 8, random.Random(seed))
        arms = tuple(arm for _block, arm in places)
        for length in range(5):
            following.setdefault(arms[:length], set()).add(arms[length])
    assert len(following) == 1 + 2 + 4 + 8 + 16
    # Four alike are half of the longest block: only after these the next can be told.
    told = {beginning for beginning, seen in following.items() if seen != {1, 2}}
    assert told == {(1, 1, 1, 1), (2, 2, 2, 2)}


def test_the_generator_is_the_operating_systems():
    assert isinstance(randomisation.SYSTEM, random.SystemRandom)
    assert permuted_blocks(EVEN, [4, 6], 60) != permuted_blocks(EVEN, [4, 6], 60)


# --- Design --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("no_municipality", {"municipalities": []}),
        ("one_size", {"block_sizes": [4]}),
        ("size_does_not_fit", {"block_sizes": [4, 5]}),
        ("size_does_not_fit", {"weight_with": 2}),
        ("bad_weight", {"weight_with": 5}),
        ("bad_length", {"length": 1001}),
        ("bad_horizon", {"horizon_days": 29}),
        ("unknown_definition", {"definition": "gut"}),
        ("foreseeable", {"source": random.Random(1)}),
        ("name_taken", {"name": "  Forsøg   med æøå "}),
    ],
)
def test_what_cannot_be_drawn_or_could_be_foreseen_is_refused(trial, code, values):
    design = {"name": "Another", "municipalities": ["0751"], "by": None, "length": 8}
    with pytest.raises(TrialRefused) as refused:
        new_trial(**design | values)
    assert refused.value.code == code
    assert refused.value.sentence
    assert Trial.objects.count() == 1


def test_each_stratum_has_an_order_of_its_own(trial):
    assert trial.strata.count() == 4
    for stratum in trial.strata.all():
        numbers = list(stratum.places.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= 8


# --- Seal ----------------------------------------------------------------------------------


def test_what_is_stored_says_nothing_of_the_order(trial):
    places = TrialPlace.objects.filter(stratum__trial=trial).select_related("stratum")
    by_stratum: dict = {}
    for place in places:
        by_stratum.setdefault(place.stratum, set()).add(len(place.sealed_arm))
    # As long for either arm, and no two alike.
    assert all(len(lengths) == 1 for lengths in by_stratum.values())
    assert len({place.sealed_arm for place in places}) == len(places)
    assert trial.opened_order == ""


def test_another_key_opens_nothing(trial, settings):
    subject = TrialSubjectFactory(trial=trial)
    settings.SEALING_KEYS = [sealing.new_key()]
    with pytest.raises(TrialRefused, match="broken_seal"):
        enrolling.allocate(subject, None)
    with pytest.raises(TrialRefused, match="broken_seal"):
        closing.close(trial, None)
    subject.refresh_from_db()
    assert not subject.is_randomised
    assert not closing.verify(trial).agrees


def test_no_key_at_all_opens_nothing(trial, settings):
    settings.SEALING_KEYS = []
    with pytest.raises(sealing.SealBroken):
        sealing.unseal(trial.sealed_key)


def test_a_seal_that_was_moved_from_another_place_is_not_opened(trial):
    """Both are of this trial, and would be opened by its key."""
    one, other = TrialPlace.objects.filter(stratum__trial=trial).select_related("stratum")[:2]
    one.sealed_arm = other.sealed_arm
    with pytest.raises(sealing.SealBroken):
        order.arm_of(one, trial)


def test_the_key_can_be_changed_without_touching_the_order(trial, settings):
    [old] = settings.SEALING_KEYS
    sealed = list(TrialPlace.objects.order_by("pk").values_list("sealed_arm", flat=True))
    new = sealing.new_key()
    settings.SEALING_KEYS = [new, old]
    call_command("reseal_trials", stdout=StringIO())
    settings.SEALING_KEYS = [new]
    assert closing.verify(Trial.objects.get()).agrees
    assert list(TrialPlace.objects.order_by("pk").values_list("sealed_arm", flat=True)) == sealed
    settings.SEALING_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="nothing was changed"):
        call_command("reseal_trials", stdout=StringIO())


# --- Proof ---------------------------------------------------------------------------------


def draw(trial, number: int) -> None:
    for _ in range(number):
        enrolling.allocate(TrialSubjectFactory(trial=trial), None)


def test_an_open_trial_is_proved_without_being_told(trial):
    draw(trial, 5)
    output = StringIO()
    call_command("verify_trial", stdout=output)
    assert "agrees" in output.getvalue()
    assert "5 drawn" in output.getvalue()
    assert sealing.unseal(trial.sealed_salt, order.key_of(trial)) not in output.getvalue()


def test_a_closed_trial_is_proved_from_what_was_published_and_without_the_key(trial, settings):
    draw(trial, 3)
    closed = closing.close(trial, None)
    assert hashlib.sha256(closed.opened_order.encode()).hexdigest() == trial.sequence_hash
    settings.SEALING_KEYS = [sealing.new_key()]
    assert closing.verify(closed).agrees
    with pytest.raises(TrialRefused, match="closed_already"):
        closing.close(trial, None)


def test_an_order_that_was_written_anew_is_found_out(trial):
    draw(trial, 2)
    text = closing.close(trial, None).opened_order
    trial.refresh_from_db()
    trial.opened_order = text.replace(",1,1,1\n", ",1,1,2\n", 1)
    assert trial.opened_order != text
    proof = closing.verify(trial)
    assert "the order is not the one whose hash was published" in proof.problems


def test_a_draw_that_does_not_follow_the_order_is_found_out(trial, capsys):
    subject = TrialSubjectFactory(trial=trial)
    place = trial.strata.get(municipality="0751", risk_group="highest").places.get(number=1)
    wrong = 3 - order.arm_of(place, trial)
    subject.place, subject.allocated_at = place, subject.recorded_at
    subject.arm = trial.arms.get(number=wrong)
    subject.save()
    output = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_trial", trial.name, stdout=output)
    assert f"{subject.pseudonym} is in another arm than the order says" in output.getvalue()
    with pytest.raises(CommandError, match="no trial called"):
        call_command("verify_trial", "Nobody's")
