"""Why something is not estimable, and why a row is refused: codes, for each to put in words."""

from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why there is no estimate. Each is explained in docs/engine.md."""

    EMPTY_COHORT = "empty_cohort"  # nobody at all
    EMPTY_ARM = "empty_arm"  # nobody in one of the arms
    ONE_ARM = "one_arm"  # nothing to compare with
    MORE_THAN_TWO_ARMS = "more_than_two_arms"  # the measure compares two
    TOO_MANY_ARMS = "too_many_arms"  # as when a column of names is taken for the arm
    NO_EVENTS = "no_events"  # none, or none in one of the arms
    ZERO_VARIANCE = "zero_variance"  # the data do not tell how uncertain it is
    ZERO_DIFFERENCE = "zero_difference"  # a number needed to treat without end
    MONOTONE_LIKELIHOOD = "monotone_likelihood"  # the hazard ratio runs off to zero or infinity
    INCOMPLETE_FOLLOW_UP = "incomplete_follow_up"  # somebody's status at the horizon is unknown
    HORIZON_BEYOND_FOLLOW_UP = "horizon_beyond_follow_up"  # nobody was watched that long
    MEDIAN_NOT_REACHED = "median_not_reached"
    NO_STRATA = "no_strata"
    MISSING_STRATUM = "missing_stratum"  # somebody's stratum is unknown
    ONE_SUBGROUP = "one_subgroup"  # no interaction with one
    NOT_DETECTABLE = "not_detectable"  # not even if nobody had the event


class RowReason(StrEnum):
    """Why a row is refused."""

    TOO_MANY_CELLS = "too_many_cells"  # as by a decimal comma that separates cells
    MISSING_ARM = "missing_arm"
    MISSING_TIME = "missing_time"
    UNREADABLE_TIME = "unreadable_time"  # text that is no number
    INFINITE_TIME = "infinite_time"
    NEGATIVE_TIME = "negative_time"
    OFFENCE_BEFORE_RELEASE = "offence_before_release"
    MISSING_EVENT = "missing_event"
    UNKNOWN_EVENT = "unknown_event"  # neither 0, 1 nor 2


Estimate = dict[str, Any]
# What every function of the engine answers that may be unable to: figures, or why there are none.
# ``isinstance(answer, Reason)`` tells which.
Answer = Estimate | Reason


def known(answer: Answer) -> Estimate | None:
    """The figures, or None where there are none."""
    return None if isinstance(answer, Reason) else answer
