"""What the rows of one file say of one person, one beside the other."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from outcomes.followups.noting import DAYS, written
from primus.spreadsheets.layouts import Row
from primus.spreadsheets.problems import Problem

OF_OFFENCE = ("offence_on", "convicted_on", "sanction")
# What there is one day of for each person.
ONE_DAY = ("register_date", "died_on", "emigrated_on")

SENTENCES = {
    "other_day": _("Row %(row)s says %(day)s about the same person."),
    "nothing_found_above": _(
        "Row %(row)s says that nothing was found about the same person, and this one has an "
        "offence."
    ),
    "offence_above": _(
        "This row says that nothing was found, and row %(row)s has an offence of the same person."
    ),
    "death_above": _("Row %(row)s says that they died on %(day)s, before the offence."),
    "later_offence_above": _("Row %(row)s has an offence on %(day)s, after the death."),
}


@dataclass
class Said:
    """What has been said of one person so far, and by the row of which number."""

    days: dict[str, tuple[int, date]] = field(default_factory=dict)
    nothing: int = 0
    offence: int = 0
    last_offence: tuple[date, int] = (date.min, 0)
    rows: set[tuple] = field(default_factory=set)

    def check(self, row: Row) -> None:
        """Note what a row says otherwise than those above it, and what it says."""
        for name in ONE_DAY:
            if (day := row.values.get(name)) is not None:
                number, told = self.days.setdefault(name, (row.number, day))
                if day != told:
                    row.refuse(name, Problem("other_day", row=str(number), day=written(told)))
        self._check_found(row)
        self._check_death(row)

    def _check_found(self, row: Row) -> None:
        if any(name in row.values or name in row.problems for name in OF_OFFENCE):
            self.offence = self.offence or row.number
            if self.nothing:
                row.refuse("", Problem("nothing_found_above", row=str(self.nothing)))
        else:
            self.nothing = self.nothing or row.number
            if self.offence:
                row.refuse("", Problem("offence_above", row=str(self.offence)))

    def _check_death(self, row: Row) -> None:
        """Within one row it is seen where a row is looked at by itself."""
        told, died = self.days.get("died_on", (row.number, date.max))
        offended = row.values.get("offence_on")
        if offended and offended > died and told != row.number:
            row.refuse("offence_on", Problem("death_above", row=str(told), day=written(died)))
        last, number = self.last_offence
        if told == row.number and last > died:
            day = written(last)
            row.refuse("died_on", Problem("later_offence_above", row=str(number), day=day))
        if offended:
            self.last_offence = max(self.last_offence, (offended, row.number))

    def has_said(self, row: Row) -> bool:
        """Whether a row above says the very same."""
        whole = tuple(row.values.get(name) for name in (*DAYS, "sanction"))
        if whole in self.rows:
            return True
        self.rows.add(whole)
        return False
