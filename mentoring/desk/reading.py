"""Reading the desk: all lists in one question, and what their rows need in a few more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.core.paginator import Page
from django.db import connection
from django.db.models import CharField, Count, Model, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from mentoring.desk.lists import WORKLISTS
from mentoring.desk.worklist import Row, Scope, Worklist
from mentoring.models import Accompaniment, Clearance, Concern
from mentoring.seats import attach_seats
from participants.models import Enrolment
from primus.paging import page_of

# So many rows of each list stand on the desk; the list's own page has them all.
SHOWN = 10
PER_PAGE = 25

RELATED: dict[type[Model], tuple[str, ...]] = {
    Concern: (),
    Accompaniment: ("meeting",),
    Clearance: ("mentor__user", "mentor__municipality"),
}


@dataclass(frozen=True)
class Found:
    """One row of a list before anybody is named: the subject's key, and since when."""

    pk: int
    since: date


@dataclass
class Listed:
    """One list as it stands: how many it has, and the first of them."""

    worklist: Worklist
    total: int = 0
    found: list[Found] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.total - len(self.found)


def look(scope: Scope) -> list[Listed]:
    """How many each list has and which come first, in one query."""
    listed = {worklist.name: Listed(worklist) for worklist in WORKLISTS}
    sql, params = _question(scope)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    for name, _place, pk, total, since in sorted(rows):
        listed[name].total = total
        # SQLite knows no dates, only their text.
        day = date.fromisoformat(since[:10]) if isinstance(since, str) else since
        listed[name].found.append(Found(pk, day))
    return list(listed.values())


@lru_cache(maxsize=512)
def _question(scope: Scope) -> tuple[str, tuple]:
    """All lists as one statement. Working it out takes longer than asking it, so it is kept: it
    is the same for the same coordinator, choices and day. What they may see is asked each time,
    within it."""
    first, *rest = [_arm(scope, worklist) for worklist in WORKLISTS]
    return first.union(*rest, all=True).query.sql_with_params()


def _arm(scope: Scope, worklist: Worklist) -> QuerySet:
    """The first rows of one list with their number in it, to be put together with the others."""
    rows = worklist.find(scope)
    order: list = list(rows.query.order_by)
    return (
        rows.order_by()
        .annotate(
            in_list=Value(worklist.name, output_field=CharField()),
            place=Window(RowNumber(), order_by=order),
            total=Window(Count("*")),
        )
        .filter(place__lte=SHOWN)
        .values_list("in_list", "place", "pk", "total", "since")
    )


def fingerprint(listed: Iterable[Listed]) -> str:
    """Tells whether a desk still is what it was when it was shown; it says nothing of anybody."""
    told = [(one.worklist.name, one.total, [found.pk for found in one.found]) for one in listed]
    return salted_hmac("mentoring.desk", repr(told)).hexdigest()[:16]


def one_page(request: HttpRequest, scope: Scope, worklist: Worklist) -> tuple[Listed, Page]:
    """The page of one list that the address asks for, in two queries."""
    rows = worklist.find(scope).values_list("pk", "since")
    page = page_of(request, rows, PER_PAGE)
    found = [Found(pk, since) for pk, since in page.object_list]
    return Listed(worklist, page.paginator.count, found), page


def fill(scope: Scope, listed: Iterable[Listed]) -> list[Model]:
    """Give each list its rows, in a fixed number of queries; gives whose data they show."""
    listed = list(listed)
    subjects = _subjects(scope, listed)
    attach_seats(found for found in subjects.values() if isinstance(found, Enrolment))
    for one in listed:
        model = one.worklist.of
        # Somebody else may have done away with one a moment ago.
        here = [
            (subjects[model, found.pk], found.since)
            for found in one.found
            if (model, found.pk) in subjects
        ]
        if one.worklist.attach and here:
            one.worklist.attach([subject for subject, _since in here])
        one.rows = [one.worklist.row(subject, since, scope.today) for subject, since in here]
    return _reached(subjects.values())


def _subjects(scope: Scope, listed: Iterable[Listed]) -> Mapping[tuple[type[Model], int], Model]:
    """What the rows are about, by model and key; each enrolment is one object, in all lists."""
    wanted: dict[type[Model], set[int]] = {}
    for one in listed:
        model = one.worklist.of
        wanted.setdefault(model, set()).update(found.pk for found in one.found)
    subjects: dict[tuple[type[Model], int], Model] = {}
    cases = wanted.pop(Enrolment, set())
    for model, numbers in wanted.items():
        rows = model._default_manager.visible_to(scope.user).filter(pk__in=numbers)
        for row in rows.select_related(*RELATED[model]) if numbers else ():
            subjects[model, row.pk] = row
            if isinstance(row, Concern):
                cases.add(row.enrolment_id)
            elif isinstance(row, Accompaniment):
                cases.add(row.meeting.enrolment_id)
    rows = Enrolment.objects.visible_to(scope.user).filter(pk__in=cases)
    enrolments = {
        row.pk: row for row in rows.select_related("participant", "municipality", "institution")
    }
    for key, subject in list(subjects.items()):
        if isinstance(subject, Concern | Accompaniment):
            about = subject if isinstance(subject, Concern) else subject.meeting
            enrolment = enrolments.get(about.enrolment_id)
            if enrolment is None:
                # Handed over to another municipality a moment ago.
                del subjects[key]
            else:
                about.enrolment = enrolment
    return subjects | {(Enrolment, pk): row for pk, row in enrolments.items()}


def _reached(subjects: Iterable[Model]) -> list[Model]:
    """Whose data the rows show, for the access log: mentors instead of their clearances, and the
    notices that were given beside the enrolments."""
    reached: list[Model] = []
    for subject in subjects:
        reached.append(subject.mentor if isinstance(subject, Clearance) else subject)
        reached += getattr(subject, "stops", [])
    return list(dict.fromkeys(reached))
