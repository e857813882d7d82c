"""Trials whose every person is decided, for tests of what is made of them."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from outcomes.models import (
    AgeGroup,
    FollowUp,
    PriorSentences,
    Reoffence,
    RiskGroup,
    Sanction,
    Trial,
    TrialPlace,
    TrialSubject,
)
from outcomes.tests.factories import StratumFactory, TrialFactory
from participants.models import ReleaseKind
from participants.models.consent import ConsentForm

RELEASED = 1300


@dataclass
class One:
    """Somebody drawn: with mentors or not, and what became of them, in days from the release."""

    has_mentors: bool
    again: int | None = None
    sanction: str = Sanction.UNSUSPENDED
    left: int | None = None
    died: int | None = None
    highest: bool = True
    many: bool = False
    parole: bool = False
    young: bool = False
    released: int = RELEASED
    convicted_after: int = 60
    municipality: str = "0751"
    more: list[tuple[int, str]] = field(default_factory=list)


def make_trial(people: Iterable[One], today: date, **options) -> Trial:
    """A trial of these people, all of them looked up in the registers today."""
    trial = TrialFactory(**options)
    arms = {arm.has_mentors: arm for arm in trial.arms.all()}
    strata, places = {}, []
    people = list(people)
    for one in people:
        risk = RiskGroup.HIGHEST if one.highest else RiskGroup.OTHER
        key = (one.municipality, risk)
        if key not in strata:
            stratum = StratumFactory(trial=trial, municipality_id=one.municipality, risk_group=risk)
            strata[key] = [stratum, 0]
        strata[key][1] += 1
        places.append(TrialPlace(stratum=strata[key][0], number=strata[key][1], sealed_arm="-"))
    TrialPlace.objects.bulk_create(places)
    subjects = []
    for number, (one, place) in enumerate(zip(people, places, strict=True), start=1):
        released = today - timedelta(days=one.released)
        subjects.append(
            TrialSubject(
                trial=trial,
                number=number,
                municipality_id=one.municipality,
                risk_group=place.stratum.risk_group,
                assessed_on=released - timedelta(days=60),
                eligibility="eligible",
                consent_form=ConsentForm.WRITTEN,
                consent_on=released - timedelta(days=60),
                age_group=AgeGroup.UNDER_30 if one.young else AgeGroup.FROM_30,
                priors=PriorSentences.MANY if one.many else PriorSentences.FEW,
                release_kind=ReleaseKind.PAROLE if one.parole else ReleaseKind.FULL_SENTENCE,
                expected_release=released,
                released_on=released,
                place=place,
                arm=arms[one.has_mentors],
                allocated_at=trial.created_at,
            )
        )
    TrialSubject.objects.bulk_create(subjects)
    follow_ups = FollowUp.objects.bulk_create(
        FollowUp(
            subject=subject,
            register_date=today,
            died_on=_day(subject, one.died),
            emigrated_on=_day(subject, one.left),
        )
        for one, subject in zip(people, subjects, strict=True)
    )
    Reoffence.objects.bulk_create(
        Reoffence(
            follow_up=follow_up,
            offence_on=_day(follow_up.subject, day),
            convicted_on=_day(follow_up.subject, day + one.convicted_after),
            sanction=sanction,
        )
        for one, follow_up in zip(people, follow_ups, strict=True)
        for day, sanction in [(one.again, one.sanction), *one.more]
        if day is not None
    )
    return trial


def _day(subject: TrialSubject, days: int | None) -> date | None:
    return None if days is None else subject.released_on + timedelta(days=days)


def known_trial(today: date, **options) -> Trial:
    """43 with mentors, 15 of them with a new sentence; 43 without, 26 of them. In the highest risk
    group 6 of 21 and 14 of 21. Five and six left the country after half a year."""
    people = []
    for has_mentors, again, free, gone, step in ((True, 15, 28, 5, 45), (False, 26, 17, 6, 25)):
        highest = (6, 15) if has_mentors else (14, 7)
        for n in range(again):
            people.append(
                One(
                    has_mentors,
                    again=15 + step * n,
                    highest=n < highest[0],
                    many=n % 2 == 0,
                    parole=n % 3 == 0,
                    young=n % 2 == 1,
                    municipality="0751" if n % 2 else "0461",
                )
            )
        for n in range(free):
            people.append(
                One(
                    has_mentors,
                    highest=n < highest[1],
                    many=n % 2 == 0,
                    parole=n % 3 == 0,
                    young=n % 2 == 1,
                    municipality="0751" if n % 2 else "0461",
                )
            )
        people += [One(has_mentors, left=180, highest=False) for _ in range(gone)]
    return make_trial(people, today, **options)


def random_trial(seed: int, today: date) -> Trial:
    """A trial in which anything may have happened."""
    chance = random.Random(seed)
    size = chance.choice([16, 40, 90])
    people = []
    for _ in range(size):
        again = chance.randint(0, 800) if chance.random() < 0.5 else None
        people.append(
            One(
                has_mentors=chance.random() < 0.5,
                again=again,
                sanction=chance.choice(Sanction.values),
                left=chance.randint(1, 760) if chance.random() < 0.06 else None,
                died=chance.randint(1, 760) if chance.random() < 0.04 else None,
                highest=chance.random() < 0.5,
                many=chance.random() < 0.4,
                parole=chance.random() < 0.4,
                young=chance.random() < 0.4,
                released=chance.choice([1300, 1300, 1300, 700]),
                convicted_after=chance.choice([40, 200, 500]),
                more=[(chance.randint(0, 800), chance.choice(Sanction.values))]
                if chance.random() < 0.2
                else [],
            )
        )
    return make_trial(people, today)
