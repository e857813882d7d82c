"""Log a meeting: one page, few questions, nothing typed lost."""

import uuid
from dataclasses import replace
from datetime import timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.additions import already_told
from mentoring.entries import ConcernEntry, MeetingEntry
from mentoring.forms.meeting.fields import EnrolmentChoice, text_field
from mentoring.forms.meeting.goals import GoalQuestions, due_name
from mentoring.forms.meeting.questions import MeetingQuestions
from mentoring.models import ConcernTopic, MeetingState, Mentor, Urgency
from mentoring.seats import former_seats
from participants.models import Enrolment
from primus.accounts.models import User
from primus.forms import Chips, Part, Segmented, helper

NEXT_WHEN = [
    ("tomorrow", gettext_lazy("Tomorrow")),
    ("week", gettext_lazy("In a week")),
    ("day", gettext_lazy("Choose a day")),
]


class MeetingForm(GoalQuestions, MeetingQuestions):
    """What a mentor tells of one meeting; `entry()` is what it says."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    enrolment = EnrolmentChoice(
        label=gettext_lazy("Who did you meet?"),
        error_messages={
            "required": gettext_lazy("Choose who you met."),
            "invalid_choice": gettext_lazy(
                "You no longer follow this person, or the enrolment has ended. "
                "The coordinator can log the meeting for you."
            ),
        },
    )
    next_when = forms.ChoiceField(
        label=gettext_lazy("When is the next step?"),
        choices=NEXT_WHEN,
        widget=forms.RadioSelect,
        required=False,
    )
    concern_text = text_field(gettext_lazy("What have you seen or heard?"), rows=3, placeholder="")
    concern_topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=ConcernTopic,
        initial=ConcernTopic.OTHER,
        required=False,
    )
    concern_urgency = forms.ChoiceField(
        label=gettext_lazy("How soon must it be heard?"),
        choices=Urgency,
        initial=Urgency.SOON,
        widget=forms.RadioSelect,
        required=False,
    )
    # As they stand on the page, which is the order in which errors are told.
    field_order = (
        *("token", "enrolment", "state", "not_held_reason", "rescheduled", "rescheduled_on"),
        *("when", "day", "at", "mode", "mentors", "areas"),
    )

    # Whom a concern goes to, where it is one person.
    coordinator: User | None = None

    def __init__(self, *args, user, loaded, chosen, **kwargs):
        """`loaded` are the enrolments that may be chosen from, with their seats."""
        self.user = user
        self.now = timezone.localtime()
        self.enrolments = loaded
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "token": uuid.uuid4(),
            "enrolment": chosen.pk,
            "state": MeetingState.HELD,
            "when": "now" if chosen.is_current else "day",
            "rescheduled": "later",
            "mentors": [m.pk for m in _followers(chosen) if m.user_id == user.pk],
            **kwargs["initial"],
        }
        super().__init__(*args, **kwargs)
        self.fields["enrolment"].offer(loaded)
        self.pairs = {e.pk: _followers(e) for e in loaded}
        mentors = {m.pk: m for pair in self.pairs.values() for m in pair}
        self.set_up(mentors.values())
        # For the page: a chip is shown only with the participants its mentor follows.
        self.follows = {
            pk: " ".join(str(e) for e, pair in self.pairs.items() if mentors[pk] in pair)
            for pk in mentors
        }
        self.offer_goals(loaded)
        self.fields["when"].icons = self.fields["next_when"].icons = {"day": "calendar"}
        self.helper = self._helper()

    @cached_property
    def told_already(self):
        """Meetings of these days that somebody else has written about."""
        return already_told(self.enrolments, self.user)

    def _helper(self) -> FormHelper:
        made = helper(tag=False)
        one = len(self.enrolments) == 1
        made.layout = Layout(
            "token",
            Part("mentoring/meeting/_one.html", "enrolment")
            if one
            else Chips("enrolment", hide_legend=True),
            Part("mentoring/meeting/_told_already.html"),
            Segmented("state"),
            *self.not_held_layout(),
            Chips("when"),
            Div("day", css_class="if-day"),
            Div("at", css_class="if-earlier"),
            *self.held_layout(),
            "note",
            Div(
                "next_step",
                Chips("next_when", hide_legend=True),
                Div("next_day", css_class="if-next-day"),
                css_class="next-step if-held",
            ),
            self.length_layout(),
            Part(
                "mentoring/meeting/_concern.html",
                "concern_text",
                "concern_topic",
                "concern_urgency",
            ),
        )
        return made

    def unasked(self, data):
        yield from super().unasked(data)
        if data.get("when") != "day":
            yield "day"
        if data.get("when") == "now":
            yield "at"
        if data.get("next_when") != "day":
            yield "next_day"
        asked = self.asked_goals(data)
        yield from (due_name(goal) for goal in self.goals if goal.pk not in asked)

    def clean(self):
        data = super().clean()
        self.clean_goals(data, self.asked_goals(data))
        self._clean_mentors(data)
        return data

    def asked_goals(self, data) -> set[int]:
        """The goals of the chosen participant in the areas that were talked about."""
        enrolment, areas = data.get("enrolment"), data.get("areas") or ()
        if enrolment is None or data.get("state") != MeetingState.HELD:
            return set()
        return {g.pk for g in self.goals if g.enrolment_id == enrolment.pk and g.area in areas}

    def enrolment_of(self, data):
        return data.get("enrolment")

    def next_step_on(self, data):
        when = data.get("next_when")
        if when == "tomorrow":
            return self.today + timedelta(days=1)
        if when == "week":
            return self.today + timedelta(days=7)
        if when == "day":
            self._demand(data, "next_day", _("Choose the day of the next step."))
        return data.get("next_day")

    def _clean_mentors(self, data) -> None:
        enrolment = data.get("enrolment")
        if enrolment is None:
            return
        follow = {m.pk for m in self.pairs.get(enrolment.pk, [])}
        names = {m.pk: m.user.first_name for pair in self.pairs.values() for m in pair}
        for stranger in set(data.get("mentors", ())) - follow:
            self.add_error(
                "mentors",
                _("%(mentor)s does not follow %(participant)s.")
                % {
                    "mentor": names[stranger],
                    "participant": enrolment.participant.first_name,
                },
            )

    def entry(self) -> MeetingEntry:
        data = self.cleaned_data
        concern = None
        if data["concern_text"].strip():
            concern = ConcernEntry(
                text=data["concern_text"],
                urgency=data["concern_urgency"] or Urgency.SOON,
                topic=data["concern_topic"] or ConcernTopic.OTHER,
            )
        return replace(
            super().entry(),
            goals_reached=tuple(sorted(data["goals_reached"])),
            goals_moved=data["goals_moved"],
            concern=concern,
        )


def _followers(enrolment: Enrolment) -> list[Mentor]:
    """Who follows a participant today; of an enrolment that has ended, who did."""
    if enrolment.is_current:
        return [seat.mentor for seat in enrolment.seats_held]
    return list({seat.mentor_id: seat.mentor for seat in former_seats(enrolment)}.values())
