"""The forms around one meeting: log it, correct it, add to it."""

from mentoring.forms.meeting.addition import AdditionForm
from mentoring.forms.meeting.correct import CorrectionForm
from mentoring.forms.meeting.log import MeetingForm

__all__ = ["AdditionForm", "CorrectionForm", "MeetingForm"]
