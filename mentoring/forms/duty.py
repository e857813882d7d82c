"""Who is told of a concern that nobody answers: a municipality's deputy, and staff on duty."""

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.models import Coordinator, Municipality
from primus.accounts.models import Role, User
from primus.forms import DayField, SubmitButton, helper


class DeputyForm(forms.Form):
    """One question for each municipality; its prefix keeps them apart on the page."""

    deputy = forms.ModelChoiceField(
        label=_("Deputy"),
        queryset=Coordinator.objects.none(),
        required=False,
        empty_label=_("Nobody: staff are told at once"),
        error_messages={"invalid_choice": _("Choose somebody who coordinates there.")},
    )

    def __init__(self, *args, municipality: Municipality, coordinators, **kwargs):
        """`coordinators` are those who work in the municipality now, as they were loaded."""
        super().__init__(
            *args,
            prefix=municipality.pk,
            initial={"deputy": municipality.deputy_id},
            **kwargs,
        )
        self.municipality = municipality
        field = self.fields["deputy"]
        field.label = _("Deputy in %(municipality)s") % {"municipality": municipality.name}
        field.queryset = Coordinator.objects.filter(pk__in=[c.pk for c in coordinators])
        field.choices = [("", field.empty_label), *((c.pk, str(c)) for c in coordinators)]
        self.helper = helper(tag=False)
        self.helper.layout = Layout("deputy")


class DutyForm(forms.Form):
    """Somebody of the national office is on duty from a day to a day."""

    user = forms.ModelChoiceField(
        label=_("Who"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose who is on duty.")},
    )
    on_duty_from = DayField(
        label=_("From"), error_messages={"required": _("Choose the first day.")}
    )
    on_duty_until = DayField(
        label=_("To and including"), error_messages={"required": _("Choose the last day.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.active().filter(role=Role.STAFF)
        for name in ("on_duty_from", "on_duty_until"):
            self.fields[name].widget.attrs["min"] = timezone.localdate().isoformat()
        self.helper = helper()
        self.helper.layout = Layout(
            "user",
            Div("on_duty_from", "on_duty_until", css_class="two-fields"),
            SubmitButton(_("Put on duty"), "btn-primary btn-lg"),
        )
