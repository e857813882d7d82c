"""What every chart of a dashboard has: words, a table, and a drawing."""

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from textwrap import wrap

from django.utils import formats
from django.utils.translation import gettext as _

from outcomes.charts.canvas import Canvas
from outcomes.disclosure import SMALL, WITHHELD

# Drawn at the size it is shown at, so that 14 px text stays 14 px.
PHONE = 296
HALF = 548
FULL = 1156
WIDTHS = (PHONE, HALF, FULL)
# Wide enough for the widest of the fonts named, with 8% slack.
PIXELS_PER_CHARACTER = 6.9


@dataclass(frozen=True)
class Subject:
    """What a chart is about: the stored figures of one place at one time."""

    figures: dict
    place: str
    is_country: bool
    computed_at: datetime

    @classmethod
    def of(cls, snapshot, municipality=None) -> "Subject":
        """The subject of a stored snapshot: a municipality, or None for the whole country."""
        place = municipality.name if municipality else _("Whole country")
        return cls(snapshot.figures, place, municipality is None, snapshot.computed_at)

    @property
    def day(self) -> date:
        return date.fromisoformat(self.figures["day"])


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


class DashboardChart:
    """One chart: subclasses say what it shows and how it is drawn."""

    name = ""
    # The width it has on a laptop.
    width = HALF
    has_picture = True

    def words(self, subject: Subject) -> Words:
        raise NotImplementedError

    def table(self, subject: Subject) -> DataTable:
        raise NotImplementedError

    def draw(self, subject: Subject, width: int, theme) -> Canvas:
        raise NotImplementedError

    def has_figures(self, subject: Subject) -> bool:
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


def number(value: int) -> str:
    return formats.number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)


def decimal(value: float, places: int = 1) -> str:
    return formats.number_format(value, decimal_pos=places, use_l10n=True)


def percent(share: float) -> str:
    """A proportion (0–1) in whole per cent."""
    return _("%(n)s%%") % {"n": number(round(100 * share))}


def interval(low: float, high: float) -> str:
    """A 95% interval of a proportion (0–1), in whole per cent: [26–40]."""
    return f"[{number(round(100 * low))}–{number(round(100 * high))}]"


def rate_text(rate: dict) -> str:
    """The numerator and denominator of a rate: «61 of 187»."""
    return _("%(n)s of %(of)s") % {"n": cell_text(rate["n"]), "of": cell_text(rate["of"])}


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
