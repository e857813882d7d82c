"""Moving an enrolment to another institution, municipality or coordinator."""

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.forms.referral.release import InstitutionChoice
from participants.models import Coordinator, Enrolment, Municipality
from participants.models.participant import postcode_validator
from participants.transfers import Place, TransferRefused, receivers
from primus.forms import DayField, helper

HANDOVER = _("What the new coordinator should know")
HANDOVER_HELP = _("It stands on the enrolment for coordinators only. Mentors never see it.")


class _TransferForm(forms.Form):
    """What the three have in common: where the enrolment lay when the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, enrolment: Enrolment, **kwargs):
        kwargs["initial"] = {"seen": str(Place.of(enrolment)), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.enrolment = enrolment
        self.helper = helper(tag=False, mark_optional=True)

    def renew(self) -> None:
        """The form after a refusal, as of where the enrolment is now."""
        self.data = self.data.copy()
        self.data["seen"] = str(Place.of(self.enrolment))


class InstitutionMoveForm(_TransferForm):
    """Where the participant is now, and since when."""

    institution = InstitutionChoice(label=_("To which institution?"))
    on = DayField(label=_("Since when?"))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why, and whom to ring there. For coordinators only."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["institution"].group()
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.helper.layout = Layout("seen", "institution", "on", "note")

    def clean_institution(self):
        chosen = self.cleaned_data["institution"]
        if chosen.pk == self.enrolment.institution_id:
            raise forms.ValidationError(TransferRefused("same_institution").sentence)
        return chosen


class CoordinatorChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Coordinator) -> str:
        return obj.user.get_full_name()


class HandOverForm(_TransferForm):
    """Who answers for it from now on, in `municipality`, and what they should know."""

    coordinator = CoordinatorChoice(
        label=_("To whom?"),
        queryset=Coordinator.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    note = forms.CharField(
        label=HANDOVER,
        help_text=HANDOVER_HELP,
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, municipality: Municipality, **kwargs):
        super().__init__(*args, **kwargs)
        self.municipality = municipality
        found = receivers(municipality)
        stays = municipality.pk == self.enrolment.municipality_id
        others = [one for one in found if not stays or one.pk != self.enrolment.coordinator_id]
        self.receivers = others
        field = self.fields["coordinator"]
        field.queryset = Coordinator.objects.filter(pk__in=[one.pk for one in others])
        field.choices = [(one.pk, one.user.get_full_name()) for one in others]
        if len(others) == 1:
            self.initial.setdefault("coordinator", others[0].pk)
        self.helper.layout = Layout("seen", "coordinator", "note")


class MunicipalityMoveForm(HandOverForm):
    """The same where the municipality is another, and where the participant will live there."""

    postcode = forms.CharField(
        label=_("Postcode there"),
        required=False,
        max_length=4,
        validators=[postcode_validator],
        help_text=_("If you know it. The old postcode no longer holds."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout("seen", "coordinator", "note", "postcode")


class MunicipalityChoiceForm(forms.Form):
    """The first question of moving to another municipality: which one."""

    to = forms.ModelChoiceField(
        label=_("To which municipality?"),
        queryset=Municipality.objects.none(),
        empty_label=_("Choose"),
    )

    def __init__(self, *args, enrolment: Enrolment, **kwargs):
        super().__init__(*args, **kwargs)
        others = Municipality.objects.exclude(pk=enrolment.municipality_id).order_by("name")
        self.fields["to"].queryset = others
        self.helper = helper(get=True, tag=False)
        self.helper.layout = Layout("to")
