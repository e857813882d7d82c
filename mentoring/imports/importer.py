"""What a row about a mentor would do, and doing it by the verbs that the pages use."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy

from mentoring import steps
from mentoring.clearing import add_clearance
from mentoring.models import Clearance, ClearanceKind, Mentor, MentorState
from participants.imports.importer import is_same, said, write_fields
from participants.imports.places import Places
from primus.accounts.invitations import InvitationRefused
from primus.accounts.models import Invitation, Role, User
from primus.names import folded
from primus.spreadsheets.layouts import Done, Importer, Row, Verdict, layout_of
from primus.spreadsheets.models import ImportKind, RowOutcome
from primus.spreadsheets.problems import Problem, about

SENTENCES = {
    "other_name": gettext_lazy("This is the e-mail of a mentor with another name."),
    "elsewhere": gettext_lazy(
        "The mentor is in %(place)s. Another municipality is chosen on their own page."
    ),
    "joined_in_future": gettext_lazy("A mentor cannot join on a day that is yet to come."),
    "state_left": gettext_lazy("Who has left is not imported."),
}

OF_USER = ("phone",)
OF_MENTOR = (
    "capacity",
    "gender",
    "birth_year",
    "postcode",
    "occupation",
    "trade",
    "languages",
    "times",
    "areas_known",
    "about",
)
# The columns of each clearance: from when, until when.
CLEARANCES = {
    ClearanceKind.RECORD_CHECK: ("record_check_on", "record_check_until"),
    ClearanceKind.CONFIDENTIALITY: ("confidentiality_on", "confidentiality_until"),
    ClearanceKind.TRAINING: ("training_on", "training_until"),
}
# The way to each state.
WAY = (
    MentorState.APPLICANT,
    MentorState.INTERVIEWED,
    MentorState.CLEARED,
    MentorState.ACTIVE,
    MentorState.PAUSED,
)


class MentorImporter(Importer):
    """A mentor is known by their e-mail. An empty cell changes nothing.

    Somebody new can sign in when a coordinator chooses to invite them (see `inviting`); an import
    sends nothing. Their state is only read while they are new: each later step has its own day.
    """

    def __init__(self, user):
        super().__init__(user)
        self.places = Places(user)

    def key(self, row: Row) -> object:
        return row.values.get("email")

    # --- What a row would do ---------------------------------------------------------------

    def examine(self, rows: Sequence[Row]) -> list[Verdict]:
        for row in rows:
            self.places.look_up(row, "municipality")
        emails = {row.values["email"] for row in rows if "email" in row.values}
        users = {
            user.email.lower(): user
            for user in User.objects.annotate(small=Lower("email")).filter(small__in=emails)
        }
        mentors = {mentor.user_id: mentor for mentor in self._mentors(user__in=users.values())}
        clearances: dict[int, set] = defaultdict(set)
        for clearance in Clearance.objects.filter(mentor__in=mentors.values()):
            clearances[clearance.mentor_id].add((clearance.kind, clearance.obtained_on))
        invited = set(
            Invitation.objects.waiting()
            .annotate(small=Lower("email"))
            .filter(small__in=emails)
            .values_list("small", flat=True)
        )
        return [self._verdict(row, users, mentors, clearances, invited) for row in rows]

    def _mentors(self, **lookup):
        mentors = Mentor.objects.visible_to(self.user).filter(**lookup)
        return mentors.select_related("user", "municipality")

    def _verdict(self, row: Row, users, mentors, clearances, invited) -> Verdict:
        email = row.values.get("email")
        user = users.get(email)
        if user is None:
            if email in invited:
                row.refuse("email", InvitationRefused("invited"))
            self._check_new(row)
            return Verdict(RowOutcome.CREATE)
        mentor = mentors.get(user.pk)
        if mentor is None:
            row.refuse("email", InvitationRefused("user"))
            return Verdict(RowOutcome.BAD)
        names = row.values.get("first_name"), row.values.get("last_name")
        if all(names) and folded(" ".join(map(str, names))) != folded(user.get_full_name()):
            row.refuse("email", Problem("other_name"))
            return Verdict(RowOutcome.BAD)
        return self._compared(row, mentor, clearances[mentor.pk])

    def _check_new(self, row: Row) -> None:
        layout_of(ImportKind.MENTORS).demand(row)
        joined = row.values.get("joined_on")
        if joined is not None and joined > timezone.localdate():
            row.refuse("joined_on", Problem("joined_in_future"))
        if row.values.get("state") == MentorState.LEFT:
            row.refuse("state", Problem("state_left"))

    def _compared(self, row: Row, mentor: Mentor, clearances: set) -> Verdict:
        changes: dict[str, list[str]] = {}
        for name in (*OF_USER, *OF_MENTOR):
            of = mentor.user if name in OF_USER else mentor
            if name in row.values and not is_same(name, getattr(of, name), row.values[name]):
                before, after = getattr(of, name), row.values[name]
                changes[name] = [said(of, name, before), said(of, name, after)]
        for kind, (obtained, _until) in CLEARANCES.items():
            day = row.values.get(obtained)
            if day is not None and (kind.value, day) not in clearances:
                changes[obtained] = ["", said(mentor, obtained, day)]
        place = row.values.get("municipality", mentor.municipality)
        if place != mentor.municipality:
            row.refuse("municipality", Problem("elsewhere", place=mentor.municipality.name))
        outcome = RowOutcome.CHANGE if changes else RowOutcome.SAME
        return Verdict(outcome, changes, mentor.pk, known=mentor)

    # --- Doing it --------------------------------------------------------------------------

    def apply(self, row: Row, verdict: Verdict) -> Done:
        if verdict.outcome == RowOutcome.CREATE:
            return self._create(row.values)
        return self._change(row.values, verdict.known, verdict.changes)

    def _create(self, values: dict) -> Done:
        user = User.objects.create(
            email=values["email"],
            first_name=values["first_name"],
            last_name=values["last_name"],
            phone=values.get("phone", ""),
            role=Role.MENTOR,
            password=make_password(None),
        )
        mentor = Mentor.objects.create(
            user=user,
            municipality=values["municipality"],
            joined_on=values.get("joined_on", timezone.localdate()),
            **{name: values[name] for name in OF_MENTOR if name in values},
        )
        steps.begin(mentor, self.user)
        self._clear(mentor, values, list(CLEARANCES))
        way = WAY[1 : WAY.index(values.get("state", MentorState.APPLICANT)) + 1]
        for state in way:
            with about("state"):
                steps.move_to(mentor, state, timezone.localdate(), self.user)
        return Done(mentor, created=[mentor])

    def _change(self, values: dict, mentor: Mentor, changes: dict) -> Done:
        # The mentor first, as where they take a step.
        write_fields(mentor, values, [name for name in OF_MENTOR if name in changes])
        write_fields(mentor.user, values, [name for name in OF_USER if name in changes])
        new = [kind for kind, (obtained, _until) in CLEARANCES.items() if obtained in changes]
        self._clear(mentor, values, new)
        return Done(mentor, changed=[mentor])

    def _clear(self, mentor: Mentor, values: dict, kinds: Iterable[ClearanceKind]) -> None:
        for kind in kinds:
            obtained, until = CLEARANCES[kind]
            if obtained in values:
                with about(obtained):
                    add_clearance(mentor, kind, values[obtained], values.get(until))

    def people(self, subjects: Iterable[int]) -> dict[int, models.Model]:
        return {mentor.pk: mentor for mentor in self._mentors(pk__in=set(subjects))}
