"""Searching for words in columns of text, alike wherever something is searched for."""

from django.db.models import Q

WORDS_AT_MOST = 6


def holds_words(text: str, *fields: str) -> Q:
    """Each of the words stands in one of the fields; of a long text only the first words count.

    Each is also looked for as it is written with a capital or small letters, because SQLite takes
    Æ and æ for two letters that have nothing to do with each other.
    """
    found = Q()
    for word in text.split()[:WORDS_AT_MOST]:
        somewhere = Q()
        for form in {word, word.lower(), word.upper(), word.capitalize()}:
            for field in fields:
                somewhere |= Q(**{f"{field}__icontains": form})
        found &= somewhere
    return found
