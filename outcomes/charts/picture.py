"""A chart as a file: drawn from the stored figures on first request, then kept in the cache."""

import csv
import io
from hashlib import sha256

from django.core.cache import cache
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from outcomes.charts.base import Chart, Subject, cell_text, lines
from outcomes.charts.canvas import Canvas
from outcomes.charts.theme import Theme, theme

DAY = 24 * 60 * 60
MARGIN = 20
PNG_SCALE = 2


def as_of(subject: Subject) -> str:
    """«Figures as of 12 March 2027, 04:10»."""
    moment = date_format(localtime(subject.computed_at), "DATETIME_FORMAT")
    return _("Figures as of %(time)s") % {"time": moment}


def source(subject: Subject) -> str:
    """Where the figures are from; demonstration data are always called so."""
    if subject.is_demonstration:
        return _("Source: Primus, demonstration data")
    return _("Source: Primus")


def picture(
    chart: Chart,
    subject: Subject,
    *,
    kind: str,
    theme_name: str = "light",
    width: int,
    bare: bool = False,
) -> bytes:
    """The chart as ``svg`` or ``png``. ``bare`` leaves out the words that the page itself has."""
    told_apart_by = (
        type(subject).__name__,
        subject.stamp,
        *sorted(subject.query().items()),
        chart.name,
        kind,
        get_language(),
        theme_name,
        width,
        bare,
        subject.is_demonstration,
    )
    # A cache takes no key as long as an address with all its assumptions.
    key = f"chart:{sha256(repr(told_apart_by).encode()).hexdigest()}"
    drawn = cache.get(key)
    if drawn is None:
        drawn = render(chart, subject, kind, theme(theme_name), width, bare)
        cache.set(key, drawn, DAY)
    return drawn


def render(
    chart: Chart, subject: Subject, kind: str, colours: Theme, width: int, bare: bool
) -> bytes:
    # Heavy, and needed only when a picture is drawn.
    import vl_convert

    canvas = chart.draw(subject, width, colours)
    spec = (canvas if bare else framed(chart, subject, canvas, colours)).spec()
    if kind == "png":
        return vl_convert.vegalite_to_png(spec, scale=PNG_SCALE)
    return vl_convert.vegalite_to_svg(spec).encode()


def framed(chart: Chart, subject: Subject, plot: Canvas, colours: Theme) -> Canvas:
    """The drawing with what it needs to stand alone: title, measure, definition, as-of, source."""
    words = chart.words(subject)
    title = lines(words.title, plot.width, 9.2)
    lead = lines(f"{subject.place}. {words.lead}", plot.width)
    foot = [
        *lines(words.definition, plot.width),
        *lines(as_of(subject), plot.width),
        source(subject),
    ]
    head_height = 24 * len(title) + 20 * len(lead) + 16
    foot_height = 20 * len(foot) + 16
    framed = Canvas(
        plot.width + 2 * MARGIN, head_height + plot.height + foot_height + 2 * MARGIN, colours
    )
    y = MARGIN
    for line in title:
        framed.text(MARGIN, y + 18, line, bold=True, size=18)
        y += 24
    for line in lead:
        framed.text(MARGIN, y + 16, line)
        y += 20
    framed.paste(plot, MARGIN, MARGIN + head_height)
    y = MARGIN + head_height + plot.height + 16
    framed.line(MARGIN, y - 6, MARGIN + plot.width, y - 6, "line")
    for line in foot:
        framed.text(MARGIN, y + 14, line)
        y += 20
    return framed


def as_csv(chart: Chart, subject: Subject) -> str:
    """The chart's table as a file that a Danish or an English spreadsheet opens as it is.

    The definition, the time and the source stand under the figures.
    """
    words, table = chart.words(subject), chart.table(subject)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";" if get_language() == "da" else ",")
    writer.writerow(table.head)
    writer.writerows([_for_file(value) for value in row] for row in table.rows)
    writer.writerow([])
    for line in (
        f"{subject.place}. {words.lead}",
        words.definition,
        as_of(subject),
        source(subject),
    ):
        writer.writerow([line])
    # The mark makes spreadsheets read it as UTF-8.
    return "\ufeff" + file.getvalue()


def _for_file(value) -> str:
    """A number without thousands separators; everything else as it is read."""
    return str(value) if isinstance(value, int) else cell_text(value)
