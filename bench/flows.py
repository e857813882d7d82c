"""What each flow of a mentor's evening costs: taps of a thumb, and bytes over the line."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, sync_playwright

from primus.testing.browser import ARGUMENTS, SIZES
from primus.testing.services import find_chromium


class Thumb:
    """A mentor with a phone in one hand: counts what the thumb does and what the line carries.

    A field that is written in counts as one, since one taps it and then speaks or types. Bytes are
    those that the server sends, headers too, before any proxy compresses them; what the browser
    has from before counts nothing.
    """

    def __init__(self, page: Page):
        self.page = page
        self.taps = 0
        self.fields = 0
        self.bytes = 0
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.on("Network.loadingFinished", self._count)

    def _count(self, finished: dict) -> None:
        self.bytes += int(finished["encodedDataLength"])

    def tap(self, target: Locator | str) -> None:
        self.taps += 1
        (self.page.locator(target) if isinstance(target, str) else target).tap()

    def choose(self, name: str, value: str) -> None:
        """Tap the answer to a question."""
        field = self.page.locator(f'main [name="{name}"][value="{value}"]').first
        self.tap(f'label[for="{field.get_attribute("id")}"]')

    def write(self, name: str, text: str) -> None:
        self.fields += 1
        self.page.locator(f'main [name="{name}"]').fill(text)

    def send(self) -> None:
        """The page's one primary action."""
        self.tap(".actionbar .btn-primary")
        self.page.wait_for_load_state("networkidle")


def log_a_meeting(thumb: Thumb) -> None:
    thumb.send()
    thumb.choose("mode", "cafe")
    thumb.choose("areas", "work")
    thumb.write("text_work", "Samtale på lageret på mandag. Han glæder sig.")
    thumb.write("next_step", "Følge ham derhen")
    thumb.choose("next_when", "week")
    thumb.send()


def say_it_was_not_held(thumb: Thumb) -> None:
    thumb.send()
    thumb.choose("state", "not_held")
    thumb.choose("not_held_reason", "no_show")
    thumb.send()


def raise_a_concern(thumb: Thumb) -> None:
    thumb.tap('header a[href^="/concerns/new/"]')
    thumb.choose("urgency", "urgent")
    thumb.tap(thumb.page.locator('main label[for^="id_enrolment_"]').first)
    thumb.choose("topic", "health")
    thumb.write("text", "Han lød meget nedtrykt i telefonen.")
    thumb.send()


def rate_needs(thumb: Thumb) -> None:
    thumb.tap(thumb.page.locator("main .person-head").last)
    thumb.tap('main nav a[href$="/needs/"]')
    thumb.tap(thumb.page.locator('main a[href*="/needs/month_"]').first)
    for area, rating in (("housing", 3), ("finance", 2), ("work", 4), ("health", 3)):
        thumb.choose(area, str(rating))
    thumb.choose("network", "none")
    thumb.send()


def agree_a_goal(thumb: Thumb) -> None:
    thumb.tap(thumb.page.locator("main .person-head").last)
    thumb.tap('main nav a[href$="/plan/"]')
    thumb.tap(thumb.page.locator('main a[href*="/plan/new/?area=health"]'))
    thumb.write("title", "Tid hos tandlægen")
    thumb.choose("due_when", "month")
    thumb.send()


@dataclass(frozen=True)
class Flow:
    """What is done from home, and the budget: taps and fields together, and bytes."""

    name: str
    do: Callable[[Thumb], None]
    interactions: int
    weight: int


FLOWS = [
    Flow("log a meeting", log_a_meeting, 14, 60_000),
    Flow("say it was not held", say_it_was_not_held, 6, 60_000),
    Flow("raise a concern", raise_a_concern, 8, 60_000),
    Flow("rate five needs", rate_needs, 12, 150_000),
    Flow("agree a goal", agree_a_goal, 8, 150_000),
]


def report(address: str) -> int:
    """Print a line for each flow; the number of those over budget."""
    broken = 0
    print(f"\n{'flow, from home':<22}{'taps':>6}{'fields':>8}  bytes")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        context = browser.new_context(base_url=address, **SIZES["phone"])
        page = context.new_page()
        page.goto("/sign-in/")
        page.locator('button[name="role"][value="mentor"]').tap()
        page.wait_for_url("**/home/")
        for flow in FLOWS:
            page.close()
            page = context.new_page()
            page.goto("/home/", wait_until="networkidle")
            thumb = Thumb(page)
            flow.do(thumb)
            done = thumb.taps + thumb.fields
            over = [
                f"{what} over {budget}"
                for what, value, budget in (
                    ("taps and fields", done, flow.interactions),
                    ("bytes", thumb.bytes, flow.weight),
                )
                if value > budget
            ]
            broken += bool(over)
            print(
                f"{flow.name:<22}{thumb.taps:>6}{thumb.fields:>8}"
                f"  {thumb.bytes / 1000:.0f} kB  {', '.join(over)}"
            )
        browser.close()
    return broken
