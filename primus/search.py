"""Searching for words and names in columns of text, alike wherever something is searched for."""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from primus.names import resembling

WORDS_AT_MOST = 6
# Of the names that look like a word, so many go into a question to the database, the likest first.
NAMES_AT_MOST = 500

# Ways to write one letter. In a text, unlike in a name, å is not found by a: får is not far.
WAYS = (
    ("ae", "æ", "ä"),
    ("oe", "ø", "ö"),
    ("aa", "å"),
    ("e", "é", "è", "ê", "ë"),
    ("u", "ü"),
)
# Both cases, as not every database knows the case of a letter beyond z.
FOUND_BY = {
    way: "(?:" + "|".join(form for one in ways for form in sorted({one, one.upper()})) + ")"
    for ways in WAYS
    for way in ways
}
LETTER = re.compile("ae|oe|aa|.", re.DOTALL)
# What can be written in one way only, and whose case every database knows.
PLAIN = re.compile(r"[!-~]+")


def words_of(text: str) -> list[str]:
    """The words that are looked for: of a long text only the first ones count."""
    return unicodedata.normalize("NFC", text).split()[:WORDS_AT_MOST]


def spelt(word: str) -> str:
    """The word as a regular expression that finds it however its letters are written.

    It is read alike by Python (whole, and as SQLite searches) and by PostgreSQL, if both are told
    that case does not count.
    """
    return "".join(FOUND_BY.get(part, re.escape(part)) for part in LETTER.findall(word.lower()))


def _surely_in(word: str) -> str:
    """The longest stretch of the word that is written in one way only."""
    parts = ["\n" if part in FOUND_BY else part for part in LETTER.findall(word.lower())]
    return max(PLAIN.findall("".join(parts)), key=len, default="")


def holds_words(text: str, *fields: str) -> Q:
    """Each of the words stands in one of the fields, whatever its case and however æ, ø, å and
    accents are written."""
    found = Q()
    for word in words_of(text):
        # Looking for a plain stretch is much quicker, and leaves little to be looked at closely.
        sure = _surely_in(word)
        somewhere = Q()
        for field in fields:
            here = Q(**{f"{field}__icontains": sure}) if sure else Q()
            if sure != word.lower():
                here &= Q(**{f"{field}__iregex": spelt(word)})
            somewhere |= here
        found &= somewhere
    return found


@dataclass(frozen=True)
class _Word:
    """A word that was typed, and for each of its parts (Ann-Marie has two) the names that look
    like it."""

    typed: str
    parts: list[dict[str, float]]


class Names:
    """Who is meant by a name as somebody typed it.

    All different names that stand in the fields of the `people` are read and compared in memory
    (some thousand, however many people there are), so that both databases find the same and no
    column has to be kept up to date. Each word may stand in another of the fields. Whose names
    they are does not matter here: what is shown is asked for with `meant` among what the reader
    may see.
    """

    def __init__(self, people: QuerySet, text: str, *fields: str):
        self.fields = fields
        typed = words_of(text)
        known: set[str] = set()
        for field in fields if typed else ():
            known.update(people.order_by().values_list(field, flat=True).distinct())
        self.words = [_Word(word, resembling(word, known)) for word in typed]

    def meant(self, prefix: str = "", *, also: tuple[str, ...] = (), exactly: bool = False) -> Q:
        """Each word looks like one of the names, or stands in one of the fields in `also`.

        `prefix` leads from what is filtered to the people. With `exactly` only names count that
        have the word itself, in any spelling. Whoever types nothing means everybody.
        """
        found = Q()
        for word in self.words:
            one = Q(pk__in=[])
            if word.parts:
                one |= Q(*[self._has(part, prefix, exactly) for part in word.parts])
            if also:
                one |= holds_words(word.typed, *also)
            found &= one
        return found

    def _has(self, part: dict[str, float], prefix: str, exactly: bool) -> Q:
        near = sorted(part, key=lambda name: -part[name])[:NAMES_AT_MOST]
        if exactly:
            near = [name for name in near if part[name] == 1]
        somewhere = Q()
        for field in self.fields:
            somewhere |= Q(**{f"{prefix}{field}__in": near})
        return somewhere

    def likeness(self, *names: str) -> float:
        """How much the names of one person look like what was typed, from 0 to 1."""
        parts = [part for word in self.words for part in word.parts]
        if not parts:
            return 0.0
        return sum(max(part.get(name, 0.0) for name in names) for part in parts) / len(parts)
