"""The participant's plan as a PDF: A4, tagged for screen readers, every sign of it legible."""

import json
import re
import tempfile
import unicodedata
from dataclasses import asdict
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

from mentoring.printed_plan import PrintedPlan

TEMPLATE = settings.BASE_DIR / "templates/mentoring/plan_print/plan.typ"
# FiraGO has Latin, Greek, Cyrillic, Arabic (Farsi, Kurdish and Urdu with it), Hebrew, Thai,
# Georgian and Devanagari; the symbols have the commonest pictures.
FONTS = ("figo", "figbo", "symbol2")

PICTURE_MODIFIERS = {"\N{VARIATION SELECTOR-16}", "\N{ZERO WIDTH JOINER}"} | {
    chr(code) for code in range(0x1F3FB, 0x1F400)
}
# Seen only in what they do: marks of direction, and where a word may or may not be broken.
UNSEEN = set("\u00ad\u061c\u200b\u200c\u200e\u200f\u2060\u2066\u2067\u2068\u2069")
FIRST_FLAG_LETTER = 0x1F1E6
NOT_SHOWN = "\N{WHITE SQUARE}"
# What is longer than any word may be broken, so that it stays on the paper.
LONGEST_WORD = 40


@cache
def _fonts() -> tuple[Any, frozenset[str], tempfile.TemporaryDirectory]:
    """The fonts, the signs that they have, and the folder they lie in while the process lives.

    Loaded with the first sheet: what draws it is large, and most requests need none of it.
    """
    import typst
    from fontTools.ttLib import TTFont
    from pymupdf_fonts import myfont

    folder = tempfile.TemporaryDirectory(prefix="primus-fonts-")
    signs: list[set[str]] = []
    for name in FONTS:
        content = myfont(name)
        Path(folder.name, f"{name}.ttf").write_bytes(content)
        signs.append({chr(code) for code in TTFont(BytesIO(content)).getBestCmap()})
    regular, bold, symbols = signs
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder.name]
    )
    return fonts, frozenset((regular & bold) | symbols), folder


def legible(text: str, signs: frozenset[str]) -> str:
    """The text with what the fonts lack put in words: «[party popper]», «DK» for a flag.

    A letter of a script they lack is a square; on the page itself it is shown as it is.
    """
    written: list[str] = []
    for sign in unicodedata.normalize("NFC", text):
        category = unicodedata.category(sign)
        flag_letter = ord(sign) - FIRST_FLAG_LETTER
        if sign in PICTURE_MODIFIERS:
            # Kept where letters are joined by it, as in Farsi; after a picture it says nothing.
            if sign == "\N{ZERO WIDTH JOINER}" and written and written[-1].isalpha():
                written.append(sign)
        elif 0 <= flag_letter < 26:
            written.append(chr(ord("A") + flag_letter))
        elif sign in signs or sign in UNSEEN:
            written.append(sign)
        elif category == "Zs" or sign in "\t\n\r":
            written.append(" ")
        elif category[0] == "S":
            written.append(f"[{unicodedata.name(sign, 'sign').lower()}]")
        elif category[0] not in "CM":
            written.append(NOT_SHOWN)
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", "\\g<0>\N{ZERO WIDTH SPACE}", "".join(written))


def is_rtl(text: str) -> bool:
    """Whether a text begins to the right: its first letter with a direction says so."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)


def _ready(value: Any, signs: frozenset[str]) -> Any:
    """The plan with every text legible, and for each line the side it begins at."""
    if isinstance(value, str):
        return legible(value, signs)
    if isinstance(value, list):
        return [_ready(item, signs) for item in value]
    if isinstance(value, dict):
        ready = {key: _ready(item, signs) for key, item in value.items()}
        return ready | {"rtl": is_rtl(ready["text"])} if "text" in ready else ready
    return value


def as_pdf(plan: PrintedPlan) -> bytes:
    """The sheet as PDF/UA-1, without anybody's name in its properties."""
    import typst

    fonts, signs, _folder = _fonts()
    ready = _ready(asdict(plan), signs)
    ready["title"] = {"text": ready["title"], "rtl": False}
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts,
        sys_inputs={"plan": json.dumps(ready)},
        pdf_standards="ua-1",
    )
