"""The pages of a trial: what staff decide and see, and what a coordinator does with one person."""

import hashlib
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from outcomes.effects.snapshots import recompute
from outcomes.models import FollowUp, Trial, TrialSubject
from outcomes.tests.factories import FollowUpFactory, TrialSubjectFactory
from outcomes.trials.randomisation import new_trial
from outcomes.trials.refusals import TrialRefused
from participants.tests.factories import ELSEWHERE, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event
from primus.jobs.models import Run, RunKind
from primus.jobs.runs import Progress
from primus.testing.queries import query_budget

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial():
    return new_trial(name="Forsøg", municipalities=["0751", ELSEWHERE], by=None, length=20)


def sent(**values):
    """An assessment of somebody who can and will, as the form sends it."""
    return {
        "token": uuid4(),
        "municipality": "0751",
        "risk_group": "highest",
        "assessed_on": in_days(0),
        "eligibility": "eligible",
        "consent_form": "written",
        "consent_on": in_days(0),
        "age_group": "under_30",
        "priors": "many",
        "release_kind": "parole",
        "expected_release": in_days(60),
        **values,
    }


def text(response) -> str:
    return response.content.decode()


def events(subject) -> list[str]:
    rows = AccessEntry.objects.filter(object_type="outcomes.trialsubject", object_id=subject.pk)
    return list(rows.order_by("pk").values_list("event", flat=True))


# --- Staff ---------------------------------------------------------------------------------

DESIGN = {
    "name": "Nyt forsøg",
    "definition": "kriminalforsorgen",
    "horizon_days": 730,
    "share": "2:1",
    "block_sizes": [3, 6],
    "length": 12,
    "municipalities": ["0751", ELSEWHERE],
}


def test_staff_make_a_trial_and_its_hash_is_published(staff_client):
    response = staff_client.post(reverse("trial_create"), DESIGN, follow=True)
    trial = Trial.objects.get()
    assert trial.sequence_hash in text(response)
    assert list(trial.arms.values_list("has_mentors", "weight")) == [(True, 2), (False, 1)]
    assert trial.strata.count() == 4
    assert response.redirect_chain[-1][0] == reverse("trial", args=[trial.pk])


@pytest.mark.parametrize(
    "values",
    [
        {"block_sizes": [3]},
        {
            "name": "Forsøg",
            "horizon_days": 0,
            "block_sizes": [4, 6],
            "length": 99_999_999_999,
            "municipalities": [],
        },
        {"length": -3},
    ],
)
def test_a_design_that_cannot_be_says_why_beside_each_question_at_once(staff_client, trial, values):
    response = staff_client.post(reverse("trial_create"), DESIGN | values)
    errors = response.context["form"].errors
    assert set(errors) == set(values)
    if "length" in values:
        assert errors["length"] == [str(TrialRefused.SENTENCES["bad_length"])]
    assert Trial.objects.get() == trial


def test_staff_see_counts_and_never_a_subject(staff_client, trial):
    subjects = [TrialSubjectFactory(trial=trial, has_mentors=None) for _ in range(3)]
    recompute(Progress(Run(kind=RunKind.EFFECT)))
    with query_budget(14):
        page = text(staff_client.get(reverse("trial", args=[trial.pk])))
    assert not any(subject.pseudonym in page for subject in subjects)
    # Three are few enough to be recognised.
    assert 'class="suppressed"' in page
    for name in ("trial_subject", "trial_draw", "trial_reassess"):
        assert staff_client.get(reverse(name, args=[subjects[0].pk])).status_code == 404


def test_the_order_is_open_to_everybody_once_the_trial_is_closed(
    staff_client, coordinator_client, trial
):
    address = reverse("trial_order", args=[trial.pk])
    assert staff_client.get(address).status_code == 404
    response = staff_client.post(reverse("trial_close", args=[trial.pk]), follow=True)
    assert address in text(response)
    published = coordinator_client.get(address)
    assert hashlib.sha256(published.content).hexdigest() == trial.sequence_hash
    assert b"salt: " in published.content
    checked = staff_client.get(reverse("trial", args=[trial.pk]), {"check": "1"})
    assert checked.context["checked"] is True
    again = staff_client.post(reverse("trial_close", args=[trial.pk]), follow=True)
    assert again.status_code == 200
    assert coordinator_client.get(reverse("trial_assess", args=[trial.pk])).status_code == 302


