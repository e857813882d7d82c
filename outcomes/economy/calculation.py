"""From assumptions and an effect to what a krone gives back. Plain arithmetic, no database.

The effect's interval is carried through: every result rises or falls steadily with the effect,
so that the interval's ends lead to the result's ends. No other uncertainty is in the interval;
outcomes.economy.sensitivity shows what the rest would change.
"""

from dataclasses import dataclass

from outcomes.economy.assumptions import (
    GAIN_YEARS,
    MENTORS_EACH,
    PAYER_KEYS,
    Assumptions,
    Spread,
)

MONTHS_A_YEAR = 12
WEEKS_A_MONTH = 365.25 / 12 / 7


@dataclass(frozen=True)
class Estimate:
    """A number with its 95% interval, which is None where it is not known."""

    value: float
    low: float | None = None
    high: float | None = None

    def __post_init__(self):
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval has two ends or none")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("an interval begins below its end")

    @property
    def has_interval(self) -> bool:
        return self.low is not None

    def line(self, factor: float, plus: float = 0.0) -> "Estimate":
        """factor · this + plus, its interval with it. `factor` is not negative."""
        if self.low is None or self.high is None:
            return Estimate(self.value * factor + plus)
        return Estimate(*(end * factor + plus for end in (self.value, self.low, self.high)))

    def is_above(self, bound: float) -> bool:
        """Whether the whole interval lies above; an unknown interval never does."""
        return self.low is not None and self.low > bound

    def is_below(self, bound: float) -> bool:
        return self.high is not None and self.high < bound


@dataclass(frozen=True)
class Effect:
    """How much rarer a new sentence is with mentors.

    ``reduction`` is the risk without minus the risk with (−1–1); ``without`` and ``with_mentors``
    are the two risks (0–1) where they are known.
    """

    reduction: Estimate
    without: float | None = None
    with_mentors: float | None = None

    @property
    def may_be_none(self) -> bool:
        """Whether the interval includes no effect, or harm."""
        return self.reduction.low is not None and self.reduction.low <= 0


@dataclass(frozen=True)
class Cost:
    """What one participant costs, in kroner, by part. ``hours`` is 0 unless they are counted."""

    coordinator: float
    recruitment: float
    expenses: float
    administration: float
    hours: float

    @property
    def parts(self) -> dict[str, float]:
        return dict(vars(self))

    @property
    def total(self) -> float:
        """Kroner for each participant."""
        return sum(self.parts.values())


@dataclass(frozen=True)
class Payer:
    """What one payer saves: ``share`` (0–1), kroner for each participant, kroner per krone."""

    key: str
    share: float
    saved: Estimate
    back: Estimate | None


@dataclass(frozen=True)
class Year:
    """The sums of one year's participants: people avoided, kroner spent, saved and left."""

    participants: float
    cost: float
    avoided: Estimate
    saved: Estimate
    net: Estimate


@dataclass(frozen=True)
class Result:
    """What the assumptions and the effect come to.

    ``gain``: kroner counted for each avoided reoffender. ``saved`` and ``net``: kroner for each
    participant. ``back``: kroner back for each krone spent, None where nothing is spent.
    ``break_even``: the smallest reduction (0–1) at which it pays; None where none would.
    """

    effect: Effect
    cost: Cost
    gain: float
    saved: Estimate
    net: Estimate
    back: Estimate | None
    break_even: float | None
    payers: list[Payer]


def cost_per_participant(given: Assumptions) -> Cost:
    """What one participant costs, in kroner.

    A coordinator's year is shared by those they have at a time. A mentor stops after 1/turnover
    years, and has by then followed so many; the price of finding one is shared by these.
    """
    months, years = given["months"], given["months"] / MONTHS_A_YEAR
    mentor_months = MENTORS_EACH * months
    hours = mentor_months * WEEKS_A_MONTH * given["hours"]
    return Cost(
        coordinator=given["salary"] * years / given["caseload"],
        recruitment=(
            given["recruitment"] * MENTORS_EACH * given["turnover"] * years / given["follows"]
        ),
        expenses=given["expenses"] * mentor_months,
        administration=given["administration"],
        hours=hours * given["hour_value"] if given.count_hours else 0.0,
    )


def gain_shares(spread: Spread) -> list[float]:
    """How much of the saving lies in each of its ten years; together 1.

    Evenly; or early, falling in equal steps from the first year to the last.
    """
    weights = [1.0] * GAIN_YEARS
    if spread == Spread.EARLY:
        weights = [float(GAIN_YEARS - year) for year in range(GAIN_YEARS)]
    return [weight / sum(weights) for weight in weights]


def gain_counted(given: Assumptions) -> float:
    """Kroner counted for each avoided reoffender: the years within the horizon (whole years),
    each discounted from its middle to the day of release."""
    shares = gain_shares(given.spread)[: int(given["horizon"])]
    now = 1 + given["rate"]
    return given["gain"] * sum(
        share * now ** -(year + 0.5) for year, share in enumerate(shares, start=0)
    )


def calculate(given: Assumptions, effect: Effect) -> Result:
    """What a krone gives back, with the interval of the effect carried through."""
    cost = cost_per_participant(given)
    gain = gain_counted(given)
    saved = effect.reduction.line(gain)
    back = saved.line(1 / cost.total) if cost.total > 0 else None
    break_even = cost.total / gain if gain > 0 else None
    return Result(
        effect=effect,
        cost=cost,
        gain=gain,
        saved=saved,
        net=saved.line(1, -cost.total),
        back=back,
        # No more than everybody can be kept from a new sentence.
        break_even=None if break_even is None or break_even > 1 else break_even,
        payers=[
            Payer(
                key,
                given[key],
                saved.line(given[key]),
                back.line(given[key]) if back is not None else None,
            )
            for key in PAYER_KEYS
        ],
    )


def of_year(result: Result, participants: float) -> Year:
    """The sums of so many participants a year (may be a fraction)."""
    cost = participants * result.cost.total
    saved = result.saved.line(participants)
    return Year(
        participants=participants,
        cost=cost,
        avoided=result.effect.reduction.line(participants),
        saved=saved,
        net=saved.line(1, -cost),
    )
