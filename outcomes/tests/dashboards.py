"""Stored figures of dashboards as they may look, for tests of pages and charts.

What is true of the figures themselves is tested where they are counted; these are made up, so that
every state a picture can be in is there: much, little, hidden, and not there yet.
"""

from dataclasses import replace
from datetime import UTC, datetime
from math import sqrt

from django.utils.translation import override

from outcomes.charts import CHARTS, DashboardSubject
from outcomes.charts.theme import theme
from outcomes.models import DashboardSnapshot
from outcomes.recidivism import DEFAULT, DEFINITIONS
from outcomes.snapshots import VERSION
from participants.models import Municipality, RatingStage, SupportArea
from participants.models.needs import TIMED_STAGES
from participants.phases import CURRENT_PHASES

DAY = "2027-03-12"
COMPUTED_AT = datetime(2027, 3, 12, 3, 10, tzinfo=UTC)
YEARS = ("2027", "2026", "2025", "2024", "2023", "2022", "2021")
STEPS = ("referred", "consented", "paired", "released", "contacted", "six_months", "completed")
REACHED = (312, 291, 276, 258, 221, 187, 104)
PENDING = (0, 0, 6, 0, 0, 61, 0)
MEETINGS = (4.6, 3.9, 3.4, 3.1, 2.8, 2.6, 2.5, 2.3, 2.2, 2.1, 1.7, 1.6)
PEOPLE = (331, 322, 312, 301, 288, 274, 259, 244, 226, 211, 193, 178)
NEEDS = {
    "housing": (2.1, 2.6, 3.3, 3.7, 4.0),
    "finance": (1.9, 2.0, 2.5, 2.9, 3.2),
    "work": (1.8, 1.9, 2.5, 3.0, 3.3),
    "health": (2.7, 2.8, 3.0, 3.2, 3.3),
    "network": (2.4, 2.7, 3.0, 3.2, 3.4),
}
RATED = (318, 302, 268, 221, 104)
MUNICIPALITIES = {
    "0101": ("København", 88, 6, 17, 54),
    "0751": ("Aarhus", 62, "small", 12, 38),
    "0461": ("Odense", 47, 0, 25, 29),
    "0851": ("Aalborg", 43, "small", 8, 25),
    "0561": ("Esbjerg", 31, "small", 5, 16),
    "0621": ("Kolding", 26, 0, "small", 13),
    "0630": ("Vejle", 22, "small", "withheld", 11),
    "0607": ("Fredericia", "small", 0, 0, 0),
}


