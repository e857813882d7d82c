"""Handing a seat over from one mentor to another."""

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentoring.matching.offer import Offer
from mentoring.models import Mentor, Replacement, Seat
from mentoring.replacements import Plan, ReplacementRefused, check_days
from primus.forms import DayField, Part, helper
from primus.templatetags.primus_ui import longdate

SUMMARY = gettext_lazy("What should the new mentor know?")


class ReplaceForm(forms.Form):
    """Who takes over a seat, from which day, and how the two meet. Whether the mentor can, the
    verb says: between the page and the click others have chosen too."""

    mentors = forms.ModelChoiceField(
        label=gettext_lazy("Who takes over?"),
        queryset=Mentor.objects.none(),
        error_messages={
            "required": gettext_lazy("Choose who takes over."),
            "invalid_choice": gettext_lazy("The chosen mentor is no longer here."),
        },
    )
    starts_on = DayField(
        label=gettext_lazy("From which day?"),
        error_messages={"required": gettext_lazy("Choose the day.")},
    )
    overlap_days = forms.IntegerField(
        label=gettext_lazy("For how many days do both follow?"),
        initial=Replacement.OVERLAP_DAYS,
        help_text=gettext_lazy(
            "From 0 to 14. Both see the participant and can log meetings; the new one is shown as "
            "the mentor."
        ),
        error_messages={
            "required": gettext_lazy("Write how many days, 0 if none."),
            "invalid": gettext_lazy("Write a whole number of days."),
        },
    )
    introduction_on = DayField(
        label=gettext_lazy("When do they meet with the participant?"), required=False
    )
    summary = forms.CharField(
        label=SUMMARY,
        required=False,
        strip=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ask_summary = forms.BooleanField(
        label=gettext_lazy("Ask the one who leaves to write it"), required=False, initial=True
    )

    def __init__(self, *args, seat: Seat, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.seat = seat
        self.fields["mentors"].queryset = mentors.select_related("user")
        self.fields["summary"].widget.attrs.pop("maxlength", None)
        self.fields["overlap_days"].widget.attrs |= {"min": 0, "max": Replacement.OVERLAP_DAYS}
        if seat.held_until is not None:
            self.fields["starts_on"].help_text = _(
                "%(name)s stops on %(day)s, and can hand over until then."
            ) % {"name": seat.mentor.user.first_name, "day": longdate(seat.held_until)}

    def clean_summary(self) -> str:
        return self.cleaned_data["summary"].strip()

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(
            starts_on=data["starts_on"],
            overlap_days=data["overlap_days"],
            introduction_on=data["introduction_on"],
            summary=data["summary"],
            ask_summary=data["ask_summary"],
        )

    def clean(self):
        data = super().clean()
        if not {"starts_on", "overlap_days", "introduction_on"} <= data.keys():
            return data
        plan = Plan(data["starts_on"], data["overlap_days"], data["introduction_on"])
        try:
            check_days(self.seat, plan)
        except ReplacementRefused as refused:
            self.refuse(refused)
        return data

    def refuse(self, refused: Exception) -> None:
        """Say beside the question that it is about why it cannot be."""
        about = {
            "past": "starts_on",
            "too_far": "starts_on",
            "just_begun": "starts_on",
            "too_long": "overlap_days",
            "stops_before": "overlap_days",
            "introduction": "introduction_on",
        }
        self.add_error(about.get(refused.code, "mentors"), refused.sentence)

    def offer(self, offer: Offer) -> None:
        """Lay the form out with the mentors who can be chosen, the chosen one ticked."""
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout(
            Part(
                "mentoring/_pair_seat_options.html",
                "mentors",
                offer=offer,
                ticked={str(self["mentors"].value() or "")},
                later=True,
            ),
            Div(
                Div("starts_on", "overlap_days", css_class="day-and-days"),
                "introduction_on",
                "summary",
                "ask_summary",
                css_class="card card-body mt-3",
            ),
        )


class SummaryForm(forms.Form):
    """What the one who leaves passes on."""

    summary = forms.CharField(
        label=SUMMARY,
        strip=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "What works, what to be careful about, what is agreed. The new mentor and your "
            "coordinators read it."
        ),
        error_messages={"required": gettext_lazy("Write what the new mentor should know.")},
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["summary"].widget.attrs.pop("maxlength", None)
        self.helper = helper(tag=False)
        self.helper.layout = Layout("summary", "seen")
