"""The kinds of questions that the forms of a meeting ask."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.models import Meeting, MeetingMode
from mentoring.templatetags.mentoring import duration

MODE_ICONS = {mode: mode for mode in MeetingMode.values} | {MeetingMode.HOME: "housing"}
TEXT_LENGTH = 20_000
OTHER_DURATION = "other"
# Minutes; the rest of the quarters are behind «Other».
COMMON_DURATIONS = (30, 60, 90, 120)


def text_field(label, rows: int = 2, **attrs) -> forms.CharField:
    """A text that is kept as it was typed, in whichever direction its script runs."""
    return forms.CharField(
        label=label,
        required=False,
        strip=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(
            attrs={
                "rows": rows,
                "dir": "auto",
                "placeholder": gettext_lazy("Briefly, if you like"),
                **attrs,
            }
        ),
    )


def line_field(label, placeholder="") -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "placeholder": placeholder}),
    )


def common_durations() -> list[tuple[str, str]]:
    known = [(str(minutes), duration(minutes)) for minutes in COMMON_DURATIONS]
    return [*known, (OTHER_DURATION, _("Other length"))]


def all_durations() -> list[tuple[str, str]]:
    steps = range(Meeting.DURATION_STEP, Meeting.DURATION_LIMIT + 1, Meeting.DURATION_STEP)
    return [("", _("Not said")), *((str(minutes), duration(minutes)) for minutes in steps)]


class EnrolmentChoice(forms.ChoiceField):
    """One of the enrolments that were fetched for whoever fills in the form."""

    widget = forms.RadioSelect

    def offer(self, enrolments) -> None:
        self.enrolments = {str(e.pk): e for e in enrolments}
        self.choices = [(e.pk, e.participant.get_full_name()) for e in enrolments]

    def clean(self, value):
        return self.enrolments[super().clean(value)]


class MentorChoice(forms.TypedMultipleChoiceField):
    """Both mentors as chips, by primary key; whoever fills in the form is «You»."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(coerce=int, empty_value=(), **kwargs)

    def offer(self, mentors, reader) -> None:
        """Offer these mentors, the reader first."""
        self.choices = [
            (m.pk, _("You") if m.user_id == reader.pk else m.user.first_name)
            for m in sorted(mentors, key=lambda m: (m.user_id != reader.pk, m.pk))
        ]
