"""From counted figures to stored snapshots: protected, put together, written all at once.

Nothing unprotected is stored. What a snapshot holds is plain JSON:

* a count is a number, or "small" or "withheld" (outcomes.disclosure);
* a rate is {"n", "of"} with "share", "low" and "high" (0–1) where it may be shown;
* a mean is {"n"} with "start", "now" and "change" (its 95% interval) where it may be shown.
"""

from collections.abc import Iterable
from datetime import date
from math import sqrt
from typing import Any

from django.db import transaction
from django.utils import timezone

from outcomes.disclosure import LIMIT, Key, Shown, Table, is_small, protect
from outcomes.engine.proportions import wilson
from outcomes.figures import Figures, Seats, count_all, months_until, released_since
from outcomes.models import DashboardSnapshot
from outcomes.recidivism import DEFAULT, NOT_OBSERVABLE, Outcome
from participants.models import Municipality, SupportArea
from participants.phases import CURRENT_PHASES, Phase
from primus.jobs.runs import Progress

# What the figures are read by; a snapshot of another version is as good as none.
VERSION = 1
COUNTRY = None

Codes = list[str]
Cells = dict[Key, Shown]


def recompute(progress: Progress, today: date | None = None) -> int:
    """Count, protect and store every dashboard; returns how many snapshots there are now.

    What is shown stays as it was until everything is ready, and then changes in one transaction.
    """
    today = today or timezone.localdate()
    municipalities = dict(Municipality.objects.order_by("pk").values_list("pk", "name"))
    progress.expect(len(municipalities) + 2)
    counted = count_all(today)
    progress.advance()
    cells = protect_all(counted, today)
    progress.advance()
    computed_at = timezone.now()
    country = compose(cells, counted, COUNTRY, today)
    country["municipalities"] = [
        {"code": code, "name": name, **row(compose(cells, counted, code, today))}
        for code, name in sorted(municipalities.items(), key=lambda item: item[1])
        if code in counted
    ]
    snapshots = [DashboardSnapshot(computed_at=computed_at, figures=country)]
    for code in municipalities:
        if code in counted:
            figures = compose(cells, counted, code, today)
            figures["country"] = {"recidivism": country["recidivism"]["rate"]}
            snapshots.append(
                DashboardSnapshot(municipality_id=code, computed_at=computed_at, figures=figures)
            )
        progress.advance()
    store(snapshots)
    return len(snapshots)


def store(snapshots: Iterable[DashboardSnapshot]) -> None:
    """Put these in the place of all that are stored."""
    with transaction.atomic():
        DashboardSnapshot.objects.all().delete()
        DashboardSnapshot.objects.bulk_create(snapshots)


# --- Protection ------------------------------------------------------------------------


def protect_all(counted: dict[str, Figures], today: date) -> Cells:
    """Every count that may be published, protected together with the sums it is part of.

    The key is (measure, …, municipality code), None for the whole country.
    """
    codes = sorted(counted)
    tables = [
        _enrolment_table(counted, codes),
        _ended_table(counted, codes),
        _released_table(counted, codes),
        _recidivism_table(counted, codes),
        _mentor_table(counted, codes),
        _place_table(counted, codes),
        *(_needs_table(counted, codes, area) for area in SupportArea.values),
        *(_meeting_table(counted, codes, month) for month in months_until(today)),
    ]
    cells: Cells = {}
    for table in tables:
        cells.update(protect(table))
    return cells


def _across(table: Table, measure: tuple, codes: Codes) -> None:
    """The country's cell of a measure: the sum of the municipalities', and worth more."""
    table.keep.add((*measure, COUNTRY))
    table.total((*measure, COUNTRY), [(*measure, code) for code in codes])


def _split(table: Table, whole: tuple, parts: list[tuple], codes: Codes) -> None:
    """A measure that is the sum of others, in each municipality and in the country."""
    for code in codes:
        table.total((*whole, code), [(*part, code) for part in parts])
    for measure in (*parts, whole):
        _across(table, measure, codes)
    table.sums.append(((*whole, COUNTRY), [(*part, COUNTRY) for part in parts]))


