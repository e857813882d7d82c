"""The flow of a trial, counted from what happened (CONSORT 2025; Hopewell et al., BMJ 2025)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mentoring.asked import with_pair_time
from outcomes.histories import subject_histories
from outcomes.models import Eligibility, NotInTrialReason, Trial, TrialSubject
from outcomes.recidivism import (
    DEFINITIONS,
    NOT_OBSERVABLE,
    OBSERVABLE,
    REASONS,
    Definition,
    History,
    classify,
)
from participants.models import Enrolment

WITHDREW, NOT_RELEASED = "withdrew", "not_released"
NOT_FOLLOWED = {
    WITHDREW: _("Took their consent back"),
    NOT_RELEASED: _("Not released yet"),
    **{str(reason): REASONS[reason] for reason in NOT_OBSERVABLE},
}


def definition_of(trial: Trial) -> Definition:
    """What counts as a new offence in a trial, and for how many days it is followed."""
    return replace(DEFINITIONS[trial.definition], window=trial.horizon_days)


def definitions_of(trial: Trial) -> dict[str, Definition]:
    """Every definition a trial is told of by; its own with the days it was planned for."""
    return DEFINITIONS | {trial.definition: definition_of(trial)}


@dataclass(frozen=True)
class Followed:
    """One person who was drawn: what the trial knows of them, by number of arm."""

    subject_id: int
    arm: int
    received: bool
    # One of NOT_FOLLOWED, or an Outcome that is observable.
    outcome: str
    # None while there is no release, and of whoever took their consent back.
    history: History | None


def followed(trial: Trial, today: date | None = None) -> Iterator[Followed]:
    """Everybody who was drawn, in the arm they were drawn to, whatever they received (intention
    to treat). Four questions to the database."""
    today = today or timezone.localdate()
    definition = definition_of(trial)
    subjects = TrialSubject.objects.filter(trial=trial).randomised()
    histories = subject_histories(subjects)
    paired = set(
        with_pair_time(Enrolment.objects.filter(trial_subject__in=subjects))
        .filter(paired_on__lte=today)
        .order_by()
        .values_list("pk", flat=True)
    )
    rows = subjects.order_by("number").values_list(
        "pk", "arm__number", "enrolment", "consent_withdrawn_on"
    )
    for pk, arm, enrolment, withdrawn_on in rows:
        history = histories.get(pk)
        if withdrawn_on is not None and withdrawn_on <= today:
            history, outcome = None, WITHDREW
        elif history is None or history.released_on > today:
            history, outcome = None, NOT_RELEASED
        else:
            outcome = str(classify(history, today, definition))
        yield Followed(pk, arm, enrolment in paired, outcome, history)


def flow(trial: Trial, today: date | None = None) -> dict[str, Any]:
    """How many people came how far. Raw counts: whoever shows them protects them.

    ``{"assessed", "not_eligible": {reason: n}, "declined", "undecided", "ready", "randomised",
    "arms": [{"number", "has_mentors", "allocated", "received", "not_received",
    "not_followed": {reason: n}, "analysed"}]}``: assessed = not eligible + declined + undecided
    + ready + randomised; in each arm allocated = received + not_received, and allocated =
    analysed + all of not_followed. ``undecided`` have not answered yet; ``ready`` have said yes
    and are not drawn yet; who took a yes back before the draw has declined. ``received`` is two
    mentors, also in the arm without. ``analysed`` is the primary outcome: a proportion at the
    end of the trial's time.
    """
    found: Counter[str] = Counter()
    not_eligible: dict[str, int] = dict.fromkeys(NotInTrialReason.values, 0)
    rows = (
        TrialSubject.objects.filter(trial=trial)
        .order_by()
        .annotate(
            is_drawn=Q(place__isnull=False),
            said_yes=Q(consent_on__isnull=False),
            took_back=Q(consent_withdrawn_on__isnull=False),
        )
        .values_list("eligibility", "not_eligible_reason", "is_drawn", "said_yes", "took_back")
        .annotate(n=Count("pk"))
    )
    for eligibility, reason, is_drawn, said_yes, took_back, n in rows:
        found["assessed"] += n
        if is_drawn:
            found["randomised"] += n
        elif eligibility == Eligibility.NOT_ELIGIBLE:
            not_eligible[reason] += n
        elif eligibility == Eligibility.DECLINED or took_back:
            found["declined"] += n
        else:
            found["ready" if said_yes else "undecided"] += n
    counted = ("assessed", "declined", "undecided", "ready", "randomised")
    people = list(followed(trial, today))
    return {
        **{name: found[name] for name in counted},
        "not_eligible": not_eligible,
        "arms": [
            _arm(number, has_mentors, [one for one in people if one.arm == number])
            for number, has_mentors in trial.arms.order_by("number").values_list(
                "number", "has_mentors"
            )
        ],
    }


def _arm(number: int, has_mentors: bool, people: list[Followed]) -> dict[str, Any]:
    outcomes = Counter(one.outcome for one in people)
    received = sum(one.received for one in people)
    return {
        "number": number,
        "has_mentors": has_mentors,
        "allocated": len(people),
        "received": received,
        "not_received": len(people) - received,
        "not_followed": {reason: outcomes[reason] for reason in NOT_FOLLOWED},
        "analysed": sum(outcomes[str(outcome)] for outcome in OBSERVABLE),
    }
