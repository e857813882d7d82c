"""Why and how an enrolment ended, and opening it again."""

from collections.abc import Mapping

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.forms.needs import NeedsForm
from participants.assessments import Answer
from participants.endings import DETAILS, EndRefused, Told, check_end
from participants.models import (
    DeclinedReason,
    Ending,
    EndReason,
    Enrolment,
    NeedRating,
    NotEligibleReason,
    SupportArea,
)
from primus.forms import Chips, DayField, Section, helper

LONG = {"max_length": 2000, "required": False}


class EndingForm(NeedsForm):
    """The whole ending on one page: when and why, the last assessment, and what is to be kept."""

    ended_on = DayField(
        label=gettext_lazy("Ended on"),
        help_text=gettext_lazy("The first day that nobody follows them any longer."),
    )
    end_reason = forms.ChoiceField(
        label=gettext_lazy("Why did it end?"), choices=EndReason, widget=forms.RadioSelect
    )
    not_eligible = forms.ChoiceField(
        label=gettext_lazy("Why is it not for them?"),
        choices=NotEligibleReason,
        required=False,
        widget=forms.RadioSelect,
    )
    declined = forms.ChoiceField(
        label=gettext_lazy("Why did they say no?"),
        choices=DeclinedReason,
        required=False,
        widget=forms.RadioSelect,
    )
    mentors_said = forms.CharField(
        label=Ending._meta.get_field("mentors_said").verbose_name,
        help_text=gettext_lazy("Ring both: what worked, and what should the next pair know?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        **LONG,
    )
    closing_note = forms.CharField(
        label=Ending._meta.get_field("closing_note").verbose_name,
        help_text=gettext_lazy("A few lines, for coordinators only."),
        widget=forms.Textarea(attrs={"rows": 3}),
        **LONG,
    )
    # What the page showed the consequences of when the form was sent: the day and the reason.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        enrolment: Enrolment,
        now: Mapping[SupportArea, Answer],
        before: Mapping[SupportArea, NeedRating],
        **kwargs,
    ):
        self.enrolment = enrolment
        kwargs["initial"] = {
            "ended_on": timezone.localdate(),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(*args, now=now, before=before, **kwargs)
        areas = self.helper.layout.fields
        self.fields["ended_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        for name in ("mentors_said", "closing_note"):
            self.fields[name].label = (
                str(self.fields[name].label)[:1].upper() + str(self.fields[name].label)[1:]
            )
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout(
            Section(
                _("When and why"),
                Chips("end_reason"),
                Div(Chips("not_eligible"), css_class="if-not-eligible"),
                Div(Chips("declined"), css_class="if-declined"),
                Div("ended_on", css_class="form-pair"),
            ),
            Section(
                _("How it stands at the end"),
                Div(*areas, css_class="end-areas"),
                lead=_("What you do not know stays “Not assessed”. That is not “No need”."),
            ),
            Section(_("For whoever reads it later"), "mentors_said", "closing_note"),
        )

    @property
    def detail(self) -> str:
        """The closer reason, where the reason has one."""
        data = self.cleaned_data
        closer = {EndReason.NOT_ELIGIBLE: "not_eligible", EndReason.DECLINED: "declined"}
        name = closer.get(data.get("end_reason"))
        return data.get(name, "") if name else ""

    @property
    def told(self) -> Told:
        data = self.cleaned_data
        return Told(
            closing_note=data["closing_note"],
            mentors_said=data["mentors_said"],
            needs=self.answers,
        )

    @property
    def mark(self) -> str:
        """By what the consequences on the page are known: they follow from the day and reason."""
        return f"{self.cleaned_data['ended_on'].isoformat()} {self.cleaned_data['end_reason']}"

    @property
    def was_shown(self) -> bool:
        return self.cleaned_data.get("shown") == self.mark

    def clean(self):
        data = super().clean()
        if data.get("ended_on") and data.get("end_reason"):
            try:
                check_end(self.enrolment, data["ended_on"], data["end_reason"], self.detail)
            except EndRefused as refused:
                self.refuse(refused)
        return data

    def refuse(self, refused: EndRefused) -> None:
        """Say a refusal beside the question it is about."""
        field = refused.field
        if field == "end_detail":
            reason = EndReason(self.cleaned_data["end_reason"])
            field = reason.value if reason in DETAILS else "end_reason"
        self.add_error(field, refused.sentence)


class ReopenForm(forms.Form):
    """Why an ended enrolment is opened again."""

    note = forms.CharField(
        label=gettext_lazy("Why is it opened again?"), required=False, max_length=300
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout("note")
