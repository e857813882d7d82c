"""When a meeting took place: between referral and end, not in the future, not too far back."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentoring.models import Meeting
from participants.models import Enrolment
from primus.forms import DayField, TimeInput
from primus.templatetags.primus_ui import shortdate

NOON = time(12, 0)
WHEN = [
    ("now", gettext_lazy("Just now")),
    ("yesterday", gettext_lazy("Yesterday")),
    ("day", gettext_lazy("Choose a day")),
]


class WhenQuestions(forms.Form):
    """``now`` is when the meeting is (or was) told of: what lies after it has not happened."""

    now: datetime

    when = forms.ChoiceField(label=gettext_lazy("When?"), choices=WHEN, widget=forms.RadioSelect)
    day = DayField(label=gettext_lazy("Day"), required=False)
    at = forms.TimeField(
        label=gettext_lazy("Time, if you remember"),
        required=False,
        widget=TimeInput,
        error_messages={"invalid": gettext_lazy("Write the time like 16.40.")},
    )

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def earliest(self) -> date:
        return self.today - timedelta(days=Meeting.BACKDATED_DAYS)

    def limit_days(self) -> None:
        """Tell the device's picker which days can be chosen."""
        self.fields["day"].widget.attrs |= {
            "max": self.today.isoformat(),
            "min": self.earliest.isoformat(),
        }

    def clean_moment(self, data: dict, enrolment: Enrolment | None) -> None:
        """Work out ``happened_at`` from the answers, or say what is wrong with them."""
        when = data.get("when", "day")
        if when == "now":
            moment, field = self.now, "when"
        else:
            day = self.today - timedelta(days=1) if when == "yesterday" else data.get("day")
            field = "when" if when == "yesterday" else "day"
            if day is None:
                if "day" not in self.errors:
                    self.add_error("day", _("Choose the day it happened."))
                return
            moment = self._moment(day, data.get("at"))
            if day > self.today or (data.get("at") and moment > self.now):
                field = "at" if day == self.today else "day"
                self.add_error(field, _("A meeting cannot be logged before it has happened."))
                return
        self._check_day(moment.date(), enrolment, field)
        data["happened_at"] = min(moment, self.now)

    def _moment(self, day: date, at: time | None) -> datetime:
        # An hour that falls in the gap or the overlap of a clock change is kept as Python reads it.
        return timezone.make_aware(datetime.combine(day, at or NOON))

    def _check_day(self, day: date, enrolment: Enrolment | None, field: str) -> None:
        days = Meeting.BACKDATED_DAYS
        if day < self.earliest:
            text = ngettext(
                "A meeting can be logged up to %(days)d day back, that is from %(day)s.",
                "A meeting can be logged up to %(days)d days back, that is from %(day)s.",
                days,
            )
            self.add_error(field, text % {"days": days, "day": shortdate(self.earliest)})
        elif enrolment and day < enrolment.referred_on:
            text = _("That is before the referral on %(day)s.")
            self.add_error(field, text % {"day": shortdate(enrolment.referred_on)})
        elif enrolment and enrolment.ended_on and day > enrolment.ended_on:
            text = _("That is after the enrolment ended on %(day)s.")
            self.add_error(field, text % {"day": shortdate(enrolment.ended_on)})
