"""A fictitious trial that was closed long ago: 97 people, 48 of them drawn to two mentors.

In the group at highest risk 6 of 21 with mentors have a new sentence within two years, against 14
of 21 without, as in the shares that were published of the real one; everything else about it is
made up, and it says so wherever it is shown. Whoever was drawn has a follow-up; nobody has a case
file, since it lies before Primus.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from outcomes.models import (
    AgeGroup,
    Eligibility,
    FollowUp,
    NotInTrialReason,
    PriorSentences,
    Reoffence,
    RiskGroup,
    Sanction,
    Trial,
    TrialArm,
    TrialPlace,
    TrialSubject,
)
from outcomes.trials import order
from outcomes.trials.randomisation import new_trial
from participants.models import ReleaseKind
from participants.models.consent import ConsentForm
from primus.demo.seeding.outcomes import BEHIND
from primus.demo.seeding.plans import AALBORG, AARHUS, KOBENHAVN, ODENSE
from primus.demo.seeding.world import World, write

PLACES = (AALBORG, AARHUS, KOBENHAVN, ODENSE)
LENGTH = 20
WITH, WITHOUT = 1, 2
# How many are drawn in each risk group, and how many of them to two mentors.
DRAWN = {RiskGroup.HIGHEST: (42, 21), RiskGroup.OTHER: (55, 27)}
# First and last day that anybody was assessed, counted back from today.
BEGAN, ENDED = 2080, 1380
NOT_ELIGIBLE = {
    NotInTrialReason.SENTENCE: 8,
    NotInTrialReason.MUNICIPALITY: 6,
    NotInTrialReason.SAFETY: 5,
}
DECLINED = 15
AGAIN, FREE, GONE = "again", "free", "gone"
# What became of them, by arm and risk group: a new sentence, none, died or left the country.
BECAME = {
    (WITH, RiskGroup.HIGHEST): {AGAIN: 6, FREE: 15},
    (WITH, RiskGroup.OTHER): {AGAIN: 9, FREE: 13, GONE: 5},
    (WITHOUT, RiskGroup.HIGHEST): {AGAIN: 14, FREE: 7},
    (WITHOUT, RiskGroup.OTHER): {AGAIN: 12, FREE: 10, GONE: 6},
}
DIED = {WITH: 1, WITHOUT: 2}
# Days from release to the new offence: after two weeks without mentors, two months with.
DAYS = {
    WITH: [61, 74, 95, 121, 160, 205, 246, 288, 330, 398, 455, 512, 570, 620, 690],
    WITHOUT: [
        14, 16, 19, 23, 28, 33, 41, 52, 60, 71, 83, 97, 114, 131, 152, 178, 205, 236, 262, 301,
        340, 395, 452, 520, 590, 660,
    ],
}  # fmt: skip
# What others than the Prison and Probation Service count otherwise.
ONLY_SUSPENDED = {WITH: 5, WITHOUT: 7}
ONLY_FINED = {WITH: 5, WITHOUT: 5}
# Who they are: how many of those of an arm, by what became of them.
MANY_PRIORS = {
    WITH: {AGAIN: 10, FREE: 10, GONE: 2},
    WITHOUT: {AGAIN: 17, FREE: 7, GONE: 3},
}
NOT_PAROLED = {
    WITH: {AGAIN: 9, FREE: 15, GONE: 3},
    WITHOUT: {AGAIN: 18, FREE: 8, GONE: 3},
}
UNDER_30 = {
    WITH: {AGAIN: 8, FREE: 9, GONE: 2},
    WITHOUT: {AGAIN: 14, FREE: 7, GONE: 3},
}


@dataclass(eq=False)
class Somebody:
    """One who was drawn, while it is decided who they are."""

    municipality: str
    risk_group: str
    number: int
    arm: int
    assessed_on: date
    became: str = ""
    many_priors: bool = False
    not_paroled: bool = False
    under_30: bool = False
    subject: TrialSubject | None = None


def write_trial(world: World) -> None:
    """The trial with everybody in it, closed, and what the registers say of them."""
    by = world.coordinators[AARHUS]
    first = world.today - timedelta(days=BEGAN)
    trial = new_trial(
        name="Fiktivt lodtrækningsforsøg",
        purpose="Opdigtet, så siderne kan ses med tal: får færre en ny dom med to mentorer?",
        municipalities=PLACES,
        by=by,
        length=LENGTH,
        is_demonstration=True,
        created_at=world.at(first - timedelta(days=12), 9, 15),
        source=world.rng,
    )
    people = _draw(world, trial)
    _decide(world, people)
    _write_subjects(world, trial, people)
    trial.opened_order = order.open_whole(trial)
    trial.closed_on = world.today - timedelta(days=ENDED - 60)
    trial.save(update_fields=["closed_on", "opened_order"])
    _write_outcomes(world, people)


def _draw(world: World, trial: Trial) -> list[Somebody]:
    """As many of each stratum's order as give the arms their sizes, each on the day they came."""
    arms: dict[tuple[str, str], list[int]] = {}
    for line in sorted(order.lines_of(order.open_whole(trial))):
        arms.setdefault((line.municipality, line.risk_group), []).append(line.arm)
    people = []
    for risk_group, (wanted, with_mentors) in DRAWN.items():
        orders = [arms[code, risk_group] for code in PLACES]
        lengths = next(
            chosen
            for chosen in sorted(
                product(range(4, LENGTH + 1), repeat=len(orders)),
                # As even as can be.
                key=lambda chosen: max(chosen) - min(chosen),
            )
            if sum(chosen) == wanted
            and sum(one[:n].count(WITH) for one, n in zip(orders, chosen, strict=True))
            == with_mentors
        )
        for code, one, length in zip(PLACES, orders, lengths, strict=True):
            days = sorted(world.rng.sample(range(ENDED, BEGAN), length), reverse=True)
            people += [
                Somebody(code, risk_group, n, arm, world.today - timedelta(days=day))
                for n, (arm, day) in enumerate(zip(one, days, strict=False), start=1)
            ]
    return people


