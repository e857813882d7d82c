"""Which enrolments there are to be: a table of situations, and the dates each of them has.

A plan is an enrolment before it has a person, mentors or anything that happened in it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from participants.models import EndReason, ReleaseKind
from participants.phases import add_months
from primus.demo.seeding.world import World

AARHUS, VEJLE, FREDERICIA = "0751", "0630", "0607"
KOBENHAVN, ODENSE = "0101", "0461"
AALBORG, ESBJERG, KOLDING = "0851", "0561", "0621"

# Enrolments under way: situation → how many, by municipality.
UNDER_WAY: dict[str, dict[str, int]] = {
    AARHUS: {
        "karen_gate": 1, "karen_100": 1, "soon_no_pair": 2, "upcoming": 1, "upcoming_no_pair": 1,
        "pre_closed": 1, "gate_closed": 1, "release_today": 1, "unconfirmed": 1, "first_14": 1,
        "post": 4, "vacant": 1, "silent": 2, "past_12": 1,
    },
    VEJLE: {"soon_no_pair": 1, "gate_week": 1, "post": 2, "vacant": 1, "silent": 1},
    FREDERICIA: {"upcoming_no_pair": 1, "post": 1, "past_12": 1},
    KOBENHAVN: {
        "upcoming": 1, "soon_no_pair": 1, "pre_release": 1, "pre_vacant": 1, "gate_week": 1,
        "released_today": 1, "unconfirmed": 1, "first_14": 1, "post": 3, "silent": 1, "past_12": 1,
    },
    ODENSE: {
        "upcoming": 1, "soon_no_pair": 1, "pre_release": 1, "gate_week": 1, "first_14": 1,
        "post": 2, "silent": 1,
    },
    AALBORG: {"upcoming": 1, "pre_release": 1, "gate_closed": 1, "unconfirmed": 1, "post": 2},
    ESBJERG: {"pre_release": 1, "first_14": 1, "post": 2},
    KOLDING: {"upcoming_no_pair": 1, "post": 1, "past_12": 1},
}  # fmt: skip

# Ended within the last three years, by reason; the meetings of these are all there.
C, W, M, B, D, N, _not_eligible, _declined, X = EndReason.values  # as they are declared
ENDED: dict[str, list[str]] = {
    AARHUS: [C, C, C, C, C, B, W, N, M],
    VEJLE: [C, C, W],
    FREDERICIA: [C],
    KOBENHAVN: [C, C, C, C, W, B, D, M],
    ODENSE: [C, C, C, W, N],
    AALBORG: [C, C, B, X],
    ESBJERG: [C, M],
    KOLDING: [C, X],
}

# Released so long ago that two years and the wait for convictions are over:
# how many, and of these how many reoffended, died, and emigrated.
LONG_AGO: dict[str, tuple[int, int, int, int]] = {
    AARHUS: (20, 6, 1, 0),
    VEJLE: (3, 1, 0, 0),
    FREDERICIA: (1, 0, 0, 0),
    KOBENHAVN: (18, 5, 1, 1),
    ODENSE: (12, 3, 0, 1),
    AALBORG: (8, 2, 0, 0),
    ESBJERG: (3, 1, 0, 0),
    KOLDING: (1, 0, 0, 0),
}
LONG_AGO_DAYS = (1150, 1850)

# First and last day of release from today; negative has been.
RELEASE = {
    "karen_gate": (7, 13),
    "karen_100": (-104, -96),
    "upcoming": (80, 200),
    "upcoming_no_pair": (80, 230),
    "soon_no_pair": (15, 56),
    "pre_release": (18, 55),
    "pre_closed": (18, 55),
    "pre_vacant": (18, 50),
    "gate_week": (2, 12),
    "gate_closed": (2, 13),
    "release_today": (0, 0),
    "unconfirmed": (-6, -1),
    "released_today": (0, 0),
    "first_14": (-12, -3),
    "post": (-350, -20),
    "vacant": (-280, -40),
    "silent": (-300, -50),
}
RELEASED = {
    "karen_100", "released_today", "first_14", "post", "vacant", "silent", "past_12",
}  # fmt: skip
ON_CLOSED_DAY = {"karen_gate", "gate_closed", "pre_closed"}
WITHOUT_PAIR = {"upcoming_no_pair", "soon_no_pair"}
WITH_VACANCY = {"vacant", "pre_vacant"}


@dataclass(eq=False)
class Plan:
    """One enrolment's dates, and what is to be told of it."""

    municipality: str
    kind: str
    referred_on: date
    expected_release: date
    released_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""
    release_kind: str = ReleaseKind.FULL_SENTENCE
    paired_on: date | None = None
    few_meetings: bool = False
    offence_on: date | None = None
    died_on: date | None = None
    emigrated_on: date | None = None
    earlier: "Plan | None" = None  # the same person's enrolment before this one
    moves: list[tuple[date, date, date, str]] = field(default_factory=list)

    @property
    def release_day(self) -> date:
        return self.released_on or self.expected_release

    @property
    def is_known(self) -> bool:
        """Whether it is one of the two that are told in full (texts/known.toml)."""
        return self.kind in {"karen_gate", "karen_100"}

    @property
    def is_long_ago(self) -> bool:
        return self.kind == "long_ago"

    def last_day(self, today: date) -> date:
        """The last day on which something can have happened in it."""
        return min(today, self.ended_on or today) - timedelta(days=1)


