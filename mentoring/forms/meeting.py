"""Log a meeting: one page, few questions, nothing typed lost."""

import uuid
from datetime import datetime, time, timedelta

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.meetings import ConcernEntry, MeetingEntry
from mentoring.models import (
    Authority,
    ConcernTopic,
    Meeting,
    MeetingMode,
    MeetingState,
    Mentor,
    NotHeldReason,
    Urgency,
)
from participants.models import Enrolment, SupportArea
from primus.accounts.models import User
from primus.forms import Chips, DayField, Part, Segmented, TimeInput, helper
from primus.templatetags.primus_ui import shortdate

NOON = time(12, 0)

WHEN = [
    ("now", gettext_lazy("Just now")),
    ("yesterday", gettext_lazy("Yesterday")),
    ("day", gettext_lazy("Choose a day")),
]
NEXT_WHEN = [
    ("tomorrow", gettext_lazy("Tomorrow")),
    ("week", gettext_lazy("In a week")),
    ("day", gettext_lazy("Choose a day")),
]
MODE_ICONS = {mode: mode for mode in MeetingMode.values} | {MeetingMode.HOME: "housing"}
TEXT_LENGTH = 20_000


def text_field(label, rows: int = 2, **attrs) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(
            attrs={"rows": rows, "placeholder": gettext_lazy("Briefly, if you like"), **attrs}
        ),
    )


class EnrolmentChoice(forms.ModelChoiceField):
    def label_from_instance(self, enrolment) -> str:
        return enrolment.participant.get_full_name()


class MentorChoice(forms.ModelMultipleChoiceField):
    """Both mentors as chips; whoever fills in the form is «You»."""

    me = None

    def label_from_instance(self, mentor) -> str:
        return _("You") if mentor.user_id == self.me else mentor.user.first_name


