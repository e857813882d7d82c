"""What every chart has: words, a table, and a drawing."""

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from textwrap import wrap
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from outcomes.charts.canvas import Canvas
from outcomes.counting import MONTHS
from outcomes.disclosure import LIMIT, SMALL, WITHHELD
from outcomes.recidivism import DEFAULT, Definition

# Drawn at the size it is shown at, so that 14 px text stays 14 px.
PHONE = 296
HALF = 548
TWO_THIRDS = 754
FULL = 1156
WIDTHS = (PHONE, HALF, TWO_THIRDS, FULL)
# Wide enough for the widest of the fonts named, with 8% slack.
PIXELS_PER_CHARACTER = 6.9


@dataclass(frozen=True)
class Subject:
    """What charts are about: stored or computed figures, of what, and when.

    Subclasses say at which address a chart of theirs is.
    """

    figures: dict
    # What they are the figures of, as it stands first in a picture: «Aarhus», «Whole country».
    place: str
    computed_at: datetime
    # What tells these figures from all others; part of the pictures' addresses and of the cache.
    stamp: str

    @property
    def is_demonstration(self) -> bool:
        """Whether the figures are made up, and have to say so wherever they stand."""
        return bool(settings.PRIMUS_DEMO)

    @property
    def slug(self) -> str:
        """What a saved file is called after."""
        raise NotImplementedError

    def path(self, name: str, kind: str) -> str:
        """The address of one chart as ``svg``, ``png`` or ``csv``, without what is asked of it."""
        raise NotImplementedError

    def query(self) -> dict[str, str]:
        """What has to stand in the address for the same figures to be found again."""
        return {}

    def address(self, name: str, kind: str, **asked: Any) -> str:
        asked = self.query() | asked
        path = self.path(name, kind)
        return f"{path}?{urlencode(asked)}" if asked else path


@dataclass(frozen=True)
class DashboardSubject(Subject):
    """The figures of a dashboard: a municipality's, or the whole country's (no code), of all years
    or of one (``period``), with new crime counted by one definition."""

    code: str | None = None
    # The place without the year.
    name: str = ""
    period: str = ""
    definition: Definition = DEFAULT

    @classmethod
    def of(
        cls, snapshot, municipality=None, definition: Definition = DEFAULT
    ) -> "DashboardSubject":
        """The subject of a stored snapshot: a municipality, or None for the whole country."""
        name = municipality.name if municipality else _("Whole country")
        return cls(
            snapshot.figures,
            f"{name}, {snapshot.period}" if snapshot.period else name,
            snapshot.computed_at,
            snapshot.stamp,
            municipality.code if municipality else None,
            name,
            snapshot.period,
            definition,
        )

    @property
    def is_country(self) -> bool:
        return self.code is None

    @property
    def day(self) -> date:
        return date.fromisoformat(self.figures["day"])

    @property
    def recidivism(self) -> dict:
        """New crime by the definition that was chosen."""
        return self.figures["recidivism"][self.definition.key]

    @property
    def slug(self) -> str:
        parts = [self.code or "dk", self.period, self.query().get("definition", "")]
        return "-".join([*filter(None, parts), f"{self.day:%Y-%m-%d}"])

    def path(self, name: str, kind: str) -> str:
        if self.code:
            return reverse("dashboard_municipality_chart", args=[self.code, name, kind])
        return reverse("dashboard_chart", args=[name, kind])

    def query(self) -> dict[str, str]:
        """The period and the definition, where they are not the usual ones."""
        return choice(self.period, self.definition)


def choice(period: str, definition: Definition) -> dict[str, str]:
    """A period and a definition as they stand in an address; what is usual is not said."""
    asked = {"period": period} if period else {}
    return asked if definition == DEFAULT else asked | {"definition": definition.key}


@dataclass(frozen=True)
class Words:
    """A chart's title (the finding, or the measure), what is measured, and how it is counted."""

    title: str
    lead: str
    definition: str


@dataclass(frozen=True)
class DataTable:
    """The figures of a chart as a table: of text, numbers, and hidden counts."""

    head: list[str]
    rows: list[list]