def test_staff_are_told_that_places_run_out_and_not_how_many_are_left(staff_client, trial):
    from outcomes.trials import enrolling

    for _ in range(enrolling.places_left(trial)["0751", "highest"] - 4):
        enrolling.allocate(TrialSubjectFactory(trial=trial), None)
    response = staff_client.get(reverse("trial", args=[trial.pk]))
    [stratum] = response.context["running_out"]
    assert (stratum.municipality, stratum.is_full) == ("Aarhus", False)


# --- Coordinators --------------------------------------------------------------------------


def test_from_the_assessment_to_the_draw(coordinator_client, trial):
    answers = sent()
    first = coordinator_client.post(reverse("trial_assess", args=[trial.pk]), answers)
    subject = TrialSubject.objects.get()
    draw = reverse("trial_draw", args=[subject.pk])
    assert first.url == draw
    # Sent again, as the back button does.
    again = coordinator_client.post(reverse("trial_assess", args=[trial.pk]), answers)
    assert again.url == draw
    assert TrialSubject.objects.count() == 1
    assert not TrialSubject.objects.randomised()
    assert 'class="alert alert-warning' in coordinator_client.get(draw).text
    assert not TrialSubject.objects.randomised(), "looking draws nobody"

    page = coordinator_client.post(draw, follow=True)
    subject.refresh_from_db()
    assert subject.place.number == 1
    assert subject.arm.label in text(page)
    drawn = (subject.place, subject.arm, subject.allocated_at)
    coordinator_client.post(draw)
    subject.refresh_from_db()
    assert (subject.place, subject.arm, subject.allocated_at) == drawn
    # Nothing that was known before can be changed any more.
    correct = reverse("trial_reassess", args=[subject.pk])
    assert coordinator_client.get(correct).url == reverse("trial_subject", args=[subject.pk])
    coordinator_client.post(correct, sent(priors="few"))
    subject.refresh_from_db()
    assert subject.priors == "many"
    assert Event.CREATE in events(subject)
    assert Event.CHANGE in events(subject)


def test_a_page_that_was_opened_while_the_draw_was_made_changes_nothing(
    coordinator_client, trial, client_for, coordinator_user
):
    subject = TrialSubjectFactory(trial=trial)
    other_tab = client_for(coordinator_user)
    coordinator_client.post(reverse("trial_draw", args=[subject.pk]))
    answer = other_tab.post(reverse("trial_reassess", args=[subject.pk]), sent(priors="few"))
    assert answer.url == reverse("trial_subject", args=[subject.pk])
    assert TrialSubject.objects.get().priors == "many"


@pytest.mark.parametrize(
    ("fields", "values"),
    [
        (["not_eligible_reason"], {"eligibility": "not_eligible"}),
        (["priors", "expected_release"], {"priors": "", "expected_release": ""}),
        (["consent_on"], {"consent_on": ""}),
        (
            ["assessed_on", "consent_on", "priors"],
            {"assessed_on": in_days(1), "consent_on": in_days(1), "priors": ""},
        ),
        (["expected_release"], {"expected_release": in_days(-32)}),
        (["municipality"], {"municipality": ELSEWHERE}),
        (["eligibility"], {"eligibility": ""}),
    ],
)
def test_an_assessment_that_lacks_something_says_so_and_loses_nothing(
    coordinator_client, trial, fields, values
):
    response = coordinator_client.post(reverse("trial_assess", args=[trial.pk]), sent(**values))
    form = response.context["form"]
    assert [name for name in form.fields if name in form.errors] == fields
    assert not form.non_field_errors()
    assert form["age_group"].value() == "under_30"
    assert not TrialSubject.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"eligibility": "not_eligible", "not_eligible_reason": "safety"},
        # What is hidden for them is not asked, and so is never wrong.
        {"eligibility": "declined", "consent_on": in_days(1), "expected_release": in_days(-900)},
        {"consent_form": "", "consent_on": in_days(1)},
    ],
)
def test_who_is_not_ready_is_noted_and_not_drawn(coordinator_client, trial, values):
    page = coordinator_client.post(
        reverse("trial_assess", args=[trial.pk]), sent(**values), follow=True
    )
    subject = TrialSubject.objects.get()
    assert page.redirect_chain[-1][0] == reverse("trial_subject", args=[subject.pk])
    coordinator_client.post(reverse("trial_draw", args=[subject.pk]))
    assert not TrialSubject.objects.randomised()


