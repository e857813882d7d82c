"""Names as people spell them: which are the same name, and which look like one another.

Two steps. `folded` writes every spelling of one sound in one way, so that Søren, Soeren and Sören
are the same word. What is left (a slip of the finger, a vowel heard otherwise) is a likeness from
0 to 1. Whoever compares names does it by this module.
"""

import re
import unicodedata
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

# From here on two names are likely to be one. Below it they have little in common but letters:
# one slip in four letters or two in eight is above, Jensen and Hansen are below.
ALIKE = 0.74
# Another first letter is a rarer slip than one further in.
ALIKE_WITH_OTHER_START = 0.85
# The name goes on after what was typed.
BEGINS = 0.95
# Only vowels differ: Muhammad and Mohamed.
SAME_CONSONANTS = 0.8
CONSONANTS_AT_LEAST = 3

# Letters that are no other letter with an accent, as Unicode has it. An ø is written o or oe; æ
# and ä are both ae.
LETTERS = str.maketrans(
    {
        "æ": "ae", "ä": "ae", "ø": "o", "ö": "o", "ő": "o", "å": "a", "œ": "o", "ü": "u",
        "ð": "d", "đ": "d", "þ": "t", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "n",
        "'": "", "’": "", "‘": "", "`": "", "´": "", "ʼ": "",
    }
)  # fmt: skip

# One sound written in several ways, in the order in which they are put right.
SOUNDS = [
    (re.compile(before), after)
    for before, after in (
        (r"sch", "s"),
        (r"ph", "f"),
        (r"ck|ch|q", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"z", "s"),
        (r"w", "v"),
        (r"[yj]", "i"),
        (r"oe", "o"),
        # An h is heard at the beginning of a word, and between two vowels.
        (r"(?<=[aeiou])h(?![aeiou])|(?<=[^\W\d_aeiou])h|(?<=\b)h(?=[^\W\d_aeiou])", ""),
        (r"dt\b", "t"),
        (r"([^\W\d_])\1+", r"\1"),
    )
]
VOWELS = re.compile(r"(?<!^)[aeiou]")
NO_WORD = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """The name as it is compared, in small letters and single spaces: one for all its spellings.

    Without accents, doubled letters and signs between words; th as t, ph as f, ch, ck and q as k,
    w as v, y and j as i. It is to be compared with what this function gave for another name, and
    not to be read.
    """
    text = unicodedata.normalize("NFKC", name).casefold().translate(LETTERS)
    text = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    )
    text = NO_WORD.sub(" ", text)
    before = None
    while before != text:
        before = text
        for pattern, plain in SOUNDS:
            text = pattern.sub(plain, text)
    return " ".join(text.split())


def _consonants(word: str) -> str:
    """The first letter, and the consonants after it."""
    return VOWELS.sub("", word)


def _of_words(one: str, other: str) -> float:
    """Likeness of two folded words; 0 where they have nothing to do with each other."""
    if one == other:
        return 1.0
    score = OSA.normalized_similarity(one, other)
    if score < (ALIKE if one[:1] == other[:1] else ALIKE_WITH_OTHER_START):
        score = 0.0
    sounds = _consonants(one)
    if len(sounds) >= CONSONANTS_AT_LEAST and sounds == _consonants(other):
        return max(score, SAME_CONSONANTS)
    return score


def resembling(word: str, words: Iterable[str]) -> dict[str, float]:
    """Which of the folded words look like the folded word that somebody typed, and how much.

    One that begins with it counts as well, from two letters on.
    """
    words = list(words)
    found = {
        near: score
        for near, score, _ in process.extract(
            word, words, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=None
        )
        if score >= ALIKE_WITH_OTHER_START or near[:1] == word[:1]
    }
    sounds = _consonants(word)
    spelt_by_sound = len(sounds) >= CONSONANTS_AT_LEAST
    for near in words:
        if near[:1] != word[:1]:
            continue
        if near == word:
            found[near] = 1.0
        elif len(word) > 1 and near.startswith(word):
            found[near] = BEGINS
        elif spelt_by_sound and _consonants(near) == sounds:
            found[near] = max(found.get(near, 0.0), SAME_CONSONANTS)
    return found


def likeness(one: str, other: str) -> float:
    """How alike two whole names are, from 0 to 1 (the same but for spelling).

    The order of first name and last name does not count, and a middle name that only one of them
    has counts little. `ALIKE` and above: likely the same name.
    """
    first, second = folded(one), folded(other)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    fewer, more = sorted((first.split(), second.split()), key=lambda words: (len(words), words))
    joined = OSA.normalized_similarity("".join(first.split()), "".join(second.split()))
    left = list(more)
    total = 0.0
    for word in fewer:
        best = max(left, key=lambda candidate: _of_words(word, candidate))
        score = _of_words(word, best)
        if not score:
            # One part is another name altogether: Jens Hansen and Jens Holm.
            total = 0.0
            break
        total += score
        left.remove(best)
    by_words = total / len(fewer) - 0.05 * len(left)
    return max(by_words, joined if joined >= ALIKE_WITH_OTHER_START else 0.0)


def closest(query: str, names: Iterable[str], limit: int = 10) -> list[tuple[str, float]]:
    """The names in which something looks like each word of the query, the likest first.

    The query may be a part of a name ("sor" finds Søren Kjær); its last words may be missing.
    """
    words = folded(query).split()
    if not words:
        return []
    split = {name: folded(name).split() for name in names}
    vocabulary = {word for parts in split.values() for word in parts}
    near = [resembling(word, vocabulary) for word in words]
    scored = []
    for name, parts in split.items():
        best = [max((close.get(part, 0.0) for part in parts), default=0.0) for close in near]
        if all(best):
            scored.append((name, sum(best) / len(best)))
    return sorted(scored, key=lambda found: (-found[1], found[0]))[:limit]
