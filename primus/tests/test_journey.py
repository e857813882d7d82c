"""The whole of Primus as it is started for real: a coordinator pairs, the worker reminds, a mentor
logs a meeting, staff see it counted. Web server, worker and beat are processes of their own."""

import os
import re
import uuid
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg2
import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from primus.demo.accounts import DEMO_PASSWORD
from primus.testing.axe import accessible
from primus.testing.browser import SIZES
from primus.testing.installation import served

MUNICIPALITY = "0751"  # Aarhus, where the demonstration's coordinator works
A_WHILE = 60_000  # milliseconds: the machine may be busy with the rest of the suite


@pytest.fixture(scope="module")
def own_database(tmp_path_factory):
    """A database for this installation alone, of the kind that the suite runs on."""
    given = settings.DATABASES["default"]
    if given["ENGINE"].endswith("sqlite3"):
        yield ""
        return
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"journey_{uuid.uuid4().hex[:12]}"
    connection = psycopg2.connect(
        host=url.hostname,
        port=url.port,
        user=url.username,
        password=url.password,
        dbname=given.get("TEST", {}).get("TEMPLATE") or "postgres",
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        try:
            yield url._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    connection.close()


@pytest.fixture(scope="module")
def product(tmp_path_factory, own_database):
    """`manage.py serve` with the demonstration's data; the address it printed."""
    with served(tmp_path_factory.mktemp("product"), database_url=own_database) as address:
        yield address


@dataclass
class Visitor:
    """Somebody at a browser."""

    page: Page

    def sign_in_as(self, role: str) -> None:
        self.page.goto("/sign-in/")
        self.page.locator(f'button[name="role"][value="{role}"]').click()
        expect(self.page.locator("header .avatar")).to_be_visible()

    def sign_in_with(self, email: str) -> None:
        self.page.goto("/sign-in/")
        self.page.locator('input[type="email"]').fill(email)
        self.page.locator('input[type="password"]').fill(DEMO_PASSWORD)
        self.page.locator("form button.btn-primary").click()
        expect(self.page.locator("header .avatar")).to_be_visible()

    def look(self) -> None:
        accessible(self.page)

    def letters(self) -> Counter[str]:
        """How many e-mails have been sent to each address."""
        self.page.goto("/demo/mail/")
        lines = self.page.locator(".mailbox-who span:first-child").all_inner_texts()
        return Counter(re.search(r"\S+@\S+", line).group() for line in lines)

    def pair_of(self, enrolment: str) -> list[str]:
        """The addresses of the two mentors, as the coordinator writes to them."""
        self.page.goto(f"/enrolments/{enrolment}/people/")
        return self.page.locator('[aria-labelledby="pair"] a[href^="mailto:"]').all_inner_texts()


@pytest.fixture(params=sorted(SIZES))
def visitor(request, product, new_context, watch):
    """Opens browsers of their own for one size of screen, each signed out at first."""

    def make() -> Visitor:
        context = new_context(base_url=product, **SIZES[request.param])
        context.set_default_timeout(A_WHILE)
        return Visitor(watch(context.new_page()))

    return make


def with_two_mentors(page: Page) -> Locator:
    """The cell that counts the enrolments under way that have two mentors."""
    return (
        page.locator('figure:has(a[href*="capacity.csv"]) .chart-table tbody tr')
        .first.locator("td")
        .last
    )


def compute_again(page: Page) -> None:
    with page.expect_response(re.compile("/dashboards/recompute/")):
        page.locator('form[action="/dashboards/recompute/"] button').first.click()


def test_from_referral_to_dashboard(visitor):
    # Staff note what the country's dashboard says now.
    staff = visitor()
    staff.sign_in_as("staff")
    staff.page.goto("/dashboards/")
    staff.look()
    paired_before = int(with_two_mentors(staff.page).text_content())

    # The coordinator gives a participant two mentors.
    coordinator = visitor()
    coordinator.sign_in_as("coordinator")
    coordinator.page.goto(f"/enrolments/?municipality={MUNICIPALITY}")
    coordinator.look()
    letters_before = coordinator.letters()
    coordinator.page.goto(f"/enrolments/?municipality={MUNICIPALITY}")
    coordinator.page.locator('.caseload a[href$="/pair/"]:visible').first.click()
    expect(coordinator.page).to_have_url(re.compile(r"/enrolments/\d+/pair/"))
    enrolment = re.search(r"/enrolments/(\d+)/pair/", coordinator.page.url).group(1)
    coordinator.look()
    coordinator.page.locator('input[name="pair"]').first.check()
    coordinator.page.locator('.actionbar button[value="pair"]').click()
    expect(coordinator.page.locator("#messages .alert-success, .pair-formed").first).to_be_visible()

    # The worker reminds both mentors of the phase, and each once. Whoever else is written to
    # meanwhile, as beat does all day, is none of theirs.
    mentors = [text.split()[-1] for text in coordinator.pair_of(enrolment)]
    assert len(set(mentors)) == 2, mentors
    until_written_to(coordinator, mentors, letters_before)
    letters = coordinator.letters() - letters_before
    assert [letters[mentor] for mentor in mentors] == [1, 1], letters

    # One of them logs a meeting.
    mentor = visitor()
    mentor.sign_in_with(mentors[0])
    mentor.look()
    mentor.page.goto(f"/meetings/new/?enrolment={enrolment}")
    mentor.look()
    mode = mentor.page.locator('[name="mode"][value="institution"]').get_attribute("id")
    mentor.page.locator(f'label[for="{mode}"]').click()
    mentor.page.locator(".actionbar button[type=submit]").click()
    expect(mentor.page).to_have_url(re.compile(r"/meetings/\d+/saved/$"))
    mentor.look()

    # Staff see the pair counted, on the page that stood open, when the worker is done.
    compute_again(staff.page)
    expect(with_two_mentors(staff.page)).to_have_text(str(paired_before + 1), timeout=A_WHILE)


def until_written_to(visitor: Visitor, mentors: list[str], before: Counter[str]) -> None:
    """Wait, as a person would by looking again, until each of them has been written to."""
    page = visitor.page
    page.goto("/demo/mail/")
    page.wait_for_function(
        """async ([mentors, before]) => {
            const page = await (await fetch("/demo/mail/")).text();
            const shown = new DOMParser().parseFromString(page, "text/html");
            const told = [...shown.querySelectorAll(".mailbox-who span:first-child")];
            return mentors.every((mentor, n) =>
                told.filter(one => one.textContent.includes(mentor)).length > before[n]);
        }""",
        arg=[mentors, [before[mentor] for mentor in mentors]],
        timeout=A_WHILE,
        polling=500,
    )
