"""The forms of inviting people and of giving coordinators their municipalities."""

from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from primus.accounts.models import Invitation, Role
from primus.forms import Chips, SubmitButton, helper


class Municipalities(Field):
    """Municipalities as checkboxes, region by region in columns."""

    template = "accounts/_municipalities.html"


def municipality_choices(user=None) -> list:
    """Municipalities by region; only the coordinator's own where a `user` is given."""
    # By name: municipalities are known further up.
    model = apps.get_model("participants", "Municipality")
    rows = model.objects.of_coordinator(user) if user else model.objects.all()
    regions: dict[str, list[tuple[str, str]]] = {}
    for code, name, region in rows.order_by("region", "name").values_list("code", "name", "region"):
        regions.setdefault(region, []).append((code, name))
    return list(regions.items())


class InvitationForm(forms.ModelForm):
    """Whom to invite, as what, and where. A coordinator invites mentors of their own places."""

    municipalities = forms.MultipleChoiceField(
        label=_("Municipalities"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One for a mentor, one or more for a coordinator."),
    )

    class Meta:
        model = Invitation
        fields = ["role", "first_name", "last_name", "email"]
        widgets = {
            "role": forms.RadioSelect,
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "first_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "off"}),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        mentors_only = not by.is_administrator
        places = self.fields["municipalities"]
        places.choices = municipality_choices(by if mentors_only else None)
        if mentors_only:
            del self.fields["role"]
            self.instance.role = Role.MENTOR
            places.label = _("Municipality")
            places.help_text = _("Where the mentor is to follow people.")
            own = [code for _region, rows in places.choices for code, _name in rows]
            if len(own) == 1:
                places.initial = own
        else:
            self.fields["role"].choices = Role.choices
        self.fields["email"].help_text = _("The link is sent here, and works for 14 days.")
        self.helper = helper()
        self.helper.layout = Layout(
            *([] if mentors_only else [Chips("role")]),
            Div("first_name", "last_name", css_class="two-fields"),
            "email",
            Municipalities("municipalities", wrapper_class="only-local"),
            SubmitButton(_("Send the invitation"), "btn-primary btn-lg"),
        )

    def clean(self):
        cleaned = super().clean()
        role = cleaned.get("role") or self.instance.role
        codes = cleaned.get("municipalities") or []
        if role == Role.MENTOR and len(codes) != 1:
            self.add_error("municipalities", _("Choose the one municipality of the mentor."))
        elif role == Role.COORDINATOR and not codes:
            self.add_error("municipalities", _("Choose at least one municipality."))
        elif role not in {Role.MENTOR, Role.COORDINATOR}:
            # The boxes are out of sight for these roles; what was ticked before is not meant.
            cleaned["municipalities"] = []
        return cleaned

    def validate_constraints(self) -> None:
        """The verb says it in words that fit; here the row is not made yet."""


class CoordinatorMunicipalitiesForm(forms.Form):
    """The municipalities a coordinator works in from now on."""

    municipalities = forms.MultipleChoiceField(
        label=_("Municipalities"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one municipality.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["municipalities"].choices = municipality_choices()
        self.helper = helper()
        self.helper.layout = Layout(
            Municipalities("municipalities"), SubmitButton(_("Save"), "btn-primary btn-lg")
        )