def draw_plans(world: World) -> list[Plan]:
    """All enrolments of the demonstration, in the order they were referred."""
    plans: list[Plan] = []
    for code, situations in UNDER_WAY.items():
        for kind, count in situations.items():
            plans += [_under_way(world, code, kind, n, count) for n in range(count)]
    for code, reasons in ENDED.items():
        plans += [_ended(world, code, reason, n) for n, reason in enumerate(reasons)]
    for code, counts in LONG_AGO.items():
        plans += _long_ago(world, code, *counts)
    _come_back(plans, AARHUS, "post")
    _come_back(plans, ODENSE, "upcoming")
    return sorted(plans, key=lambda plan: plan.referred_on)


def _release_kind(world: World) -> str:
    return world.weighted(
        {
            ReleaseKind.PAROLE.value: 40,
            ReleaseKind.FULL_SENTENCE.value: 48,
            ReleaseKind.REMAND.value: 9,
            ReleaseKind.OTHER.value: 3,
        }
    )


def _plan(world: World, code: str, kind: str, release: date, **fields) -> Plan:
    """A plan whose referral and pairing come before what happens in it."""
    latest = fields.pop("referred_before", min(release, world.today))
    referred_on = min(release - world.days(85, 170), latest - world.days(12, 40))
    plan = Plan(
        municipality=code,
        kind=kind,
        referred_on=referred_on,
        expected_release=release,
        release_kind=_release_kind(world),
        **fields,
    )
    if kind not in WITHOUT_PAIR and plan.end_reason != EndReason.NO_MENTOR:
        last = min(release, world.today, plan.ended_on or world.today) - world.days(3, 6)
        plan.paired_on = min(plan.referred_on + world.days(5, 32), last)
    if plan.is_known:
        # What is told of them begins some weeks before the release.
        plan.referred_on = release - timedelta(days=88)
        plan.paired_on = release - timedelta(days=72)
    return plan


def _under_way(world: World, code: str, kind: str, n: int, count: int) -> Plan:
    today = world.today
    if kind == "past_12":
        release = add_months(today, -12) - world.days(2, 25)
    else:
        first, last = RELEASE[kind]
        if kind == "post":  # spread over the year
            step = (last - first) // count
            first, last = first + n * step, first + (n + 1) * step
        elif kind == "soon_no_pair" and n == 0:
            last = (first + last) // 2
        release = world.release_day(first, last, closed=kind in ON_CLOSED_DAY or world.chance(0.06))
    fields = {}
    if kind in WITH_VACANCY:  # long enough ago that the mentor who left had time to begin
        fields["referred_before"] = min(release, today - timedelta(days=60))
    plan = _plan(world, code, kind, release, **fields)
    if kind in RELEASED:
        plan.released_on = release
        if world.chance(0.15):
            plan.expected_release = release + world.days(1, 4)
    return plan


def _ended(world: World, code: str, reason: str, n: int) -> Plan:
    today = world.today
    before_release = reason in {EndReason.NO_MENTOR, EndReason.WITHDREW} and n % 2 == 1
    if reason == EndReason.COMPLETED:
        release = world.release_day(-1080, -385)
        ended = add_months(release, 12) + world.days(0, 14)
    elif reason == EndReason.CUSTODY:
        release = world.release_day(-1000, -820)
        ended = release + world.days(90, 250)
    else:
        release = world.release_day(-1000, -300)
        ended = release + world.days(25, 60 if reason == EndReason.NO_MENTOR else 240)
    if before_release:
        ended = release - world.days(5, 30)
    ended = min(ended, today - timedelta(days=2))
    plan = _plan(
        world, code, "ended", release,
        ended_on=ended, end_reason=reason, referred_before=min(release, ended),
    )  # fmt: skip
    if not before_release:
        plan.released_on = release
    if reason == EndReason.CUSTODY:
        plan.offence_on = ended - world.days(10, 45)
    elif reason == EndReason.DIED:
        plan.died_on = ended
    return plan


def _long_ago(
    world: World, code: str, count: int, reoffended: int, died: int, emigrated: int
) -> list[Plan]:
    oldest, youngest = -LONG_AGO_DAYS[1], -LONG_AGO_DAYS[0]
    # Spread over the time, so that the mentors there were could follow them all.
    step = (youngest - oldest) // count
    starts = world.rng.sample(range(oldest, oldest + count * step, step), count)
    plans = []
    for n, start in enumerate(starts):
        release = world.release_day(start, start + step)
        ended, reason = add_months(release, 12) + world.days(0, 20), EndReason.COMPLETED
        fields = {}
        if n < reoffended:
            # The first comes back into custody; some reoffend only when the year is over.
            days = world.rng.randint(35, 300) if n % 2 == 0 else world.rng.randint(380, 700)
            fields["offence_on"] = release + timedelta(days=days)
            if n % 2 == 0:
                ended, reason = fields["offence_on"] + world.days(10, 60), EndReason.CUSTODY
        elif n < reoffended + died:
            ended, reason = release + world.days(60, 320), EndReason.DIED
            fields["died_on"] = ended
        elif n < reoffended + died + emigrated:
            ended, reason = release + world.days(120, 320), EndReason.MOVED
            fields["emigrated_on"] = ended
        elif world.chance(0.2):
            reason = world.pick([EndReason.WITHDREW, EndReason.MOVED])
            ended = release + world.days(40, 300)
        plans.append(
            _plan(
                world, code, "long_ago", release,
                released_on=release, ended_on=ended, end_reason=reason, few_meetings=True,
                **fields,
            )
        )  # fmt: skip
    return plans


def _come_back(plans: list[Plan], code: str, kind: str) -> None:
    """Let one person who went back into custody be referred again."""
    earlier = next(
        plan
        for plan in sorted(plans, key=lambda plan: plan.referred_on, reverse=True)
        if plan.municipality == code and plan.end_reason == EndReason.CUSTODY
    )
    again = max(
        (plan for plan in plans if plan.municipality == code and plan.kind == kind),
        key=lambda plan: plan.referred_on,
    )
    again.earlier = earlier
