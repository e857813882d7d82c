"""The fourth step: what they have said yes to, and who referred them."""

from collections.abc import Collection

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.consents import PURPOSES, ConsentRefused, check_given
from participants.coordinators import coordinators_of
from participants.forms.referral.base import StepForm, choices_of
from participants.models import ConsentKind, Coordinator, ReferralSource
from participants.models.consent import ConsentForm
from primus.forms import Chips, DayField, Part
from primus.templatetags.primus_ui import shortdate


class CoordinatorChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj) -> str:
        return obj.user.get_full_name()


NOT_GIVEN = ""
HOW = [
    (NOT_GIVEN, gettext_lazy("Not given")),
    (ConsentForm.WRITTEN, gettext_lazy("In writing")),
    (ConsentForm.ORAL, gettext_lazy("Orally")),
]


class ConsentStepForm(StepForm):
    """What they have said yes to, who referred them, and who answers for the enrolment.

    For each kind of consent there are two questions: how it was given, and when.
    """

    source = choices_of(ReferralSource, label=gettext_lazy("Who referred them?"))
    coordinator = CoordinatorChoice(
        label=gettext_lazy("Coordinator"),
        queryset=Coordinator.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("Who answers for the enrolment. Colleagues see it too."),
    )

    def set_up(self) -> None:
        parts = []
        for kind in ConsentKind:
            how, on = f"consent_{kind.value}", f"consent_{kind.value}_on"
            self.fields[how] = forms.ChoiceField(
                label=capfirst(str(kind.label)),
                help_text=PURPOSES[kind],
                choices=HOW,
                required=False,
                widget=forms.RadioSelect,
                initial=NOT_GIVEN,
            )
            needed = kind == ConsentKind.PARTICIPATION
            self.fields[on] = DayField(
                label=_("Given on") if needed else _("Given on, if it was another day"),
                required=False,
            )
            self.fields[on].widget.attrs["max"] = self.today.isoformat()
            parts.append(Part("participants/_consent_question.html", how, on, needed=needed))
        code = getattr(self.before.get("municipality"), "pk", None)
        colleagues = (
            Coordinator.objects.filter(user__in=coordinators_of([code] if code else []))
            .select_related("user")
            .order_by("user__first_name", "user__last_name", "pk")
        )
        self.fields["coordinator"].queryset = colleagues
        own = next((one for one in colleagues if one.user_id == self.user.pk), None)
        if own is not None:
            self.initial.setdefault("coordinator", own.pk)
        self.helper.layout = Layout(
            *parts,
            Div(Chips("source"), css_class="after-consents"),
            "coordinator",
        )

    def clean(self):
        data = super().clean()
        born = self.before.get("birth_date")
        first = data.get(f"consent_{ConsentKind.PARTICIPATION.value}_on")
        for kind in ConsentKind:
            how, on = f"consent_{kind.value}", f"consent_{kind.value}_on"
            if how in self.errors or on in self.errors:
                continue
            if not data.get(how):
                if kind == ConsentKind.PARTICIPATION:
                    self.add_error(
                        how,
                        _(
                            "Nobody is enrolled without a yes to taking part. If they say no, "
                            "close the referral below."
                        ),
                    )
                continue
            data[on] = data[on] or first
            if data[on] is None:
                self.add_error(on, _("Write the day they said yes."))
                continue
            try:
                check_given(kind, data[how], data[on], born)
            except ConsentRefused as refused:
                self.add_error(on, refused.sentence)
        return data

    def given(self) -> list[dict]:
        """The consents, as the verb `refer` takes them."""
        data = self.cleaned_data
        return [
            {
                "kind": kind.value,
                "form": data[f"consent_{kind.value}"],
                "given_on": data[f"consent_{kind.value}_on"],
            }
            for kind in ConsentKind
            if data[f"consent_{kind.value}"]
        ]

    def words(self, without: Collection[str] = ()) -> list[tuple[str, str]]:
        given = {one["kind"]: one for one in self.given()}
        said = []
        for kind in ConsentKind:
            one = given.get(kind.value)
            if one is None:
                text = str(dict(HOW)[NOT_GIVEN])
            elif one["form"] == ConsentForm.WRITTEN:
                text = _("In writing on %(day)s") % {"day": shortdate(one["given_on"])}
            else:
                text = _("Orally on %(day)s") % {"day": shortdate(one["given_on"])}
            said.append((capfirst(str(kind.label)), text))
        labels = [(str(self.fields[n].label), self.word_of(n)) for n in ("source", "coordinator")]
        return [*said, *labels]
