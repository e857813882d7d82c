"""Finding mentors, and keeping what is known of each: profile, steps, clearances, conflicts."""

import django_filters
from crispy_forms.layout import Div, Layout
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from mentoring import directory
from mentoring.models import Mentor, MentorState
from participants.languages import Language
from participants.models import Municipality, SupportArea
from participants.timeslots import TimeSlot
from primus.accounts.models import User
from primus.filters import AddressedFilter, SearchInput
from primus.forms import Part
from primus.search import Names

ALL = "all"
MORE = ("clearance", "language", "time", "area")


class MentorFilter(AddressedFilter):
    """State, municipality, room, clearance, language, times, area and a search by name, and the
    order. Those who have left are shown when they are asked for."""

    q = django_filters.CharFilter(
        label=_("Name"), method="filter_named", widget=SearchInput, max_length=80
    )
    municipality = django_filters.ModelChoiceFilter(
        label=_("Municipality"),
        queryset=Municipality.objects.none(),
        empty_label=_("All of mine"),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*MentorState.choices, (ALL, _("all, also those who have left"))],
        empty_label=_("All who have not left"),
        method="filter_state",
    )
    room = django_filters.ChoiceFilter(
        label=_("Room"),
        choices=[("free", _("With room for more")), ("full", _("With no room"))],
        empty_label=_("With and without"),
        method="filter_room",
    )
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=[
            ("room", _("Most room first")),
            ("met", _("Longest since a meeting")),
            ("expiry", _("Clearance that runs out first")),
        ],
        empty_label=_("Name"),
        method="keep",
    )
    clearance = django_filters.ChoiceFilter(
        label=_("Clearance"),
        choices=[
            ("ok", _("All in force")),
            ("soon", _("Runs out within 60 days")),
            ("missing", _("Missing or expired")),
        ],
        empty_label=_("All"),
        method="filter_clearance",
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"),
        choices=Language.choices,
        empty_label=_("All languages"),
        method="filter_language",
    )
    time = django_filters.ChoiceFilter(
        label=_("Times that suit"),
        choices=TimeSlot.choices,
        empty_label=_("All times"),
        method="filter_time",
    )
    area = django_filters.ChoiceFilter(
        label=_("Knows about"),
        choices=SupportArea.choices,
        empty_label=_("All areas"),
        method="filter_area",
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["municipality"].queryset = Municipality.objects.of_coordinator(user)

    @property
    def form(self):
        form = super().form
        first = [name for name in self.filters if name not in MORE]
        form.helper.layout = Layout(
            Div(*first, self.button, css_class="filters"),
            Part("mentoring/mentors/_more_filters.html", *MORE),
        )
        return form

    @property
    def qs(self):
        rows = super().qs
        if "state" not in self.chosen:
            rows = rows.exclude(state=MentorState.LEFT)
        order = self.chosen.get("sort")
        if order == "room":
            return directory.by_room(rows)
        if order == "met":
            met = F("last_met").asc(nulls_first=True)
            return directory.with_last_meeting(rows).order_by(met, *Mentor._meta.ordering)
        if order == "expiry":
            expiry = F("next_expiry").asc(nulls_last=True)
            return directory.with_next_expiry(rows).order_by(expiry, *Mentor._meta.ordering)
        return rows.order_by(*Mentor._meta.ordering)

    def filter_named(self, queryset, name, value):
        people = Names(User.objects, value, "first_name", "last_name")
        return queryset.filter(people.meant("user__"))

    def filter_state(self, queryset, name, value):
        return queryset if value == ALL else queryset.filter(state=value)

    def filter_room(self, queryset, name, value):
        loaded = queryset.with_load(or_promised=True)
        if value == "free":
            return loaded.filter(load__lt=F("capacity"))
        return loaded.filter(load__gte=F("capacity"))

    def filter_clearance(self, queryset, name, value):
        if value == "ok":
            return queryset.cleared()
        if value == "soon":
            return directory.with_clearance_expiring(queryset)
        return directory.not_cleared(queryset)

    def filter_language(self, queryset, name, value):
        return queryset.listing("languages", value)

    def filter_time(self, queryset, name, value):
        return queryset.listing("times", value)

    def filter_area(self, queryset, name, value):
        return queryset.listing("areas_known", value)

    def keep(self, queryset, name, value):
        """The order is no filter; see `qs`."""
        return queryset
