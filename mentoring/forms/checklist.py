"""Who sees to a point of the checklist, and by when."""

from datetime import date

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from primus.accounts.models import User
from primus.forms import Chips, DayField, helper

NOBODY = ""


class TakeForm(forms.Form):
    """One of the two mentors, or nobody yet; and the day by which it is done.

    `holders` are the users who hold the seats today.
    """

    who = forms.ChoiceField(label=_("Who sees to it?"), widget=forms.RadioSelect, required=False)
    due_on = DayField(label=_("By when?"), required=False)
    # Who had it when the page was opened, so that nobody takes it from another unawares.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, holders: list[User], reader: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.holders = {str(user.pk): user for user in holders}
        names = [
            (key, _("I do") if user.pk == reader.pk else user.first_name)
            for key, user in self.holders.items()
        ]
        self.fields["who"].choices = [*names, (NOBODY, _("Nobody yet"))]
        self.helper = helper(tag=False)
        self.helper.layout = Layout(Chips("who"), "due_on", "seen")

    @property
    def chosen(self) -> User | None:
        return self.holders.get(self.cleaned_data["who"])

    @property
    def day(self) -> date | None:
        return self.cleaned_data["due_on"]