def _decide(world: World, people: list[Somebody]) -> None:
    """What becomes of them and who they are: in the highest risk group there are more with many
    sentences, and fewer are let out on parole."""
    for (arm, risk_group), counts in BECAME.items():
        group = [one for one in people if (one.arm, one.risk_group) == (arm, risk_group)]
        world.rng.shuffle(group)
        states = [state for state, n in counts.items() for _ in range(n)]
        for one, state in zip(group, states, strict=True):
            one.became = state
    for name, table, leans in (
        ("many_priors", MANY_PRIORS, 0.6),
        ("not_paroled", NOT_PAROLED, 0.6),
        ("under_30", UNDER_30, 0.0),
    ):
        for arm, counts in table.items():
            for state, n in counts.items():
                group = [one for one in people if (one.arm, one.became) == (arm, state)]
                likely = {
                    one: world.rng.random() - leans * (one.risk_group == RiskGroup.HIGHEST)
                    for one in group
                }
                for one in sorted(group, key=likely.__getitem__)[:n]:
                    setattr(one, name, True)


def _write_subjects(world: World, trial: Trial, people: list[Somebody]) -> None:
    places = {
        (place.stratum.municipality_id, place.stratum.risk_group, place.number): place
        for place in TrialPlace.objects.filter(stratum__trial=trial).select_related("stratum")
    }
    arms = {arm.number: arm for arm in TrialArm.objects.filter(trial=trial)}
    rows = []
    for one in people:
        released = one.assessed_on + world.days(58, 78)
        not_paroled = ReleaseKind.REMAND if world.chance(0.1) else ReleaseKind.FULL_SENTENCE
        one.subject = TrialSubject(
            trial=trial,
            municipality_id=one.municipality,
            risk_group=one.risk_group,
            assessed_on=one.assessed_on,
            eligibility=Eligibility.ELIGIBLE,
            consent_form=ConsentForm.WRITTEN,
            consent_on=one.assessed_on,
            age_group=AgeGroup.UNDER_30 if one.under_30 else AgeGroup.FROM_30,
            priors=PriorSentences.MANY if one.many_priors else PriorSentences.FEW,
            release_kind=not_paroled if one.not_paroled else ReleaseKind.PAROLE,
            expected_release=released,
            released_on=released + world.days(0, 3),
            place=places[one.municipality, one.risk_group, one.number],
            arm=arms[one.arm],
            # On the day they said yes, one after another.
            allocated_at=world.at(one.assessed_on, 13, 16),
            recorded_by=world.coordinators[one.municipality],
            recorded_at=world.at(one.assessed_on, 9, 12),
        )
        rows.append(one.subject)
    reasons = [reason for reason, n in NOT_ELIGIBLE.items() for _ in range(n)]
    for reason in [*reasons, *[""] * DECLINED]:
        code = world.pick(PLACES)
        assessed_on = world.today - world.days(ENDED, BEGAN - 1)
        rows.append(
            TrialSubject(
                trial=trial,
                municipality_id=code,
                risk_group=world.pick(RiskGroup.values),
                assessed_on=assessed_on,
                eligibility=Eligibility.NOT_ELIGIBLE if reason else Eligibility.DECLINED,
                not_eligible_reason=reason,
                recorded_by=world.coordinators[code],
                recorded_at=world.at(assessed_on, 9, 12),
            )
        )
    rows.sort(key=lambda row: (row.assessed_on, row.recorded_at))
    for number, row in enumerate(rows, start=1):
        row.number = number
    write(TrialSubject, rows)


