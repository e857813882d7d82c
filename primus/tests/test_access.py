"""Deny by default, and no access without its row in the log."""

import pytest
from django.apps import apps
from django.http import Http404, HttpResponse
from django.urls import reverse

from mentoring.tests.desk_factories import (
    ConcernActionFactory,
    MentorConflictFactory,
    MentorNoteFactory,
    MentorStepFactory,
    MessageRecipientFactory,
    PairProposalFactory,
    ReplacementFactory,
    WaitingListPlanFactory,
)
from mentoring.tests.factories import MentorFactory
from outcomes.tests.research_data import ResearchExportFactory
from participants.models import Enrolment
from participants.tests.factories import (
    CoordinatorNoteFactory,
    EndingFactory,
    EnrolmentChangeFactory,
    EnrolmentFactory,
    municipality,
)
from primus.access.declare import entry, get_visible
from primus.access.models import AccessEntry, Event
from primus.accounts.models import Role
from primus.accounts.tests.factories import InvitationFactory
from primus.jobs.models import Run, RunKind
from primus.spreadsheets.tests.factories import ImportRowFactory
from primus.testing.axe import names_in
from primus.testing.reference import OWN_APPS

pytestmark = pytest.mark.django_db

# --- Every model ---------------------------------------------------------------------------

# The models that hold nobody's personal data, each with the reason why not.
WITHOUT_PERSONAL_DATA = {
    "jobs.Heartbeat": "when a process was last seen",
    "participants.Municipality": "reference data",
    "participants.Institution": "reference data",
    "participants.ChecklistPoint": "reference data",
    "participants.Coordinator": "which municipalities a user works in; the person is the User",
    "mentoring.Attendance": "reached through its meeting alone, and says nothing without it",
    "mentoring.FormReceipt": "that a form was saved, and which row it became",
    "mentoring.MatchWeight": "reference data",
    "mentoring.StaffDuty": "when somebody is on duty; the person is the User",
    "outcomes.DashboardSnapshot": "protected aggregates; see outcomes.disclosure",
    "outcomes.Trial": "what was decided of a trial; its people are its TrialSubjects",
    "outcomes.TrialArm": "what was decided of a trial",
    "outcomes.Stratum": "what was decided of a trial",
    "outcomes.TrialPlace": "a place in an order, and what it holds is sealed",
    "outcomes.EffectSnapshot": "protected aggregates; see outcomes.disclosure",
    "outcomes.EconomyScenario": "assumptions, and nobody they are about",
}

# What each role may see that has no case in it. Everything else is empty for them.
ROWS_WITHOUT_A_CASE = {
    "staff": {"jobs.Run", "outcomes.ResearchExport"},
    "administrator": {"accounts.User", "accounts.Invitation", "access.AccessEntry"},
    "anonymous": set(),
}

OWN_MODELS = {
    model._meta.label: model
    for label in OWN_APPS
    for model in apps.get_app_config(label).get_models()
}
PERSONAL = sorted(set(OWN_MODELS) - set(WITHOUT_PERSONAL_DATA))


def test_the_list_of_models_without_personal_data_is_true():
    assert set(WITHOUT_PERSONAL_DATA) <= set(OWN_MODELS)
    assert not [m for m in WITHOUT_PERSONAL_DATA if hasattr(OWN_MODELS[m].objects, "visible_to")]


@pytest.mark.parametrize("label", PERSONAL)
def test_a_model_with_personal_data_says_who_sees_it(label):
    model = OWN_MODELS[label]
    assert model._default_manager.name == "objects"
    assert callable(getattr(model._default_manager, "visible_to", None)), (
        f"{label} has no visible_to; if it holds nobody's data, say why in WITHOUT_PERSONAL_DATA"
    )


def what_a_desk_works_with(case) -> None:
    """A row of each kind that only some cases have, about a case."""
    a_mentor = case.pair.seats.earliest("pk").mentor
    PairProposalFactory(enrolment=case.enrolment, asked=[a_mentor, MentorFactory()])
    ReplacementFactory()
    ConcernActionFactory(concern=case.concern)
    for one_of in (MentorStepFactory, MentorNoteFactory, MentorConflictFactory):
        one_of(mentor=a_mentor)
    MessageRecipientFactory(
        user=a_mentor.user, message__pair=case.pair, message__municipality=municipality()
    )
    EnrolmentChangeFactory(enrolment=case.enrolment)
    CoordinatorNoteFactory(enrolment=case.enrolment)
    EndingFactory()
    WaitingListPlanFactory()
    ImportRowFactory()


@pytest.mark.parametrize("label", PERSONAL)
def test_who_has_no_case_sees_no_row_of_one(cast, label):
    what_a_desk_works_with(cast.own)
    InvitationFactory()
    Run.objects.create(kind=RunKind.SNAPSHOTS)
    AccessEntry.objects.create(user=cast.mentor, user_label="x", role="mentor", event=Event.READ)
    ResearchExportFactory()
    model = OWN_MODELS[label]
    assert model.objects.exists(), f"the cast has no {label}: this test would prove nothing"
    for who, may_see in ROWS_WITHOUT_A_CASE.items():
        seen = model.objects.visible_to(cast.by_name[who])
        assert seen.exists() == (label in may_see), who


@pytest.mark.parametrize("label", PERSONAL)
def test_an_inactive_user_sees_nothing_whatever_the_role(cast, label):
    for who in ("mentor", "coordinator", "administrator"):
        user = cast.by_name[who]
        user.is_active = False
        assert not OWN_MODELS[label].objects.visible_to(user).exists(), who


