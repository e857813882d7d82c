"""How much each criterion counts when pairs are suggested."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.models import Criterion, MatchWeight
from primus.forms import Part, SubmitButton, helper

MEANS = {
    Criterion.LANGUAGE: _(
        "Best when both speak the participant's own language; a common one such as Danish or "
        "English counts a little less."
    ),
    Criterion.DISTANCE: _(
        "To the participant's home, and before the release to the institution too. Up to 5 km is "
        "best, 60 km counts nothing; another municipality counts a little less."
    ),
    Criterion.TIMES: _(
        "That both can at the same time, when it suits the participant and in the visiting hours."
    ),
    Criterion.EXPERIENCE: _(
        "That one of them knows the areas where the need is greatest, by what they say or by their "
        "occupation, or comes from the participant's line of work."
    ),
    Criterion.MIX: _("Best with one of each; two new ones count nothing."),
    Criterion.LOAD: _("The more room the two have left, the better."),
    Criterion.HISTORY: _(
        "Against those whom it did not work with before: the participant, or each other."
    ),
}


class WeightsForm(forms.Form):
    """One number for each criterion, from 0 to 10."""

    def __init__(self, *args, weights: list[MatchWeight], **kwargs):
        super().__init__(*args, **kwargs)
        self.weights = weights
        for weight in weights:
            criterion = Criterion(weight.criterion)
            label = str(criterion.label)
            self.fields[weight.criterion] = forms.TypedChoiceField(
                label=label[:1].upper() + label[1:],
                help_text=MEANS[criterion],
                choices=[(n, str(n)) for n in range(MatchWeight.MOST + 1)],
                coerce=int,
                initial=weight.weight,
            )
        self.helper = helper()
        self.helper.layout = Layout(
            Part("mentoring/_weight_rows.html", *[weight.criterion for weight in weights]),
            SubmitButton(_("Save the weights")),
        )

    def changed(self) -> list[tuple[MatchWeight, int]]:
        """The weights that were given another number, with the one before."""
        found = []
        for weight in self.weights:
            before, weight.weight = weight.weight, self.cleaned_data[weight.criterion]
            if weight.weight != before:
                found.append((weight, before))
        return found
