"""Every URL × everyone × what is theirs and what is not.

A new URL needs one line in RECIPES; the walk fails until it has it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import get_resolver, reverse

from mentoring.models import (
    Message,
    PairProposal,
    Reminder,
    ReminderState,
    Replacement,
    StaffDuty,
)
from mentoring.tests.desk_factories import (
    MentorConflictFactory,
    MessageFactory,
    MessageRecipientFactory,
    PairProposalFactory,
    StaffDutyFactory,
)
from outcomes.effects.snapshots import recompute as recompute_effect
from outcomes.models import EconomyScenario, ResearchExport, Trial, TrialSubject
from outcomes.snapshots import recompute
from outcomes.tests.factories import TrialFactory, TrialSubjectFactory
from outcomes.tests.research_data import ResearchExportFactory
from outcomes.trials.closing import close as close_trial
from participants.models import ChecklistPoint, CoordinatorNote, Enrolment, EnrolmentChange
from participants.tests.factories import (
    CoordinatorNoteFactory,
    EnrolmentChangeFactory,
    EnrolmentFactory,
    in_days,
)
from primus.access.models import AccessEntry, Event
from primus.accounts.tests.factories import InvitationFactory, UserFactory
from primus.jobs.models import Run, RunKind
from primus.jobs.runs import Progress
from primus.spreadsheets.models import ImportFile
from primus.spreadsheets.tests.factories import ImportFileFactory, ImportRowFactory
from primus.testing.axe import names_in
from primus.testing.cast import Cast
from primus.testing.walk import (
    CASE_PEOPLE,
    Recipe,
    Route,
    body,
    everything,
    of_case,
    routes,
    undone,
)

pytestmark = pytest.mark.django_db

ROUTES = sorted(routes(), key=lambda route: route.name or route.route)
BY_NAME = {route.name: route for route in ROUTES}


def sent_reminder(cast: Cast) -> dict:
    Reminder.objects.filter(pk=cast.own.reminder.pk).update(
        state=ReminderState.SENT, sent_at=cast.own.reminder.created_at
    )
    return {"pk": cast.own.reminder.pk}


def invitation(cast: Cast) -> dict:
    found = InvitationFactory._meta.model.objects.filter(invited_by=cast.coordinator).first()
    return {"pk": (found or InvitationFactory(invited_by=cast.coordinator)).pk}


def invited(cast: Cast) -> dict:
    invitation(cast)
    return {}


def run(cast: Cast) -> dict:
    return {"pk": (Run.objects.first() or Run.objects.create(kind=RunKind.SNAPSHOTS)).pk}


def somebody_waits(cast: Cast) -> dict:
    if not Enrolment.objects.without_pair().exists():
        EnrolmentFactory()
    return {}


def token(cast: Cast) -> dict:
    if not InvitationFactory._meta.model.objects.open().for_token("the token").exists():
        InvitationFactory(token="the token")
    return {"token": "the token"}


def chart(cast: Cast) -> dict:
    recompute(Progress(Run(kind=RunKind.SNAPSHOTS)))
    return {"name": "capacity", "kind": "csv"}


def a_trial_with_results(cast: Cast) -> dict:
    trial = Trial.objects.first() or TrialFactory()
    recompute_effect(Progress(Run(kind=RunKind.EFFECT)))
    return {"pk": trial.pk}


def a_seat(cast: Cast) -> dict:
    return {"pk": cast.own.pair.seats.get(mentor__user=cast.mentor).pk}


def a_question(cast: Cast) -> dict:
    found = cast.own.turn_request
    found.asked_by = cast.mentors["partner"]
    found.save()
    return {"pk": found.pk}


def a_follow_up(cast: Cast) -> dict:
    found = cast.own.accompaniment
    found.follow_up, found.follow_up_on = "Ringe til jobcentret", in_days(3)
    found.save()
    return {"pk": found.pk}


def a_proposal(cast: Cast) -> PairProposal:
    asked = [cast.mentors["idle"], cast.mentors["starting"]]
    return PairProposal.objects.first() or PairProposalFactory(
        enrolment=cast.own.enrolment, asked=asked
    )


def an_answer(cast: Cast) -> dict:
    return {"pk": a_proposal(cast).answers.get(number=1).pk}


def a_replacement(by: str, of: str):
    """That one of the cast takes over the seat of another, in the case."""

    def kwargs(cast: Cast) -> dict:
        seats = cast.own.pair.seats
        outgoing = seats.get(mentor=cast.mentors[of])
        incoming = seats.get(mentor=cast.mentors[by])
        found, _new = Replacement.objects.get_or_create(outgoing=outgoing, incoming=incoming)
        return {"pk": found.pk}

    return kwargs


def a_subject(cast: Cast) -> dict:
    """A trial subject without a case file; those elsewhere have one of their own."""
    for place in (cast.other.enrolment.municipality, cast.own.enrolment.municipality):
        found = TrialSubject.objects.filter(municipality=place, enrolment=None).first()
        found = found or TrialSubjectFactory(municipality=place)
    return {"pk": found.pk}


def a_research_file(cast: Cast) -> dict:
    found = ResearchExport.objects.filter(requested_by=cast.staff).first()
    return {"pk": (found or ResearchExportFactory(requested_by=cast.staff)).pk}


def a_trial(cast: Cast) -> dict:
    return {"pk": cast.own.trial_subject.trial_id}


def a_closed_trial(cast: Cast) -> dict:
    found = Trial.objects.get(**a_trial(cast))
    if found.closed_on is None:
        close_trial(found, cast.staff)
    return {"pk": found.pk}


def a_subject_to_draw(cast: Cast) -> dict:
    about = {"trial_id": cast.own.trial_subject.trial_id, "place": None}
    found = TrialSubject.objects.filter(**about).first()
    return {"pk": (found or TrialSubjectFactory(trial=cast.own.trial_subject.trial)).pk}


def a_duty(cast: Cast) -> dict:
    return {"pk": (StaffDuty.objects.first() or StaffDutyFactory(user=cast.staff)).pk}


def a_mentor(cast: Cast) -> dict:
    return {"pk": cast.mentors["mentor"].pk}


def a_clearance(cast: Cast) -> dict:
    return {"pk": cast.mentors["mentor"].clearances.earliest("pk").pk}


def a_conflict(cast: Cast) -> dict:
    mentor = cast.mentors["mentor"]
    found = mentor.conflicts.first()
    return {"pk": (found or MentorConflictFactory(mentor=mentor, other=cast.mentors["idle"])).pk}


def a_message(cast: Cast) -> dict:
    """To the pair of the case; the one of them it reached has read it, which opening writes."""
    found = Message.objects.first() or MessageFactory(pair=cast.own.pair)
    reader = {"message": found, "user": cast.mentor}
    if not found.recipients.exists():
        MessageRecipientFactory(**reader, read_at=found.sent_at)
    return {"pk": found.pk}


def a_scenario(cast: Cast) -> dict:
    return {"pk": EconomyScenario.objects.get_or_create(name="Some hours counted")[0].pk}


def a_message_there(cast: Cast) -> dict:
    a_message(cast)
    return {}


def a_change(cast: Cast, kind: str) -> dict:
    found = EnrolmentChange.objects.filter(enrolment=cast.own.enrolment, kind=kind).first()
    return {"pk": (found or EnrolmentChangeFactory(enrolment=cast.own.enrolment, kind=kind)).pk}


def a_confirmation(cast: Cast) -> dict:
    return a_change(cast, "release_confirmed")


def a_handover(cast: Cast) -> dict:
    return a_change(cast, "coordinator")


def a_note(cast: Cast) -> dict:
    found = CoordinatorNote.objects.filter(enrolment=cast.own.enrolment).first()
    return {"pk": (found or CoordinatorNoteFactory(enrolment=cast.own.enrolment)).pk}


FOLLOWING = frozenset({"mentor", "partner", "left", "starting", "stranger"})
HERE = {"code": "0751"}
COORDINATORS_OF_CASE = frozenset({"coordinator"})
STAFF_AND_COORDINATOR = frozenset({"staff", "coordinator"})
MENTORS_OF_CASE = frozenset({"mentor", "partner"})

UPLOADER = frozenset({"coordinator"})
OF_FILES = {"kind": "participants"}


def a_file(cast: Cast, **state) -> dict:
    """One that the coordinator has uploaded, with a row that cannot be imported."""
    found = ImportFile.objects.filter(uploaded_by=cast.coordinator).first()
    if found is None:
        found = ImportFileFactory(uploaded_by=cast.coordinator, state="checked", **state)
        ImportRowFactory(file=found, outcome="bad")
    return {"pk": found.pk}


def listed_file(cast: Cast) -> dict:
    a_file(cast)
    return {}


RECIPES: dict[str, Recipe] = {
    "home": Recipe(),
    "healthz": Recipe(own_connection=True),
    # Accounts
    "account_login": Recipe(),
    "account_logout": Recipe(),
    "account_signup": Recipe(),
    "account_inactive": Recipe(),
    "account_reset_password": Recipe(),
    "account_reset_password_done": Recipe(),
    "account_reset_password_from_key": Recipe(lambda cast: {"uidb36": "1", "key": "set-password"}),
    "account_reset_password_from_key_done": Recipe(),
    "account_change_password": Recipe(),
    "account_reauthenticate": Recipe(),
    "my_account": Recipe(),
    "set_language": Recipe(),
    "user_list": Recipe(),
    "user_deactivate": Recipe(lambda cast: {"pk": cast.idle.pk}),
    "user_reactivate": Recipe(lambda cast: {"pk": cast.idle.pk}),
    "user_municipalities": Recipe(lambda cast: {"pk": cast.other_coordinator.pk}),
    "invitation_list": Recipe(invited, empty_for=frozenset({"other_coordinator"})),
    "invitation_new": Recipe(reaches_nobody=True),
    "invitation_resend": Recipe(invitation, frozenset({"coordinator", "administrator"})),
    "invitation_revoke": Recipe(invitation, frozenset({"coordinator", "administrator"})),
    "invitation_accept": Recipe(token),
    "access_log": Recipe(),
    "run_progress": Recipe(run),
    # Spreadsheets
    "import_list": Recipe(listed_file, empty_for=frozenset({"other_coordinator"})),
    "import_create": Recipe(
        lambda cast: OF_FILES, missing={"kind": "recipes"}, reaches_nobody=True
    ),
    "import_template": Recipe(
        lambda cast: OF_FILES | {"extension": "csv"},
        missing={"kind": "recipes", "extension": "csv"},
    ),
    "import_columns": Recipe(a_file, UPLOADER),
    "import_file": Recipe(a_file, UPLOADER),
    "import_apply": Recipe(a_file, UPLOADER),
    "import_resume": Recipe(a_file, UPLOADER),
    "import_bad_rows": Recipe(a_file, UPLOADER),
    "import_delete": Recipe(a_file, UPLOADER),
    "import_invite": Recipe(lambda cast: a_file(cast, kind="mentors"), UPLOADER),
    # Participants
    "enrolment_create": Recipe(reaches_nobody=True),
    "referral_alike": Recipe(reaches_nobody=True),
    "enrolment_consents": of_case(owners=COORDINATORS_OF_CASE),
    "consent_withdraw": of_case("consent", COORDINATORS_OF_CASE),
    "release_confirm": of_case(owners=COORDINATORS_OF_CASE),
    "release_move": of_case(owners=COORDINATORS_OF_CASE),
    "enrolment_end": of_case(owners=COORDINATORS_OF_CASE),
    "enrolment_reopen": of_case(owners=COORDINATORS_OF_CASE),
    "release_move_undo": of_case("move", COORDINATORS_OF_CASE),
    "release_confirm_undo": Recipe(a_confirmation, COORDINATORS_OF_CASE),
    "institution_move": of_case(owners=COORDINATORS_OF_CASE),
    "municipality_move": of_case(owners=COORDINATORS_OF_CASE),
    "coordinator_change": of_case(owners=COORDINATORS_OF_CASE),
    "handed_over": Recipe(a_handover, COORDINATORS_OF_CASE),
    "note_create": of_case(owners=COORDINATORS_OF_CASE),
    "note_remove": Recipe(a_note, COORDINATORS_OF_CASE),
    "enrolment_timeline": of_case(owners=COORDINATORS_OF_CASE),
    # Mentoring
    "mentor_home": Recipe(empty_for=frozenset({"idle"})),
    "enrolment": of_case(),
    "enrolment_meetings": of_case(),
    "enrolment_plan": of_case(),
    "goal_create": of_case(),
    "goal_undo": of_case(),
    "goal": of_case("goal"),
    "plan_print": of_case(),
    "plan_pdf": of_case(),
    "enrolment_needs": of_case(),
    "needs_rate": Recipe(lambda cast: {"pk": cast.own.enrolment.pk, "stage": "start"}, CASE_PEOPLE),
    "enrolment_people": of_case(),
    "contact_create": of_case(),
    "contact_remove": of_case(),
    "contact": of_case("contact"),
    "enrolment_list": Recipe(),
    "enrolment_export": Recipe(lambda cast: {"extension": "csv"}, missing={"extension": "pdf"}),
    "search": Recipe(reaches_nobody=True),
    "desk": Recipe(),
    "desk_counts": Recipe(),
    "desk_list": Recipe(lambda cast: {"name": "concerns"}, missing={"name": "nothing"}),
    # Who follows nobody is led home.
    "meeting_create": Recipe(
        owners=FOLLOWING | {"coordinator", "idle"},
        query=lambda cast: {"enrolment": cast.own.enrolment.pk},
    ),
    "meeting_saved": of_case("meeting", frozenset({"mentor"})),
    "meeting_undo": of_case("meeting", frozenset({"mentor"})),
    "draft_save": of_case(),
    "draft_discard": of_case(),
    "meeting": of_case("meeting"),
    "meeting_correct": of_case("meeting"),
    "meeting_add": of_case("meeting"),
    "follow_up_save": Recipe(a_follow_up, CASE_PEOPLE),
    "checklist_save": of_case(),
    "checklist_take": Recipe(
        lambda cast: {
            "pk": cast.own.enrolment.pk,
            "point": ChecklistPoint.objects.earliest("position").pk,
        },
        CASE_PEOPLE,
    ),
    "turn_ask": of_case(owners=MENTORS_OF_CASE),
    "turn_answer": of_case("turn_request", frozenset({"mentor"})),
    "turn_take_back": Recipe(a_question, frozenset({"partner"})),
    "absence_create": Recipe(empty_for=frozenset({"idle"})),
    "absence_change": of_case("absence", frozenset({"mentor"})),
    "reminder_seen": Recipe(sent_reminder, frozenset({"mentor"})),
    "concern_create": Recipe(
        empty_for=frozenset({"idle"}), query=lambda cast: {"enrolment": cast.own.enrolment.pk}
    ),
    "my_concerns": Recipe(empty_for=frozenset({"partner", "starting", "idle"})),
    # Of the two mentors, only who raised it.
    "concern": of_case("concern", {"coordinator", "mentor"}),
    "concern_inbox": Recipe(),
    "concerns_waiting": Recipe(),
    "deputies": Recipe(),
    "duty_list": Recipe(),
    "duty_remove": Recipe(a_duty),
    "seat_stop": of_case(owners={"mentor", "partner"}),
    "stop_notice": of_case("stop_notice", COORDINATORS_OF_CASE),
    "calendar": Recipe(reaches_nobody=True),
    "calendar_feed": Recipe(lambda cast: {"secret": "the-secret"}),
    "pair_create": of_case(owners=COORDINATORS_OF_CASE),
    "pair_check": of_case(owners=COORDINATORS_OF_CASE),
    "enrolment_wishes": of_case(owners=COORDINATORS_OF_CASE),
    "waiting_list": Recipe(somebody_waits, empty_for=frozenset({"other_coordinator"})),
    "waiting_list_find": Recipe(),
    "match_weights": Recipe(reaches_nobody=True),
    "pair_undo": of_case("pair", COORDINATORS_OF_CASE),
    "seat_undo": Recipe(a_seat, COORDINATORS_OF_CASE),
    "seat_vacate": Recipe(a_seat, COORDINATORS_OF_CASE),
    "proposal_answer": Recipe(an_answer, frozenset({"idle"})),
    "proposal_withdraw": Recipe(
        lambda cast: {"pk": a_proposal(cast).pk}, frozenset({"coordinator"})
    ),
    "proposal_pair": Recipe(lambda cast: {"pk": a_proposal(cast).pk}, frozenset({"coordinator"})),
    "seat_replace": Recipe(a_seat, frozenset({"coordinator"})),
    "replacement_summary": Recipe(
        a_replacement("starting", "partner"), frozenset({"coordinator", "partner"})
    ),
    "replacement_read": Recipe(a_replacement("partner", "left"), frozenset({"partner"})),
    # Mentors, and messages to them
    "mentor_list": Recipe(),
    "mentor_export": Recipe(lambda cast: {"extension": "csv"}, missing={"extension": "pdf"}),
    "mentor": Recipe(a_mentor, COORDINATORS_OF_CASE),
    "mentor_profile": Recipe(a_mentor, COORDINATORS_OF_CASE),
    "mentor_step": Recipe(a_mentor, COORDINATORS_OF_CASE),
    "mentor_note": Recipe(a_mentor, COORDINATORS_OF_CASE),
    "clearance_add": Recipe(a_mentor, COORDINATORS_OF_CASE),
    "clearance_remove": Recipe(a_clearance, COORDINATORS_OF_CASE),
    "conflict_add": Recipe(a_mentor, COORDINATORS_OF_CASE),
    "conflict_remove": Recipe(a_conflict, COORDINATORS_OF_CASE),
    "my_profile": Recipe(),
    "message_list": Recipe(
        a_message_there,
        empty_for=frozenset({"other_coordinator", *FOLLOWING, "idle"} - {"mentor"}),
    ),
    "message_create": Recipe(
        owners=COORDINATORS_OF_CASE, query=lambda cast: {"enrolment": cast.own.enrolment.pk}
    ),
    # Of the two mentors, only the one it was sent to.
    "message": Recipe(a_message, frozenset({"coordinator", "mentor"})),
    # Outcomes
    "dashboard": Recipe(),
    "dashboard_recompute": Recipe(),
    "dashboard_municipality": Recipe(
        lambda cast: HERE, frozenset({"staff", "coordinator"}), missing={"code": "9999"}
    ),
    "followup": of_case(owners=COORDINATORS_OF_CASE),
    "followup_subject": Recipe(a_subject, COORDINATORS_OF_CASE),
    "followup_remove": of_case("follow_up", COORDINATORS_OF_CASE),
    "reoffence_create": of_case("follow_up", COORDINATORS_OF_CASE),
    "reoffence_remove": of_case("follow_up", COORDINATORS_OF_CASE),
    "reoffence": of_case("reoffence", COORDINATORS_OF_CASE),
    "dashboard_chart": Recipe(chart),
    "dashboard_municipality_chart": Recipe(
        lambda cast: HERE | chart(cast),
        frozenset({"staff", "coordinator"}),
        missing={"code": "9999", "name": "capacity", "kind": "csv"},
    ),
    "research_export": Recipe(reaches_nobody=True),
    "research_file": Recipe(a_research_file),
    "effect": Recipe(),
    "effect_recompute": Recipe(),
    "effect_trial": Recipe(a_trial_with_results),
    "effect_chart": Recipe(
        lambda cast: a_trial_with_results(cast) | {"name": "flow", "kind": "csv"}
    ),
    "trial_list": Recipe(),
    "trial_create": Recipe(),
    "trial": Recipe(a_trial, STAFF_AND_COORDINATOR, empty_for=frozenset({"staff"})),
    "trial_close": Recipe(a_trial),
    "trial_order": Recipe(a_closed_trial, STAFF_AND_COORDINATOR),
    "trial_assess": Recipe(a_trial, COORDINATORS_OF_CASE, reaches_nobody=True),
    "trial_subject": of_case("trial_subject", COORDINATORS_OF_CASE),
    "trial_reassess": Recipe(a_subject_to_draw, COORDINATORS_OF_CASE),
    "trial_draw": Recipe(a_subject_to_draw, COORDINATORS_OF_CASE),
    "trial_release": of_case("trial_subject", COORDINATORS_OF_CASE),
    "trial_link": of_case("trial_subject", COORDINATORS_OF_CASE),
    "trial_unlink": of_case("trial_subject", COORDINATORS_OF_CASE),
    "trial_withdraw": of_case("trial_subject", COORDINATORS_OF_CASE),
    "economy": Recipe(),
    "economy_chart": Recipe(
        lambda cast: {"name": "tornado", "kind": "csv"}, missing={"name": "nothing", "kind": "csv"}
    ),
    "scenario_create": Recipe(),
    "scenario": Recipe(a_scenario),
    "scenario_remove": Recipe(a_scenario),
    "readiness": Recipe(),
    "readiness_municipality": Recipe(lambda cast: HERE, missing={"code": "9999"}),
    "readiness_chart": Recipe(
        lambda cast: HERE | {"name": "returned", "kind": "csv"},
        missing=HERE | {"name": "nothing", "kind": "csv"},
        query=lambda cast: {"releases": 40},
    ),
    # Demonstration
    "demo_sign_in": Recipe(demo=True),
    "demo_mail": Recipe(demo=True),
    "demo_mail_message": Recipe(lambda cast: {"key": "nothing"}, demo=True),
}

KNOWN = [name for name in BY_NAME if name in RECIPES]
GUARDED = [name for name in KNOWN if BY_NAME[name].entry and not BY_NAME[name].entry.public]
PUBLIC = [name for name in KNOWN if name not in GUARDED and not RECIPES[name].own_connection]
REACHING_A_ROW = [
    name for name in GUARDED if "<" in BY_NAME[name].route and name not in ("dashboard_chart",)
]


def test_every_url_has_a_name_and_every_name_one_url():
    names = [route.name for route in ROUTES]
    assert None not in names, [route.route for route in ROUTES if route.name is None]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name or route.route)
def test_every_url_declares_who_may_enter(route):
    assert route.entry is not None, f"{route.view_name} is not decorated with @entry"
    assert route.entry.public or route.entry.roles, f"{route.view_name} opens for no role"


def test_every_url_has_a_recipe():
    assert sorted(set(BY_NAME) - set(RECIPES)) == [], "add a line to RECIPES for each"


def test_every_recipe_has_a_url():
    assert sorted(set(RECIPES) - set(BY_NAME)) == [], "take these lines out of RECIPES"


def test_error_pages_declare_themselves_too():
    for code in (400, 403, 404, 500):
        assert get_resolver().resolve_error_handler(code).entry.public


def may_enter(route, recipe: Recipe, name: str, user) -> bool:
    if user.role not in route.entry.roles:
        return False
    return recipe.owners is None or name in recipe.owners


@pytest.mark.parametrize("name", GUARDED)
def test_the_walk(cast, client_for, name):
    """Everyone asks for the same thing: it opens for those whose it is, and is not there for the
    rest, exactly as what has never been there."""
    recipe = RECIPES[name]
    path = recipe.path(name, cast)
    missing = recipe.missing_paths(name, cast)
    assert missing or name not in REACHING_A_ROW, "say which arguments lead to nothing (missing=…)"
    # Signing in writes to the user, so everyone is signed in before anyone asks.
    clients = {who: client_for(user) for who, user in cast.by_name.items()}
    before = everything()
    for who, user in cast.by_name.items():
        for method in ("get", "post"):
            ask = Ask(BY_NAME[name], recipe, who, user, getattr(clients[who], method), method)
            with undone():
                if not user.is_authenticated:
                    ask.is_led_to_signing_in(path)
                elif may_enter(ask.route, recipe, who, user):
                    ask.is_let_in(path, before)
                    ask.finds_nothing_at(missing)
                else:
                    ask.is_refused(path, before, missing)
                ask.leaves_no_name_in_the_log()


@dataclass
class Ask:
    """Somebody asks for one URL in one way."""

    route: Route
    recipe: Recipe
    who: str
    user: object
    send: Callable
    method: str

    def answer(self, path: str):
        response = self.send(path)
        self.told = f"{self.who} {self.method.upper()} {path}: {response.status_code}"
        return response

    def rows(self, *, refused: bool) -> list[AccessEntry]:
        rows = AccessEntry.objects.filter(user=self.user, view=self.route.view_name)
        return [row for row in rows if (row.event == Event.REFUSED) == refused]

    def is_led_to_signing_in(self, path):
        response = self.answer(path)
        assert response.status_code == 302, self.told
        assert response.url.startswith(reverse("account_login")), self.told
        assert not AccessEntry.objects.exists(), self.told

    def is_let_in(self, path, before):
        response = self.answer(path)
        assert response.status_code in (200, 302, 303, 405), self.told
        assert not self.rows(refused=True), self.told
        if self.method == "get":
            assert before == everything(), f"{self.told} changed something"
            reaches = self.route.entry.event and not self.recipe.reaches_nobody
            if reaches and response.status_code == 200 and self.who not in self.recipe.empty_for:
                assert self.rows(refused=False), f"{self.told}, and nothing in the log"

    def finds_nothing_at(self, missing):
        # By POST, because some answer to nothing else. Where the number stands in the query, a
        # mentor who chooses what is not there is shown their own.
        if self.method == "post" and self.route.name in REACHING_A_ROW:
            for path in missing:
                assert self.answer(path).status_code == 404, self.told

    def is_refused(self, path, before, missing):
        response = self.answer(path)
        told = self.told
        # What is only sent says so to those of the role, whatever the number.
        wrong_method = response.status_code == 405 and self.user.role in self.route.entry.roles
        assert response.status_code == 404 or wrong_method, told
        assert self.rows(refused=True) or wrong_method, f"{told}, and no refusal in the log"
        assert not self.rows(refused=False), told
        assert before == everything(), f"{told} changed something"
        for nothing in missing:
            answer = self.answer(nothing)
            assert answer.status_code == response.status_code, self.told
            assert body(answer) == body(response), f"{told} differs from what does not exist"
            assert differing_headers(answer, response) == set(), told

    def leaves_no_name_in_the_log(self):
        for row in AccessEntry.objects.all():
            written = f"{row.object_label} {row.detail} {row.view} {row.object_type}"
            assert not names_in(written), f"{self.told} wrote {written!r}"


def differing_headers(one, other) -> set[str]:
    names = {*one.headers, *other.headers} - {"Content-Length"}
    return {name for name in names if one.headers.get(name) != other.headers.get(name)}


@pytest.mark.parametrize("name", PUBLIC)
def test_what_is_public_opens_for_everyone(cast, client_for, settings, name):
    recipe = RECIPES[name]
    path = recipe.path(name, cast)
    for demo in (False, True):
        settings.PRIMUS_DEMO = demo
        for who, user in cast.by_name.items():
            for method in ("get", "post"):
                with undone():
                    client = client_for(user)
                    response = getattr(client, method)(path)
                    told = f"{who} {method.upper()} {path}: {response.status_code}"
                    if recipe.demo and not demo:
                        assert response.status_code == 404, told
                    else:
                        assert response.status_code != 500, told
                    assert not names_in(response.content.decode()) or name == "invitation_accept"


@pytest.mark.django_db(transaction=True)
def test_health_is_told_to_everyone_and_names_nobody(client_for):
    """By itself, because it begins with a new connection to the database."""
    cast = Cast()
    for user in cast.by_name.values():
        response = client_for(user).get(reverse("healthz"))
        assert response.status_code in (200, 503)
        assert not names_in(response.content.decode())


def test_nobody_but_its_owner_logs_a_meeting_by_choosing_the_enrolment(cast, client_for):
    """The enrolment stands in the form, not in the address."""
    chosen = {"enrolment": cast.own.enrolment.pk, "state": "held", "mode": "cafe"}
    others = ("left", "starting", "stranger", "other_coordinator")
    clients = {who: client_for(cast.by_name[who]) for who in others}
    before = everything()
    for who, client in clients.items():
        query = cast.other.enrolment.pk if who == "other_coordinator" else ""
        path = f"{reverse('meeting_create')}?enrolment={query}"
        response = client.post(path, chosen)
        assert response.status_code == 200, who
        assert cast.own.participant.first_name not in response.content.decode()
    assert everything() == before


def test_losing_the_seat_takes_effect_on_the_next_request(cast, client_for):
    client = client_for(cast.mentor)
    path = reverse("enrolment", args=[cast.own.enrolment.pk])
    assert client.get(path).status_code == 200
    cast.own.pair.seats.filter(mentor__user=cast.mentor).update(held_until=in_days(0))
    assert client.get(path).status_code == 404


def test_losing_the_municipality_takes_effect_on_the_next_request(cast, client_for):
    client = client_for(cast.coordinator)
    path = reverse("enrolment", args=[cast.own.enrolment.pk])
    assert client.get(path).status_code == 200
    cast.coordinator.coordinator.municipalities.clear()
    assert client.get(path).status_code == 404


def test_being_deactivated_takes_effect_on_the_next_request(cast, client_for):
    client = client_for(cast.coordinator)
    path = reverse("enrolment", args=[cast.own.enrolment.pk])
    assert client.get(path).status_code == 200
    type(cast.coordinator).objects.filter(pk=cast.coordinator.pk).update(is_active=False)
    assert client.get(path).status_code == 302


def test_a_user_without_the_record_of_their_role_meets_no_error(db, client_for):
    """A coordinator or mentor who has been invited and not been given a place yet."""
    for role in ("mentor", "coordinator"):
        client = client_for(UserFactory(role=role))
        for route in ROUTES:
            own = route.entry is not None and role in route.entry.roles
            if own and "<" not in route.route:
                assert client.get(reverse(route.name)).status_code in (200, 302, 404, 405)
