"""Correct a meeting: the same questions, answered as they were."""

from dataclasses import replace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from mentoring.entries import MeetingEntry
from mentoring.forms.meeting.fields import COMMON_DURATIONS, OTHER_DURATION
from mentoring.forms.meeting.questions import ACCOMPANIMENT, IS_RESCHEDULED, MeetingQuestions
from mentoring.models import Meeting, MeetingState, Mentor
from primus.forms import Segmented, helper

# What of an entry only a meeting that was held is asked.
HELD_ONLY = ("areas", "duration_minutes", "transport_km", *ACCOMPANIMENT)
STEP = ("next_step", "next_step_on")


class CorrectionForm(MeetingQuestions):
    """What a meeting should have said. ``version`` is how often it had been corrected when the
    form was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    # The day and the time themselves are asked.
    when = None
    field_order = (
        *("version", "state", "not_held_reason", "rescheduled", "rescheduled_on"),
        *("day", "at", "mode", "mentors", "areas"),
    )

    def __init__(self, *args, meeting: Meeting, said: MeetingEntry, user, **kwargs):
        """`meeting` comes with its enrolment, the seats of it, and its attendances; `said` is what
        it says now."""
        self.meeting = meeting
        self.said = said
        self.user = user
        # What was true when the meeting was told of is still so.
        self.now = timezone.localtime(meeting.logged_at)
        super().__init__(*args, initial=initial_of(said) | kwargs.pop("initial", {}), **kwargs)
        self.set_up(self._mentors())
        self.fields["at"].label = _("Time of day")
        self.helper = self._helper()

    def _mentors(self) -> list[Mentor]:
        """Those who follow the participant today, and those who were there."""
        seated = [seat.mentor for seat in self.meeting.enrolment.seats_held]
        there = [attendance.mentor for attendance in self.meeting.attendances.all()]
        return list({mentor.pk: mentor for mentor in [*seated, *there]}.values())

    def _helper(self) -> FormHelper:
        made = helper(tag=False)
        made.layout = Layout(
            "version",
            Segmented("state"),
            *self.not_held_layout(),
            Div("day", "at", css_class="day-and-time"),
            *self.held_layout(),
            "note",
            Div("next_step", "next_day", css_class="if-held"),
            self.length_layout(),
        )
        return made

    def enrolment_of(self, data):
        return self.meeting.enrolment

    def rescheduled_step(self) -> str:
        return self.said.next_step or _("A new meeting")

    def entry(self) -> MeetingEntry:
        """What is not asked of such a meeting, and was said of it all the same, stays."""
        entry = super().entry()
        if entry.state != self.said.state:
            return entry
        kept = self._not_asked(entry.state)
        return replace(entry, **{name: getattr(self.said, name) for name in kept})

    def _not_asked(self, state: str) -> tuple[str, ...]:
        if state == MeetingState.TRIED:
            return (*HELD_ONLY, *STEP)
        if state == MeetingState.NOT_HELD:
            is_answered = self.initial["rescheduled_on"] or self.cleaned_data["rescheduled_on"]
            return ("mode", "mentor_ids", *HELD_ONLY, *(() if is_answered else STEP))
        return ()

    def _lies_ahead(self, data, name, sentence):
        # A day that was agreed then may have passed.
        if data.get(name) != self.initial[name]:
            super()._lies_ahead(data, name, sentence)

    def clean_moment(self, data, enrolment):
        if self._is_same_minute(data):
            # Nothing was corrected here: neither the seconds nor the rules of today matter.
            data["happened_at"] = self.said.happened_at
        else:
            super().clean_moment(data, enrolment)

    def _is_same_minute(self, data) -> bool:
        before = timezone.localtime(self.said.happened_at)
        return data.get("day") == before.date() and data.get("at") == before.time().replace(
            second=0, microsecond=0
        )


def initial_of(said: MeetingEntry) -> dict:
    """The answers that give this entry."""
    happened = timezone.localtime(said.happened_at)
    is_put_off = bool(said.is_rescheduled and said.next_step_on)
    rescheduled = {value: answer for answer, value in IS_RESCHEDULED.items()}
    minutes = said.duration_minutes
    is_common = minutes is None or minutes in COMMON_DURATIONS
    return {
        "state": said.state,
        "not_held_reason": said.not_held_reason,
        "rescheduled": "yes" if is_put_off else rescheduled.get(said.is_rescheduled, "later"),
        "rescheduled_on": said.next_step_on if is_put_off else None,
        "day": happened.date(),
        "at": happened.time(),
        "mode": said.mode,
        "mentors": list(said.mentor_ids),
        "areas": list(said.areas),
        **{f"text_{area}": text for area, text in said.areas.items()},
        "duration": (minutes or "") if is_common else OTHER_DURATION,
        "duration_other": "" if is_common else minutes,
        "transport_km": said.transport_km,
        "note": said.note,
        "next_step": "" if is_put_off else said.next_step,
        "next_day": None if is_put_off else said.next_step_on,
        **{name: getattr(said, name) for name in ACCOMPANIMENT},
    }
