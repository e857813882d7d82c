"""What it takes to begin in a municipality: people, mentors, time and money. Plain arithmetic.

Sources: the programme's shape (two mentors each, about 14 months) and the assumptions. What is
only chance is by the binomial distribution, taking each person's outcome as independent.
"""

from dataclasses import dataclass
from math import ceil, sqrt

from outcomes.economy.assumptions import MENTORS_EACH, Assumptions
from outcomes.economy.calculation import MONTHS_A_YEAR, Effect, Result, Year, calculate, of_year
from outcomes.engine.normal import Z

# A Danish working week, in hours.
HOURS_A_WEEK = 37
# Further ahead than this nobody plans: the number is then not reached.
MOST_MONTHS = 120


@dataclass(frozen=True)
class Recruiting:
    """How the number of mentors grows. Months are counted from today; None: not within ten years.

    ``ready``: mentors who are ready at the end of each month, the first is today's number.
    ``keeping``: how many new ones a month it takes for the number needed to stay what it is.
    """

    needed: int
    existing: int
    first_pair: int | None
    enough: int | None
    ready: list[float]
    lost_a_year: float
    keeping: float

    @property
    def missing(self) -> int:
        return max(self.needed - self.existing, 0)


@dataclass(frozen=True)
class Chance:
    """New sentences among one year's participants: expected (people), and between which counts
    it lies in 95 of 100 such years."""

    expected: float
    low: int
    high: int


@dataclass(frozen=True)
class Seen:
    """Whether the effect can be told from chance here.

    ``years`` of participants it takes until it can (None: there is no effect to see).
    """

    with_mentors: Chance
    without: Chance
    too_few: bool
    years: float | None


@dataclass(frozen=True)
class Readiness:
    """Everything the municipality's page says. ``participants`` a year and ``at_a_time`` may be
    fractions; ``coordinators`` are full-time positions; ``start_cost`` is in kroner."""

    releases: int
    participants: float
    at_a_time: float
    recruiting: Recruiting
    coordinators: float
    start_cost: float
    result: Result
    year: Year
    seen: Seen | None

    @property
    def coordinator_hours(self) -> float:
        """Hours a week."""
        return self.coordinators * HOURS_A_WEEK


def mentors_needed(at_a_time: float, follows: float) -> int:
    """Mentors for so many participants at a time, `follows` of them each; never one alone."""
    if at_a_time <= 0:
        return 0
    return max(ceil(MENTORS_EACH * at_a_time / follows - 1e-9), MENTORS_EACH)


def recruit(
    needed: int, existing: int, recruits: float, turnover: float, preparation: float
) -> Recruiting:
    """How the number of mentors grows month by month.

    `recruits` begin each month and are ready after `preparation` months; `turnover` (0–1) of
    those who are there stop within a year, spread evenly over its months.
    """
    staying = (1 - turnover) ** (1 / MONTHS_A_YEAR)
    wait = ceil(preparation)
    ready = [float(existing)]
    while len(ready) <= MOST_MONTHS and (ready[-1] < needed or len(ready) <= MONTHS_A_YEAR):
        month = len(ready)
        ready.append(ready[-1] * staying + (recruits if month > wait else 0))

    def reached(number: float) -> int | None:
        return next((month for month, n in enumerate(ready) if n >= number - 1e-9), None)

    return Recruiting(
        needed=needed,
        existing=existing,
        first_pair=reached(MENTORS_EACH) if needed else 0,
        enough=reached(needed),
        ready=ready,
        lost_a_year=needed * turnover,
        keeping=needed * (1 - staying),
    )


def binomial_range(people: int, risk: float) -> tuple[int, int]:
    """The counts between which 95% lie, 2.5% at most outside at either end (exact binomial)."""
    if people <= 0 or risk <= 0:
        return 0, 0
    if risk >= 1:
        return people, people
    # From the middle outwards, so that nothing is lost to rounding with thousands of people.
    middle = int(people * risk)
    weights = {middle: 1.0}
    weight = 1.0
    for n in range(middle, people):
        weight *= (people - n) / (n + 1) * risk / (1 - risk)
        weights[n + 1] = weight
    weight = 1.0
    for n in range(middle, 0, -1):
        weight *= n / (people - n + 1) * (1 - risk) / risk
        weights[n - 1] = weight
    total = sum(weights.values())
    below, low = 0.0, 0
    while (below := below + weights[low] / total) <= 0.025:
        low += 1
    above, high = 0.0, people
    while (above := above + weights[high] / total) <= 0.025:
        high -= 1
    return low, high


def seen_here(participants: float, effect: Effect) -> Seen | None:
    """Whether chance alone moves the number of new sentences more than the effect does.

    The difference between a year's participants with mentors and as many without has the
    standard error √(n·(p₀(1−p₀) + p₁(1−p₁))); the effect is seen when it is beyond 1.96 of them.
    None where the two risks are not known, or nobody takes part.
    """
    without, with_mentors = effect.without, effect.with_mentors
    if without is None or with_mentors is None or participants <= 0:
        return None
    # Fewer than one a year is still somebody.
    people = max(round(participants), 1)
    variance = without * (1 - without) + with_mentors * (1 - with_mentors)
    reduction = without - with_mentors
    takes = Z * Z * variance / reduction**2 if reduction > 0 else None

    def chance(risk: float) -> Chance:
        return Chance(participants * risk, *binomial_range(people, risk))

    return Seen(
        with_mentors=chance(with_mentors),
        without=chance(without),
        too_few=takes is None or participants * reduction < Z * sqrt(participants * variance),
        years=takes / participants if takes is not None else None,
    )


def prepare(given: Assumptions, effect: Effect) -> Readiness:
    """What it takes in one municipality, and what comes back, when it runs in full."""
    participants = given["releases"] * given["yes"]
    at_a_time = participants * given["months"] / MONTHS_A_YEAR
    needed = mentors_needed(at_a_time, given["follows"])
    recruiting = recruit(
        needed, int(given["existing"]), given["recruits"], given["turnover"], given["preparation"]
    )
    result = calculate(given, effect)
    return Readiness(
        releases=int(given["releases"]),
        participants=participants,
        at_a_time=at_a_time,
        recruiting=recruiting,
        coordinators=at_a_time / given["caseload"],
        start_cost=recruiting.missing * given["recruitment"],
        result=result,
        year=of_year(result, participants),
        seen=seen_here(participants, effect),
    )
