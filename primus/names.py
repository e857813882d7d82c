"""Names as people spell them: which are the same name, and which look like one another.

Two steps. `folded` writes every spelling of one sound in one way, so that Søren, Soeren and Sören
are the same word. What is left (a slip of the finger, a vowel heard otherwise) is a likeness from
0 to 1. Whoever compares names does it by this module.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

# From here on two names are likely to be one. Below it they have little in common but letters:
# one slip in four letters or two in eight is above, Jensen and Hansen are below.
ALIKE = 0.74
# Another first letter is a rarer slip than one further in.
ALIKE_WITH_OTHER_START = 0.85
# The name goes on after what was typed.
BEGINS = 0.95
# What was typed stands further in: gaard in Kjærgaard.
WITHIN = 0.9
WITHIN_FROM = 3
# Only vowels differ: Muhammad and Mohamed.
SAME_CONSONANTS = 0.8
CONSONANTS_AT_LEAST = 3

# Letters that are no other letter with an accent, as Unicode has it, and letters with one sound.
# An ø is written o or oe; æ and ä are both ae.
LETTERS = str.maketrans(
    {
        "æ": "ae", "ä": "ae", "ø": "o", "ö": "o", "ő": "o", "å": "a", "œ": "o", "ü": "u",
        "ð": "d", "đ": "d", "þ": "t", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "n",
        "j": "i", "y": "i", "q": "k", "w": "v", "x": "ks", "z": "s",
        "'": "", "’": "", "‘": "", "`": "", "´": "", "ʼ": "",
    }
)  # fmt: skip
# One sound written in several ways, in the order in which they are put right.
PAIRS = (("sch", "s"), ("ph", "f"), ("ck", "k"), ("ch", "k"), ("oe", "o"))
SOFT_C = re.compile(r"c(?=[ei])")
# An h is heard at the beginning of a word before a vowel, and between two vowels.
SILENT_H = re.compile(r"(?<=[aeiou])h(?![aeiou])|(?<=[^\W_aeiou])h|\bh(?![aeiou])")
LAST_D = re.compile(r"dt\b")
DOUBLED = re.compile(r"([^\W\d])\1+")
VOWELS = re.compile(r"(?<!^)[aeiou]")
NO_DIGIT = re.compile(r"\D+")
NO_WORD = re.compile(r"[\W_]+")


# The same few thousand names come again in every search. They stay in the process's memory only.
@lru_cache(maxsize=2**16)
def folded(name: str) -> str:
    """The name as it is compared, in small letters and single spaces: one for all its spellings.

    Without accents, doubled letters and signs between words; th as t, ph as f, ch, ck and q as k,
    w as v, y and j as i. It is to be compared with what this function gave for another name, and
    not to be read.
    """
    text = unicodedata.normalize("NFKC", name).casefold().translate(LETTERS)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in text if not unicodedata.combining(sign)).translate(LETTERS)
    text = NO_WORD.sub(" ", text)
    before = None
    while before != text:
        before = text
        for pair, plain in PAIRS:
            text = text.replace(pair, plain)
        if "c" in text:
            text = SOFT_C.sub("s", text).replace("c", "k")
        if "h" in text:
            text = SILENT_H.sub("", text)
        text = DOUBLED.sub(r"\1", LAST_D.sub("t", text))
    return " ".join(text.split())


def _consonants(word: str) -> str:
    """The first letter, and the consonants after it."""
    return VOWELS.sub("", word)


def _is_slip(one: str, other: str, score: float) -> bool:
    """Whether two words of that similarity may be one. Another number is another name."""
    enough = ALIKE if one[:1] == other[:1] else ALIKE_WITH_OTHER_START
    return score >= enough and NO_DIGIT.sub("", one) == NO_DIGIT.sub("", other)


def _of_words(one: str, other: str) -> float:
    """Likeness of two folded words; 0 where they have nothing to do with each other."""
    if one == other:
        return 1.0
    score = OSA.normalized_similarity(one, other)
    if not _is_slip(one, other, score):
        score = 0.0
    sounds = _consonants(one)
    if len(sounds) >= CONSONANTS_AT_LEAST and sounds == _consonants(other):
        return max(score, SAME_CONSONANTS)
    return score


def _words(name: str) -> list[str]:
    """The folded words of a name; of Anne-Marie also the one word that others write it in."""
    words = folded(name).split()
    return [*words, "".join(words)] if len(words) > 1 else words


def _resembling(word: str, words: Iterable[str]) -> dict[str, float]:
    """Which of the folded words look like the folded word that somebody typed, and how much."""
    words = list(words)
    found = {
        near: score
        for near, score, _ in process.extract(
            word, words, scorer=OSA.normalized_similarity, score_cutoff=ALIKE, limit=None
        )
        if _is_slip(word, near, score)
    }
    sounds = _consonants(word)
    spelt_by_sound = len(sounds) >= CONSONANTS_AT_LEAST
    for near in words:
        if near == word:
            found[near] = 1.0
        elif len(word) > 1 and near.startswith(word):
            found[near] = BEGINS
        elif len(word) >= WITHIN_FROM and word in near:
            found[near] = WITHIN
        elif spelt_by_sound and near[0] == word[0] and _consonants(near) == sounds:
            found[near] = max(found.get(near, 0.0), SAME_CONSONANTS)
    return found


def resembling(typed: str, names: Iterable[str]) -> list[dict[str, float]]:
    """For each word that was typed: the names with a word that looks like it, and how much.

    A word counts as typed when a name's word begins with it (from two letters on) or has it
    further in (from three).
    """
    split = {name: _words(name) for name in names}
    vocabulary = {word for words in split.values() for word in words}
    found = []
    for word in folded(typed).split():
        near = _resembling(word, vocabulary)
        found.append(
            {
                name: max(near[word] for word in words if word in near)
                for name, words in split.items()
                if any(word in near for word in words)
            }
        )
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
