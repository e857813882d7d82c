"""Chromium for tests: a phone and a laptop in Denmark, signed in, and strict about what fails."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from primus.testing.services import find_chromium, missing

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
SIZES = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "has_touch": True,
        "is_mobile": True,
    },
    "laptop": {"viewport": {"width": 1280, "height": 900}},
}
# What a page that looks right in each language and each theme is looked at in.
LOOKS = pytest.mark.parametrize(("language", "color_scheme"), [("da", "light"), ("en", "dark")])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & {"browser", "new_context"}:
            item.add_marker("browser")
        if "redis_server" in fixtures:
            item.add_marker("redis")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = find_chromium()
    if chromium is None:
        missing("no Chromium was found (see CHROMIUM)")
    return {**browser_type_launch_args, "executable_path": chromium, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "locale": "da-DK",
        "timezone_id": "Europe/Copenhagen",
        "reduced_motion": "reduce",
        "service_workers": "block",
    }


@pytest.fixture(params=sorted(SIZES))
def size(request) -> str:
    """Runs the test on the phone and on the laptop."""
    return request.param


@pytest.fixture
def browser_problems():
    """What went wrong in the browser: fails the test at its end.

    A test that provokes a problem takes it out of the list (``browser_problems.clear()``).
    """
    problems: list[str] = []
    yield problems
    if problems:
        pytest.fail("In the browser:\n" + "\n".join(problems), pytrace=False)


@pytest.fixture
def open_context(browser_problems, new_context, live_server):
    """``open_context(user, size="phone", language="da", **options)``: a browser of its own with
    the user signed in (None is nobody); options are Playwright's, such as ``color_scheme``."""

    def make(user=None, size="phone", language="da", **options):
        context = new_context(base_url=live_server.url, **SIZES[size], **options)
        context.set_default_timeout(10_000)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(getattr(user, "user", user))
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies["sessionid"].value
        context.add_cookies(
            [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()]
        )
        return context

    return make


@pytest.fixture
def watch(browser_problems):
    """Note what goes wrong on a page: errors of scripts, breaches of the policy, server errors."""

    def listen(page):
        def on_console(message):
            if message.type == "error":
                browser_problems.append(f"console: {message.text}")

        def on_response(response):
            if response.status >= 500:
                path = urlsplit(response.url).path
                browser_problems.append(f"{response.status} {response.request.method} {path}")

        page.on("console", on_console)
        page.on("pageerror", lambda error: browser_problems.append(f"script: {error}"))
        page.on("response", on_response)
        return page

    return listen


@pytest.fixture
def signed_in_page(open_context, watch):
    """``signed_in_page(user, size="phone", language="da", **options)``: an empty page, the user
    signed in by the session's cookie; ``page.goto("/")`` leads to the test's own server."""

    def make(user=None, size="phone", language="da", **options):
        return watch(open_context(user, size, language, **options).new_page())

    return make