# --- The declaration of a view ---------------------------------------------------------------


@pytest.fixture
def asked(rf, coordinator_user):
    def make(view, user=None, method="get", **kwargs):
        request = getattr(rf, method)("/")
        request.user = user or coordinator_user
        return view(request, **kwargs)

    return make


def test_a_page_that_forgets_the_log_is_not_shown(asked):
    @entry(roles=[Role.COORDINATOR], event=Event.READ)
    def forgetful(request):
        return HttpResponse("somebody's data")

    with pytest.raises(RuntimeError, match="forgetful"):
        asked(forgetful)


def test_a_page_that_records_without_an_event_is_not_shown(asked):
    enrolment = EnrolmentFactory()

    @entry(roles=[Role.COORDINATOR], event=None)
    def undeclared(request):
        return HttpResponse(get_visible(request, Enrolment.objects, pk=enrolment.pk))

    with pytest.raises(RuntimeError, match="undeclared"):
        asked(undeclared)
    assert not AccessEntry.objects.exists()


def test_a_view_that_fails_leaves_neither_change_nor_row(asked):
    enrolment = EnrolmentFactory()

    @entry(roles=[Role.COORDINATOR], event=Event.CHANGE)
    def failing(request):
        found = get_visible(request, Enrolment.objects, pk=enrolment.pk)
        found.wishes = "changed"
        found.save()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asked(failing, method="post")
    enrolment.refresh_from_db()
    assert enrolment.wishes == ""
    assert not AccessEntry.objects.exists()


def test_what_a_refused_view_had_changed_is_undone_and_the_refusal_kept(asked):
    enrolment = EnrolmentFactory()

    @entry(roles=[Role.COORDINATOR], event=Event.CHANGE)
    def late(request, pk):
        Enrolment.objects.filter(pk=pk).update(wishes="changed")
        raise Http404

    with pytest.raises(Http404):
        asked(late, method="post", pk=enrolment.pk)
    enrolment.refresh_from_db()
    assert enrolment.wishes == ""
    refusal = AccessEntry.objects.get()
    assert (refusal.event, refusal.object_id) == (Event.REFUSED, enrolment.pk)


def test_opening_a_form_only_reads(asked):
    enrolment = EnrolmentFactory()

    @entry(roles=[Role.COORDINATOR], event=Event.DELETE)
    def page(request):
        get_visible(request, Enrolment.objects, pk=enrolment.pk)
        return HttpResponse("")

    asked(page)
    asked(page, method="post")
    assert list(AccessEntry.objects.order_by("pk").values_list("event", flat=True)) == [
        Event.READ,
        Event.DELETE,
    ]


def test_another_role_is_refused_before_the_view_runs(asked, mentor_user):
    @entry(roles=[Role.COORDINATOR], event=Event.READ)
    def page(request):
        raise AssertionError("the view ran")

    with pytest.raises(Http404):
        asked(page, user=mentor_user)
    assert AccessEntry.objects.get().role == Role.MENTOR


# --- What a row says -------------------------------------------------------------------------


def test_a_read_says_who_what_and_where_without_a_name(cast, client_for):
    enrolment = cast.own.enrolment
    client_for(cast.mentor).get(reverse("enrolment", args=[enrolment.pk]))
    row = AccessEntry.objects.get(user=cast.mentor)
    assert (row.event, row.role) == (Event.READ, Role.MENTOR)
    assert (row.object_type, row.object_id) == ("participants.enrolment", enrolment.pk)
    assert (row.object_label, row.municipality_code) == (enrolment.case_number, "0751")
    assert row.user_label == cast.mentor.get_full_name()
    assert not names_in(f"{row.object_label} {row.detail} {row.view}")


def test_a_row_outlives_whom_it_speaks_of_and_who_asked(cast, client_for):
    client_for(cast.staff).get(reverse("enrolment", args=[cast.own.enrolment.pk]))
    label = cast.staff.get_full_name()
    cast.staff.delete()
    row = AccessEntry.objects.get(event=Event.REFUSED)
    assert (row.user, row.user_label, row.role) == (None, label, Role.STAFF)


def test_a_list_writes_one_row_for_each_municipality_with_the_numbers(cast, client_for):
    cast.coordinator.coordinator.municipalities.add("0461")
    client_for(cast.coordinator).get(reverse("enrolment_list"))
    rows = AccessEntry.objects.filter(
        event=Event.LIST, user=cast.coordinator, object_type="participants.enrolment"
    )
    listed = {row.municipality_code: set(row.detail.split()) for row in rows}
    assert listed == {
        "0751": {str(cast.own.enrolment.pk), str(cast.neighbour.enrolment.pk)},
        "0461": {str(cast.other.enrolment.pk)},
    }


def test_a_search_says_what_was_searched_for(cast, client_for):
    name = cast.own.participant.first_name
    client_for(cast.coordinator).post(reverse("enrolment_list"), {"q": name})
    row = AccessEntry.objects.get(event=Event.SEARCH)
    assert name in row.detail
    assert str(cast.own.enrolment.pk) in row.detail
    client_for(cast.coordinator).post(reverse("enrolment_list"), {"q": "nobody at all"})
    assert AccessEntry.objects.filter(event=Event.SEARCH, detail__contains="nobody").exists()