class MeetingForm(forms.Form):
    """What a mentor tells of one meeting; `entry()` is what it says."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    enrolment = EnrolmentChoice(
        queryset=Enrolment.objects.none(),
        label=gettext_lazy("Who did you meet?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose who you met."),
            "invalid_choice": gettext_lazy("You no longer follow this person."),
        },
    )
    state = forms.ChoiceField(
        label=gettext_lazy("What happened?"), choices=MeetingState, widget=forms.RadioSelect
    )
    not_held_reason = forms.ChoiceField(
        label=gettext_lazy("Why not?"),
        choices=NotHeldReason,
        widget=forms.RadioSelect,
        required=False,
    )
    when = forms.ChoiceField(label=gettext_lazy("When?"), choices=WHEN, widget=forms.RadioSelect)
    day = DayField(label=gettext_lazy("Day"), required=False)
    at = forms.TimeField(
        label=gettext_lazy("Time, if you remember"),
        required=False,
        widget=TimeInput,
        error_messages={"invalid": gettext_lazy("Write the time like 16.40.")},
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How?"), choices=MeetingMode, widget=forms.RadioSelect, required=False
    )
    mentors = MentorChoice(
        queryset=Mentor.objects.none(),
        label=gettext_lazy("Who was there?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
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
    note = text_field(gettext_lazy("Anything else?"))
    authority = forms.ChoiceField(
        label=gettext_lazy("With whom?"),
        choices=[("", "–"), *Authority.choices],
        required=False,
    )
    outcome = text_field(gettext_lazy("What came of it?"))
    next_step = forms.CharField(
        label=gettext_lazy("Next step"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("What have you agreed?")}),
    )
    next_when = forms.ChoiceField(
        label=gettext_lazy("When is the next step?"),
        choices=NEXT_WHEN,
        widget=forms.RadioSelect,
        required=False,
    )
    next_day = DayField(label=gettext_lazy("Day of the next step"), required=False)
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

    # Whom a concern goes to, where it is one person.
    coordinator: User | None = None

    def __init__(self, *args, user, enrolments, loaded, chosen, **kwargs):
        """`enrolments` is the queryset that may be chosen from, `loaded` its rows with seats."""
        self.user = user
        self.now = timezone.localtime()
        self.enrolments = loaded
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {
            "token": uuid.uuid4(),
            "enrolment": chosen.pk,
            "state": MeetingState.HELD,
            "when": "now",
            "mentors": [m.pk for m in self._own(chosen)],
            **kwargs["initial"],
        }
        super().__init__(*args, **kwargs)
        # Already fetched, and already limited to what this user may see.
        self._offer_enrolments(enrolments)
        self._offer_mentors()
        self.fields["day"].widget.attrs |= {
            "max": self.today.isoformat(),
            "min": (self.today - timedelta(days=Meeting.BACKDATED_DAYS)).isoformat(),
        }
        self.fields["next_day"].widget.attrs["min"] = self.today.isoformat()
        self.fields["mode"].icons = MODE_ICONS
        self.fields["when"].icons = self.fields["next_when"].icons = {"day": "calendar"}
        self.helper = self._helper()

    @property
    def today(self):
        return self.now.date()

    def _own(self, enrolment) -> list[Mentor]:
        return [seat.mentor for seat in enrolment.seats_now if seat.mentor.user_id == self.user.pk]

    def _offer_enrolments(self, queryset) -> None:
        field = self.fields["enrolment"]
        field.queryset = queryset
        field.choices = [(e.pk, field.label_from_instance(e)) for e in self.enrolments]

    def _offer_mentors(self) -> None:
        """The mentors of all offered pairs; which belong to whom is checked in `clean`."""
        self.pairs = {e.pk: [s.mentor for s in e.seats_now] for e in self.enrolments}
        mentors = {m.pk: m for pair in self.pairs.values() for m in pair}
        field = self.fields["mentors"]
        field.me = self.user.pk
        field.queryset = Mentor.objects.filter(pk__in=mentors)
        field.choices = [
            (m.pk, field.label_from_instance(m))
            for m in sorted(mentors.values(), key=lambda m: (m.user_id != self.user.pk, m.pk))
        ]
        # For the page: a chip is shown only with the participants its mentor follows.
        self.follows = {
            pk: " ".join(str(e) for e, pair in self.pairs.items() if mentors[pk] in pair)
            for pk in mentors
        }
        self.initials = {pk: m.user.initials for pk, m in mentors.items()}

    def _helper(self) -> FormHelper:
        made = helper(tag=False)
        one = len(self.enrolments) == 1
        made.layout = Layout(
            "token",
            Part("mentoring/meeting/_one.html", "enrolment")
            if one
            else Chips("enrolment", hide_legend=True),
            Segmented("state"),
            Div(Chips("not_held_reason"), css_class="if-not-held"),
            Chips("when"),
            Div("day", css_class="if-day"),
            Div("at", css_class="if-earlier"),
            Div(Chips("mode"), css_class="if-contact"),
            Div(Part("mentoring/meeting/_mentors.html", "mentors"), css_class="if-contact"),
            Div(
                Part(
                    "mentoring/meeting/_areas.html",
                    "areas",
                    *[f"text_{area}" for area in SupportArea.values],
                ),
                Part("mentoring/meeting/_accompaniment.html", "authority", "outcome"),
                css_class="if-held",
            ),
            "note",
            Div(
                "next_step",
                Chips("next_when", hide_legend=True),
                Div("next_day", css_class="if-next-day"),
                css_class="next-step",
            ),
            Part(
                "mentoring/meeting/_concern.html",
                "concern_text",
                "concern_topic",
                "concern_urgency",
            ),
        )
        return made

    def clean(self):
        data = super().clean()
        state = data.get("state")
        if state == MeetingState.NOT_HELD:
            if not data.get("not_held_reason"):
                self.add_error("not_held_reason", _("Choose why the meeting was not held."))
        elif state and not data.get("mode"):
            self.add_error("mode", _("Choose how."))
        if state == MeetingState.HELD and not data.get("mentors") and "mentors" in data:
            self.add_error("mentors", _("Choose who was there."))
        self._clean_time(data)
        self._clean_mentors(data)
        self._clean_next(data)
        if data.get("outcome", "").strip() and not data.get("authority"):
            self.add_error("authority", _("Choose which authority it was."))
        return data

    def _clean_time(self, data) -> None:
        when, enrolment = data.get("when"), data.get("enrolment")
        if when == "now":
            data["happened_at"] = self.now
            return
        day = self.today - timedelta(days=1) if when == "yesterday" else data.get("day")
        if day is None:
            if when == "day" and "day" not in self.errors:
                self.add_error("day", _("Choose the day it happened."))
            return
        earliest = self.today - timedelta(days=Meeting.BACKDATED_DAYS)
        # An hour that falls in the gap or the overlap of a clock change is kept as Python reads it.
        moment = timezone.make_aware(datetime.combine(day, data.get("at") or NOON))
        if day > self.today or (data.get("at") and moment > self.now):
            self.add_error("day", _("A meeting cannot be logged before it has happened."))
        elif day < earliest:
            self.add_error(
                "day",
                _("A meeting can be logged up to 60 days back, that is from %(day)s.")
                % {"day": shortdate(earliest)},
            )
        elif enrolment and day < enrolment.referred_on:
            self.add_error(
                "day",
                _("That is before the referral on %(day)s.")
                % {"day": shortdate(enrolment.referred_on)},
            )
        data["happened_at"] = min(moment, self.now)

    def _clean_mentors(self, data) -> None:
        enrolment, chosen = data.get("enrolment"), data.get("mentors")
        if enrolment is None or chosen is None:
            return
        strangers = [m for m in chosen if m not in self.pairs.get(enrolment.pk, [])]
        if strangers:
            self.add_error(
                "mentors",
                _("%(mentor)s does not follow %(participant)s.")
                % {
                    "mentor": strangers[0].user.first_name,
                    "participant": enrolment.participant.first_name,
                },
            )

    def _clean_next(self, data) -> None:
        when = data.get("next_when")
        if when == "tomorrow":
            data["next_step_on"] = self.today + timedelta(days=1)
        elif when == "week":
            data["next_step_on"] = self.today + timedelta(days=7)
        else:
            data["next_step_on"] = data.get("next_day")
            if when == "day" and not data["next_step_on"] and "next_day" not in self.errors:
                self.add_error("next_day", _("Choose the day of the next step."))
        if data["next_step_on"] and data["next_step_on"] < self.today:
            self.add_error("next_day", _("The next step lies ahead: choose today or later."))
        if data["next_step_on"] and not data.get("next_step", "").strip():
            self.add_error("next_step", _("Write what the next step is."))

    @property
    def exact_time(self) -> bool:
        """Whether the mentor chose the time, rather than «just now»."""
        return self.cleaned_data["when"] != "now"

    def entry(self) -> MeetingEntry:
        """What the form says, without answers to what this kind of meeting is not asked."""
        data = self.cleaned_data
        held = data["state"] == MeetingState.HELD
        not_held = data["state"] == MeetingState.NOT_HELD
        concern = None
        if data["concern_text"].strip():
            concern = ConcernEntry(
                text=data["concern_text"],
                urgency=data["concern_urgency"] or Urgency.SOON,
                topic=data["concern_topic"] or ConcernTopic.OTHER,
            )
        return MeetingEntry(
            state=data["state"],
            happened_at=data["happened_at"],
            mode="" if not_held else data["mode"],
            not_held_reason=data["not_held_reason"] if not_held else "",
            note=data["note"],
            next_step=data["next_step"],
            next_step_on=data["next_step_on"],
            mentor_ids=tuple(sorted(m.pk for m in data["mentors"])),
            areas={a: data[f"text_{a}"] for a in data["areas"]} if held else {},
            authority=data["authority"] if held else "",
            outcome=data["outcome"] if held else "",
            concern=concern,
        )
