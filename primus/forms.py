"""The parts that Primus' forms are laid out with.

Every form is a crispy ``FormHelper`` with a ``Layout``. A plain field name in the layout is
drawn by ``templates/bootstrap5/field.html``; these are the other shapes a question can have.
The summary of errors above the form comes by itself.
"""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, LayoutObject, TemplateNameMixin
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


class Chips(Field):
    """Radios or checkboxes as pills. ``hide_legend=True`` keeps the legend for readers only.

    A form field may have ``icons``, a dictionary from value to icon, shown before the word.
    """

    template = "forms/chips.html"

    def __init__(self, *fields, hide_legend: bool = False, **kwargs):
        super().__init__(*fields, **kwargs)
        self.hide_legend = hide_legend

    def render(self, form, context, template_pack=TEMPLATE_PACK, extra_context=None, **kwargs):
        return super().render(
            form,
            context,
            template_pack=template_pack,
            extra_context={**(extra_context or {}), "hide_legend": self.hide_legend},
            **kwargs,
        )


class Segmented(Chips):
    """Two or three radios that exclude each other, side by side; more than three are chips."""

    template = "forms/segmented.html"


class Password(Field):
    """A password with a button that shows it, and with a way out for who forgot it."""

    template = "forms/password.html"

    def __init__(self, field: str, *, forgot_url: str | Promise = "", **kwargs):
        super().__init__(field, **kwargs)
        self.forgot_url = forgot_url

    def render(self, form, context, template_pack=TEMPLATE_PACK, extra_context=None, **kwargs):
        return super().render(
            form,
            context,
            template_pack=template_pack,
            extra_context={**(extra_context or {}), "forgot_url": str(self.forgot_url)},
            **kwargs,
        )


class SubmitButton(LayoutObject, TemplateNameMixin):
    """The button that sends the form: ``SubmitButton(_("Save"), "btn-primary", icon="check")``."""

    template = "forms/submit.html"

    def __init__(
        self,
        label: str | Promise,
        css_class: str = "btn-primary btn-lg",
        *,
        name: str = "",
        value: str = "1",
        icon: str = "",
    ):
        self.fields: list = []
        self.label = label
        self.css_class = css_class
        self.name = name
        self.value = value
        self.icon = icon

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> str:
        return render_to_string(self.template, {"button": self})


class Part(LayoutObject):
    """A piece of a form drawn by a template of its own, from the fields it names.

    The template finds the bound fields under their own names in ``fields``, in order in
    ``bound``, whether any of them has an answer or an error in ``is_open``, and whatever else it
    was given.
    """

    def __init__(self, template: str, *fields: str, **extra):
        self.template = template
        self.fields = list(fields)
        self.extra = extra

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> str:
        form.rendered_fields.update(self.fields)
        bound = {name: form[name] for name in self.fields}
        return render_to_string(
            self.template,
            {
                "form": form,
                "fields": bound,
                "bound": list(bound.values()),
                "is_open": any(field.value() or field.errors for field in bound.values()),
                **self.extra,
            },
        )


class Section(LayoutObject):
    """A part of a long form: a card with a heading, and a line that says what it is for."""

    template = "forms/section.html"

    def __init__(self, title: str | Promise, *fields, lead: str | Promise = ""):
        self.title = title
        self.lead = lead
        self.fields = list(fields)

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs) -> str:
        inside = self.get_rendered_fields(form, context, template_pack, **kwargs)
        return render_to_string(
            self.template, {"title": self.title, "lead": self.lead, "inside": inside}
        )


class DayInput(forms.DateInput):
    """The device's own date picker; what it sends is the same in every language."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day, by the device's picker or written as Danes write it."""

    widget = DayInput
    default_error_messages = {"invalid": gettext_lazy("Write the day like 12-03-2025.")}
    # Further ahead nothing is agreed: the year is a slip of the pen, and what is counted from
    # such a day (a calendar's «until») can run out of years.
    YEARS_AHEAD = 10

    def to_python(self, value):
        day = super().to_python(value)
        if day is not None and day.year > timezone.localdate().year + self.YEARS_AHEAD:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class TimeInput(forms.TimeInput):
    """The device's own picker of a time of day, in whole minutes."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs=attrs, format="%H:%M")


def helper(*, get: bool = False, mark_optional: bool = False, tag: bool = True) -> FormHelper:
    """A helper as most forms want it: POST to the same page, errors shown by us, not the browser.

    `mark_optional` writes «(optional)» after the questions that need no answer; `tag=False`
    leaves out ``<form>`` where the template writes it.
    """
    made = FormHelper()
    made.form_method = "get" if get else "post"
    made.form_tag = tag
    made.disable_csrf = get
    # The browser's own bubbles speak its language, not the page's, and hide our sentences.
    made.attrs = {"novalidate": True}
    made.mark_optional = mark_optional
    return made
