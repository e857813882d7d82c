import django_filters
from django.utils.translation import gettext_lazy as _

from primus.accounts.models import Role
from primus.filters import ListFilter, SearchInput


class UserFilter(ListFilter):
    """Finding users by name or e-mail, role and state."""

    q = django_filters.CharFilter(
        label=_("Name or e-mail"), method="filter_named", widget=SearchInput
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

    def filter_named(self, queryset, name, value):
        return queryset.named(value)

    def filter_state(self, queryset, name, value):
        return queryset.filter(is_active=value == "true")