def _enrolment_table(counted: dict[str, Figures], codes: Codes) -> Table:
    """Enrolments under way, split twice: by phase, and by mentors (two; or else vacant, none)."""
    table = Table()
    phases = [("phase", str(phase)) for phase in CURRENT_PHASES]
    lacking = [("seats", Seats.VACANT), ("seats", Seats.NONE)]
    two = ("seats", Seats.TWO)
    for code in codes:
        figures = counted[code]
        table.cells.update({(*key, code): figures.phases[key[1]] for key in phases})
        table.cells.update({(*key, code): figures.seats[key[1]] for key in (*lacking, two)})
    _split(table, ("incomplete",), lacking, codes)
    _split(table, ("under_way",), phases, codes)
    _across(table, two, codes)
    for place in (*codes, COUNTRY):
        table.sums.append((("under_way", place), [(*two, place), ("incomplete", place)]))
    return table


def _ended_table(counted: dict[str, Figures], codes: Codes) -> Table:
    table = Table({("ended", code): counted[code].phases[Phase.ENDED] for code in codes})
    _across(table, ("ended",), codes)
    return table


def _released_table(counted: dict[str, Figures], codes: Codes) -> Table:
    table = Table()
    for code in codes:
        without = counted[code].released_without_two
        table.cells["released_without", code] = without
        table.cells["released_with", code] = counted[code].released - without
    _split(table, ("released",), [("released_without",), ("released_with",)], codes)
    return table


def _recidivism_table(counted: dict[str, Figures], codes: Codes) -> Table:
    """By municipality; for the country also by year of release and by why not observable."""
    table = Table()
    for code in codes:
        outcomes = counted[code].outcomes
        table.cells["reoffended", code] = outcomes[Outcome.REOFFENDED]
        table.cells["not_reoffended", code] = outcomes[Outcome.NOT_REOFFENDED]
        table.cells["not_observable", code] = sum(outcomes[reason] for reason in NOT_OBSERVABLE)
    parts = [("reoffended",), ("not_reoffended",)]
    _split(table, ("observable",), parts, codes)
    _across(table, ("not_observable",), codes)

    for reason in NOT_OBSERVABLE:
        table.cells["reason", str(reason)] = sum(counted[code].outcomes[reason] for code in codes)
    table.sums.append(
        (("not_observable", COUNTRY), [("reason", str(reason)) for reason in NOT_OBSERVABLE])
    )
    years = years_of(counted)
    for year in years:
        found = [counted[code].outcomes_by_year[year] for code in codes]
        by_year = {
            "reoffended": sum(o[Outcome.REOFFENDED] for o in found),
            "not_reoffended": sum(o[Outcome.NOT_REOFFENDED] for o in found),
            "not_observable": sum(o[reason] for o in found for reason in NOT_OBSERVABLE),
        }
        table.cells.update({("year", measure, year): n for measure, n in by_year.items()})
        table.total(
            ("year", "observable", year),
            [("year", "reoffended", year), ("year", "not_reoffended", year)],
        )
    for measure in ("reoffended", "not_reoffended", "observable", "not_observable"):
        if years:
            table.sums.append(((measure, COUNTRY), [("year", measure, year) for year in years]))
    return table


def _mentor_table(counted: dict[str, Figures], codes: Codes) -> Table:
    table = Table()
    for code in codes:
        table.cells["mentors_free", code] = counted[code].mentors_free
        table.cells["mentors_full", code] = counted[code].mentors_full
    _split(table, ("mentors",), [("mentors_free",), ("mentors_full",)], codes)
    return table


def _place_table(counted: dict[str, Figures], codes: Codes) -> Table:
    """Free places: hidden where under five mentors have them."""
    table = Table(people=False)
    for code in codes:
        table.cells["places_free", code] = counted[code].places_free
        if is_small(counted[code].mentors_free):
            table.few.add(("places_free", code))
    _across(table, ("places_free",), codes)
    if is_small(sum(counted[code].mentors_free for code in codes)):
        table.few.add(("places_free", COUNTRY))
    return table


def _needs_table(counted: dict[str, Figures], codes: Codes, area: str) -> Table:
    table = Table({("rated", area, code): counted[code].needs[area].total() for code in codes})
    _across(table, ("rated", area), codes)
    return table


def _meeting_table(counted: dict[str, Figures], codes: Codes, month: date) -> Table:
    """Meetings of a month: hidden where under five people were met."""
    table = Table(people=False)
    for code in codes:
        table.cells["meetings", month, code] = counted[code].meetings[month]
        if is_small(counted[code].people_met[month]):
            table.few.add(("meetings", month, code))
    _across(table, ("meetings", month), codes)
    if is_small(sum(counted[code].people_met[month] for code in codes)):
        table.few.add(("meetings", month, COUNTRY))
    return table


# --- Putting together ------------------------------------------------------------------


