"""Keeping what is known of one mentor: profile, steps, clearances, conflicts and notes."""

from crispy_forms.layout import Field, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.models import (
    Clearance,
    ConflictKind,
    Mentor,
    MentorConflict,
    MentorNote,
    MentorState,
)
from mentoring.steps import MOVES
from participants.languages import Language
from participants.models import Enrolment, Participant, SupportArea
from participants.timeslots import TimeSlot
from primus.forms import Chips, DayField, Segmented, helper

# What is done, as the button that does it would say it.
STEP_LABELS = {
    MentorState.APPLICANT: _("begins again as an applicant"),
    MentorState.INTERVIEWED: _("has been interviewed"),
    MentorState.CLEARED: _("is cleared"),
    MentorState.ACTIVE: _("is active"),
    MentorState.PAUSED: _("goes on leave"),
    MentorState.LEFT: _("leaves"),
}
BACK_LABEL = _("is back from leave")


class Many(forms.MultipleChoiceField):
    """Several codes out of a list, kept in the order of the list."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value) -> list[str]:
        chosen = set(super().clean(value))
        return [code for code, _label in self.choices if code in chosen]


class ProfileForm(forms.ModelForm):
    """What a mentor can do and when: what whoever pairs them goes by."""

    languages = Many(
        label=_("Languages"),
        choices=Language.choices,
        error_messages={"required": _("Choose at least one language.")},
    )
    times = Many(
        label=_("Times that suit"),
        choices=TimeSlot.choices,
        required=False,
        help_text=_("Choose none where it is not known."),
    )
    areas_known = Many(label=_("Knows about"), choices=SupportArea.choices, required=False)

    own = False

    class Meta:
        model = Mentor
        fields = [
            "capacity", "languages", "times", "areas_known", "about", "occupation", "trade",
            "postcode", "gender", "birth_year",
        ]  # fmt: skip
        widgets = {
            "about": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            "postcode": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "occupation": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
            "birth_year": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "capacity": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["capacity"] = forms.TypedChoiceField(
            label=_("How many participants at once?"),
            choices=[(n, str(n)) for n in range(Mentor.MOST_AT_ONCE + 1)],
            coerce=int,
            widget=forms.RadioSelect,
        )
        self.fields["areas_known"].icons = {area.value: area.value for area in SupportArea}
        chips = {"capacity", "languages", "times", "areas_known"}
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout(*(Chips(n) if n in chips else n for n in self.fields))
        if "trade" in self.fields:
            self.fields["trade"].choices = [("", "–"), *self.fields["trade"].choices[1:]]
            self.fields["gender"].choices = [("", "–"), *self.fields["gender"].choices[1:]]

    def clean_birth_year(self) -> int | None:
        year = self.cleaned_data["birth_year"]
        if year is not None and not 1900 <= year <= timezone.localdate().year - 18:
            raise forms.ValidationError(_("Write the year with four digits, like 1968."))
        return year

    def values(self) -> dict:
        """The fields as the form says them."""
        return {name: self.cleaned_data[name] for name in self.fields}


class OwnProfileForm(ProfileForm):
    """What mentors keep right themselves."""

    class Meta(ProfileForm.Meta):
        fields = ["capacity", "languages", "times", "areas_known", "about"]
        labels = {"about": _("About you, in a few lines")}
        help_texts = {
            "about": _("The coordinator reads it when they look for a mentor for somebody.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas_known"].label = _("What do you know more about than most?")
        self.fields["times"].help_text = ""


class StepForm(forms.Form):
    """The next step of a mentor, and from which day."""

    seen = forms.CharField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("What has happened?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what has happened.")},
    )
    reached_on = DayField(label=_("From which day?"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, *args, mentor: Mentor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = mentor.state
        self.fields["reached_on"].initial = timezone.localdate()
        moves = MOVES[mentor.state]
        labels = dict(STEP_LABELS)
        if mentor.state == MentorState.PAUSED:
            labels[MentorState.ACTIVE] = BACK_LABEL
        self.fields["state"].choices = [(move.value, labels[move]) for move in moves]
        if len(moves) == 1:
            self.fields["state"].initial = moves[0].value
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout("seen", Chips("state"), "reached_on", "note")


class ClearanceForm(forms.ModelForm):
    """A clearance that a mentor has obtained: which, when, and until when."""

    obtained_on = DayField(label=_("Obtained on"))
    expires_on = DayField(
        label=_("In force until"),
        required=False,
        help_text=_("The last day. Leave it empty where it does not run out."),
    )

    class Meta:
        model = Clearance
        fields = ["kind", "obtained_on", "expires_on"]
        widgets = {"kind": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(Clearance._meta.get_field("kind").choices)
        self.helper = helper(tag=False)
        self.helper.layout = Layout(Segmented("kind"), "obtained_on", "expires_on")

    def validate_constraints(self) -> None:
        """The verb says it beside the field it is about."""


class ConflictForm(forms.ModelForm):
    """Whom a mentor is not put together with: another mentor, or a participant."""

    whom = forms.ChoiceField(
        label=_("With whom?"), error_messages={"required": _("Choose with whom.")}
    )

    class Meta:
        model = MentorConflict
        fields = ["kind", "note"]
        widgets = {
            "kind": forms.RadioSelect,
            "note": forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        }

    def __init__(self, *args, mentor: Mentor, mentors, enrolments, **kwargs):
        """`mentors` and `enrolments` are those of the coordinator who writes it down."""
        super().__init__(*args, **kwargs)
        others = mentors.exclude(pk=mentor.pk).exclude(state=MentorState.LEFT)
        self.people: dict[str, Mentor | Participant] = {
            f"mentor:{other.pk}": other for other in others.select_related("user")
        }
        offered: list = [("", "–")]
        offered.append((_("Mentors"), [(key, str(p.user)) for key, p in self.people.items()]))
        theirs: dict[str, Participant] = {
            f"participant:{e.participant_id}": e.participant for e in _by_name(enrolments)
        }
        offered.append((_("Participants"), [(k, p.get_full_name()) for k, p in theirs.items()]))
        self.people |= theirs
        self.fields["whom"].choices = offered
        self.fields["kind"].choices = ConflictKind.choices
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout("whom", Chips("kind"), Field("note"))

    @property
    def other(self) -> Mentor | Participant:
        return self.people[self.cleaned_data["whom"]]

    def validate_constraints(self) -> None:
        """The verb says it: here it is not known yet with whom."""


def _by_name(enrolments) -> list[Enrolment]:
    current = enrolments.current().select_related("participant")
    return list(current.order_by("participant__first_name", "participant__last_name", "pk"))


class MentorNoteForm(forms.ModelForm):
    """What a coordinator writes down about a mentor."""

    class Meta:
        model = MentorNote
        fields = ["text"]
        labels = {"text": _("Write a note")}
        widgets = {"text": forms.Textarea(attrs={"rows": 2, "dir": "auto"})}
        error_messages = {"text": {"required": _("Write something first.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False)
        self.helper.layout = Layout("text")
