"""From the texts in ``texts/`` to sentences about one person."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

from participants.models import Gender

TEXTS = Path(__file__).resolve().parent / "texts"
CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
Line = TypeVar("Line")
PRONOUNS = {
    Gender.MALE: ("han", "ham", "hans"),
    Gender.FEMALE: ("hun", "hende", "hendes"),
    Gender.OTHER: ("hen", "hen", "hens"),
}


@cache
def texts(name: str) -> dict:
    """One file of texts."""
    with (TEXTS / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def fill(text: str, rng: Random, **words: str) -> str:
    """Choose in ``[a|b]`` and put the words in their ``{places}``."""
    chosen = CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
    # "den 14." at the end of a sentence has one full stop.
    return chosen.format_map(words).replace("..", ".")


@dataclass(frozen=True)
class Voice:
    """How one person is spoken of: by name and pronoun, by one mentor or by both."""

    name: str
    gender: str
    institution: str
    municipality: str

    def words(self, *, together: bool = False) -> dict[str, str]:
        subject, object_, owner = PRONOUNS[Gender(self.gender)]
        first, first_object = ("vi", "os") if together else ("jeg", "mig")
        return {
            "navn": self.name,
            "han": subject,
            "Han": subject.capitalize(),
            "ham": object_,
            "hans": owner,
            "jeg": first,
            "Jeg": first.capitalize(),
            "mig": first_object,
            "institution": self.institution,
            "kommune": self.municipality,
        }


class Decks:
    """Lines dealt like cards: none comes again before all of its kind have been used."""

    def __init__(self, rng: Random):
        self.rng = rng
        self.left: dict[str, list] = {}

    def deal(self, key: str, lines: list[Line]) -> Line:
        if not self.left.get(key):
            self.left[key] = self.rng.sample(lines, len(lines))
        return self.left[key].pop()
