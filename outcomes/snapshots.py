"""From counted figures to stored snapshots: protected, put together, written all at once.

Nothing unprotected is stored.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db import transaction
from django.utils import timezone

from outcomes.composing import VERSION, Composer
from outcomes.counting import count_all
from outcomes.disclosure import ALL, COUNTRY
from outcomes.models import DashboardSnapshot
from outcomes.protecting import protect_all
from participants.models import Municipality
from primus.jobs.runs import Progress

__all__ = ["VERSION", "recompute", "store"]


def recompute(progress: Progress, today: date | None = None) -> int:
    """Count, protect and store every dashboard; returns how many snapshots there are now.

    What is shown stays as it was until everything is ready, and then changes in one transaction.
    """
    today = today or timezone.localdate()
    names = dict(Municipality.objects.order_by("pk").values_list("pk", "name"))
    progress.expect(len(names) + 2)
    counted = count_all(today)
    progress.advance()
    composer = Composer(counted, protect_all(counted), today)
    progress.advance()
    computed_at = timezone.now()
    snapshots = []
    for code, dashboards in compose_all(composer, names):
        snapshots += [
            DashboardSnapshot(
                municipality_id=code,
                period=figures["period"],
                computed_at=computed_at,
                figures=figures,
            )
            for figures in dashboards
        ]
        if code is not COUNTRY:
            progress.advance()
    store(snapshots)
    return len(snapshots)


def compose_all(
    composer: Composer, names: dict[str, str]
) -> Iterator[tuple[str | None, list[dict]]]:
    """The figures of each place: of all years, and of each year that something is told of."""
    countries = []
    for period in [ALL, *composer.periods(COUNTRY)]:
        country = composer.figures(COUNTRY, period)
        # Of a year, the places of which something is told in it.
        country["municipalities"] = [
            composer.row(code, name, period)
            for code, name in sorted(names.items(), key=lambda item: item[1])
            if code in composer.codes and (period == ALL or period in composer.periods(code))
        ]
        countries.append(country | {"funnel": composer.funnel(country)})
    yield COUNTRY, countries
    country_in = {country["period"]: country for country in countries}
    for code in names:
        periods = [ALL, *composer.periods(code)] if code in composer.codes else []
        # Where nothing is told of a year of the country, there is nothing to compare with.
        own = [composer.figures(code, period) for period in periods if period in country_in]
        yield (
            code,
            [
                figures | {"country": composer.compared(country_in[figures["period"]], figures)}
                for figures in own
            ],
        )


def store(snapshots: Iterable[DashboardSnapshot]) -> None:
    """Put these in the place of all that are stored."""
    with transaction.atomic():
        DashboardSnapshot.objects.all().delete()
        DashboardSnapshot.objects.bulk_create(snapshots, batch_size=100)
