"""A small trial that is open: some assessed, some drawn, in every state a coordinator can meet."""

from datetime import date, timedelta

from outcomes.models import Eligibility, NotInTrialReason, RiskGroup, Trial, TrialSubject
from outcomes.trials import enrolling, following
from outcomes.trials.randomisation import new_trial
from participants.models import Enrolment, ReleaseKind
from participants.models.consent import ConsentForm
from primus.demo.seeding.plans import AARHUS, VEJLE
from primus.demo.seeding.world import World

LENGTH = 20
# Days ago they were assessed, days from today to the expected release, where, which risk group.
DRAWN = [
    (86, -30, AARHUS, RiskGroup.HIGHEST),
    (79, -12, AARHUS, RiskGroup.OTHER),
    (71, -22, VEJLE, RiskGroup.HIGHEST),
    (64, 3, AARHUS, RiskGroup.HIGHEST),
    (58, -9, AARHUS, RiskGroup.OTHER),
    (51, 9, VEJLE, RiskGroup.OTHER),
    (44, -3, AARHUS, RiskGroup.HIGHEST),
    (37, 18, VEJLE, RiskGroup.HIGHEST),
    (30, 26, AARHUS, RiskGroup.OTHER),
    (23, 41, AARHUS, RiskGroup.HIGHEST),
    (16, 47, VEJLE, RiskGroup.OTHER),
    (9, 55, AARHUS, RiskGroup.HIGHEST),
]
READY = [(6, 61, AARHUS, RiskGroup.HIGHEST), (4, 66, VEJLE, RiskGroup.OTHER)]
UNDECIDED = (3, 58, AARHUS, RiskGroup.OTHER)
NOT_ELIGIBLE = [(66, AARHUS, NotInTrialReason.LANGUAGE), (33, VEJLE, NotInTrialReason.SAFETY)]
DECLINED = [(48, AARHUS), (19, VEJLE)]
# Days after the expected release until somebody writes that it happened.
WRITTEN_AFTER = 10


def write_open_trial(world: World) -> None:
    """The trial with everybody in it, each noted by the coordinator of their municipality."""
    first = world.today - timedelta(days=97)
    trial = new_trial(
        name="Lodtrækning i Aarhus og Vejle",
        purpose="Opdigtet, til at prøve: hvem får to mentorer, og hvem får den hjælp alle får?",
        municipalities=[AARHUS, VEJLE],
        by=world.coordinators[AARHUS],
        length=LENGTH,
        is_demonstration=True,
        created_at=world.at(first, 9, 15),
        source=world.rng,
    )
    # In the order in which they came, so that the numbers are.
    came = [(row[0], _drawn, row) for row in DRAWN]
    came += [(row[0], _ready, row) for row in READY]
    came += [(UNDECIDED[0], _undecided, UNDECIDED)]
    came += [(row[0], _not_eligible, row) for row in NOT_ELIGIBLE]
    came += [(row[0], _declined, row) for row in DECLINED]
    for _days, what, row in sorted(came, key=lambda one: -one[0]):
        what(world, trial, row)


def _assess(world: World, trial: Trial, days: int, place: str, **answers) -> TrialSubject:
    day = world.today - timedelta(days=days)
    return enrolling.assess(
        trial,
        by=world.coordinators[place],
        at=world.at(day, 10, 14),
        municipality_id=place,
        assessed_on=day,
        **{"risk_group": RiskGroup.OTHER} | answers,
    )


def _can(world: World, trial: Trial, row: tuple, **answers) -> TrialSubject:
    """Somebody who can take part."""
    days, release, place, risk_group = row
    highest = risk_group == RiskGroup.HIGHEST
    return _assess(
        world,
        trial,
        days,
        place,
        risk_group=risk_group,
        eligibility=Eligibility.ELIGIBLE,
        age_group=world.pick(["under_30", "from_30"]),
        priors=world.weighted({"many": 4 if highest else 1, "few": 1 if highest else 3}),
        release_kind=world.pick([ReleaseKind.PAROLE, ReleaseKind.FULL_SENTENCE]),
        expected_release=world.today + timedelta(days=release),
        **answers,
    )


def _ready(world: World, trial: Trial, row: tuple) -> TrialSubject:
    said_yes: date = world.today - timedelta(days=row[0])
    return _can(world, trial, row, consent_form=ConsentForm.WRITTEN, consent_on=said_yes)


def _undecided(world: World, trial: Trial, row: tuple) -> None:
    _can(world, trial, row)


def _not_eligible(world: World, trial: Trial, row: tuple) -> None:
    days, place, reason = row
    _assess(
        world,
        trial,
        days,
        place,
        eligibility=Eligibility.NOT_ELIGIBLE,
        not_eligible_reason=reason,
    )


def _declined(world: World, trial: Trial, row: tuple) -> None:
    _assess(world, trial, *row, eligibility=Eligibility.DECLINED)


def _drawn(world: World, trial: Trial, row: tuple) -> None:
    """Drawn a quarter of an hour later; with mentors most have a case file, without most of those
    who should have been released have been."""
    days, release, place, _risk_group = row
    by = world.coordinators[place]
    subject = _ready(world, trial, row)
    drawn = enrolling.allocate(subject, by, at=subject.recorded_at + timedelta(minutes=15))
    if drawn.arm is not None and drawn.arm.has_mentors:
        theirs = _case_file(drawn)
        if theirs is not None and days > WRITTEN_AFTER:
            following.link(drawn, theirs, by)
    elif release <= -WRITTEN_AFTER:
        following.note_release(drawn, world.today + timedelta(days=release), by)


def _case_file(subject: TrialSubject) -> Enrolment | None:
    """The first case file of their municipality that was begun around the assessment."""
    found = Enrolment.objects.taken_in().filter(
        municipality=subject.municipality_id,
        trial_subject=None,
        ended_on=None,
        referred_on__gte=subject.assessed_on - timedelta(days=30),
        referred_on__lte=subject.assessed_on + timedelta(days=45),
    )
    return found.order_by("referred_on", "participant__last_name", "pk").first()
