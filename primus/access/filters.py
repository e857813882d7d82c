from datetime import date, datetime, time, timedelta

import django_filters
from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.access.models import Event
from primus.filters import ListFilter, SearchInput
from primus.forms import DayInput
from primus.search import Names

# Beyond these there are no rows, and near the ends of the calendar no moments either.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


def midnight(day: date) -> datetime:
    """The first moment of a Danish day; of one without rows, before or after all of them."""
    return timezone.make_aware(datetime.combine(min(max(day, FIRST_DAY), LAST_DAY), time.min))


class AccessFilter(ListFilter):
    """Finding rows of the access log."""

    who = django_filters.CharFilter(label=_("User"), method="filter_who", widget=SearchInput)
    event = django_filters.ChoiceFilter(
        label=_("What was done"), choices=Event.choices, empty_label=_("Everything")
    )
    case = django_filters.CharFilter(
        label=_("Case number"),
        method="filter_case",
        widget=SearchInput(attrs={"placeholder": "P-00000"}),
    )
    since = django_filters.DateFilter(label=_("From"), method="filter_since", widget=DayInput)
    until = django_filters.DateFilter(
        label=_("Until and including"), method="filter_until", widget=DayInput
    )

    def filter_who(self, queryset, name, value):
        labels = Names(queryset.model.objects, value, "user_label")
        return queryset.filter(labels.meant())

    def filter_since(self, queryset, name, value):
        return queryset.filter(at__gte=midnight(value))

    def filter_until(self, queryset, name, value):
        return queryset.filter(at__lt=midnight(min(value, LAST_DAY) + timedelta(days=1)))

    def filter_case(self, queryset, name, value):
        """What is about the case itself, and the lists in which it was shown."""
        # By name: cases are known further up. Not fetched: the log outlives the case.
        enrolment = apps.get_model("participants", "Enrolment")
        number = enrolment.case_number_in(value)
        if number is None:
            return queryset.none()
        own = Q(object_label=enrolment(pk=number).case_number)
        listed = Q(
            object_type=enrolment._meta.label_lower,
            object_id=None,
            detail__regex=rf"(^|[; ]){number}( |$)",
        )
        return queryset.filter(own | listed)
