"""Needs over time as small multiples: one panel per area, one shared scale."""

from collections.abc import Iterable
from itertools import pairwise

from participants.models import NeedRating, RatingStage, SupportArea

# Where a stage stands on the panel's axis, in per cent of its width: true to the months, with
# release at 0 and the start two months before.
STAGE_AT = {
    RatingStage.START: 5.0,
    RatingStage.RELEASE: 18.0,
    RatingStage.MONTH_3: 37.5,
    RatingStage.MONTH_6: 57.0,
    RatingStage.MONTH_12: 96.0,
}
BASE, STEP = 104, 20  # pixels: where 1 stands, and how far up each step is


def height(rating: int) -> int:
    return BASE - STEP * (rating - 1)


def needs_over_time(ratings: Iterable[NeedRating]) -> list[dict]:
    """One panel per area: its points, the lines between them, and what is said of the rest.

    A line that leaps over a stage that was not assessed is dotted; *no need* is a point of its
    own at the top of the scale's axis, never a rating.
    """
    by_area: dict[str, dict[str, NeedRating]] = {}
    for rating in ratings:
        by_area.setdefault(rating.area, {})[rating.stage] = rating
    stages = list(RatingStage)
    panels = []
    for area in SupportArea:
        found = by_area.get(area, {})
        rated = [(i, found[s]) for i, s in enumerate(stages) if s in found and not found[s].no_need]
        points = [
            {
                "x": f"{STAGE_AT[stages[i]]}%",
                "y": height(r.rating),
                "label_y": height(r.rating) - 10,
                "rating": r.rating,
                "stage": r.get_stage_display(),
                "labelled": position in (0, len(rated) - 1),
            }
            for position, (i, r) in enumerate(rated)
        ]
        lines = [
            {"from": a, "to": b, "gap": rated[n + 1][0] - rated[n][0] > 1}
            for n, (a, b) in enumerate(pairwise(points))
        ]
        no_need = [found[s].get_stage_display() for s in stages if s in found and found[s].no_need]
        panels.append(
            {
                "area": area,
                "points": points,
                "lines": lines,
                "no_need": no_need,
                "empty": not points and not no_need,
            }
        )
    return panels
