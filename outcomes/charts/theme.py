"""The tokens of the look, for pictures: read from the same file as the pages'."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

# Named, because a picture cannot ask the page; the first that the reader's machine has is used.
FONTS = "Roboto, 'Segoe UI', 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"
THEMES = ("light", "dark")

_TOKEN = re.compile(r"--pr-([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6}|\.\d+)")


@dataclass(frozen=True)
class Theme:
    """The colours of one theme; ``theme["primary"]``. ``band`` is an opacity."""

    name: str
    tokens: tuple[tuple[str, str], ...]

    def __getitem__(self, token: str) -> str:
        return dict(self.tokens)[token]


@cache
def theme(name: str) -> Theme:
    """The light or the dark theme."""
    text = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    light, _dark, dark = text.partition("@media screen and (prefers-color-scheme: dark)")
    tokens = dict(_TOKEN.findall(light))
    if name == "dark":
        tokens.update(_TOKEN.findall(dark))
    return Theme(name, tuple(tokens.items()))
