"""Rules that hold of every template, read from the source."""

import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.template.base import Lexer, TokenType
from django.template.loader import get_template

from primus.testing.sources import TEMPLATES, templates, without_tags
from primus.testing.walk import routes

EVERY_TEMPLATE = pytest.mark.parametrize(
    "path", templates(), ids=lambda p: str(p.relative_to(settings.BASE_DIR))
)
EVERY_PAGE = pytest.mark.parametrize(
    "path", templates(".html"), ids=lambda p: str(p.relative_to(settings.BASE_DIR))
)
URL_NAMES = {route.name for route in routes()}
PERSONAL = re.compile(r"name|participant|mentor|user|person", re.IGNORECASE)


def tokens(path):
    return Lexer(path.read_text(encoding="utf-8")).tokenize()


@EVERY_TEMPLATE
def test_it_compiles(path):
    get_template(str(path.relative_to(TEMPLATES)))


@EVERY_TEMPLATE
def test_it_leads_to_urls_that_exist(path):
    for token in tokens(path):
        if token.token_type == TokenType.BLOCK and token.contents.startswith("url "):
            name = token.split_contents()[1]
            if name[0] in "\"'":
                assert name.strip("\"'") in URL_NAMES, f"line {token.lineno}: {name}"


@EVERY_TEMPLATE
def test_it_escapes_whatever_it_shows(path):
    source = path.read_text(encoding="utf-8")
    # A help text is ours, and may hold a list (that of Django's password rules does).
    found = re.findall(r"\{\{[^}]*\|\s*safe\b[^}]*\}\}|\{% autoescape off %\}", source)
    allowed = [f for f in found if re.fullmatch(r"\{\{ field\.help_text\|safe \}\}", f)]
    if path.suffix == ".txt":
        # Plain text is not HTML: escaped, an e-mail would say &amp;.
        allowed += [f for f in found if f == "{% autoescape off %}"]
    assert found == allowed


@EVERY_PAGE
def test_it_holds_no_script_and_no_style_of_its_own(path):
    """The policy of the pages forbids them, and would leave them out without a word."""
    soup = BeautifulSoup(without_tags(path.read_text(encoding="utf-8")), "html.parser")
    assert not soup.find_all("style")
    assert not [s for s in soup.find_all("script") if not s.has_attr("src")]
    for element in soup.find_all(True):
        for name in element.attrs:
            assert name != "style", f"style on {element.name}"
            assert not name.startswith(("on", "hx-on")), f"{name} on {element.name}"
            assert not (name in ("href", "src") and str(element[name]).startswith("javascript:"))


@EVERY_PAGE
def test_it_loads_nothing_from_elsewhere(path):
    soup = BeautifulSoup(without_tags(path.read_text(encoding="utf-8")), "html.parser")
    for element in soup.find_all(["script", "link", "img", "iframe", "source", "use"]):
        for name in ("src", "href", "srcset"):
            assert "//" not in str(element.get(name, "")), element


@EVERY_PAGE
def test_its_title_names_nobody(path):
    """The title stays in the browser's history."""
    inside = False
    for token in tokens(path):
        if token.token_type == TokenType.BLOCK and token.contents.startswith("block title"):
            inside = True
        elif token.token_type == TokenType.BLOCK and token.contents.startswith("endblock"):
            inside = False
        elif inside and token.token_type == TokenType.VAR:
            about = token.contents.replace("municipality.name", "")
            assert not PERSONAL.search(about), token.contents


@EVERY_PAGE
def test_its_pictures_have_words(path):
    soup = BeautifulSoup(without_tags(path.read_text(encoding="utf-8")), "html.parser")
    assert not [image for image in soup.find_all("img") if not image.has_attr("alt")]
