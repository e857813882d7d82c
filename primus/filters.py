"""How lists are filtered: the choices side by side, and a button for who has no JavaScript."""

import django_filters
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from primus.forms import SubmitButton, helper


class SearchInput(forms.TextInput):
    """A field to search by: the browser offers nothing that others have searched for."""

    input_type = "search"

    def __init__(self, attrs=None):
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})})


class ListFilter(django_filters.FilterSet):
    """The base of every filter over a list. Its filters stand in the order they are declared in.

    A filter that is `posted` stands in a ``<form>`` that the template writes.
    """

    posted = False
    button = SubmitButton(_("Find"), "btn-outline-secondary", icon="search")

    @property
    def form(self):
        form = super().form
        form.helper = helper(get=not self.posted, tag=not self.posted)
        form.helper.layout = Layout(Div(*self.filters, self.button, css_class="filters"))
        return form
