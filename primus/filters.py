"""How lists are filtered: the choices side by side, and a button for who has no JavaScript."""

from urllib.parse import urlencode

import django_filters
from crispy_forms.layout import Div, Layout
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
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


class AddressedFilter(ListFilter):
    """A filter whose choices stand in the address, so that a list can be kept and shared.

    What is searched for (``q``) does not: it is posted, and holds for the one page it finds.
    """

    framed = True
    button = SubmitButton(_("Show"), "btn-outline-secondary")

    @property
    def chosen(self) -> dict:
        """What was chosen, without what was left empty or cannot be."""
        self.form.is_valid()
        data = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in data.items() if value}

    @property
    def search(self) -> str:
        return self.chosen.get("q", "")

    @property
    def address(self) -> str:
        """What was chosen as the query of an address."""
        chosen = {name: value for name, value in self.chosen.items() if name != "q"}
        return urlencode({name: getattr(value, "pk", value) for name, value in chosen.items()})


def choices_of(request: HttpRequest) -> QueryDict:
    """What an AddressedFilter is to filter by: what was posted, else what the address says."""
    if request.method == "POST":
        return request.POST
    choices = request.GET.copy()
    choices.pop("q", None)
    return choices


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
