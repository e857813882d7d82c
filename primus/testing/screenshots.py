"""``make screenshots``: a picture of every page, as each role sees it, for people to look at.

Starts Primus with the demonstration's data in a folder of its own and takes each page at 390 and
1280 pixels, in Danish and English, light and dark. The pictures are written to var/screenshots.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from primus.testing.browser import ARGUMENTS, SIZES
from primus.testing.installation import BASE_DIR, served
from primus.testing.services import find_chromium

TARGET = Path(os.environ.get("VAR_DIR", BASE_DIR / "var")) / "screenshots"

# What each role opens. A pattern in braces is the first link on the page before that it matches.
PAGES: dict[str, list[tuple[str, str]]] = {
    "": [
        ("sign-in", "/sign-in/"),
        ("sign-up-closed", "/sign-up/"),
        ("password-reset", "/password/reset/"),
        ("password-reset-sent", "/password/reset/sent/"),
        ("invitation-expired", "/invitation/x/"),
        ("not-found", "/nowhere/"),
        ("demo-mail", "/demo/mail/"),
        ("demo-mail-message", "{/demo/mail/.+/}"),
    ],
    "mentor": [
        ("home", "/home/"),
        ("enrolment", r"{/enrolments/\d+/}"),
        ("people", r"{/enrolments/\d+/people/}"),
        ("stop", r"{/enrolments/\d+/stop/}"),
        ("log-meeting", "/meetings/new/"),
        ("concern-new", "/concerns/new/"),
        ("concerns", "/concerns/"),
        ("concern", r"{/concerns/\d+/}"),
        ("calendar", "/calendar/"),
        ("account", "/account/"),
        ("change-password", "/account/password/"),
    ],
    "coordinator": [
        ("desk", "/desk/"),
        ("desk-list", "/desk/silent/"),
        ("enrolments", "/enrolments/"),
        ("concern", r"{/concerns/\d+/}"),
        ("enrolments-stop", "/enrolments/"),
        ("stop-notice", r"{/stop-notices/\d+/}"),
        ("enrolments-pair", "/enrolments/"),
        ("pair", r"{/enrolments/\d+/pair/}"),
        ("enrolment-unpaired", r"{/enrolments/\d+/}"),
        ("release-move", r"{/enrolments/\d+/release/move/}"),
        ("enrolments-again", "/enrolments/"),
        ("enrolment", r"{/enrolments/\d+/}"),
        ("enrolment-end", r"{/enrolments/\d+/end/}"),
        ("referral", "/enrolments/new/"),
        ("confirm-from", "/enrolments/?phase=unconfirmed"),
        ("release-confirm", r"{/enrolments/\d+/release/}"),
        ("invitations", "/invitations/"),
        ("invite", "/invitations/new/"),
        ("figures", "/dashboards/0751/"),
        ("access-log", "/access-log/"),
    ],
    "staff": [
        ("figures", "/dashboards/"),
        ("figures-small", "/dashboards/0607/"),
        ("effect", "/effect/"),
    ],
    "administrator": [
        ("users", "/users/"),
        ("municipalities", r"{/users/\d+/municipalities/}"),
        ("access-log", "/access-log/"),
    ],
}


def open_page(page: Page, address: str) -> bool:
    """Go to an address, or follow the first link that fits; False when there is none."""
    if address.startswith("{"):
        pattern = re.compile(address[1:-1] + "$")
        links = page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        found = next((link for link in links if link and pattern.fullmatch(link)), None)
        if found is None:
            return False
        address = found
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return True


def visit(browser: Browser, base: str, role: str, size: str, language: str, scheme: str) -> int:
    """Take one role's pages in one look; how many."""
    context = browser.new_context(
        base_url=base, color_scheme=scheme, locale=f"{language}-DK", **SIZES[size]
    )
    context.add_cookies([{"name": "primus_language", "value": language, "url": base}])
    page = context.new_page()
    if role:
        page.goto("/sign-in/")
        page.locator(f'button[name="role"][value="{role}"]').click()
        context.add_cookies([{"name": "primus_language", "value": language, "url": base}])
    folder = TARGET / f"{SIZES[size]['viewport']['width']}-{language}-{scheme}"
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    for name, address in PAGES[role]:
        if not open_page(page, address):
            print(f"  {role or 'anyone'}: no link to {name}")  # noqa: T201
            continue
        page.screenshot(path=folder / f"{role or 'anyone'}-{name}.png", full_page=True)
        taken += 1
    context.close()
    return taken


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium was found: install it, or name it in CHROMIUM.")  # noqa: T201
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as base,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for size in SIZES:
            for language in ("da", "en"):
                for scheme in ("light", "dark"):
                    taken = sum(visit(browser, base, r, size, language, scheme) for r in PAGES)
                    print(f"{size}, {language}, {scheme}: {taken} pictures")  # noqa: T201
        browser.close()
    print(f"In {TARGET}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
