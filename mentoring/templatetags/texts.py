"""What somebody has typed, shown harmless: long texts folded, what was searched for marked."""

import re
import unicodedata

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from primus.search import spelt

register = template.Library()

# How many characters are shown before «Show all», and how many more make it worth folding.
SHOWN = 420
WORTH_FOLDING = 160
JOINER = "\u200d"


def marked(text: str, words) -> SafeString:
    """The text, escaped, with each of the words marked wherever it stands, as a search finds it."""
    words = [word for word in words or () if word]
    if not words:
        return conditional_escape(str(text))
    # The longest first, so that of two that begin alike the whole of the longer is marked.
    pattern = "|".join(spelt(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(f"({pattern})", str(text), flags=re.IGNORECASE)
    return format_html_join(
        "",
        "{}",
        (
            (format_html("<mark>{}</mark>", part) if at % 2 else part,)
            for at, part in enumerate(parts)
        ),
    )


def fold(text: str) -> tuple[str, str]:
    """The text in two: what is always shown, and the rest (empty for a text that is not long)."""
    if len(text) <= SHOWN + WORTH_FOLDING:
        return text, ""
    end = max(text.rfind(" ", SHOWN // 2, SHOWN), text.rfind("\n", SHOWN // 2, SHOWN)) + 1
    if end == 0:
        # No gap between words: not within what is one sign to the eye, such as an emoji.
        end = SHOWN
        while end > SHOWN // 2 and _belongs_to_the_sign_before(text, end):
            end -= 1
    return text[:end], text[end:]


def _belongs_to_the_sign_before(text: str, at: int) -> bool:
    sign = text[at]
    return (
        text[at - 1] == JOINER
        or sign == JOINER
        or unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
    )


@register.filter(name="marked")
def marked_filter(text: str, words) -> SafeString:
    return marked(text, words)


@register.inclusion_tag("mentoring/_told.html")
def told(text: str, css: str = "", words=()) -> dict:
    """A text as it was typed, with its own lines; a long one unfolds (without JavaScript)."""
    first, rest = fold(str(text))
    found = any(re.search(spelt(word), rest, re.IGNORECASE) for word in words)
    return {
        "first": marked(first, words),
        "rest": marked(rest, words) if rest else "",
        "is_open": found,
        "css": css,
    }
