"""The coordinator's pages in Chromium, on a phone and on a laptop."""

import re

import pytest
from playwright.sync_api import expect

from mentoring.models import MentorPair, Seat
from mentoring.tests.factories import (
    ConcernFactory,
    MeetingFactory,
    MentorFactory,
    PairFactory,
)
from participants.tests.factories import (
    CoordinatorFactory,
    EnrolmentFactory,
    NeedRatingFactory,
    in_days,
)
from primus.testing.axe import axe_clean
from primus.testing.browser import LOOKS
from primus.testing.pages import PageObject

pytestmark = pytest.mark.django_db(transaction=True)


class CaseloadPage(PageObject):
    url_name = "enrolment_list"

    @property
    def rows(self):
        return self.page.locator("table.caseload tbody tr")

    def names(self) -> list[str]:
        return self.rows.locator("th a").all_inner_texts()


class PairPage(PageObject):
    url_name = "pair_create"

    def open_by_hand(self) -> None:
        self.page.locator("[data-by-hand] > summary").click()

    def choose(self, *mentors) -> None:
        for mentor in mentors:
            self.page.locator(f"#mentor-{mentor.pk}").check()

    @property
    def check_of_two(self):
        return self.page.locator("#pair-check")

    @property
    def sentence(self):
        return self.page.locator("[data-sentence]")

    def confirm(self) -> None:
        self.page.locator(".pair-form button[value=pair]").click()


class ConcernPage(PageObject):
    url_name = "concern"


class MovePage(PageObject):
    url_name = "release_move"


def sideways(page) -> int:
    """How far the page can be scrolled to the side."""
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def crowd(number: int) -> None:
    mentors = [MentorFactory(capacity=4) for _ in range(2)]
    for n in range(number):
        trait = ("pre_release", "gate_week", "unconfirmed", "post_release", "upcoming")[n % 5]
        enrolment = EnrolmentFactory(
            participant__first_name="Christian-Alexander",
            participant__last_name="Østergaard-Christensen",
            **{trait: True},
        )
        if n % 3:
            seat2 = mentors[1] if n % 2 else False
            PairFactory(enrolment=enrolment, seat1=mentors[0], seat2=seat2)
            MeetingFactory(enrolment=enrolment)


def test_the_list_is_dense_and_does_not_move_sideways(signed_in_page, size):
    coordinator = CoordinatorFactory()
    crowd(26)
    caseload = CaseloadPage(signed_in_page(coordinator, size)).open()
    expect(caseload.rows).to_have_count(25)
    assert sideways(caseload.page) <= 0
    if size == "laptop":
        heights = caseload.rows.evaluate_all("rows => rows.map(row => row.offsetHeight)")
        assert set(heights) == {40}
        acts = caseload.page.locator("table.caseload .act a")
        widths = acts.evaluate_all("links => links.map(link => link.offsetWidth)")
        assert len(set(widths)) == 1
    else:
        targets = caseload.page.locator("table.caseload .act a")
        heights = targets.evaluate_all("links => links.map(link => link.offsetHeight)")
        assert min(heights) >= 44


@LOOKS
def test_every_page_is_accessible(signed_in_page, language, color_scheme):
    coordinator = CoordinatorFactory()
    crowd(6)
    EnrolmentFactory(ended=True)
    free = [MentorFactory(occupation="murer"), MentorFactory(), MentorFactory(state="paused")]
    alone = EnrolmentFactory(expected_release=in_days(20), gender_wish="both_male")
    NeedRatingFactory(enrolment=alone)
    NeedRatingFactory(enrolment=alone, area="work", without_need=True)
    vacant = PairFactory(enrolment=EnrolmentFactory(), seat2=False).enrolment
    full = PairFactory(enrolment=EnrolmentFactory(), seat2=free[1]).enrolment
    page = signed_in_page(coordinator, "laptop", language, color_scheme=color_scheme)
    CaseloadPage(page).open()
    for enrolment in (alone, vacant, full):
        PairPage(page, enrolment.pk).open()
    for concern in (
        ConcernFactory(overdue=True),
        ConcernFactory(acknowledged=True, acknowledged_by=coordinator.user),
        ConcernFactory(resolved=True),
    ):
        ConcernPage(page, concern.pk).open()
    for name in ("release_move", "release_confirm", "enrolment_end"):
        MovePage.url_name, before = name, MovePage.url_name
        MovePage(page, alone.pk).open()
        MovePage.url_name = before


