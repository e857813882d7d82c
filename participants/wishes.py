"""Changing what a participant wishes of their mentors."""

from django.db import transaction

from participants.models import Enrolment

WISHES = ("gender_wish", "wished_times", "trade", "wishes")


def change_wishes(enrolment: Enrolment, **values) -> list[str]:
    """Write down new wishes (see ``WISHES``); the names of those that changed.

    What has been decided by the old ones, such as a pair, stays.
    """
    with transaction.atomic():
        locked = Enrolment.objects.locked(enrolment.pk)
        changed = [name for name in WISHES if getattr(locked, name) != values[name]]
        for name in changed:
            setattr(locked, name, values[name])
        if changed:
            locked.save(update_fields=changed)
    return changed