def years_of(counted: dict[str, Figures]) -> list[int]:
    """The years of release, without gaps."""
    years = {year for figures in counted.values() for year in figures.outcomes_by_year}
    return list(range(min(years), max(years) + 1)) if years else []


def compose(cells: Cells, counted: dict[str, Figures], code: str | None, today: date) -> dict:
    """The figures of one dashboard, of protected cells only."""
    figures: dict[str, Any] = {
        "version": VERSION,
        "day": today.isoformat(),
        "under_way": cells["under_way", code],
        "phases": {str(phase): cells["phase", str(phase), code] for phase in CURRENT_PHASES},
        "ended": cells["ended", code],
        "seats": {state: cells["seats", state, code] for state in Seats.ALL},
        "released": {
            "since": released_since(today).isoformat(),
            "without_two": rate(
                cells["released_without", code],
                cells["released_with", code],
                cells["released", code],
            ),
        },
        "meetings": [
            {"month": month.isoformat(), "held": cells["meetings", month, code]}
            for month in months_until(today)
        ],
        "needs": {area: _mean(cells, counted, area, code) for area in SupportArea.values},
        "recidivism": {
            "definition": DEFAULT.key,
            "rate": rate(
                cells["reoffended", code], cells["not_reoffended", code], cells["observable", code]
            ),
            "not_observable": cells["not_observable", code],
        },
        "mentors": {
            "active": cells["mentors", code],
            "with_room": cells["mentors_free", code],
            "places_free": cells["places_free", code],
        },
    }
    figures["incomplete"] = cells["incomplete", code]
    figures["meetings_change"] = meetings_change(figures["meetings"])
    if code is COUNTRY:
        figures["recidivism"]["reasons"] = {
            str(reason): cells["reason", str(reason)] for reason in NOT_OBSERVABLE
        }
        figures["recidivism"]["years"] = [
            {
                "year": year,
                "rate": rate(
                    cells["year", "reoffended", year],
                    cells["year", "not_reoffended", year],
                    cells["year", "observable", year],
                ),
                "not_observable": cells["year", "not_observable", year],
            }
            for year in years_of(counted)
        ]
    return figures


def rate(numerator: Shown, remainder: Shown, denominator: Shown) -> dict:
    """A rate with its 95% interval where all it consists of may be shown."""
    result: dict = {"n": numerator, "of": denominator}
    if isinstance(numerator, str) or isinstance(remainder, str) or isinstance(denominator, str):
        return result
    interval = wilson(numerator, denominator)
    if interval:
        low, high = interval
        share = numerator / denominator
        result |= {"share": round(share, 4), "low": round(low, 4), "high": round(high, 4)}
    return result


def _mean(cells: Cells, counted: dict[str, Figures], area: str, code: str | None) -> dict:
    people = cells["rated", area, code]
    result: dict = {"n": people}
    if isinstance(people, str) or people < LIMIT:
        return result
    codes = counted if code is COUNTRY else [code]
    pairs = [pair for c in codes for pair, n in counted[c].needs[area].items() for _ in range(n)]
    changes = [now - start for start, now in pairs]
    result["start"] = round(sum(start for start, _now in pairs) / people, 1)
    result["now"] = round(sum(now for _start, now in pairs) / people, 1)
    result["change"] = mean_interval(changes)
    return result


def mean_interval(values: list[float]) -> list[float]:
    """The 95% interval of a mean by Student's t, rounded to two decimals."""
    # Heavy, and needed by the worker only.
    from scipy.stats import t

    n = len(values)
    mean = sum(values) / n
    spread = sum((value - mean) ** 2 for value in values) / (n - 1)
    half = float(t.ppf(0.975, n - 1)) * sqrt(spread / n)
    return [round(mean - half, 2), round(mean + half, 2)]


def meetings_change(months: list[dict]) -> list[float] | None:
    """The 95% interval of the change in meetings a month since the same months a year before.

    Month against month, so that the seasons and the months' own spread are in it. The month
    under way is left out. None where a month may not be shown.
    """
    held = [month["held"] for month in months[:-1]]
    if any(isinstance(n, str) for n in held):
        return None
    return mean_interval([now - then for now, then in zip(held[12:], held, strict=False)])


def row(figures: dict) -> dict:
    """What the table of municipalities shows of one dashboard."""
    return {
        "under_way": figures["under_way"],
        "incomplete": figures["incomplete"],
        "without_two": figures["released"]["without_two"],
        "meetings": figures["meetings"][-2]["held"],
        "recidivism": figures["recidivism"]["rate"],
        "not_observable": figures["recidivism"]["not_observable"],
    }
