"""Every rule of the ground floor's tables, broken on purpose and refused by the database."""

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from primus.accounts.tests.factories import InvitationFactory, UserFactory
from primus.jobs.models import Run, RunKind, RunState
from primus.spreadsheets.tests.factories import ImportFileFactory, ImportRowFactory
from primus.testing.constraints import Breaches, adding, changing
from primus.testing.reference import OWN_APPS

pytestmark = pytest.mark.django_db

accounts = Breaches("accounts")
access = Breaches("access")
jobs = Breaches("jobs")
spreadsheets = Breaches("spreadsheets")


@accounts("user_email_unique")
def _():
    first = UserFactory(email="somebody@example.org")
    return adding(UserFactory.build(email=first.email.upper()))


@accounts("user_role_is_known")
def _():
    return changing(UserFactory(), role="king")


@accounts("invitation_one_waiting_per_email")
def _():
    first = InvitationFactory(email="somebody@example.org")
    return adding(InvitationFactory.build(email=first.email.upper(), invited_by=first.invited_by))


@accounts("invitation_role_is_known")
def _():
    return changing(InvitationFactory(), role="king")


@jobs("run_state_is_known")
def _():
    return changing(Run.objects.create(kind=RunKind.REMINDERS), state="asleep")


@jobs("run_done_not_above_total")
def _():
    return changing(Run.objects.create(kind=RunKind.REMINDERS, total=3), done=4)


@jobs("run_one_unfinished_per_kind_and_subject")
def _():
    Run.objects.create(kind=RunKind.REMINDERS, state=RunState.RUNNING)
    return lambda: Run.objects.create(kind=RunKind.REMINDERS)


@spreadsheets("import_file_kind_is_known")
def _():
    return changing(ImportFileFactory(), kind="recipes")


@spreadsheets("import_file_state_is_known")
def _():
    return changing(ImportFileFactory(), state="lost")


@spreadsheets("import_file_applied_has_time")
def _():
    return changing(ImportFileFactory(), state="applied")


@spreadsheets("import_row_once_per_number")
def _():
    first = ImportRowFactory()
    return adding(ImportRowFactory.build(file=first.file, number=first.number))


@spreadsheets("import_row_outcome_is_known")
def _():
    return changing(ImportRowFactory(), outcome="odd")


@spreadsheets("import_row_bad_is_never_applied")
def _():
    row = ImportRowFactory()
    return changing(row, outcome="bad", applied_at=row.file.uploaded_at)


ALL = (accounts, access, jobs, spreadsheets)
BREACHES = {name: breaches for breaches in ALL for name in breaches.by_name}


@pytest.mark.parametrize("name", sorted(BREACHES))
def test_the_database_refuses(name):
    BREACHES[name].check(name)


@pytest.mark.parametrize("breaches", ALL, ids=lambda b: b.label)
def test_every_constraint_is_broken_on_purpose(breaches):
    breaches.check_complete()


def test_no_app_of_ours_is_left_out():
    packages = ("primus", "participants", "mentoring", "outcomes")
    ours = {
        app.label
        for app in apps.get_app_configs()
        if app.name.partition(".")[0] in packages and list(app.get_models())
    }
    assert ours == set(OWN_APPS)


def test_an_invitation_that_was_accepted_does_not_stand_in_the_way():
    first = InvitationFactory(accepted_at=timezone.now())
    InvitationFactory(email=first.email)


def test_one_token_opens_one_invitation():
    InvitationFactory(token="the same")
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(token="the same")


def test_runs_of_each_kind_take_turns_with_their_own_kind_only():
    Run.objects.create(kind=RunKind.REMINDERS, state=RunState.DONE)
    Run.objects.create(kind=RunKind.REMINDERS, state=RunState.RUNNING)
    Run.objects.create(kind=RunKind.SNAPSHOTS)
    assert Run.objects.unfinished().count() == 2
