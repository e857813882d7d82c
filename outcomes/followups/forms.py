"""Noting what the registers say of one person."""

import uuid

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outcomes.followups.noting import NotNoted, Registers, mark
from outcomes.models import FollowUp, Reoffence, Sanction
from outcomes.recidivism import Offence
from primus.forms import Chips, DayField, helper


class _NotingForm(forms.Form):
    """What both have in common: what stood there when the form was opened, and why nothing was
    noted. What can be noted, the verbs say."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, of: FollowUp | Reoffence | None, **kwargs):
        kwargs["initial"] = {"seen": mark(of), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.of = of
        self.has_changed_since = False
        today = timezone.localdate().isoformat()
        for field in self.fields.values():
            if isinstance(field, DayField):
                field.widget.attrs["max"] = today
        self.helper = helper(tag=False, mark_optional=True)

    def refuse(self, refused: NotNoted, now: FollowUp | Reoffence | None) -> None:
        """Say why nothing was noted, each reason beside its answer. `now` is what stands there:
        whoever sends the form again has seen it."""
        for one in refused.refusals:
            self.add_error(one.field if one.field in self.fields else None, one.sentence)
        if "changed" in refused.codes():
            self.has_changed_since = True
            self.data = self.data.copy()
            self.data["seen"] = mark(now)


class RegistersForm(_NotingForm):
    """How far the registers have been read, and why somebody cannot be followed any longer."""

    register_date = DayField(
        label=_("The registers have been read up to"),
        help_text=_("All convictions up to and including this day are noted below."),
        error_messages={"required": _("Write the day.")},
    )
    died_on = DayField(label=_("Died on"), required=False)
    emigrated_on = DayField(label=_("Left the country on"), required=False)

    def __init__(self, *args, of: FollowUp | None, **kwargs):
        if of is not None:
            names = ("register_date", "died_on", "emigrated_on")
            kwargs["initial"] = {name: getattr(of, name) for name in names}
        super().__init__(*args, of=of, **kwargs)
        self.helper.layout = Layout(
            "seen", "register_date", Div("died_on", "emigrated_on", css_class="form-pair")
        )

    def said(self) -> Registers:
        data = self.cleaned_data
        return Registers(data["register_date"], data["died_on"], data["emigrated_on"])


class ReoffenceForm(_NotingForm):
    """One conviction: the day of the offence, the day of the conviction, what it was to."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    offence_on = DayField(
        label=_("When was the offence?"),
        help_text=_("The day it was done, or the first day where it went on for longer."),
        error_messages={"required": _("Write the day of the offence.")},
    )
    convicted_on = DayField(
        label=_("When was the conviction?"),
        error_messages={"required": _("Write the day of the conviction.")},
    )
    sanction = forms.ChoiceField(
        label=_("What was it to?"),
        choices=Sanction,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the conviction was to.")},
    )

    def __init__(self, *args, of: Reoffence | None = None, **kwargs):
        kwargs["initial"] = {"token": uuid.uuid4}
        if of is not None:
            names = ("offence_on", "convicted_on", "sanction")
            kwargs["initial"] |= {name: getattr(of, name) for name in names}
        super().__init__(*args, of=of, **kwargs)
        self.helper.layout = Layout(
            "seen",
            "token",
            Div("offence_on", "convicted_on", css_class="form-pair"),
            Chips("sanction"),
        )

    def said(self) -> Offence:
        data = self.cleaned_data
        return Offence(data["offence_on"], data["convicted_on"], data["sanction"])

    def renew(self) -> None:
        """A token of its own for what the form says now."""
        self.data = self.data.copy()
        self.data["token"] = str(uuid.uuid4())