def rate(n, of) -> dict:
    """A rate with its interval, where both are shown and somebody is behind it."""
    if isinstance(n, str) or isinstance(of, str) or not of:
        return {"n": n, "of": of}
    share, z = n / of, 1.96
    middle = (share + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * sqrt(share * (1 - share) / of + z**2 / (4 * of**2))
    return {"n": n, "of": of, "share": share, "low": middle - half, "high": middle + half}


def contact(n, of, over: int = 1) -> dict:
    """A rate of contact, of those of whom so many months are over."""
    return {"over": over} | rate(n, of)


def mean(n, value: float, width: float) -> dict:
    if isinstance(n, str) or not n:
        return {"n": n}
    return {"n": n, "mean": value, "low": value - width, "high": value + width}


def pair_time(n, days: float | None, width: int = 2) -> dict:
    low, high = (None, None) if days is None else (days - width, days + width)
    within = rate(round(n * 0.6), n) if isinstance(n, int) else rate(n, n)
    return {
        "n": n,
        "waiting": 7,
        "median": days,
        "low": low,
        "high": high,
        "target": 21,
        "within": within,
    }


def recidivism(period: str, is_country: bool) -> dict:
    found: dict = {}
    for key, (n, of, waiting) in {
        "kriminalforsorgen": (61, 187, 712),
        "dst": (96, 187, 712),
        "krus": (64, 187, 712),
        "jdl": (92, 411, 488),
    }.items():
        found[key] = {
            "rate": rate(n, of),
            "not_observable": waiting,
            "reasons": {"too_early": waiting - 9, "no_follow_up": 9, "died": 0, "emigrated": 0},
        }
        if not period:
            found[key]["years"] = [
                {"year": year, "rate": rate(*counted), "not_observable": later}
                for year, counted, later in (
                    (2021, (13, 38), 0),
                    (2022, (21, 64), 0),
                    (2023, (21, 72), 0),
                    (2024, (6, 13), 162),
                    (2025, (0, 0), 241),
                    (2026, (0, 0), 309),
                )
            ]
        if not is_country:
            del found[key]["reasons"]
    return found


def municipality_row(code: str) -> dict:
    name, released, without, n, of = MUNICIPALITIES[code]
    tiny = not isinstance(released, int)
    counted = {"rate": rate(n, of), "not_observable": 51}
    return {
        "code": code,
        "name": name,
        "released": released,
        "without_two": rate(without, released),
        "pair_time": pair_time(released, None if tiny else 19),
        "first_contact": contact("small" if tiny else round(released * 0.85), released),
        "rhythm": None if tiny else 2.7,
        "recidivism": dict.fromkeys(DEFINITIONS, counted),
    }


def country(period: str = "", **changed) -> dict:
    """The whole country's figures, like those of the picture that the page was drawn after."""
    figures = {
        **_common(period, is_country=True),
        "municipalities": [municipality_row(code) for code in MUNICIPALITIES],
        "funnel": {key: {"share": 61 / 187, "limits": _limits(61 / 187)} for key in DEFINITIONS},
    }
    return figures | changed


def municipality(period: str = "", **changed) -> dict:
    """A large municipality's, with the country's to be compared with."""
    everybody = _common(period, is_country=True)
    compared = ("pair_time", "without_two", "first_contact")
    figures = {
        **_common(period, is_country=False),
        "country": {name: everybody[name] for name in compared}
        | {"recidivism": {k: v["rate"] for k, v in everybody["recidivism"].items()}},
        "without_two": rate(2, 62) | {"n": "small"},
        "pair_time": pair_time(58, 16),
        "first_contact": contact(55, 62),
    }
    for name in ("share", "low", "high"):
        del figures["without_two"][name]
    return figures | changed


def tiny(period: str = "", **changed) -> dict:
    """A municipality with three people: every count is hidden."""
    small = {"n": "small", "of": "small"}
    hidden = {"rate": small, "not_observable": "small", "years": []}
    figures = municipality(period) | {
        "now": {
            "under_way": "small",
            "phases": dict.fromkeys(map(str, CURRENT_PHASES), "small"),
            "seats": {"two": "small", "vacant": 0, "none": 0},
            "ended": 0,
        },
        "mentors": dict.fromkeys(("active", "with_room", "places", "places_free"), "small"),
        "flow": [
            {"step": step, "n": "small", "dropped": "withheld", "pending": "small"}
            for step in STEPS
        ],
        "pair_time": pair_time("small", None),
        "without_two": small,
        "first_contact": contact("small", "small"),
        "rhythm": {
            "target": 2,
            "months": [{"month": month, "n": "small"} for month in range(1, 13)],
        },
        "needs": {
            area: {"stages": [_stage(s, "small") for s in TIMED_STAGES], "change": {"n": "small"}}
            for area in SupportArea.values
        },
        "recidivism": dict.fromkeys(DEFINITIONS, hidden),
    }
    return figures | changed


def early(**changed) -> dict:
    """A municipality that began half a year ago: nothing can be measured yet."""
    nobody = {"rate": {"n": 0, "of": 0}, "not_observable": 14}
    years = [{"year": 2026, "rate": {"n": 0, "of": 0}, "not_observable": 14}]
    reached = (23, 21, 16, 14, 12, 0, 0)
    figures = municipality() | {
        "flow": _flow(reached, (0, 2, 1, 1, 12, 0, 0)),
        "rhythm": {
            "target": 2,
            "months": [
                {"month": month, **mean(14 if month < 5 else 0, 2.6, 0.7)} for month in range(1, 13)
            ],
        },
        "needs": {
            area: {
                "stages": [
                    _stage(RatingStage.START, 23, values[0]),
                    _stage(RatingStage.RELEASE, 14, values[1]),
                    *(_stage(stage, 0) for stage in TIMED_STAGES[2:]),
                ],
                "change": {"n": 0},
            }
            for area, values in NEEDS.items()
        },
        "recidivism": dict.fromkeys(DEFINITIONS, nobody | {"years": years}),
        "periods": ["2027", "2026"],
    }
    return figures | changed


def subject(figures: dict, code: str | None = None, definition=DEFAULT, **more) -> DashboardSubject:
    """What charts of these figures are about, without a database."""
    name = MUNICIPALITIES[code][0] if code else "Whole country"
    period = figures["period"]
    place = f"{name}, {period}" if period else name
    return DashboardSubject(
        figures, place, COMPUTED_AT, "1-stamp", code, name, period, definition, **more
    )


def changed(about: DashboardSubject, **figures) -> DashboardSubject:
    """The same subject with some of its figures replaced."""
    return replace(about, figures=about.figures | figures)


STATES = {
    "country": lambda: subject(country()),
    "country, a year": lambda: subject(country("2023")),
    "municipality": lambda: subject(municipality(), "0751"),
    "a year": lambda: subject(municipality("2023"), "0751"),
    "tiny": lambda: subject(tiny(), "0607"),
    "early": lambda: subject(early(), "0621"),
}


def said(name: str, about: DashboardSubject, width: int = 548) -> list[str]:
    """Every text of a picture, in English."""
    with override("en"):
        marks = CHARTS[name].draw(about, width, theme("light")).marks
    return [mark.row["t"] for mark in marks if "t" in mark.row]


def store(figures: dict, code: str | None = None) -> DashboardSnapshot:
    """Put them where the pages read them."""
    return DashboardSnapshot.objects.create(
        municipality=Municipality.objects.get(pk=code) if code else None,
        period=figures["period"],
        computed_at=COMPUTED_AT,
        figures=figures,
    )


def _common(period: str, *, is_country: bool) -> dict:
    phases = dict(zip(map(str, CURRENT_PHASES), (22, 69, 0, 297), strict=False))
    return {
        "version": VERSION,
        "day": DAY,
        "period": period,
        "periods": list(YEARS),
        "now": {
            "under_way": 388,
            "phases": phases,
            "seats": {"two": 361, "vacant": 12, "none": 15},
            "ended": 612,
        },
        "mentors": {"active": 540, "with_room": 120, "places": 800, "places_free": 132},
        "flow": _flow(REACHED, PENDING),
        "pair_time": pair_time(294, 19),
        "without_two": rate(14, 331),
        "first_contact": contact(281, 331),
        "rhythm": {
            "target": 2,
            "months": [
                {"month": month, **mean(n, value, 0.16 + month / 200)}
                for month, (n, value) in enumerate(zip(PEOPLE, MEETINGS, strict=True), 1)
            ],
        },
        "needs": {
            area: {
                "stages": [
                    _stage(stage, n, value)
                    for stage, n, value in zip(TIMED_STAGES, RATED, values, strict=True)
                ],
                "change": mean(104, values[-1] - values[0], 0.25),
            }
            for area, values in NEEDS.items()
        },
        "recidivism": recidivism(period, is_country),
    }


def _flow(reached, pending) -> list[dict]:
    following = [*reached[1:], reached[-1]]
    return [
        {"step": step, "n": n, "dropped": n - later - waiting, "pending": waiting}
        for step, n, later, waiting in zip(STEPS, reached, following, pending, strict=True)
    ]


def _stage(stage, n, value: float = 3.0) -> dict:
    return {"stage": str(stage), **mean(n, value, 0.2), "missing": 31, "no_need": 12}


def _limits(share: float) -> list[dict]:
    found = []
    for of in range(5, 105, 5):
        error = sqrt(share * (1 - share) / of)
        found.append(
            {
                "of": of,
                "low95": max(share - 1.96 * error, 0),
                "high95": min(share + 1.96 * error, 1),
                "low998": max(share - 3.09 * error, 0),
                "high998": min(share + 3.09 * error, 1),
            }
        )
    return found
