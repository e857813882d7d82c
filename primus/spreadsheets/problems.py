"""What can be wrong with a cell or a row: a code for the program, a sentence for the reader.

A problem is kept as its code and the words that go into its sentence, so that it is read in the
reader's language.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from primus.accounts.validators import phone_validator
from primus.refusals import Refused

# {field: [[code, words], …]}; "" for what is wrong with the whole row.
Problems = dict[str, list[list]]


class Problem(Refused):
    """What is wrong with one cell."""

    SENTENCES: dict[str, str | Promise] = {
        "missing": _("This must be filled in."),
        "too_long": _("At most %(most)s letters fit here."),
        "day": _("Write the day like 12-03-2025."),
        "no_day": _("There is no such day. Write it like 12-03-2025."),
        "number": _("Write a whole number from %(least)s to %(most)s."),
        "choice": _("Write one of these: %(choices)s."),
        "did_you_mean": _("There is none of that name. Did you mean %(near)s?"),
        "email": _("Write an e-mail address like name@example.org."),
        "phone": phone_validator.message,
        "postcode": _("A postcode has four digits."),
        "twice": _("Row %(row)s is about the same person."),
        "together": _(
            "Another row about the same person cannot be imported. What is said of one person is "
            "imported together or not at all."
        ),
        "example": _("This is the row that shows how to fill the file in. Delete it."),
        "refused": _(
            "It could not be saved: somebody else has changed the same meanwhile. Try once more."
        ),
    }


class RowRefused(Exception):
    """A verb refused a row; ``field`` is the cell it is about, "" is the whole row."""

    def __init__(self, field: str, refused: Refused):
        super().__init__(refused.code)
        self.field = field
        self.refused = refused


@contextmanager
def about(field: str) -> Iterator[None]:
    """What the block refuses is about the cell of this field. Raises RowRefused."""
    try:
        yield
    except Refused as refused:
        raise RowRefused(field, refused) from refused


def _code(refused: type[Refused], code: str) -> str:
    """Different verbs refuse different things by the same word."""
    return code if refused is Problem else f"{refused.__name__}.{code}"


def add(problems: Problems, field: str, refused: Refused) -> None:
    """Note that the cell of the field (or with "" the row) is refused."""
    problems.setdefault(field, []).append([_code(type(refused), refused.code), refused.words])


def alone(refused: Refused) -> Problems:
    """Just this, about the whole row."""
    problems: Problems = {}
    add(problems, "", refused)
    return problems


def sentences_of(*refused: type[Refused]) -> dict[str, str | Promise]:
    """The sentences of what some verbs refuse, by the codes under which problems are kept."""
    return {
        _code(kind, code): sentence for kind in refused for code, sentence in kind.SENTENCES.items()
    }


def sentence(code: str, words: Mapping[str, str], sentences: Mapping[str, str | Promise]) -> str:
    """A kept problem in the reader's language; `sentences` are the layout's own."""
    text = str(sentences.get(code) or Problem.SENTENCES.get(code) or Problem.SENTENCES["refused"])
    return text % words if words else text
