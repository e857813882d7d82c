"""Every worklist of the desk, the most urgent first."""

from mentoring.desk import asked, clearances, concerns, following, pairs, releases

WORKLISTS = (
    concerns.WAITING,
    pairs.NO_PAIR,
    pairs.VACANT,
    pairs.UNCOVERED,
    asked.UNANSWERED,
    releases.UNCONFIRMED,
    releases.GATE_WEEK,
    releases.CLOSED_DAY,
    following.SILENT,
    following.UNRATED,
    following.FOLLOW_UPS,
    clearances.EXPIRING,
    releases.YEAR_OVER,
)
BY_NAME = {worklist.name: worklist for worklist in WORKLISTS}
