from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.candidates import Candidate
from mentoring.models import Mentor
from primus.forms import Part, helper


class PairForm(forms.Form):
    """Two mentors for a pair, or one for a vacant seat. How many there must be, and whether they
    can, is for the verbs to say: between the page and the click others have chosen too."""

    mentors = forms.ModelMultipleChoiceField(
        label=_("Mentors"),
        queryset=Mentor.objects.none(),
        required=False,
        error_messages={"invalid_choice": _("One of the chosen mentors is no longer here.")},
    )

    def __init__(self, *args, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentors"].queryset = mentors.select_related("user")

    def offer(self, candidates: list[Candidate], *, one: bool, later: bool = False) -> None:
        """Lay the form out with the mentors who can be chosen, the chosen ones ticked. `later`:
        the seat is still held, by one who must stop."""
        ticked = {str(value) for value in self["mentors"].value() or []}
        for candidate in candidates:
            candidate.is_chosen = str(candidate.mentor.pk) in ticked
        self.helper = helper(tag=False)
        self.helper.layout = Layout(
            Part(
                "mentoring/_pair_options.html",
                "mentors",
                candidates=candidates,
                one=one,
                later=later,
            )
        )
