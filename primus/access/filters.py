import re
from datetime import date, datetime, time, timedelta

import django_filters
from crispy_forms.layout import Div, Layout
from django import forms
from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.access.models import AccessEntry, Event
from primus.forms import DayInput, SubmitButton, helper


# Beyond these there are no rows, and near the ends of the calendar no moments either.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


def midnight(day: date) -> datetime:
    """The first moment of a Danish day; of one without rows, before or after all of them."""
    return timezone.make_aware(datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time.min))


class AccessFilter(django_filters.FilterSet):
    """Finding rows of the access log."""

    who = django_filters.CharFilter(
        label=_("User"),
        method="filter_who",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    event = django_filters.ChoiceFilter(
        label=_("What was done"), choices=Event.choices, empty_label=_("Everything")
    )
    case = django_filters.CharFilter(
        label=_("Case number"),
        method="filter_case",
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "placeholder": "P-00000"}
        ),
    )
    since = django_filters.DateFilter(label=_("From"), method="filter_since", widget=DayInput)
    until = django_filters.DateFilter(
        label=_("Until and including"), method="filter_until", widget=DayInput
    )

    class Meta:
        model = AccessEntry
        fields: list[str] = []

    def filter_who(self, queryset, name, value):
        for word in value.split():
            queryset = queryset.filter(user_label__icontains=word)
        return queryset

    def filter_since(self, queryset, name, value):
        return queryset.filter(at__gte=midnight(value))

    def filter_until(self, queryset, name, value):
        return queryset.filter(at__lt=midnight(min(value, LAST_DAY) + timedelta(days=1)))

    def filter_case(self, queryset, name, value):
        """What is about the case itself, and the lists in which it was shown."""
        digits = re.fullmatch(r"\s*(?:[Pp]-?)?0*(\d{1,18})\s*", value)
        if digits is None:
            return queryset.none()
        number = int(digits[1])
        # By name: cases are known further up. Not fetched: the log outlives the case.
        enrolment = apps.get_model("participants", "Enrolment")
        own = Q(object_label=enrolment(pk=number).case_number)
        listed = Q(
            object_type=enrolment._meta.label_lower,
            object_id=None,
            detail__regex=rf"(^|[; ]){number}( |$)",
        )
        return queryset.filter(own | listed)

    @property
    def form(self):
        form = super().form
        form.helper = helper(get=True)
        form.helper.layout = Layout(
            Div(
                "who",
                "event",
                "case",
                "since",
                "until",
                SubmitButton(_("Find"), "btn-outline-secondary", icon="search"),
                css_class="filters",
            )
        )
        return form
