"""Needs over time: small multiples on one shared scale, the stages, and every rating in words."""

from collections.abc import Iterable
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.assessments import (
    NOT_ASSESSED,
    answers_at,
    due_stages,
    open_stages,
    opens_on,
    stage_day,
)
from participants.models import TIMED_STAGES, Enrolment, NeedRating, RatingStage, SupportArea
from participants.need_words import in_words

# Where a stage stands on the panel's axis, in per cent of its width: true to the months, with
# release at 0 and the start two months before.
STAGE_AT = {
    RatingStage.START: 5.0,
    RatingStage.RELEASE: 18.0,
    RatingStage.MONTH_3: 37.5,
    RatingStage.MONTH_6: 57.0,
    RatingStage.MONTH_12: 96.0,
}
# The assessment at the end stands where the enrolment ended: so wide is a month, and so far from
# what was assessed before it, and from the edge, the last point keeps.
MONTH_WIDE = (STAGE_AT[RatingStage.MONTH_12] - STAGE_AT[RatingStage.RELEASE]) / 12
DAYS_IN_MONTH = 365.25 / 12
APART, LAST_AT = 3.0, 99.0
BASE, STEP = 104, 20  # pixels: where 1 stands, and how far up each step is
TICKS = [f"{at}%" for at in STAGE_AT.values()]


def height(rating: int) -> int:
    return BASE - STEP * (rating - 1)


def needs_over_time(enrolment: Enrolment, ratings: Iterable[NeedRating]) -> list[dict]:
    """One panel per area: its points, the lines between them, and what is said of the rest.

    A line that leaps over a stage that was not assessed is dotted, and none leaps over *no need*,
    which has a mark of its own above the scale: it is never a rating.
    """
    by_area: dict[str, dict[RatingStage, NeedRating]] = {}
    places = dict(STAGE_AT)
    ended_on = None
    for rating in ratings:
        stage = RatingStage(rating.stage)
        by_area.setdefault(rating.area, {})[stage] = rating
        if stage == RatingStage.END:
            ended_on = rating.rated_on
    if ended_on is not None:
        rated = {stage for found in by_area.values() for stage in found}
        before = max((STAGE_AT[s] for s in rated if s in STAGE_AT), default=0)
        months = (ended_on - enrolment.release_day).days / DAYS_IN_MONTH
        at = STAGE_AT[RatingStage.RELEASE] + MONTH_WIDE * months
        places[RatingStage.END] = round(min(max(at, before + APART, APART), LAST_AT), 1)
    return [_panel(area, by_area.get(area, {}), places) for area in SupportArea]


def _panel(
    area: SupportArea, found: dict[RatingStage, NeedRating], places: dict[RatingStage, float]
) -> dict:
    stages = sorted(places, key=lambda stage: places[stage])
    rated = [(i, found[s]) for i, s in enumerate(stages) if s in found and not found[s].no_need]
    points = [
        {
            "x": f"{places[stages[i]]}%",
            "y": height(r.rating),
            "label_y": height(r.rating) - 10,
            "rating": r.rating,
            "labelled": position in (0, len(rated) - 1),
        }
        for position, (i, r) in enumerate(rated)
    ]
    lines = []
    for n, (a, b) in enumerate(pairwise(points)):
        between = stages[rated[n][0] + 1 : rated[n + 1][0]]
        if not any(s in found for s in between):
            lines.append({"from": a, "to": b, "gap": bool(between)})
    return {
        "area": area,
        "ticks": TICKS,
        "points": points,
        "lines": lines,
        "no_need": [f"{places[s]}%" for s in stages if s in found and found[s].no_need],
        # What the drawing shows, for whoever does not see it.
        "told": ", ".join(f"{s.label}: {_in_words(found[s])}" for s in stages if s in found),
        "change": change_since_start(found),
    }


def _in_words(rating: NeedRating) -> str:
    return str(rating.rating or _("no need"))


def change_since_start(found: dict[RatingStage, NeedRating]) -> str:
    """What has become of an area, in words: from the start to what was said last."""
    said = [found[stage] for stage in RatingStage if stage in found]
    if not said:
        return _("Not assessed yet")
    start, last = found.get(RatingStage.START), said[-1]
    if last.no_need:
        return _("No need") if all(r.no_need for r in said) else _("No need any longer")
    if start is None:
        return _("Not assessed at the start")
    if start.no_need:
        return _("No need at the start, but now")
    if last is start:
        return _("Assessed at the start")
    steps = last.rating - start.rating
    if steps > 0:
        words = ngettext(
            "%(n)d step better since the start", "%(n)d steps better since the start", steps
        )
    elif steps < 0:
        words = ngettext(
            "%(n)d step worse since the start", "%(n)d steps worse since the start", -steps
        )
    else:
        return _("As at the start")
    return words % {"n": abs(steps)}


def stage_rows(enrolment: Enrolment, ratings: Iterable[NeedRating]) -> list[dict]:
    """The timed stages in order: what is known of each, and whether it can be or is to be rated."""
    ratings = list(ratings)
    can_be = open_stages(enrolment)
    due = {d.stage for d in due_stages(enrolment, {r.stage for r in ratings})}
    rows = []
    for stage in TIMED_STAGES:
        said = [r for r in ratings if r.stage == stage]
        names = sorted({r.rated_by.first_name for r in said if r.rated_by})
        rows.append(
            {
                "stage": stage,
                "day": stage_day(enrolment, stage),
                "said": len(said),
                "areas": len(SupportArea),
                "who": ", ".join(names),
                "when": max((r.rated_on for r in said), default=None),
                "is_open": stage in can_be,
                "is_due": stage in due,
                "opens_on": opens_on(enrolment, stage),
                "is_before": stage in (RatingStage.START, RatingStage.RELEASE),
            }
        )
    return rows


def rating_rows(ratings: Iterable[NeedRating]) -> list[dict]:
    """Every area at each stage of which anything was said: what, by whom, and when."""
    ratings = list(ratings)
    by_place = {(r.stage, r.area): r for r in ratings}
    rows = []
    for stage in RatingStage:
        answers = answers_at(ratings, stage)
        if all(answer == NOT_ASSESSED for answer in answers.values()):
            continue
        for area, answer in answers.items():
            row = by_place.get((stage, area))
            rows.append(
                {
                    "stage": stage,
                    "area": area,
                    "words": in_words(area, answer),
                    "is_said": row is not None,
                    "who": row.rated_by.get_full_name() if row and row.rated_by else "–",
                    "when": row.rated_on if row else None,
                }
            )
    return rows