def _write_outcomes(world: World, people: list[Somebody]) -> None:
    register = world.today - BEHIND
    follow_ups = {}
    for one in people:
        follow_ups[one] = FollowUp(
            subject=one.subject,
            register_date=register,
            recorded_by=world.coordinators[one.municipality],
            recorded_at=world.at(register + timedelta(days=9), 9, 15),
        )
    for arm in (WITH, WITHOUT):
        gone = [one for one in people if (one.arm, one.became) == (arm, GONE)]
        for n, one in enumerate(gone):
            day = _released(one) + world.days(70, 340)
            kind = "died_on" if n < DIED[arm] else "emigrated_on"
            setattr(follow_ups[one], kind, day)
    write(FollowUp, list(follow_ups.values()))
    rows: list[Reoffence] = []
    for arm in (WITH, WITHOUT):
        again = [one for one in people if (one.arm, one.became) == (arm, AGAIN)]
        free = [one for one in people if (one.arm, one.became) == (arm, FREE)]
        days = world.sample(DAYS[arm], len(again))
        world.rng.shuffle(days)
        for n, (one, day) in enumerate(zip(again, days, strict=True)):
            sanction = Sanction.UNSUSPENDED
            if n < ONLY_SUSPENDED[arm]:
                sanction = Sanction.SUSPENDED
            elif world.chance(0.15):
                sanction = Sanction.SUPERVISED
            rows.append(_reoffence(world, follow_ups[one], _released(one), day, sanction))
        for one in world.sample(free, ONLY_FINED[arm]):
            day = world.rng.randint(40, 700)
            rows.append(_reoffence(world, follow_ups[one], _released(one), day, Sanction.FINE))
    write(Reoffence, rows)


def _released(one: Somebody) -> date:
    day = one.subject and one.subject.released_on
    assert day is not None
    return day


def _reoffence(
    world: World, follow_up: FollowUp, released_on: date, day: int, sanction: Sanction
) -> Reoffence:
    offence_on = released_on + timedelta(days=day)
    return Reoffence(
        follow_up=follow_up,
        offence_on=offence_on,
        convicted_on=offence_on + world.days(40, 260),
        sanction=sanction,
    )
