"""A row of the access log in words: what it is about, and what was searched for."""

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from primus.access.models import AccessEntry, Event


def _parts(entry: AccessEntry) -> tuple[str, list[str]]:
    """What was searched for, and the numbers of what was listed (see `log.record_list`)."""
    words, _sep, last = entry.detail.rpartition("; ")
    numbers = last.split()
    if numbers and all(number.isdecimal() for number in numbers) and not entry.object_id:
        return words, numbers
    return entry.detail, []


def searched_for(entry: AccessEntry) -> str:
    """The words of a search; empty for what was no search."""
    return _parts(entry)[0] if entry.event == Event.SEARCH else ""


# What stands before a purpose, as «search: » before what was searched for in a list.
PURPOSE = "purpose: "


def purpose(entry: AccessEntry) -> str:
    """What data were handed out for; empty where that was not asked."""
    words = _parts(entry)[0]
    return words.removeprefix(PURPOSE) if words.startswith(PURPOSE) else ""


def about(entry: AccessEntry) -> str:
    """What was accessed: a case by its number, or how many of what were in a list."""
    try:
        model = apps.get_model(entry.object_type)
    except (LookupError, ValueError):
        return ""
    if entry.object_id is None:
        numbers = _parts(entry)[1]
        return _("%(things)s: %(count)d in a list") % {
            "things": capfirst(model._meta.verbose_name_plural),
            "count": len(numbers),
        }
    thing = capfirst(model._meta.verbose_name)
    if entry.object_label:
        return _("%(thing)s of case %(number)s") % {"thing": thing, "number": entry.object_label}
    return _("%(thing)s no. %(number)s") % {"thing": thing, "number": entry.object_id}
