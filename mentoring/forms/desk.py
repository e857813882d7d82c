"""Whose work the desk shows: one municipality or all of one's own, one's own enrolments or all."""

from collections.abc import Mapping
from urllib.parse import urlencode

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from mentoring.desk.worklist import Scope
from participants.models import Municipality
from primus.accounts.models import User
from primus.forms import Segmented, SubmitButton, helper

OWN = "own"


class DeskFilter(forms.Form):
    """The choices stand in the address; what cannot be chosen is left out."""

    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    whose = forms.ChoiceField(
        label=_("Whose"),
        choices=[("", _("All")), (OWN, _("My own"))],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, choices: Mapping[str, str], user: User):
        own = {m.pk: m for m in Municipality.objects.of_coordinator(user)}
        chosen = own.get(choices.get("municipality", ""))
        self.scope = Scope(user, chosen, choices.get("whose") == OWN)
        super().__init__(
            initial={
                "municipality": chosen.pk if chosen else "",
                "whose": OWN if self.scope.own else "",
            }
        )
        field = self.fields["municipality"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All of mine")), *((m.pk, m.name) for m in own.values())]
        self.helper = helper(get=True, tag=False)
        self.helper.layout = Layout(
            Div(
                *(["municipality"] if len(own) > 1 else []),
                Segmented("whose", hide_legend=True),
                SubmitButton(_("Show"), "btn-outline-secondary no-script"),
                css_class="filters",
            )
        )


def address_of(scope: Scope) -> str:
    """The choices as the query of an address that can be kept and shared."""
    chosen = {}
    if scope.municipality is not None:
        chosen["municipality"] = scope.municipality.pk
    if scope.own:
        chosen["whose"] = OWN
    return urlencode(chosen)
