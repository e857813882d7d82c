"""The rules of the tables that a meeting is logged in, each broken on purpose."""

from mentoring.models import Attendance, MeetingArea
from mentoring.tests.factories import (
    AccompanimentFactory,
    MeetingAdditionFactory,
    MeetingAreaFactory,
    MeetingDraftFactory,
    MeetingFactory,
    MentorFactory,
)
from participants.tests.factories import in_days
from primus.testing.constraints import Breaches, changing


def add_to(breaks: Breaches) -> None:
    """Register the breaches with those of the rest of the app."""

    @breaks("meeting_state_is_known")
    def _():
        return changing(MeetingFactory(), state="dreamt")

    @breaks("meeting_not_held_has_reason")
    def _():
        return changing(MeetingFactory(not_held=True), not_held_reason="")

    @breaks("meeting_mode_is_known")
    def _():
        return changing(MeetingFactory(), mode="")

    @breaks("attendance_once_per_mentor")
    def _():
        mentor = MentorFactory()
        meeting = MeetingFactory(mentors=[mentor])
        return lambda: Attendance.objects.create(meeting=meeting, mentor=mentor)

    @breaks("meeting_area_once_per_meeting")
    def _():
        first = MeetingAreaFactory()
        return lambda: MeetingArea.objects.create(meeting=first.meeting, area=first.area)

    @breaks("meeting_area_is_known")
    def _():
        return changing(MeetingAreaFactory(), area="luck")

    @breaks("accompaniment_authority_is_known")
    def _():
        return changing(AccompanimentFactory(), authority="oracle")

    @breaks("meeting_duration_in_quarters")
    def _():
        return changing(MeetingFactory(), duration_minutes=20)

    @breaks("meeting_transport_has_limit")
    def _():
        return changing(MeetingFactory(), transport_km=2001)

    @breaks("meeting_rescheduled_was_not_held")
    def _():
        return changing(MeetingFactory(), is_rescheduled=True)

    @breaks("accompaniment_follow_up_has_date")
    def _():
        return changing(AccompanimentFactory(), follow_up="Sende papirerne")

    @breaks("accompaniment_done_was_to_follow_up")
    def _():
        return changing(AccompanimentFactory(), follow_up_done_on=in_days(0))

    @breaks("meeting_draft_one_per_author_and_enrolment")
    def _():
        first = MeetingDraftFactory()
        return lambda: MeetingDraftFactory(author=first.author, enrolment=first.enrolment)

    @breaks("meeting_addition_has_text")
    def _():
        return changing(MeetingAdditionFactory(), text="")
