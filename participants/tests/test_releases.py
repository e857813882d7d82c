"""Moving and confirming a release, and taking either back, through the pages."""

import pytest
from bs4 import BeautifulSoup
from django.template.defaultfilters import capfirst
from django.urls import reverse

from mentoring.models import Reminder
from mentoring.tests.factories import PairFactory, ReminderFactory
from participants.milestones import Milestone
from participants.models import ChangeKind, EnrolmentChange, ReleaseDateMove
from participants.releases import ReleaseRefused, move_release
from participants.tests.factories import CoordinatorFactory, EnrolmentFactory, in_days
from primus.access.models import AccessEntry, Event
from primus.templatetags.primus_ui import shortdate


def url(name, enrolment) -> str:
    return reverse(name, args=[enrolment.pk])


@pytest.fixture
def enrolment(coordinator):
    return EnrolmentFactory(pre_release=True)


def test_a_move_shows_what_moves_before_it_is_made(coordinator_client, enrolment):
    new = in_days(44)
    data = {"new_date": new.isoformat(), "reason": "recalculated", "note": "Brev fra anstalten"}
    shown = coordinator_client.post(url("release_move", enrolment), data)
    effects = {effect.what: effect for effect in shown.context["preview"].effects}
    for milestone in Milestone:
        assert str(milestone.label)[1:] in "".join(effects)
    release = effects[capfirst(str(Milestone.RELEASE.label))]
    assert (release.old, release.new) == (shortdate(in_days(30)), shortdate(new))
    gate = effects[capfirst(str(Milestone.GATE_WEEK.label))]
    assert gate.new == shortdate(in_days(30))
    enrolment.refresh_from_db()
    assert enrolment.expected_release == in_days(30)
    assert not AccessEntry.objects.filter(event=Event.CHANGE).exists()

    done = coordinator_client.post(
        url("release_move", enrolment), data | {"shown": new.isoformat()}
    )
    assert done.url.startswith(url("enrolment", enrolment))
    enrolment.refresh_from_db()
    assert enrolment.expected_release == new
    move = ReleaseDateMove.objects.get()
    assert (move.old_date, move.new_date, move.reason) == (in_days(30), new, "recalculated")
    assert move.note == "Brev fra anstalten"
    assert AccessEntry.objects.filter(event=Event.CHANGE, object_id=enrolment.pk).exists()