class Chart:
    """One chart: subclasses say what it shows and how it is drawn."""

    name = ""
    # The width it has on a laptop.
    width = HALF
    has_picture = True

    # `subject` is the Subject that the chart is made for: a dashboard's, a trial's.
    def words(self, subject: Any) -> Words:
        raise NotImplementedError

    def table(self, subject: Any) -> DataTable:
        raise NotImplementedError

    def draw(self, subject: Any, width: int, theme) -> Canvas:
        raise NotImplementedError

    def has_figures(self, subject: Any) -> bool:
        """Whether there is anything to draw yet."""
        return True


def cell_text(value) -> str:
    """A cell as it is read: a number as the language writes it, a hidden count as a word."""
    if value is None:
        return "–"
    if value in (SMALL, WITHHELD):
        return hidden_text(value)
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return decimal(value)
    return number(value)


def hidden_text(reason: str) -> str:
    return _("under 5") if reason == SMALL else _("not shown")


def absent(*values) -> str:
    """What stands in the place of a rate or a median: «too few», where one of the counts that it
    is made of is small; else «not shown», where one is withheld."""
    return _("too few") if SMALL in values else hidden_text(WITHHELD)


def tight(value) -> str:
    """A count where there is room for three characters only; the hatch beside it says the rest."""
    if value == SMALL:
        return f"<{LIMIT}"
    return "–" if value == WITHHELD else cell_text(value)


def too_few(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    """In the place of a plot of which every value is hidden: the hatch, and why."""
    canvas.hatch(x, y, width, height)
    told = lines(_("Too few people for the figures to be shown."), int(width - 40))
    canvas.plate(x + 10, y + 10, width - 20, 20 * len(told) + 12)
    for index, line in enumerate(told):
        canvas.text(x + 20, y + 30 + 20 * index, line, ink=True)


def number(value: int) -> str:
    return formats.number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


def decimal(value: float, places: int = 1) -> str:
    # Rounded here: the formatting only cuts off.
    return formats.number_format(round(value, places), decimal_pos=places, use_l10n=True)


def percent(share: float) -> str:
    """A proportion (0–1) in whole per cent."""
    return _("%(n)s%%") % {"n": number(round(100 * share))}


def interval(low: float, high: float) -> str:
    """A 95% interval of a proportion (0–1), in whole per cent: [26–40]."""
    return f"[{number(round(100 * low))}–{number(round(100 * high))}]"


def rate_text(rate: dict) -> str:
    """The numerator and denominator of a rate: «61 of 187»."""
    return _("%(n)s of %(of)s") % {"n": cell_text(rate["n"]), "of": cell_text(rate["of"])}


def share_text(rate: dict) -> str:
    """«33% [26–40]», or «–» where it may not be shown."""
    if "share" not in rate:
        return "–"
    return f"{percent(rate['share'])} {interval(rate['low'], rate['high'])}"


def of_whole_year(rate: dict) -> bool:
    """Whether a rate of contact is of those whose year is over, and not of all whose month is."""
    return rate["over"] == MONTHS


def days_text(time: dict) -> str:
    """A median of days with its interval: «19 [17–21]»; the interval may have an open end."""
    if time.get("median") is None:
        return "–"
    low, high = time.get("low"), time.get("high")
    if low is None and high is None:
        return decimal_or_whole(time["median"])
    ends = [decimal_or_whole(end) if end is not None else "" for end in (low, high)]
    return f"{decimal_or_whole(time['median'])} [{ends[0]}–{ends[1]}]"


def decimal_or_whole(value: float) -> str:
    """A whole number without decimals, any other with one."""
    return number(round(value)) if value == round(value) else decimal(value)


def lines(text: str, width: int, pixels: float = PIXELS_PER_CHARACTER) -> list[str]:
    """Text broken so that each line fits into `width` pixels."""
    return wrap(text, max(int(width / pixels), 12))


def ticks(highest: float) -> list[int]:
    """Three to six whole steps from 0 to at least `highest`."""
    factor = 1
    while True:
        for step in (factor, 2 * factor, 5 * factor):
            if highest <= 5 * step:
                return list(range(0, step * max(ceil(highest / step), 2) + 1, step))
        factor *= 10
