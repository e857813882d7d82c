"""What is asked of a meeting, and which answer asks what.

A branch that is not taken asks nothing: what was typed there before the mind was changed is
neither checked nor saved.
"""

from collections.abc import Iterator

from crispy_forms.layout import Div, LayoutObject
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.entries import MeetingEntry
from mentoring.forms.meeting.fields import (
    MODE_ICONS,
    OTHER_DURATION,
    MentorChoice,
    all_durations,
    common_durations,
    line_field,
    text_field,
)
from mentoring.forms.meeting.when import WhenQuestions
from mentoring.models import Authority, Meeting, MeetingMode, MeetingState, NotHeldReason
from participants.models import SupportArea
from primus.forms import Chips, DayField, Part, Segmented

RESCHEDULED = [
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
    ("later", gettext_lazy("Not yet")),
]
IS_RESCHEDULED = {"yes": True, "no": False}

AREA_TEXTS = tuple(f"text_{area}" for area in SupportArea.values)
ACCOMPANIMENT = ("authority", "purpose", "outcome", "follow_up", "follow_up_on")
NOT_HELD = ("not_held_reason", "rescheduled", "rescheduled_on")
CONTACT = ("mode", "mentors")
HELD = (
    *("areas", *AREA_TEXTS),
    *("duration", "duration_other", "transport_km"),
    *ACCOMPANIMENT,
    *("next_step", "next_when", "next_day", "goals_reached"),
)
# Of each state, the questions it does not ask.
UNASKED = {
    MeetingState.HELD: NOT_HELD,
    MeetingState.NOT_HELD: (*CONTACT, *HELD),
    MeetingState.TRIED: (*NOT_HELD, *HELD),
}


