"""Reading a number that a person typed, the same in every language.

An address is shared between readers of Danish and of English, so «505.300» and «505,300» have
to mean the same. A lone separator with exactly three digits after it divides thousands; any
other is the decimal one.
"""

import re

_ACCEPTED = re.compile(r"[+\-−]?(\d+([.,]\d*)?|[.,]\d+|\d{1,3}([.,]\d{3})+([.,]\d*)?)", re.ASCII)
_AROUND = re.compile(r"\s|%|kr\.?", re.IGNORECASE)
LONGEST = 24


def read_number(text: str) -> float | None:
    """The number that was typed, or None where it is none. Never NaN, never without end."""
    bare = _AROUND.sub("", text[: LONGEST + 1])
    if len(text) > LONGEST or not _ACCEPTED.fullmatch(bare):
        return None
    bare = bare.replace("−", "-")
    return float(_with_point(bare))


def _with_point(text: str) -> str:
    kinds = {mark for mark in text if mark in ".,"}
    if not kinds:
        return text
    last = max(text.rfind("."), text.rfind(","))
    whole, after = text[:last], text[last + 1 :]
    thousands = len(kinds) == 1 and (
        text.count(text[last]) > 1
        or (len(after) == 3 and re.fullmatch(r"[+-]?[1-9]\d{0,2}", whole))
    )
    digits = whole.replace(".", "").replace(",", "")
    return f"{digits}{after}" if thousands else f"{digits}.{after or 0}"
