"""The enrolment's page on a phone: the plan, the meetings and the contacts, with a thumb."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mentoring.models import AuthorityContact
from mentoring.tests.factories import (
    AccompanimentFactory,
    AuthorityContactFactory,
    MeetingAdditionFactory,
    MeetingFactory,
    MeetingVersionFactory,
    MentorFactory,
    PairFactory,
)
from participants.models import Goal, GoalState
from participants.tests.factories import EnrolmentFactory, GoalFactory
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)

TOUCH = 44


class PlanPage(PageObject):
    url_name = "enrolment_plan"


class NewGoalPage(PageObject):
    url_name = "goal_create"


class GoalPage(PageObject):
    url_name = "goal"


class MeetingsPage(PageObject):
    url_name = "enrolment_meetings"


class PeoplePage(PageObject):
    url_name = "enrolment_people"


class NewContactPage(PageObject):
    url_name = "contact_create"


class ContactPage(PageObject):
    url_name = "contact"


@pytest.fixture
def karen():
    return MentorFactory(user__first_name="Karen", user__phone="20202020")


@pytest.fixture
def rasmus(karen):
    enrolment = EnrolmentFactory(post_release=True, participant__first_name="Rasmus")
    PairFactory(enrolment=enrolment, seat1=karen, seat2__mentor__user__first_name="Jonas")
    return enrolment


def tap(page, name: str, value: str) -> None:
    """Tap the label of a choice, as a thumb does."""
    field = page.locator(f'[name="{name}"][value="{value}"]')
    page.locator(f'label[for="{field.get_attribute("id")}"]').tap()


def test_a_goal_is_agreed_moved_reached_and_undone_with_a_thumb(signed_in_page, karen, rasmus):
    page = signed_in_page(karen)
    plan = PlanPage(page, rasmus.pk).open()
    page.locator(".actionbar a").tap()
    NewGoalPage(page, rasmus.pk).check()
    tap(page, "area", "housing")
    page.locator("#id_title").fill("En fast bolig")
    tap(page, "due_when", "day")
    expect(page.locator("#id_due_on")).to_be_visible()
    page.locator("#id_due_on").fill((timezone.localdate() + timedelta(days=5)).isoformat())
    page.locator(".actionbar button").dblclick()
    plan.check()
    expect(page.locator("#area-housing .plan-goals li")).to_have_count(1)
    goal = Goal.objects.get()

    page.locator(f"#goal-{goal.pk} .plan-acts a").first.tap()
    GoalPage(page, goal.pk).check()
    tap(page, "due_when", "month")
    page.locator("#move button[value=move]").tap()
    plan.check()

    page.locator(f"#goal-{goal.pk} button[value=reach]").tap()
    plan.check()
    expect(page.locator("#area-housing .alert")).to_be_in_viewport()
    expect(page.locator("#area-housing details .text-ok")).to_have_count(1)
    page.locator("#area-housing .alert button").tap()
    expect(page.locator("#messages .alert-success")).to_be_visible()
    goal.refresh_from_db()
    assert goal.state == GoalState.OPEN
    assert [change.kind for change in goal.changes.all()] == ["agreed", "moved"]


def test_meetings_are_searched_and_narrowed_with_a_thumb(signed_in_page, karen, rasmus):
    MeetingFactory(enrolment=rasmus, areas=["housing"], note="Huslejen er betalt.")
    MeetingFactory(enrolment=rasmus, areas=["work"], note="Huslejen skal betales.")
    MeetingFactory(enrolment=rasmus, areas=["work"], note="Han har fået et job.")
    page = signed_in_page(karen)
    meetings = MeetingsPage(page, rasmus.pk).open()
    page.locator("#id_q").fill("huslejen")
    page.locator(".search-line button").tap()
    expect(page.locator("article.meeting")).to_have_count(2)
    meetings.check()
    expect(page.locator("article.meeting mark").first).to_have_text("Huslejen")
    expect(page.locator("#id_q")).to_have_value("huslejen")
    assert "huslejen" not in page.url
    page.locator(".narrow-by .a-work").tap()
    expect(page.locator("article.meeting")).to_have_count(1)
    expect(page.locator("article.meeting")).to_contain_text("skal betales")


def test_a_contact_is_added_called_and_removed_with_a_thumb(signed_in_page, karen, rasmus):
    page = signed_in_page(karen)
    people = PeoplePage(page, rasmus.pk).open()
    page.locator(".actionbar a").tap()
    NewContactPage(page, rasmus.pk).check()
    page.locator("#id_authority").select_option("job_centre")
    page.locator("#id_name").fill("Birgit Prøvesen")
    page.locator(".actionbar button").tap()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator("#id_phone").fill("70102030")
    page.locator(".actionbar button").dblclick()
    people.check()
    call = page.locator('.contact-list a[href="tel:+4570102030"]')
    expect(call).to_contain_text("70 10 20 30")
    assert call.bounding_box()["height"] >= TOUCH
    page.locator(".contact-list .btn-icon").tap()
    ContactPage(page, AuthorityContact.objects.get().pk).check()
    page.locator("details summary").tap()
    page.locator("details button").tap()
    people.check()
    assert not AuthorityContact.objects.exists()


@pytest.mark.parametrize(
    ("size", "language", "color_scheme"), [("phone", "da", "light"), ("laptop", "en", "dark")]
)
def test_every_part_is_accessible(signed_in_page, karen, rasmus, size, language, color_scheme):
    meeting = MeetingFactory(enrolment=rasmus, areas=["housing"], note="ord " * 300)
    AccompanimentFactory(meeting=meeting)
    MeetingAdditionFactory(meeting=meeting, written_by=karen.user)
    MeetingVersionFactory(meeting=meeting)
    goal = GoalFactory(enrolment=rasmus)
    GoalFactory(enrolment=rasmus, dropped=True)
    reached = GoalFactory(enrolment=rasmus, reached=True)
    contact = AuthorityContactFactory(enrolment=rasmus)
    page = signed_in_page(karen, size, language, color_scheme=color_scheme)
    parts = [part(page, rasmus.pk) for part in (MeetingsPage, PlanPage, PeoplePage)]
    ones = [GoalPage(page, goal.pk), GoalPage(page, reached.pk), ContactPage(page, contact.pk)]
    for one in [*parts, *ones]:
        page.goto(one.path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        one.check()
    for part in parts if size == "phone" else []:
        page.goto(part.path)
        current = page.locator(".tabs [aria-current=page]")
        expect(current).to_be_in_viewport()
        assert current.bounding_box()["height"] >= TOUCH


def test_everything_works_without_javascript(open_context, karen, rasmus):
    page = open_context(karen, java_script_enabled=False).new_page()
    page.goto(f"/enrolments/{rasmus.pk}/plan/new/?area=work")
    page.locator("#id_title").fill("Praktik på værkstedet")
    page.locator(".actionbar button").tap()
    expect(page).to_have_url(re.compile(f"/enrolments/{rasmus.pk}/plan/"))
    page.locator("button[value=reach]").tap()
    expect(page.locator("#area-work .alert-success")).to_be_visible()
    assert Goal.objects.get().state == GoalState.REACHED
