"""The flow of a trial, counted from what happened (CONSORT 2025, Hopewell et al.)."""

from typing import Any

from outcomes.models import Trial


def flow(trial: Trial) -> dict[str, Any]:
    """How many people came how far. Raw counts: whoever shows them protects them.

    ``{"assessed", "not_eligible": {reason: n}, "declined", "undecided", "ready", "randomised",
    "arms": [{"number", "has_mentors", "allocated", "received", "not_received",
    "not_followed": {reason: n}, "analysed"}]}``: allocated = received + not_received, and
    allocated = analysed + all of not_followed. ``received`` is two mentors, also in the arm
    without. The reasons of not_followed: not_released, withdrew, no_follow_up, died, emigrated,
    too_early.
    """
    raise NotImplementedError