def test_filtering_changes_the_list_and_the_address(signed_in_page, size):
    coordinator = CoordinatorFactory()
    EnrolmentFactory(participant__first_name="Kevin", participant__last_name="Aagaard")
    EnrolmentFactory(
        upcoming=True, participant__first_name="Åse", participant__last_name="Østergaard"
    )
    caseload = CaseloadPage(signed_in_page(coordinator, size)).open()
    assert caseload.names() == ["Kevin Aagaard", "Åse Østergaard"]
    caseload.page.locator("[name=phase]").select_option("upcoming")
    expect(caseload.rows).to_have_count(1)
    assert caseload.names() == ["Åse Østergaard"]
    expect(caseload.page).to_have_url(re.compile("phase=upcoming"))
    # The address alone gives the same page.
    caseload.page.reload()
    assert caseload.names() == ["Åse Østergaard"]
    caseload.page.locator("[name=phase]").select_option("")
    expect(caseload.rows).to_have_count(2)
    caseload.page.locator(".caseload-filter [name=q]").fill("kevin")
    caseload.page.locator(".caseload-filter [name=q]").press("Enter")
    expect(caseload.rows).to_have_count(1)
    assert caseload.names() == ["Kevin Aagaard"]
    axe_clean(caseload.page)


def test_two_mentors_are_chosen_confirmed_and_taken_back(signed_in_page, size):
    coordinator = CoordinatorFactory()
    enrolment = EnrolmentFactory(participant__first_name="Kevin")
    birgit = MentorFactory(user__first_name="Birgit")
    dan = MentorFactory(user__first_name="Dan")
    third = MentorFactory(user__first_name="Else")
    pairing = PairPage(signed_in_page(coordinator, size, "en"), enrolment.pk).open()
    assert sideways(pairing.page) <= 0
    # A pair that was suggested is put aside by choosing by hand, and the other way round.
    suggested = pairing.page.locator("[name=pair]").first
    suggested.check()
    expect(pairing.sentence).to_contain_text(" for Kevin")
    pairing.open_by_hand()
    pairing.choose(birgit)
    expect(suggested).not_to_be_checked()
    expect(pairing.sentence).to_have_text("Birgit and one more")
    expect(pairing.check_of_two).to_contain_text("choose the other too")
    pairing.confirm()
    assert "exactly two" in pairing.errors
    expect(pairing.page.locator(f"#mentor-{birgit.pk}")).to_be_checked()
    pairing.check()
    pairing.choose(dan)
    expect(pairing.sentence).to_have_text("Birgit and Dan for Kevin")
    expect(pairing.check_of_two).to_contain_text("of 100")
    expect(pairing.page.locator(f"#mentor-{third.pk}")).to_be_disabled()
    assert sideways(pairing.page) <= 0
    pairing.check()
    pairing.confirm()
    expect(pairing.page.locator("#messages")).to_contain_text("The pair is formed")
    pairing.check()
    holders = Seat.objects.held().filter(pair__enrolment=enrolment)
    assert {seat.mentor for seat in holders} == {birgit, dan}
    pairing.page.get_by_role("button", name="Undo").click()
    expect(pairing.page.locator("#messages")).to_contain_text("taken back")
    assert not Seat.objects.held().exists()


def test_pairing_works_without_javascript(open_context, watch):
    coordinator = CoordinatorFactory()
    enrolment = EnrolmentFactory()
    mentors = [MentorFactory(), MentorFactory(), MentorFactory()]
    context = open_context(coordinator, "laptop", java_script_enabled=False)
    page = context.new_page()
    page.goto(PairPage(page, enrolment.pk).path)
    pairing = PairPage(page, enrolment.pk)
    pairing.open_by_hand()
    pairing.choose(*mentors)
    pairing.confirm()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator(f"#mentor-{mentors[0].pk}").uncheck()
    pairing.confirm()
    expect(page.locator("#messages")).to_be_visible()
    assert MentorPair.objects.get().enrolment == enrolment


def test_a_move_is_shown_before_it_is_made(signed_in_page, size):
    coordinator = CoordinatorFactory()
    enrolment = EnrolmentFactory()
    move = MovePage(signed_in_page(coordinator, size, "en"), enrolment.pk).open()
    move.page.locator("[name=new_date]").fill(in_days(45).isoformat())
    move.page.get_by_text("parole refused").click()
    move.page.get_by_role("button", name="See what moves").click()
    # Phase, days left, nine milestones, the next reminder, and whether the pair is in time.
    expect(move.page.locator(".moves tbody tr")).to_have_count(13)
    assert sideways(move.page) <= 0
    move.check()
    move.page.get_by_role("button", name="Move the release").click()
    expect(move.page.get_by_text("The expected release has been moved.")).to_be_visible()
    enrolment.refresh_from_db()
    assert enrolment.expected_release == in_days(45)


def test_a_concern_is_taken_and_closed(signed_in_page, size):
    coordinator = CoordinatorFactory()
    concern = ConcernFactory()
    answer = ConcernPage(signed_in_page(coordinator, size, "en"), concern.pk).open()
    assert sideways(answer.page) <= 0
    answer.page.get_by_role("button", name="I have it").click()
    expect(answer.page.locator("#messages")).to_contain_text("taken it")
    answer.page.locator("[name=outcome]").fill("Vi har talt sammen")
    answer.page.get_by_role("button", name="Close the concern").click()
    expect(answer.page.locator("#messages")).to_contain_text("is closed")
    concern.refresh_from_db()
    assert concern.outcome == "Vi har talt sammen"
