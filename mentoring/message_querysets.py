"""What may be asked of messages to mentors, in sentences."""

from django.apps import apps
from django.db.models import Q

from primus.access.querysets import VisibleQuerySet


class MessageQuerySet(VisibleQuerySet):
    """Seen by whoever it was sent to, and by the coordinators of where it was sent.

    What was written to a pair is seen with the enrolment: by its coordinators, and by the mentors
    while they hold their seats.
    """

    def _for_mentor(self, user):
        seats = apps.get_model("mentoring", "Seat").objects.held().filter(mentor__user=user)
        to_all_or_own = Q(pair=None) | Q(pair__in=seats.values("pair"))
        return self.filter(to_all_or_own, recipients__user=user)

    def _for_coordinator(self, user):
        enrolments = apps.get_model("participants", "Enrolment").objects.visible_to(user)
        own = apps.get_model("participants", "Municipality").objects.of_coordinator(user)
        return self.filter(Q(pair=None, municipality__in=own) | Q(pair__enrolment__in=enrolments))


class MessageRecipientQuerySet(VisibleQuerySet):
    def _of_messages(self, user):
        messages = apps.get_model("mentoring", "Message").objects
        return self.filter(message__in=messages.visible_to(user))

    def _for_mentor(self, user):
        return self._of_messages(user).filter(user=user)

    _for_coordinator = _of_messages

    def unread(self):
        return self.filter(read_at=None)
