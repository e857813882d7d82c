"""A trial's stored result, for the tests of what is calculated with it."""

from datetime import UTC, datetime

from outcomes.effects.stored import VERSION
from outcomes.engine.proportions import wilson
from outcomes.models import EffectSnapshot, Trial
from outcomes.tests.factories import TrialFactory

NOW = datetime(2026, 3, 12, 3, 10, tzinfo=UTC)


def rate(n, of) -> dict:
    """A rate as it is stored."""
    interval = wilson(n, of)
    assert interval is not None
    return {"n": n, "of": of, "share": n / of, "low": interval[0], "high": interval[1]}


def effect_snapshot(
    highest=((6, 21), (14, 21)), everybody=((14, 48), (24, 49)), computed_at=NOW
) -> EffectSnapshot:
    """The result of a made-up trial by the default definition, in the place of the one before.

    Each pair is with mentors and without: (with a new sentence, of how many), or a stored rate.
    """

    def stored(counts) -> dict:
        return counts if isinstance(counts, dict) else rate(*counts)

    trial = Trial.objects.first() or TrialFactory(name="Forsøget", is_demonstration=True)
    EffectSnapshot.objects.filter(trial=trial).delete()
    mentors, control = map(stored, highest)
    level = {"level": "highest", "mentors": mentors, "control": control}
    arms = {
        name: {"rate": stored(counts)}
        for name, counts in zip(("mentors", "control"), everybody, strict=True)
    }
    return EffectSnapshot.objects.create(
        trial=trial,
        definition="kriminalforsorgen",
        computed_at=computed_at,
        figures={
            "version": VERSION,
            "definition": "kriminalforsorgen",
            "window": 730,
            "arms": arms,
            "subgroups": [{"factor": "risk", "levels": [level]}],
        },
    )
