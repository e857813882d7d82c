"""What people write in a cell, as a value. Each parser takes text that is not empty, and raises
Problem for what it cannot be."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone, translation

from primus.accounts.validators import phone_validator
from primus.spreadsheets.cells import keys
from primus.spreadsheets.problems import Problem

Parser = Callable[[str], object]

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T][0-9:.]*)?")
DANISH = re.compile(r"(\d{1,2})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{4}|\d{2})")
LISTED = re.compile(r"\s*[,;/\n]\s*")
BETWEEN = re.compile(r"\s*(?:[,;/+&\n]|\bog\b|\band\b)\s*")
# A year of two digits lies at most so many years ahead; else it was in the century before.
YEARS_AHEAD = 10


def text_of(model: type[models.Model], name: str) -> Parser:
    """Text as long as the model's field has room for."""
    most = getattr(model._meta.get_field(name), "max_length", None)

    def parse(said: str) -> str:
        if most and len(said) > most:
            raise Problem("too_long", most=str(most))
        return said

    return parse


def _day_of(years_ahead: int) -> Parser:
    def parse(said: str) -> date:
        if found := ISO.fullmatch(said):
            year, month, day = (int(part) for part in found.groups())
        elif found := DANISH.fullmatch(said):
            day, month, year = (int(part) for part in found.groups())
            if len(found[3]) == 2:
                latest = timezone.localdate().year + years_ahead
                year += latest // 100 * 100
                year -= 100 if year > latest else 0
        else:
            raise Problem("day")
        try:
            return date(year, month, day)
        except ValueError:
            raise Problem("no_day") from None

    return parse


# A day as Danes write it, or as ISO 8601.
day = _day_of(YEARS_AHEAD)
# The same for one that has been, such as a birth.
past_day = _day_of(0)


def number(least: int, most: int) -> Parser:
    def parse(said: str) -> int:
        if not re.fullmatch(r"\d{1,9}", said) or not least <= int(said) <= most:
            raise Problem("number", least=str(least), most=str(most))
        return int(said)

    return parse


def phone(said: str) -> str:
    try:
        phone_validator(said)
    except ValidationError:
        raise Problem("phone") from None
    return said


def email(said: str) -> str:
    try:
        validate_email(said)
    except ValidationError:
        raise Problem("email") from None
    return said.lower()


def postcode(said: str) -> str:
    """Four digits, also where a spreadsheet took 0999 for a number."""
    if not re.fullmatch(r"\d{3,4}", said):
        raise Problem("postcode")
    return said.zfill(4)


def _labels(choices: type[models.TextChoices]) -> dict[str, str]:
    return {str(member.value): str(member.label) for member in choices}


@lru_cache(maxsize=64)
def _known(choices: type[models.TextChoices], also: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Each way in which a choice is written, in every language, and its value."""
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for value, label in _labels(choices).items():
                known.update(dict.fromkeys(keys(label) | keys(value), value))
    for said, value in also:
        known.update(dict.fromkeys(keys(said), value))
    return known


def _finder(choices: type[models.TextChoices], also: dict[str, str] | None):
    """What finds the choice that is meant, or None."""
    more = tuple((also or {}).items())

    def find(said: str) -> str | None:
        known = _known(choices, more)
        return next((known[key] for key in keys(said) if key in known), None)

    return find


def _no_choice(choices: type[models.TextChoices]) -> Problem:
    return Problem("choice", choices=", ".join(_labels(choices).values()))


def one_of(choices: type[models.TextChoices], also: dict[str, str] | None = None) -> Parser:
    """One of the choices, by its name in any language of ours, or as `also` says it."""
    find = _finder(choices, also)

    def parse(said: str) -> str:
        found = find(said)
        if found is None:
            raise _no_choice(choices)
        return found

    return parse


def some_of(choices: type[models.TextChoices], also: dict[str, str] | None = None) -> Parser:
    """Several of the choices, in the order the choices have."""
    find = _finder(choices, also)

    def parse(said: str) -> list[str]:
        # First as a whole: a name can hold what else stands between names.
        found = set()
        for piece in [said] if find(said) else LISTED.split(said):
            whole = find(piece)
            found |= {whole} if whole else {find(part) for part in BETWEEN.split(piece) if part}
        if None in found:
            raise _no_choice(choices)
        return [value for value in choices.values if value in found]

    return parse
