"""Reading what is known of each release, for the figures."""

from collections import defaultdict

from django.db import models
from django.db.models import Case, Q, When

from outcomes.models import Reoffence
from outcomes.recidivism import History, Offence

# Rows fetched at once from a long answer.
STREAM = 5000


def subject_histories(subjects: models.QuerySet) -> dict[int, History]:
    """What is known of each release of trial subjects, by their number; who is not released is
    left out. Of whom has a case file, what stands there counts, and nothing else.

    Two questions to the database, however many there are. For figures: it asks nobody's leave.
    """

    def known(ours: str, of_case_file: str) -> Case:
        return Case(When(enrolment=None, then=ours), default=of_case_file)

    rows = (
        subjects.annotate(
            history_from=known("released_on", "enrolment__released_on"),
            history_read_to=known(
                "follow_up__register_date", "enrolment__follow_up__register_date"
            ),
            history_died_on=known("follow_up__died_on", "enrolment__follow_up__died_on"),
            history_emigrated_on=known(
                "follow_up__emigrated_on", "enrolment__follow_up__emigrated_on"
            ),
        )
        .filter(history_from__isnull=False)
        .order_by()
        .values_list(
            "pk",
            "enrolment",
            "history_from",
            "history_read_to",
            "history_died_on",
            "history_emigrated_on",
        )
    )
    offences: dict[tuple[int | None, int | None], list[Offence]] = defaultdict(list)
    found = Reoffence.objects.filter(
        Q(follow_up__subject__in=subjects)
        | Q(follow_up__enrolment__in=subjects.filter(enrolment__isnull=False).values("enrolment"))
    )
    for subject, enrolment, offence_on, convicted_on, sanction in (
        found.order_by()
        .values_list(
            "follow_up__subject", "follow_up__enrolment", "offence_on", "convicted_on", "sanction"
        )
        .iterator(chunk_size=STREAM)
    ):
        offences[subject, enrolment].append(Offence(offence_on, convicted_on, sanction))
    histories = {}
    for pk, enrolment, released_on, read_to, died_on, emigrated_on in rows.iterator(
        chunk_size=STREAM
    ):
        theirs = tuple(offences.get((None, enrolment) if enrolment else (pk, None), ()))
        histories[pk] = History(released_on, read_to, died_on, emigrated_on, theirs)
    return histories
