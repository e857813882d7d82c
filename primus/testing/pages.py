"""Page objects: what a person can see and do on a page, so that tests read like the doing.

Every page that is opened through one is looked over by axe (see ``PageObject.check``).
"""

import io
import re

from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from primus.testing.axe import axe_clean


class PageObject:
    """One kind of page. ``url_name`` with the arguments given leads to it."""

    url_name = ""

    def __init__(self, page: Page, *args):
        self.page = page
        self.args = args

    @property
    def path(self) -> str:
        return reverse(self.url_name, args=self.args)

    def open(self):
        response = self.page.goto(self.path)
        assert response is not None
        assert response.status == 200, f"{self.path} answered {response.status}"
        return self.check()

    def check(self):
        """That it is this page, as accessible as every page must be."""
        expect(self.page).to_have_url(re.compile(re.escape(self.path) + r"(?:[?#]|$)"))
        axe_clean(self.page)
        return self

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def messages(self) -> str:
        return self.page.locator("#messages").inner_text()

    @property
    def errors(self) -> str:
        """The summary of what is wrong in a form."""
        return self.page.get_by_role("alert").inner_text()

    def sheets(self) -> list[str]:
        """The text of each sheet of paper that the page is printed on, when all of it has come."""
        self.page.wait_for_load_state("networkidle")
        printed = PdfReader(io.BytesIO(self.page.pdf(prefer_css_page_size=True)))
        return [" ".join(sheet.extract_text().split()) for sheet in printed.pages]
