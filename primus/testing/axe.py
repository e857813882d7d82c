"""What must hold of every page that is shown: accessible, no sideways scrolling, and nobody's
name where it would be left behind (title, address)."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def names_known() -> set[str]:
    """First and last names of everyone in the database."""
    from participants.models import Participant
    from primus.accounts.models import Invitation, User

    return {
        name
        for model in (User, Participant, Invitation)
        for row in model._base_manager.values_list("first_name", "last_name")
        for name in row
        if name
    }


def names_in(text: str) -> set[str]:
    """The names of known people that stand in a text."""
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    return {name for name in names_known() if words >= set(name.casefold().split())}


def assert_nobody_named(title: str, url: str = "") -> None:
    found = names_in(title) | names_in(url)
    assert not found, f"Names {sorted(found)} stand in the title {title!r} or in {url!r}"


def axe_clean(page, *, context=None) -> None:
    """Fail when axe finds a breach of WCAG 2.2 AA on the page as it stands now, when it scrolls
    sideways, or when its title or address names anyone. ``context``: a selector to keep to."""
    assert_nobody_named(page.title(), page.url)
    accessible(page, context=context)


def accessible(page, *, context=None) -> None:
    """The same for a page of an installation of its own, whose people the test does not know."""
    wide = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} wide on a screen of {wide[1]}"
    with whole(page):
        results = Axe().run(
            page,
            context=context,
            options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]},
        )
    if results.violations_count:
        pytest.fail(f"{page.url}\n{results.generate_report()}", pytrace=False)


@contextmanager
def whole(page) -> Iterator[None]:
    """The page on a screen as high as the page is, so that nothing lies half under the bar that
    keeps to the foot of a phone: there one scrolls."""
    size = page.viewport_size
    height, at = page.evaluate("[document.documentElement.scrollHeight, scrollY]")
    if size is None or height <= size["height"]:
        yield
        return
    page.set_viewport_size({"width": size["width"], "height": height})
    try:
        yield
    finally:
        page.set_viewport_size(size)
        page.evaluate("at => scrollTo(0, at)", at)


@pytest.fixture(name="axe_clean")
def axe_clean_fixture(browser):
    return axe_clean