def test_an_order_that_cannot_be_opened_draws_nobody_and_says_so(
    coordinator_client, trial, settings
):
    from primus import sealing

    subject = TrialSubjectFactory(trial=trial)
    settings.SEALING_KEYS = [sealing.new_key()]
    page = coordinator_client.post(reverse("trial_draw", args=[subject.pk]), follow=True)
    assert str(TrialRefused.SENTENCES["broken_seal"]) in text(page)
    assert not TrialSubject.objects.randomised()


def test_the_list_has_the_own_subjects_only_and_logs_whom_it_showed(
    coordinator_client, trial, coordinator_user
):
    own = TrialSubjectFactory(trial=trial)
    over = TrialSubjectFactory(trial=trial, declined=True)
    theirs = TrialSubjectFactory(trial=trial, municipality_id=ELSEWHERE, municipality=None)
    page = text(coordinator_client.get(reverse("trial", args=[trial.pk])))
    assert own.pseudonym in page
    assert over.pseudonym not in page
    everybody = text(coordinator_client.get(reverse("trial", args=[trial.pk]), {"show": "all"}))
    assert over.pseudonym in everybody
    assert theirs.pseudonym not in everybody
    row = AccessEntry.objects.filter(user=coordinator_user).latest("pk")
    assert set(row.detail.split()) == {str(own.pk), str(over.pk)}


def test_the_list_asks_as_often_whatever_its_length(coordinator_client, trial):
    for enrolment in (EnrolmentFactory(), EnrolmentFactory(), None, None):
        TrialSubjectFactory(trial=trial, enrolment=enrolment)
    with query_budget(12):
        coordinator_client.get(reverse("trial", args=[trial.pk]), {"show": "all"})


def test_who_was_drawn_to_mentors_gets_the_case_file_by_one_click(coordinator_client):
    subject = TrialSubjectFactory(has_mentors=True)
    enrolment = EnrolmentFactory(referred_on=in_days(-5))
    elsewhere = EnrolmentFactory(municipality_id=ELSEWHERE, municipality=None)
    page = coordinator_client.get(reverse("trial_link", args=[subject.pk]))
    assert re.findall(r'value="(P-\d+)"', text(page)) == [enrolment.case_number]
    link = reverse("trial_link", args=[subject.pk])
    foreign = coordinator_client.post(link, {"case_number": elsewhere.case_number})
    missing = coordinator_client.post(link, {"case_number": "P-99999"})
    assert foreign.context["form"].errors == missing.context["form"].errors != {}
    coordinator_client.post(link, {"case_number": enrolment.case_number})
    subject.refresh_from_db()
    assert subject.enrolment == enrolment
    shown = coordinator_client.get(reverse("trial_subject", args=[subject.pk]))
    assert enrolment.case_number in text(shown)
    coordinator_client.post(reverse("trial_unlink", args=[subject.pk]))
    subject.refresh_from_db()
    assert subject.enrolment is None


def test_release_and_consent_of_who_has_no_case_file(coordinator_client):
    subject = TrialSubjectFactory(has_mentors=False)
    release = reverse("trial_release", args=[subject.pk])
    early = coordinator_client.post(release, {"released_on": in_days(1)})
    assert early.context["form"].errors
    coordinator_client.post(release, {"released_on": in_days(-1)})
    subject.refresh_from_db()
    assert subject.released_on == in_days(-1)
    FollowUpFactory(enrolment=None, subject=subject)
    withdraw = reverse("trial_withdraw", args=[subject.pk])
    assert coordinator_client.get(withdraw).status_code == 200
    page = coordinator_client.post(withdraw, {"withdrawn_on": in_days(0)}, follow=True)
    assert page.status_code == 200
    assert not FollowUp.objects.exists()
    # What cannot be done any more says so at once, without a form.
    for address in (withdraw, release, reverse("trial_link", args=[subject.pk])):
        assert coordinator_client.get(address).url == reverse("trial_subject", args=[subject.pk])
    shown = coordinator_client.get(reverse("trial_subject", args=[subject.pk]))
    assert str(TrialRefused.SENTENCES["withdrawn"]) in text(shown)
    other = TrialSubjectFactory(has_mentors=True, enrolment=EnrolmentFactory())
    page = coordinator_client.get(reverse("trial_release", args=[other.pk]), follow=True)
    assert str(TrialRefused.SENTENCES["has_case_file"]) in text(page)
