"""Places as they are written in a cell."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from participants.models import Institution, Municipality
from primus.spreadsheets.cells import keys, nearest
from primus.spreadsheets.layouts import Row
from primus.spreadsheets.problems import Problem

SENTENCES = {
    "not_yours": _("You do not coordinate in %(place)s. You can import to: %(own)s."),
    "unknown_place": _("There is none of that name."),
}


class Places:
    """Municipalities and institutions by what they are called. Read once for many rows."""

    def __init__(self, user):
        self.own = {m.pk: m for m in Municipality.objects.of_coordinator(user)}
        self._municipalities: dict[str, Municipality] = {}
        for one in Municipality.objects.all():
            code = one.pk.lstrip("0")
            for name in (one.name, f"{one.name} kommune", one.pk, code):
                self._municipalities.update(dict.fromkeys(keys(name), one))
        self._institutions: dict[str, Institution] = {}
        self._institution_names: list[str] = []
        for place in Institution.objects.filter(is_active=True):
            self._institutions.update(dict.fromkeys(keys(place.name), place))
            self._institution_names.append(place.name)

    def look_up(self, row: Row, name: str) -> None:
        """Put the place into the row where its name stood, or note what is wrong with it."""
        if name in row.values:
            find = self.municipality if name == "municipality" else self.institution
            try:
                row.values[name] = find(str(row.values[name]))
            except Problem as problem:
                del row.values[name]
                row.refuse(name, problem)
        elif name == "municipality" and name not in row.problems and len(self.own) == 1:
            # Whoever coordinates in one place need not write it in each row.
            row.values[name] = next(iter(self.own.values()))

    def municipality(self, said: str) -> Municipality:
        """The one of that name among the user's own. Raises Problem."""
        found = _named(said, self._municipalities)
        if found is None:
            raise _unknown(said, [m.name for m in self._municipalities.values()])
        if found.pk not in self.own:
            own = ", ".join(sorted(m.name for m in self.own.values()))
            raise Problem("not_yours", place=found.name, own=own)
        return found

    def institution(self, said: str) -> Institution:
        """The one of that name among those in use. Raises Problem."""
        found = _named(said, self._institutions)
        if found is None:
            raise _unknown(said, self._institution_names)
        return found


def _named(said: str, by_name: dict):
    return next((by_name[key] for key in sorted(keys(said)) if key in by_name), None)


def _unknown(said: str, names: Iterable[str]) -> Problem:
    near = nearest(said, {key: name for name in names for key in keys(name)})
    return Problem("did_you_mean", near=" / ".join(near)) if near else Problem("unknown_place")
