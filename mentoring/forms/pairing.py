from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.matching.offer import Check, Offer
from mentoring.models import Mentor
from primus.forms import Part, helper


class PairForm(forms.Form):
    """Two mentors for a pair, or one for a vacant seat: a pair that was suggested, or mentors
    chosen one by one, which count if there are any. How many there must be, and whether they can,
    is for the verbs to say: between the page and the click others have chosen too."""

    GONE = _("One of the chosen mentors is no longer here.")

    pair = forms.RegexField(
        r"^\d{1,18}-\d{1,18}$", required=False, error_messages={"invalid": GONE}
    )
    mentors = forms.ModelMultipleChoiceField(
        label=_("Mentors"),
        queryset=Mentor.objects.none(),
        required=False,
        error_messages={"invalid_choice": GONE},
    )

    def __init__(self, *args, mentors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mentors"].queryset = mentors.select_related("user")

    def clean(self):
        data = super().clean()
        if data.get("pair") and not data.get("mentors") and not self.errors:
            numbers = [int(number) for number in data["pair"].split("-")]
            found = self.fields["mentors"].queryset.in_bulk(numbers)
            if len(found) < len(set(numbers)):
                self.add_error("mentors", self.GONE)
            else:
                # In the order they were suggested: the first gets the first seat.
                data["mentors"] = [found[number] for number in numbers]
        return data

    def ticked(self) -> set[str]:
        """The numbers of the mentors that are chosen one by one."""
        return {str(value) for value in self["mentors"].value() or []}

    def offer(self, offer: Offer, check: Check | None, *, one: bool, later: bool, path: str):
        """Lay the form out with what there is to choose from, what was chosen ticked. `later`:
        the seat is still held, by one who must stop."""
        ticked = self.ticked()
        for option in offer.able:
            option.is_chosen = str(option.person.number) in ticked
        chosen_pair = self["pair"].value() or ""
        self.helper = helper(tag=False)
        self.helper.layout = Layout(
            Part(
                "mentoring/_pair_seat_options.html" if one else "mentoring/_pair_options.html",
                "mentors",
                "pair",
                offer=offer,
                check=check,
                ticked=ticked,
                chosen_pair=chosen_pair,
                later=later,
                path=path,
            )
        )