def test_what_was_shown_for_another_day_does_not_count(coordinator_client, enrolment):
    data = {"new_date": in_days(44).isoformat(), "reason": "other"}
    answer = coordinator_client.post(
        url("release_move", enrolment), data | {"shown": in_days(43).isoformat()}
    )
    assert answer.context["new_day"] == in_days(44)
    assert not ReleaseDateMove.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"new_date": ""}, "new_date"),
        ({"new_date": in_days(30).isoformat()}, "new_date"),
        ({"new_date": in_days(-61).isoformat()}, "new_date"),
        ({"new_date": in_days(366 * 5 + 2).isoformat()}, "new_date"),
        ({"reason": ""}, "reason"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_a_move_that_cannot_be_is_refused(coordinator_client, enrolment, changes, field):
    data = {"new_date": in_days(44).isoformat(), "reason": "other", "note": ""} | changes
    answer = coordinator_client.post(
        url("release_move", enrolment), data | {"shown": data["new_date"]}
    )
    assert list(answer.context["form"].errors) == [field]
    assert not ReleaseDateMove.objects.exists()


def test_a_confirmed_release_does_not_move(coordinator_client, coordinator_user):
    released = EnrolmentFactory(post_release=True)
    assert coordinator_client.get(url("release_move", released)).status_code == 302
    with pytest.raises(ReleaseRefused) as refused:
        move_release(released, in_days(10), reason="other", by=coordinator_user)
    assert refused.value.code == "released"


def test_confirming_takes_the_expected_day_as_it_stands(coordinator_client, coordinator):
    unconfirmed = EnrolmentFactory(unconfirmed=True)
    form = coordinator_client.get(url("release_confirm", unconfirmed)).context["form"]
    assert form.initial["released_on"] == in_days(-5)
    coordinator_client.post(
        url("release_confirm", unconfirmed), {"released_on": in_days(-4).strftime("%d.%m.%Y")}
    )
    unconfirmed.refresh_from_db()
    assert unconfirmed.released_on == in_days(-4)
    assert unconfirmed.phase == "post_release"


@pytest.mark.parametrize("days", [1, -61])
def test_a_release_is_not_in_the_future_nor_before_the_referral(
    coordinator_client, enrolment, days
):
    answer = coordinator_client.post(
        url("release_confirm", enrolment), {"released_on": in_days(days).isoformat()}
    )
    assert answer.context["form"].errors["released_on"]
    enrolment.refresh_from_db()
    assert enrolment.released_on is None


@pytest.mark.parametrize("name", ["release_move", "release_confirm", "enrolment_end"])
def test_an_enrolment_that_has_ended_keeps_its_dates(coordinator_client, coordinator, name):
    ended = EnrolmentFactory(ended=True)
    day = in_days(-1).isoformat()
    data = {"new_date": day, "shown": day, "reason": "other", "released_on": day}
    answer = coordinator_client.post(
        url(name, ended), data | {"ended_on": day, "end_reason": "other"}
    )
    assert answer.url == url("enrolment", ended)
    before = (ended.expected_release, ended.released_on, ended.ended_on)
    ended.refresh_from_db()
    assert before == (ended.expected_release, ended.released_on, ended.ended_on)


@pytest.mark.parametrize("name", ["release_move", "release_confirm"])
def test_dates_are_planned_anew_when_they_are_saved(
    coordinator_client, enrolment, name, django_capture_on_commit_callbacks, monkeypatch
):
    asked = []
    monkeypatch.setattr("mentoring.tasks.remind_enrolment.delay", asked.append)
    day = in_days(0 if name != "release_move" else 44).isoformat()
    data = {"new_date": day, "shown": day, "reason": "other", "released_on": day}
    with django_capture_on_commit_callbacks(execute=True):
        coordinator_client.post(url(name, enrolment), data)
    assert set(asked) == {enrolment.pk}


def test_before_a_move_is_made_it_says_what_else_hangs_on_the_day(coordinator_client, coordinator):
    """The phase, reminders, closed offices, and whether there are two mentors in time."""
    enrolment = EnrolmentFactory(upcoming=True)
    ReminderFactory(enrolment=enrolment, state=Reminder._meta.get_field("state").default)
    sunday = in_days(20 + (6 - in_days(20).weekday()))
    data = {"new_date": sunday.isoformat(), "reason": "parole_granted"}
    preview = coordinator_client.post(url("release_move", enrolment), data).context["preview"]
    phase = preview.effects[0]
    assert phase.is_changed
    assert (phase.old, phase.new) == ("Før perioden", "Før løsladelse")
    assert len(preview.warnings) == 2
    assert len(preview.notes) == 3
    PairFactory(enrolment=enrolment, seat1__held_until=in_days(10))
    later = {"new_date": in_days(125).isoformat(), "reason": "recalculated"}
    enrolment.expected_release = in_days(5)
    enrolment.save()
    preview = coordinator_client.post(url("release_move", enrolment), later).context["preview"]
    mentor = enrolment.pairs.get().seats.get(number=1).mentor.user
    assert any(mentor.first_name in warning for warning in preview.warnings)


def undo_button(client, address: str) -> str:
    """Where the page's Undo leads; nowhere when there is none."""
    form = BeautifulSoup(client.get(address).text, "html.parser").select_one(".alert-success form")
    return form["action"] if form else ""


def test_a_move_is_undone_by_one_button_and_both_stay_in_the_history(
    coordinator_client, enrolment, client_for
):
    new = in_days(44).isoformat()
    data = {"new_date": new, "shown": new, "reason": "recalculated"}
    address = coordinator_client.post(url("release_move", enrolment), data).url
    undo = undo_button(coordinator_client, address)
    # A colleague sees no button and has no way in.
    colleague = client_for(CoordinatorFactory())
    colleague.post(undo)
    enrolment.refresh_from_db()
    assert enrolment.expected_release == in_days(44)
    coordinator_client.post(undo)
    enrolment.refresh_from_db()
    assert enrolment.expected_release == in_days(30)
    assert ReleaseDateMove.objects.count() == 2
    assert undo_button(coordinator_client, address) == ""
    coordinator_client.post(undo)
    assert ReleaseDateMove.objects.count() == 2


def test_confirming_correcting_and_undoing_are_written_down_with_who(
    coordinator_client, coordinator_user
):
    unconfirmed = EnrolmentFactory(unconfirmed=True)
    page = url("release_confirm", unconfirmed)
    coordinator_client.post(page, {"released_on": in_days(-4).isoformat()})
    # The same form twice: it says so already.
    coordinator_client.post(page, {"released_on": in_days(-4).isoformat()})
    address = coordinator_client.post(page, {"released_on": in_days(-3).isoformat()}).url
    coordinator_client.post(undo_button(coordinator_client, address))
    unconfirmed.refresh_from_db()
    assert unconfirmed.released_on == in_days(-4)
    rows = EnrolmentChange.objects.filter(enrolment=unconfirmed)
    assert [(row.kind, row.before, row.after, row.changed_by) for row in rows] == [
        (ChangeKind.RELEASE_CONFIRMED, "", in_days(-4).isoformat(), coordinator_user),
        (
            ChangeKind.RELEASE_CORRECTED,
            in_days(-4).isoformat(),
            in_days(-3).isoformat(),
            coordinator_user,
        ),
        (
            ChangeKind.RELEASE_TAKEN_BACK,
            in_days(-3).isoformat(),
            in_days(-4).isoformat(),
            coordinator_user,
        ),
    ]
