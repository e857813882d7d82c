"""Reading our own templates and modules for what they say to people."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.template.base import Lexer, TokenType

PACKAGES = ("primus", "participants", "mentoring", "outcomes")
TEMPLATES = settings.BASE_DIR / "templates"

# What is the same in every language, or is a name.
SAME_EVERYWHERE = {
    *("Primus", "MitID", "NemKonto", "Dansk", "English", "km"),
    *("CSV", "PNG", "SVG", "csv", "xlsx"),
}
SPOKEN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "aria-description", "label"}
SILENT_ELEMENTS = {"script", "style", "code"}
WORD = re.compile(r"[^\W\d_]{2,}")


def templates(*suffixes: str) -> list[Path]:
    return sorted(p for p in TEMPLATES.rglob("*") if p.suffix in (suffixes or (".html", ".txt")))


def modules() -> list[Path]:
    """Our modules, without tests, migrations and what only the tests or the terminal use."""
    left_out = {"tests", "migrations", "testing", "management", "seeding", "formats"}
    return sorted(
        path
        for package in PACKAGES
        for path in (settings.BASE_DIR / package).rglob("*.py")
        if not left_out & set(path.relative_to(settings.BASE_DIR).parts)
        # What is wrong with the environment is told to whoever starts the process.
        and path != settings.BASE_DIR / "primus" / "settings.py"
    )


def words_in(text: str) -> list[str]:
    """The words of a text that a translator would want to see."""
    return [word for word in WORD.findall(text) if word not in SAME_EVERYWHERE]


def without_tags(source: str) -> str:
    """A template without Django's tags and variables, and without what it marks for translation."""
    kept = []
    marked = 0
    blocks = []
    for token in Lexer(source).tokenize():
        words = token.contents.split()
        name = words[0] if words else ""
        if token.token_type == TokenType.BLOCK and name == "block":
            # A block that stands in a class attribute of the base says nothing to anybody.
            blocks.append(words[1].endswith("_class"))
            marked += blocks[-1]
        elif token.token_type == TokenType.BLOCK and name == "endblock":
            marked -= blocks.pop()
        if token.token_type == TokenType.BLOCK and name in ("blocktranslate", "blocktrans"):
            marked += 1
        elif token.token_type == TokenType.BLOCK and name in ("endblocktranslate", "endblocktrans"):
            marked -= 1
        elif token.token_type == TokenType.BLOCK and name in ("comment", "endcomment"):
            marked += 1 if name == "comment" else -1
        elif token.token_type == TokenType.TEXT and not marked:
            kept.append(token.contents)
    return "".join(kept)


class _Speech(HTMLParser):
    """Collects what a page says, to eyes and to screen readers."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag, attributes):
        self.silent += tag in SILENT_ELEMENTS
        given = dict(attributes)
        self.said += [v for n, v in attributes if n in SPOKEN_ATTRIBUTES and v]
        if tag == "input" and given.get("type") in ("submit", "button", "reset"):
            self.said.append(given.get("value") or "")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.silent -= tag in SILENT_ELEMENTS

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT_ELEMENTS

    def handle_data(self, data):
        if not self.silent:
            self.said.append(data)


def unmarked_in_template(source: str, *, html: bool = True) -> list[str]:
    """The texts of a template that are not marked for translation."""
    rest = without_tags(source)
    if not html:
        return [line.strip() for line in rest.splitlines() if words_in(line)]
    speech = _Speech()
    speech.feed(rest)
    speech.close()
    return [" ".join(said.split()) for said in speech.said if words_in(said)]


# --- Python ------------------------------------------------------------------------------------

SPOKEN_KEYWORDS = {
    "label",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "violation_error_message",
    "empty_label",
    "lead",
    "legend",
    "placeholder",
    "aria_label",
}
SPEAKING_CALLS = {"ValidationError": 0, "add_error": 1, "SubmitButton": 0, "Section": 0}
MESSAGE_LEVELS = {"success", "info", "warning", "error"}
MARKS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy", "ngettext_lazy"}


def _plain(node: ast.AST | None) -> str | None:
    """The text of a literal (also an f-string) that says something to somebody."""
    if isinstance(node, ast.JoinedStr):
        parts = [v.value for v in node.values if isinstance(v, ast.Constant)]
        text = "".join(str(part) for part in parts)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    else:
        return None
    return text if words_in(text) else None


def _is_choices(node: ast.ClassDef) -> bool:
    return any(getattr(base, "attr", "").endswith("Choices") for base in node.bases)


def _is_app(node: ast.ClassDef) -> bool:
    return any(getattr(base, "id", "") == "AppConfig" for base in node.bases)


def _spoken(node: ast.AST) -> Iterator[ast.AST]:
    """The arguments and members of one node that people will read."""
    if isinstance(node, ast.Call):
        yield from (k.value for k in node.keywords if k.arg in SPOKEN_KEYWORDS)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        place = SPEAKING_CALLS.get(name)
        if place is not None and len(node.args) > place:
            yield node.args[place]
        owner = getattr(getattr(node.func, "value", None), "id", "")
        if owner == "messages" and name in MESSAGE_LEVELS and len(node.args) > 1:
            yield node.args[1]
    elif isinstance(node, ast.ClassDef):
        for item in node.body:
            if not isinstance(item, ast.Assign):
                continue
            target = getattr(item.targets[0], "id", "")
            if target in SPOKEN_KEYWORDS and not (target == "label" and _is_app(node)):
                yield item.value
            elif _is_choices(node) and isinstance(item.value, ast.Tuple):
                yield item.value.elts[-1]


def _marked_out_of_sight(tree: ast.AST) -> Iterator[str]:
    """What is marked within an f-string: no collector of texts finds it there."""
    for outer in ast.walk(tree):
        if not isinstance(outer, ast.JoinedStr):
            continue
        for node in ast.walk(outer):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS and node.args:
                yield ast.unparse(node.args[0]).strip("'\"")


def unmarked_in_module(source: str) -> list[str]:
    """The texts of forms, models and messages that are not marked where they can be collected."""
    tree = ast.parse(source)
    found = (_plain(spoken) for node in ast.walk(tree) for spoken in _spoken(node))
    return [text for text in found if text is not None] + list(_marked_out_of_sight(tree))
