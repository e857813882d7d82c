"""The codebook: what each variable is, for programs as a table and for people as a text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from textwrap import fill

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outcomes.recidivism import DEFINITIONS
from outcomes.research.codebook import MISSING, TABLES, TYPES, Table, Variable
from outcomes.research.guarding import LIMIT, STEPS, Step

WIDTH = 80
COLUMNS = [
    "table", "variable", "label", "type", "unit", "value", "value_label", "definition", "source",
    "as_of",
]  # fmt: skip
# What each step of the protection shows, in the order of STEPS.
SHOWN: dict[Step, str | Promise] = dict(
    zip(
        STEPS,
        (
            gettext_lazy("municipality, month, age and gender"),
            gettext_lazy("region, month, age and gender"),
            gettext_lazy("no place; month, age and gender"),
            gettext_lazy("region, year, age and gender"),
            gettext_lazy("no place; year, age and gender"),
            gettext_lazy("no place; year and age"),
            gettext_lazy("no place; year"),
            gettext_lazy("none of these"),
        ),
        strict=True,
    )
)


@dataclass
class About:
    """What there is to say of one export, beside the variables. ``steps``: how many rows are shown
    by each step of the protection; ``places``: municipalities by code, and regions."""

    today: date
    is_demonstration: bool
    counts: dict[str, int]
    steps: Sequence[tuple[Step, int]]
    left_out: int
    places: dict[str, str] = field(default_factory=dict)
    regions: dict[str, str] = field(default_factory=dict)

    @property
    def as_of(self) -> str:
        return f"{self.today:%Y-%m}"

    def values(self, variable: Variable) -> dict[str, str]:
        """Each value of a code with its label, what stands for a missing one last."""
        own = {"municipality": self.places, "region": self.regions}.get(variable.name)
        found = own if own is not None else variable.values or {}
        return {code: str(label) for code, label in (found | MISSING).items()}


def codebook_rows(about: About) -> Iterator[list[str]]:
    """A row for each value of each variable, and one for a variable without named values."""
    for table in TABLES:
        for variable in table.variables:
            head = [
                table.name,
                variable.name,
                str(variable.label),
                str(TYPES[variable.type]),
                str(variable.unit),
            ]
            tail = [_definition(variable), str(table.source), about.as_of]
            for code, label in about.values(variable).items():
                yield [*head, code, label, *tail]


def _definition(variable: Variable) -> str:
    return str(variable.definition)


def readable(about: About) -> str:
    """The codebook as a text of some pages, in the language that is in use."""
    parts = [_opening(about), _protection(about)]
    parts += [_table(table, about) for table in TABLES]
    parts.append(_definitions())
    return "\n\n\n".join(parts) + "\n"


def _headed(title: str, sign: str, *lines: str) -> str:
    return "\n".join([title, sign * len(title), "", *lines])


def _said(*sentences: str) -> list[str]:
    """A paragraph, and an empty line after it."""
    return [fill(" ".join(sentences), WIDTH), ""]


def _opening(about: About) -> str:
    lines = _said(_("As of %(month)s.") % {"month": formats.date_format(about.today, "F Y")})
    if about.is_demonstration:
        lines += _said(_("DEMONSTRATION: all of this is made up. Nobody in it exists."))
    lines += _said(
        _("Only people who have said yes to research are in it."),
        _("New crime is in it only for those who have said yes to that too."),
    )
    lines += [
        f"  {table.name + '.csv':<16}{about.counts.get(table.name, 0):>9}" for table in TABLES
    ]
    lines += [
        "",
        *_said(
            _("The files are UTF-8, with semicolons between the columns and their names in row 1."),
            _("Where there is no value:"),
        ),
    ]
    lines += [f"  {code}  {label}" for code, label in MISSING.items()]
    return _headed(_("Data from the mentor programme, for research"), "=", *lines)


def _protection(about: About) -> str:
    lines = _said(
        _("Pseudonyms are keyed hashes. The key was made for this export and is kept nowhere."),
        _("So pseudonyms of two exports cannot be compared, and nobody can look a person up."),
        _("The rows are in the order of the pseudonyms, which says nothing."),
        _("There are no names, no case numbers, no words, and no days: months at the finest."),
    )
    lines += _said(
        _(
            "Whoever shares place, age, gender and month with fewer than %(n)d people in all has "
            "them shown more coarsely, until there are %(n)d."
        )
        % {"n": LIMIT},
        _("So many rows are shown with:"),
    )
    lines += [f"  {count:>9}  {SHOWN[step]}" for step, count in about.steps]
    lines.append("")
    if about.left_out:
        lines += _said(
            ngettext(
                "%(n)d trial subject is left out: with no yes to research in their case file.",
                "%(n)d trial subjects are left out: with no yes to research in their case file.",
                about.left_out,
            )
            % {"n": about.left_out}
        )
    lines.append(
        fill(
            _("It is still data about people: keep it as agreed, and do not look for anybody."),
            WIDTH,
        )
    )
    return _headed(_("How the people in it are protected"), "-", *lines)


def _table(table: Table, about: About) -> str:
    lines = [str(table.rows), str(table.source), ""]
    for variable in table.variables:
        kind = ", ".join(filter(None, [str(TYPES[variable.type]), str(variable.unit)]))
        lines.append(f"{variable.name}: {variable.label} ({kind})")
        if variable.definition:
            lines.append(f"    {variable.definition}")
        values = about.values(variable)
        lines += [f"    {code} = {values[code]}" for code in values if code not in MISSING]
    return _headed(f"{table.name}.csv", "-", *lines)


def _definitions() -> str:
    lines = []
    for key, definition in DEFINITIONS.items():
        lines.append(f"{key}: {definition.name}")
        lines.append(
            "    "
            + _("%(counted)s; offence within %(window)d days, sentence within %(wait)d days more")
            % {
                "counted": definition.counted,
                "window": definition.window,
                "wait": definition.wait,
            }
        )
    return _headed(_("Definitions of new crime"), "-", *lines)
