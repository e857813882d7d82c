"""The harness itself: a guard that cannot fail guards nothing."""

import socket

import pytest
from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.template import Context, Origin, Template, engines
from factory import Trait

from mentoring.models import Seat
from mentoring.tests.factories import (
    AccompanimentFactory,
    ClearanceFactory,
    ConcernFactory,
    MeetingAreaFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
    ReminderFactory,
    SeatFactory,
)
from outcomes.tests.factories import FollowUpFactory, ReoffenceFactory, SnapshotFactory
from participants.models import ChecklistPoint, Institution, Municipality
from participants.phases import Phase
from participants.tests.factories import (
    ChecklistItemFactory,
    ConsentFactory,
    CoordinatorFactory,
    EnrolmentFactory,
    GoalFactory,
    NeedRatingFactory,
    ParticipantFactory,
    ReleaseDateMoveFactory,
)
from primus.accounts.models import User
from primus.accounts.tests.factories import InvitationFactory, UserFactory

REFERENCE_DATA = [(Municipality, 98), (Institution, 1), (ChecklistPoint, 8)]


@pytest.mark.parametrize("time", [1, 2])
def test_reference_data_outlives_the_flush(transactional_db, time):
    for model, fewest in REFERENCE_DATA:
        assert model.objects.count() >= fewest
    assert not User.objects.exists()
    PairFactory()


def test_reference_data_is_there_after_the_flushes(db):
    for model, fewest in REFERENCE_DATA:
        assert model.objects.count() >= fewest


@pytest.mark.parametrize(
    "factory",
    [
        AccompanimentFactory,
        ChecklistItemFactory,
        ClearanceFactory,
        ConcernFactory,
        ConsentFactory,
        CoordinatorFactory,
        EnrolmentFactory,
        FollowUpFactory,
        GoalFactory,
        InvitationFactory,
        MeetingAreaFactory,
        MeetingFactory,
        MentorFactory,
        NeedRatingFactory,
        PairFactory,
        ParticipantFactory,
        ReleaseDateMoveFactory,
        ReminderFactory,
        ReoffenceFactory,
        SeatFactory,
        SnapshotFactory,
        UserFactory,
    ],
    ids=lambda factory: factory.__name__,
)
def test_what_factories_make_is_valid_with_every_trait(db, factory):
    traits = [name for name, p in factory._meta.parameters.items() if isinstance(p, Trait)]
    for made in [factory(), *(factory(**{trait: True}) for trait in traits)]:
        made.full_clean(
            exclude=[f.name for f in made._meta.fields if f.value_from_object(made) is None]
        )


@pytest.mark.parametrize(
    ("trait", "phase"),
    [
        ("upcoming", Phase.UPCOMING),
        ("pre_release", Phase.PRE_RELEASE),
        ("gate_week", Phase.PRE_RELEASE),
        ("unconfirmed", Phase.UNCONFIRMED),
        ("post_release", Phase.POST_RELEASE),
        ("past_year", Phase.POST_RELEASE),
        ("ended", Phase.ENDED),
        ("withdrawn", Phase.ENDED),
    ],
)
def test_enrolments_are_in_the_phase_they_are_made_for(db, trait, phase):
    assert EnrolmentFactory(**{trait: True}).phase == phase


def test_a_pair_has_both_seats_or_those_that_are_asked_for(db):
    first, second = MentorFactory(), MentorFactory()
    pair = PairFactory(seat1=first, seat2=second)
    assert list(Seat.objects.held().filter(pair=pair).values_list("number", "mentor")) == [
        (1, first.pk),
        (2, second.pk),
    ]
    assert PairFactory(seat2=False).seats.count() == 1
    assert MentorFactory._meta.model.objects.cleared().filter(pk=first.pk).exists()
    uncleared = MentorFactory(cleared=False)
    assert not MentorFactory._meta.model.objects.cleared().filter(pk=uncleared.pk).exists()


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ known.missing }}",
        "{{ missing|default:'x' }}",
        "{% for x in missing %}{{ x }}{% endfor %}",
        "{% load i18n %}{% blocktranslate %}Hello {{ missing }}{% endblocktranslate %}",
        "{% with x=missing %}{{ x }}{% endwith %}",
    ],
)
def test_an_undefined_variable_fails_in_our_templates_only(text, settings):
    engine = engines["django"].engine
    ours = Template(text, Origin(str(settings.BASE_DIR / "templates" / "x.html")), "x.html", engine)
    with pytest.raises(AssertionError, match="missing"):
        ours.render(Context({"known": {}}))
    theirs = Template(text, Origin("/elsewhere/crispy_forms/x.html"), "x.html", engine)
    theirs.render(Context({"known": {}}))


@pytest.mark.parametrize(
    "text", ["{% if user.mentor %}x{% endif %}", "{% if missing %}x{% endif %}"]
)
def test_asking_whether_something_is_there_is_no_failure(db, text, settings, coordinator_user):
    origin = Origin(str(settings.BASE_DIR / "templates" / "x.html"))
    template = Template(text, origin, "x.html", engines["django"].engine)
    assert template.render(Context({"user": coordinator_user})) == ""


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.org", 80)])
def test_no_connection_leaves_the_machine(address):
    with pytest.raises(RuntimeError, match="no test uses the network"):
        socket.create_connection(address, timeout=1)


def test_query_budget_lists_what_was_asked(db, query_budget):
    with query_budget(1) as statements:
        list(Municipality.objects.all())
    assert len(statements) == 1
    with pytest.raises(pytest.fail.Exception, match="1 queries, at most 0"), query_budget(0):
        list(Municipality.objects.all())


def test_passwords_are_hashed_quickly():
    assert get_hasher().algorithm == "md5"


def test_the_test_database_is_not_in_memory(db):
    """A worker process must be able to open it."""
    assert connection.vendor == "postgresql" or not connection.is_in_memory_db()


BARE = "<html lang=en><title>t</title><main><h1>A</h1>{}</main>"


def test_the_browser_finds_pages_that_are_not_as_they_must_be(
    signed_in_page, axe_clean, mentor_user, size
):
    page = signed_in_page(None, size)
    page.set_content(BARE.format("<div style='width:3000px'>x</div>"))
    with pytest.raises(AssertionError, match="wide"):
        axe_clean(page)
    page.set_content(BARE.format("<img src='data:,'>"))
    with pytest.raises(pytest.fail.Exception, match="image-alt"):
        axe_clean(page)
    page.set_content(BARE.replace("t<", f"{mentor_user.first_name}<"))
    with pytest.raises(AssertionError, match=mentor_user.first_name):
        axe_clean(page)
    page.set_content(BARE)
    axe_clean(page)


def test_the_browser_notices_what_breaks(signed_in_page, browser_problems):
    page = signed_in_page(None)
    page.route("**/broken", lambda route: route.fulfill(status=500, body="broken"))
    page.goto("/broken")
    assert "500 GET /broken" in browser_problems
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('thrown') }, 0)")
    assert any("thrown" in problem for problem in browser_problems)
    browser_problems.clear()
