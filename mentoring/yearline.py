"""Meetings as marks on the year's line."""

from collections.abc import Iterable

from django.utils import timezone

from mentoring.models import Meeting, MeetingState
from participants.milestones import Milestone
from participants.models import Enrolment
from participants.yearline import YearLine

MARKED = (
    Milestone.GATE_WEEK,
    Milestone.DAY_14,
    Milestone.MONTH_3,
    Milestone.MONTH_6,
    Milestone.MONTH_9,
    Milestone.MONTH_12,
)


class MeetingMarks:
    """What the large timeline draws, all positions as SVG lengths in per cent."""

    def __init__(self, enrolment: Enrolment, meetings: Iterable[Meeting]):
        line = YearLine(enrolment)
        today = timezone.localdate()
        within = [
            m for m in meetings if line.first <= timezone.localdate(m.happened_at) <= line.last
        ]
        place = {m.pk: line.at(timezone.localdate(m.happened_at)) for m in within}
        self.held = [place[m.pk] for m in within if m.state == MeetingState.HELD]
        self.not_held = [place[m.pk] for m in within if m.state == MeetingState.NOT_HELD]
        self.tried = [place[m.pk] for m in within if m.state == MeetingState.TRIED]
        self.milestones = [line.at(enrolment.milestone(m)) for m in MARKED]
        self.release = line.at(line.release)
        self.after = line.after_release
        self.months = line.months
        self.done = line.reached
        self.now = line.at(today)
        self.now_share = float(self.now.rstrip("%"))
        self.is_open = enrolment.ended_on is None and line.first <= today <= line.last
