"""Everything about one cohort, as one object that can be stored and read without numpy."""

from collections.abc import Iterable
from typing import Any

from outcomes.engine.cohort import Cohort


def analyse(
    cohort: Cohort, at: Iterable[float] | None = None, reference: str | None = None
) -> dict[str, Any]:
    """``{"arms", "log_rank", "stratified_log_rank", "risk_difference", "relative_risk", "nnt",
    "hazard_ratio", "rmst_difference", "reasons", "refused"}``, see docs/engine.md.

    ``at``: the times of the curves and, the last of them, the horizon; else all event times.
    ``reference``: the arm that the other is compared with; else ``default_reference``. Raises
    ValueError for a reference that is no arm and for times that are no times. ``reasons``:
    ``{"nnt": "zero_difference", "arms.<arm>.median": "median_not_reached", …}`` of what is None.
    """
    raise NotImplementedError