class MeetingQuestions(WhenQuestions):
    """The questions that a new meeting and a corrected one have in common."""

    state = forms.ChoiceField(
        label=gettext_lazy("What happened?"), choices=MeetingState, widget=forms.RadioSelect
    )
    not_held_reason = forms.ChoiceField(
        label=gettext_lazy("Why not?"),
        choices=NotHeldReason,
        widget=forms.RadioSelect,
        required=False,
    )
    rescheduled = forms.ChoiceField(
        label=gettext_lazy("Is there a new day?"),
        choices=RESCHEDULED,
        widget=forms.RadioSelect,
        required=False,
    )
    rescheduled_on = DayField(label=gettext_lazy("The new day"), required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("How?"), choices=MeetingMode, widget=forms.RadioSelect, required=False
    )
    mentors = MentorChoice(label=gettext_lazy("Who was there?"), required=False)
    areas = forms.MultipleChoiceField(
        label=gettext_lazy("What was it about?"),
        choices=SupportArea,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text_housing = text_field(gettext_lazy("Briefly on housing"))
    text_finance = text_field(gettext_lazy("Briefly on finances"))
    text_work = text_field(gettext_lazy("Briefly on work and education"))
    text_health = text_field(gettext_lazy("Briefly on health and substance use"))
    text_network = text_field(gettext_lazy("Briefly on network"))
    duration = forms.ChoiceField(
        label=gettext_lazy("How long?"),
        choices=common_durations,
        widget=forms.RadioSelect,
        required=False,
    )
    duration_other = forms.TypedChoiceField(
        label=gettext_lazy("How long, in quarters of an hour"),
        choices=all_durations,
        coerce=int,
        empty_value=None,
        required=False,
    )
    transport_km = forms.IntegerField(
        label=gettext_lazy("Kilometres, there and back"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Write whole kilometres, like 24.")},
        validators=[
            MinValueValidator(0, gettext_lazy("Write whole kilometres, like 24.")),
            MaxValueValidator(
                Meeting.TRANSPORT_LIMIT, gettext_lazy("Write at most %(limit_value)s kilometres.")
            ),
        ],
    )
    note = text_field(gettext_lazy("Anything else?"))
    authority = forms.ChoiceField(
        label=gettext_lazy("With whom?"),
        choices=[("", "–"), *Authority.choices],
        required=False,
    )
    purpose = line_field(gettext_lazy("What was it about there?"))
    outcome = text_field(gettext_lazy("What was decided?"))
    follow_up = line_field(
        gettext_lazy("What must be followed up?"),
        gettext_lazy("A task for the two of you, if there is one"),
    )
    follow_up_on = DayField(label=gettext_lazy("Followed up by when?"), required=False)
    next_step = line_field(gettext_lazy("Next step"), gettext_lazy("What have you agreed?"))
    next_day = DayField(label=gettext_lazy("Day of the next step"), required=False)

    # What a new meeting's step says when the meeting was put off.
    def rescheduled_step(self) -> str:
        return _("A new meeting")

    def set_up(self, mentors) -> None:
        """What follows from who fills in the form, and when."""
        self.fields["mentors"].offer(mentors, self.user)
        self.fields["mode"].icons = MODE_ICONS
        # Which of the participants that can be chosen each mentor follows.
        self.follows = {}
        self.initials = {m.pk: m.user.initials for m in mentors}
        self.limit_days()
        for name in ("rescheduled_on", "next_day"):
            self.fields[name].widget.attrs["min"] = self.today.isoformat()

    def unasked(self, data: dict) -> Iterator[str]:
        """The questions that the answers given leave unasked."""
        yield from UNASKED.get(data.get("state"), ())
        if data.get("rescheduled") != "yes":
            yield "rescheduled_on"
        if data.get("duration") != OTHER_DURATION:
            yield "duration_other"
        areas = data.get("areas") or ()
        for area in SupportArea.values:
            if area not in areas:
                yield f"text_{area}"

    def clean(self):
        data = super().clean()
        for name in self.unasked(data):
            if name in self.fields:
                self._errors.pop(name, None)
                data[name] = self.fields[name].to_python("")
        self._clean_state(data)
        self.clean_moment(data, self.enrolment_of(data))
        self._clean_next(data)
        self._clean_accompaniment(data)
        return data

    def enrolment_of(self, data: dict):
        """Whose meeting it is; None when that is not answered."""
        raise NotImplementedError

    def _clean_state(self, data) -> None:
        state = data.get("state")
        if state == MeetingState.NOT_HELD:
            self._demand(data, "not_held_reason", _("Choose why the meeting was not held."))
            if data.get("rescheduled") == "yes":
                self._demand(data, "rescheduled_on", _("Choose the new day."))
                self._lies_ahead(
                    data, "rescheduled_on", _("The new day lies ahead: choose today or later.")
                )
        elif state:
            self._demand(data, "mode", _("Choose how."))
            tried = state == MeetingState.TRIED
            self._demand(
                data, "mentors", _("Choose who tried.") if tried else _("Choose who was there.")
            )

    def _demand(self, data, name: str, sentence: str) -> None:
        if not data.get(name) and name not in self.errors:
            self.add_error(name, sentence)

    def _lies_ahead(self, data, name: str, sentence: str) -> None:
        if data.get(name) and data[name] < self.today:
            self.add_error(name, sentence)

    def next_step_on(self, data):
        """The day of the next step, as far as it was answered."""
        return data.get("next_day")

    def _clean_next(self, data) -> None:
        data["next_step_on"] = self.next_step_on(data)
        self._lies_ahead(data, "next_day", _("The next step lies ahead: choose today or later."))
        if data["next_step_on"] and not data.get("next_step", "").strip():
            self._demand({}, "next_step", _("Write what the next step is."))

    def _clean_accompaniment(self, data) -> None:
        if any(data.get(name) for name in ACCOMPANIMENT[1:]):
            self._demand(data, "authority", _("Choose which authority it was."))
        if data.get("follow_up"):
            self._demand(data, "follow_up_on", _("Choose by when it must be followed up."))
        if data.get("follow_up_on"):
            self._demand(data, "follow_up", _("Write what must be followed up."))
            happened = data.get("happened_at")
            if happened and data["follow_up_on"] < timezone.localdate(happened):
                self.add_error("follow_up_on", _("That is before the meeting."))

    def entry(self) -> MeetingEntry:
        """What the form says. What was not asked is empty already (see ``clean``)."""
        data = self.cleaned_data
        put_off_to = data["rescheduled_on"]
        minutes = data["duration"]
        if minutes == OTHER_DURATION:
            minutes = data["duration_other"]
        return MeetingEntry(
            state=data["state"],
            happened_at=data["happened_at"],
            mode=data["mode"],
            not_held_reason=data["not_held_reason"],
            duration_minutes=int(minutes) if minutes else None,
            transport_km=data["transport_km"],
            is_rescheduled=IS_RESCHEDULED.get(data["rescheduled"]),
            note=data["note"],
            next_step=self.rescheduled_step() if put_off_to else data["next_step"],
            next_step_on=put_off_to or data["next_step_on"],
            mentor_ids=tuple(sorted(data["mentors"])),
            areas={area: data[f"text_{area}"] for area in data["areas"]},
            **{name: data[name] for name in ACCOMPANIMENT},
        )

    def held_layout(self) -> list[LayoutObject]:
        """The questions about how and who, and those that only a meeting that was held is asked."""
        return [
            Div(Chips("mode"), css_class="if-contact"),
            Div(Part("mentoring/meeting/_mentors.html", "mentors"), css_class="if-contact"),
            Div(
                Part("mentoring/meeting/_areas.html", "areas", *AREA_TEXTS),
                Part("mentoring/meeting/_accompaniment.html", *ACCOMPANIMENT),
                css_class="if-held",
            ),
        ]

    @staticmethod
    def length_layout() -> LayoutObject:
        """Folded, near the end: most meetings are logged without it."""
        names = ("duration", "duration_other", "transport_km")
        return Div(Part("mentoring/meeting/_length.html", *names), css_class="if-held")

    @staticmethod
    def not_held_layout() -> list[LayoutObject]:
        return [
            Div(
                Chips("not_held_reason"),
                Segmented("rescheduled"),
                Div("rescheduled_on", css_class="if-rescheduled"),
                css_class="if-not-held",
            )
        ]
