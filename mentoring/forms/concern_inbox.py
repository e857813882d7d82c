"""Filtering a coordinator's concerns."""

import django_filters
from django.utils.translation import gettext_lazy as _

from participants.models import Municipality
from primus.filters import ListFilter
from primus.forms import SubmitButton

CLOSED = "closed"
OWN = "own"


class InboxFilter(ListFilter):
    """Those that are not closed or those that are; municipality; own or all."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[(CLOSED, _("Closed"))],
        empty_label=_("Waiting and being dealt with"),
        method="keep",
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Municipality"),
        field_name="enrolment__municipality",
        queryset=Municipality.objects.none(),
        empty_label=_("All of mine"),
    )
    whose = django_filters.ChoiceFilter(
        label=_("Whose"),
        choices=[(OWN, _("Those I answer for"))],
        empty_label=_("All"),
        method="filter_whose",
    )

    button = SubmitButton(_("Show"), "btn-outline-secondary")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.filters["municipality"].queryset = Municipality.objects.of_coordinator(user)

    @property
    def form(self):
        form = super().form
        # What was chosen is no person's data, so it stands in the address and can be shared.
        form.helper.form_method = "get"
        form.helper.disable_csrf = True
        return form

    @property
    def is_closed(self) -> bool:
        return self.form.is_valid() and self.form.cleaned_data["state"] == CLOSED

    def filter_whose(self, queryset, name, value):
        return queryset.filter(enrolment__coordinator__user=self.user)

    def keep(self, queryset, name, value):
        """Which of the two it is decides the order too; see the view."""
        return queryset
