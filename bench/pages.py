"""How long pages take and what they weigh, against their budgets."""

import gzip
import http.client
import os
import statistics
import sys
import time
from dataclasses import dataclass, replace
from datetime import date
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "60"))
WARM_UP = 5
REDIRECTS = 3
BASELINE = "/account/"
LAST_YEAR = date.today().year - 1  # noqa: DTZ011 - any day of the year will do


@dataclass(frozen=True)
class Page:
    """A page and its budgets: median as a ratio to the empty page, and bytes on first visit."""

    name: str
    role: str
    path: str
    ratio: float
    weight: int


PAGES = [
    Page("mentor's home", "mentor", "/home/", 2.5, 150_000),
    Page("log a meeting", "mentor", "/meetings/new/", 2.5, 150_000),
    Page("desk", "coordinator", "/desk/", 4, 300_000),
    Page("enrolments", "coordinator", "/enrolments/", 4, 300_000),
    Page("dashboard", "staff", "/dashboards/", 2.5, 300_000),
    Page("dashboard, one year", "staff", f"/dashboards/?period={LAST_YEAR}", 2.5, 300_000),
    Page("dashboard, one place", "coordinator", "/dashboards/", 2.5, 300_000),
    Page("effect", "staff", "/effect/", 2.5, 300_000),
    Page("economy", "staff", "/economy/", 4, 300_000),
    Page("readiness", "staff", "/readiness/?place=0751", 4, 300_000),
    Page("extracts", "staff", "/extracts/", 4, 300_000),
]
# 95th percentile, as a ratio to the page's own median.
SPREAD = 1.5


class Browser:
    """A signed-in reader over one connection that is kept open."""

    def __init__(self, port: int):
        self.client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: SimpleCookie = SimpleCookie()
        self.location = ""

    def ask(self, path: str, form: dict | None = None) -> tuple[int, bytes, float]:
        """Status, body as it was sent (compressed), and milliseconds."""
        headers = {
            "Host": "localhost",
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{key}={value.value}" for key, value in self.cookies.items()),
        }
        body = None
        if form is not None:
            token = self.cookies["csrftoken"].value
            body = urlencode(form | {"csrfmiddlewaretoken": token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        start = time.perf_counter()
        self.client.request("POST" if form is not None else "GET", path, body, headers)
        response = self.client.getresponse()
        answer = response.read()
        took = (time.perf_counter() - start) * 1000
        self.location = response.headers.get("Location", "")
        for header in response.headers.get_all("Set-Cookie") or []:
            self.cookies.load(header)
        return response.status, answer, took

    def landing(self, path: str) -> str:
        """Where an address leads to, which may be another one."""
        for _ in range(REDIRECTS):
            status, _body, _took = self.ask(path)
            if status != 302:
                break
            path = urljoin(path, self.location)
        return path

    def sign_in(self, role: str) -> None:
        """By the demonstration's button."""
        self.ask("/sign-in/")
        status, _, _ = self.ask("/demo/sign-in/", {"role": role})
        if status != 302:
            sys.exit(f"The {role} could not sign in: the answer was {status}.")


class Parts(HTMLParser):
    """The files that a page loads by itself."""

    def __init__(self):
        super().__init__()
        self.paths: set[str] = set()

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in ("script", "img"):
            self.paths.add(given.get("src") or "")
        elif tag == "link" and given.get("rel") in ("stylesheet", "icon", "manifest"):
            self.paths.add(given.get("href") or "")
        elif tag == "use":
            self.paths.add((given.get("href") or "").partition("#")[0])
        self.paths.discard("")


def weight(browser: Browser, path: str) -> int:
    """Bytes of the page and all it loads, as sent: pages by a proxy that compresses, as gzip."""
    _, body, _ = browser.ask(path)
    parts = Parts()
    parts.feed(body.decode())
    total = len(gzip.compress(body, 6))
    for part in parts.paths:
        if part.startswith("data:"):
            continue
        status, sent, _ = browser.ask(urljoin(path, part))
        if status != 200:
            sys.exit(f"{path} loads {part}, which answers {status}.")
        total += len(sent)
    return total


def measure(browser: Browser, page: Page) -> tuple[float, float, float] | None:
    """Median and 95th percentile of the page, and the median of the empty one (milliseconds)."""
    status, _, _ = browser.ask(page.path)
    if status != 200:
        print(f"{page.name}: NOT MEASURED, {page.path} answers {status}")
        return None
    empty, full = [], []
    for number in range(ROUNDS + WARM_UP):
        _, _, baseline = browser.ask(BASELINE)
        _, _, took = browser.ask(page.path)
        if number >= WARM_UP:
            empty.append(baseline)
            full.append(took)
    return statistics.median(full), statistics.quantiles(full, n=20)[-1], statistics.median(empty)


def report(port: int) -> int:
    """Print a line for each page; the number of pages that are over budget or missing."""
    broken = 0
    print(f"{'page':<22}{'median':>9}{'empty':>9}{'ratio':>7}{'p95':>9}{'p95/median':>12}  weight")
    for page in PAGES:
        browser = Browser(port)
        browser.sign_in(page.role)
        page = replace(page, path=browser.landing(page.path))
        measured = measure(browser, page)
        if measured is None:
            broken += 1
            continue
        median, slowest, empty = measured
        ratio, spread, bytes_sent = median / empty, slowest / median, weight(browser, page.path)
        over = [
            f"{what} over {budget}"
            for what, value, budget in (
                ("ratio", ratio, page.ratio),
                ("p95/median", spread, SPREAD),
                ("weight", bytes_sent, page.weight),
            )
            if value > budget
        ]
        broken += bool(over)
        print(
            f"{page.name:<22}{median:>7.1f}ms{empty:>7.1f}ms{ratio:>7.2f}{slowest:>7.1f}ms"
            f"{spread:>12.2f}  {bytes_sent / 1000:.0f} kB  {', '.join(over)}"
        )
    return broken
