"""From when to when a mentor is away, and what the other should know meanwhile."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from participants.models import Enrolment
from primus.forms import DayField, Part, helper

LONGEST_TEXT = 2000


class AbsenceForm(forms.Form):
    """Two days, and a text for each participant the mentor follows."""

    away_from = DayField(label=_("First day away"))
    away_until = DayField(label=_("Last day away"))

    def __init__(self, *args, enrolments: list[Enrolment], **kwargs):
        super().__init__(*args, **kwargs)
        self.enrolments = {f"handover_{enrolment.pk}": enrolment for enrolment in enrolments}
        for name, enrolment in self.enrolments.items():
            self.fields[name] = forms.CharField(
                label=gettext("What should be known about %(name)s meanwhile?")
                % {"name": enrolment.participant.first_name},
                help_text=gettext("Your fellow mentor and the coordinator see it."),
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
                max_length=LONGEST_TEXT,
                required=False,
                strip=False,
            )
        self.helper = helper(tag=False, mark_optional=True)
        self.helper.layout = Layout(
            Part("mentoring/absence/_days.html", "away_from", "away_until"), *self.enrolments
        )

    def handovers(self) -> dict[int, str]:
        """The texts by the enrolment's key."""
        return {e.pk: self.cleaned_data[name] for name, e in self.enrolments.items()}
