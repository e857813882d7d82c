"""Filtering a coordinator's enrolments."""

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mentoring.caseload import by_urgency
from participants.models import Enrolment, Municipality, Participant
from participants.phases import CURRENT_PHASES, Phase
from primus.filters import AddressedFilter, SearchInput
from primus.search import Names

ALL = "all"
OWN = "own"


class CaseloadFilter(AddressedFilter):
    """Phase, municipality, whose, pair and a search by name or case number, and the order."""

    q = django_filters.CharFilter(
        label=_("Name or case number"),
        method="filter_named",
        widget=SearchInput,
        max_length=80,
    )
    phase = django_filters.ChoiceFilter(
        label=_("Phase"),
        choices=[*Phase.choices, (ALL, _("All, also ended"))],
        empty_label=_("All current"),
        method="filter_phase",
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Municipality"),
        queryset=Municipality.objects.none(),
        empty_label=_("All of mine"),
    )
    whose = django_filters.ChoiceFilter(
        label=_("Whose"), choices=[(OWN, _("My own"))], empty_label=_("All"), method="filter_whose"
    )
    pair = django_filters.ChoiceFilter(
        label=_("Mentor pair"),
        choices=[
            ("none", _("Without a pair")),
            ("vacant", _("With a vacant seat")),
            ("full", _("With two mentors")),
        ],
        empty_label=_("With and without"),
        method="filter_pair",
    )
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=[
            ("name", _("Name")),
            ("release", _("Release")),
            ("contact", _("Longest without contact")),
        ],
        empty_label=_("Most urgent first"),
        method="keep",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        own = self.filters["municipality"]
        own.queryset = Municipality.objects.of_coordinator(user)

    @property
    def qs(self):
        rows = super().qs
        if "phase" not in self.chosen:
            rows = rows.filter(phase_now__in=CURRENT_PHASES)
        order = self.chosen.get("sort")
        if order == "name":
            return rows.order_by("participant__first_name", "participant__last_name", "pk")
        if order == "release":
            return rows.order_by("release_on", "pk")
        if order == "contact":
            return rows.order_by(F("last_contact").asc(nulls_first=True), "release_on", "pk")
        return by_urgency(rows)

    def filter_named(self, queryset, name, value):
        number = Enrolment.case_number_in(value)
        if number is not None:
            return queryset.filter(pk=number)
        people = Names(Participant.objects, value, "first_name", "last_name")
        return queryset.filter(people.meant("participant__"))

    def filter_phase(self, queryset, name, value):
        return queryset if value == ALL else queryset.filter(phase_now=value)

    def filter_whose(self, queryset, name, value):
        """Those one answers for oneself."""
        return queryset.filter(coordinator__user=self.user)

    def filter_pair(self, queryset, name, value):
        if value == "none":
            return queryset.filter(has_pair=False)
        filled = {"seats_filled__lt": 2} if value == "vacant" else {"seats_filled": 2}
        return queryset.filter(has_pair=True, **filled)

    def keep(self, queryset, name, value):
        """The order is no filter; see `qs`."""
        return queryset
