from django.utils.translation import gettext as _

from outcomes.charts.base import (
    FULL,
    Chart,
    DataTable,
    Words,
    interval,
    percent,
)


class MunicipalitiesTable(Chart):
    """The municipalities beside each other. A table by nature: it has a file, and no picture."""

    name = "municipalities"
    width = FULL
    has_picture = False

    def words(self, subject):
        return Words(
            _("The municipalities"),
            _("Enrolments, releases of the last 12 months, and new sentences within two years"),
            _("Counts under five are hidden, and others where a hidden one could be worked out."),
        )

    def has_figures(self, subject):
        return bool(subject.figures.get("municipalities"))

    def table(self, subject):
        head = [
            _("Municipality"),
            _("Enrolments under way"),
            _("Without a pair or with a vacant seat"),
            _("Released"),
            _("Released without two mentors"),
            _("Meetings last month"),
            _("New sentence"),
            _("Can be measured"),
            _("Share"),
            _("95% interval"),
            _("Cannot be measured yet"),
        ]
        rows = []
        for row in subject.figures.get("municipalities", []):
            rate = row["recidivism"]
            shown = "share" in rate
            rows.append(
                [
                    row["name"],
                    row["under_way"],
                    row["incomplete"],
                    row["without_two"]["of"],
                    row["without_two"]["n"],
                    row["meetings"],
                    rate["n"],
                    rate["of"],
                    percent(rate["share"]) if shown else "–",
                    interval(rate["low"], rate["high"]) if shown else "–",
                    row["not_observable"],
                ]
            )
        return DataTable(head, rows)
