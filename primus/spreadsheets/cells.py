"""What a cell is called, what it is compared by, and how it is made harmless."""

import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches

# What a spreadsheet may take for the beginning of a formula.
STARTERS = ("=", "+", "-", "@", "\t", "\r")
# Both ways in which Danish letters are written without being on the keyboard.
LONG = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ö": "oe", "ä": "ae", "ü": "ue"})
SHORT = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ö": "o", "ä": "ae", "ü": "u"})


def letters(position: int) -> str:
    """What a spreadsheet calls the column at a position that counts from 0: A, B, … Z, AA."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def position_of(name: str) -> int:
    """Where the column of that name stands, from 0: the opposite of `letters`.

    Raises ValueError for what is no column's name.
    """
    position = 0
    for letter in name:
        if not "A" <= letter <= "Z" or position > 1000:
            raise ValueError(name)
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def address(row: int, position: int) -> str:
    """«B17»: the second column of row 17."""
    return f"{letters(position)}{row}"


def _plain(text: str, table) -> str:
    text = unicodedata.normalize("NFKC", text).casefold().translate(table)
    text = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in text if sign.isalnum())


def keys(text: str) -> frozenset[str]:
    """By which a heading or an answer is known: without case, space, signs or accents, with
    Danish letters in either of the ways they are written without."""
    return frozenset({_plain(text, LONG), _plain(text, SHORT)})


def nearest(said: str, names: Mapping[str, str]) -> list[str]:
    """The names that are written almost like it, nearest first; `names` has them by their keys."""
    near = (
        names[found]
        for key in sorted(keys(said))
        for found in get_close_matches(key, names, n=2, cutoff=0.7)
    )
    return list(dict.fromkeys(near))


def _may_run(text: str) -> bool:
    """Whether a spreadsheet may take it for a formula; some leave out the space before it first."""
    # Most texts begin with a letter or a digit: these are let go at once.
    return not text[:1].isalnum() and (
        text.startswith(STARTERS) or text.lstrip().startswith(STARTERS)
    )


def harmless(text: str) -> str:
    """The text as it can stand in a cell that is opened in a spreadsheet: never run as a formula.

    `plain` gives the text back.
    """
    return f"'{text}" if _may_run(text) else text


def plain(text: str) -> str:
    """A cell's text without what `harmless` put before it, and without the space around it."""
    text = text.strip()
    return text[1:].strip() if text[:1] == "'" and _may_run(text[1:]) else text
