"""What a dashboard's address chooses: the period, and the definition of new crime."""

import re

from django.http import Http404

from outcomes.recidivism import DEFAULT, DEFINITIONS, Definition

YEAR = re.compile(r"(?:19|20)\d\d")


def chosen(request) -> tuple[str, Definition]:
    """The period (a year, or empty for all of them) and the definition; 404 for any other."""
    period = request.GET.get("period", "")
    key = request.GET.get("definition") or DEFAULT.key
    if key not in DEFINITIONS or (period and not YEAR.fullmatch(period)):
        raise Http404
    return period, DEFINITIONS[key]
