"""How lists are filtered: the choices side by side, and a button for who has no JavaScript."""

from urllib.parse import urlencode

import django_filters
from crispy_forms.layout import Div, Layout
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from primus.forms import SubmitButton, helper


class SearchInput(forms.TextInput):
    """A field to search by: the browser offers nothing that others have searched for."""

    input_type = "search"

    def __init__(self, attrs=None):
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})})


class ListFilter(django_filters.FilterSet):
    """The base of every filter over a list. Its filters stand in the order they are declared in.

    What is searched for is mostly somebody's name, so it is posted: addresses lie in histories
    and logs. A filter that is `framed` stands in a ``<form>`` that the template writes.
    """

    framed = False
    button = SubmitButton(_("Find"), "btn-outline-secondary", icon="search")

    @property
    def form(self):
        form = super().form
        form.helper = helper(tag=not self.framed)
        form.helper.layout = Layout(Div(*self.filters, self.button, css_class="filters"))
        return form


# In the address of a list that was searched; without it, the list is shown whole.
FOUND = "found"


def keep_choices(request: HttpRequest, *in_address: str) -> HttpResponse:
    """Keep what was posted with the session, and lead to the list as it finds it.

    `in_address` names what the address holds beside it and is to hold still.
    """
    request.session[request.path] = {
        name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"
    }
    address = {name: request.GET[name] for name in in_address if name in request.GET}
    return redirect(f"{request.path}?{urlencode({**address, FOUND: '1'})}")


def kept_choices(request: HttpRequest) -> dict[str, str]:
    """What the list is filtered by. Opened anew, from the menu, it is by nothing."""
    if FOUND in request.GET:
        return request.session.get(request.path, {})
    request.session.pop(request.path, None)
    return {}
