import django_filters
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from primus.accounts.models import Role, User
from primus.forms import SubmitButton, helper


class UserFilter(django_filters.FilterSet):
    """Finding users by name or e-mail, role and state."""

    q = django_filters.CharFilter(
        label=_("Name or e-mail"),
        method="filter_named",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    role = django_filters.ChoiceFilter(
        label=_("Role"), choices=Role.choices, empty_label=_("All roles")
    )
    is_active = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("true", _("Can sign in")), ("false", _("Deactivated"))],
        empty_label=_("All"),
        method="filter_state",
    )

    class Meta:
        model = User
        fields: list[str] = []

    def filter_named(self, queryset, name, value):
        return queryset.named(value)

    def filter_state(self, queryset, name, value):
        return queryset.filter(is_active=value == "true")

    @property
    def form(self):
        form = super().form
        form.helper = helper(get=True)
        form.helper.layout = Layout(
            Div(
                "q",
                "role",
                "is_active",
                SubmitButton(_("Find"), "btn-outline-secondary", icon="search"),
                css_class="filters",
            )
        )
        return form
