"""A person is referred: the participant, the enrolment, and the consent to take part."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from participants.models import Consent, ConsentKind, Enrolment, Participant
from participants.names import folded
from participants.releases import check_expected

# What a person who is known already may have new since last time.
NEWS = ("phone", "email", "postcode", "languages")


@dataclass(frozen=True)
class Known:
    """Someone the coordinator may see has this name and this date of birth.

    ``current`` is the enrolment they are in now; ``latest`` the last one, where it has ended.
    """

    participant: Participant
    current: Enrolment | None
    latest: Enrolment


class AlreadyEnrolled(Exception):
    """The person is in the programme now; ``enrolment`` is the one."""

    def __init__(self, enrolment: Enrolment):
        super().__init__("already enrolled")
        self.enrolment = enrolment


def find_known(user, first_name: str, last_name: str, birth_date: date) -> Known | None:
    """The same person among those the user may see. Those they may not see are not looked at."""
    name = folded(f"{first_name} {last_name}")
    born_then = Participant.objects.visible_to(user).filter(birth_date=birth_date).order_by("pk")
    same = [p for p in born_then if folded(p.get_full_name()) == name]
    if not same:
        return None
    enrolments = list(
        Enrolment.objects.visible_to(user)
        .filter(participant__in=same)
        .select_related("participant")
        .order_by("-referred_on", "-pk")
    )
    current = next((e for e in enrolments if e.is_current), None)
    found = current or enrolments[0]
    return Known(participant=found.participant, current=current, latest=found)


def sent_before(token: UUID | None, by) -> Enrolment | None:
    """The enrolment that this very form saved, if it has been sent already."""
    if token is None:
        return None
    return Enrolment.objects.visible_to(by).filter(form_token=token, created_by=by).first()


def refer(
    *,
    by,
    token: UUID,
    participant: dict,
    enrolment: dict,
    consent: dict,
    known: Known | None = None,
) -> tuple[Enrolment, bool]:
    """Save a referral once for each form token; returns the enrolment and whether it is new.

    With `known`, whose enrolment has ended, the new enrolment belongs to the same participant.
    Raises AlreadyEnrolled if that person is in the programme now, ReleaseRefused for an expected
    release that cannot be.
    """
    earlier = sent_before(token, by)
    if earlier is not None:
        return earlier, False
    if known is not None and known.current is not None:
        raise AlreadyEnrolled(known.current)
    check_expected(enrolment["expected_release"], enrolment["referred_on"])
    try:
        with transaction.atomic():
            saved = Enrolment.objects.create(
                participant=_person(by, participant, known),
                form_token=token,
                created_by=by,
                **enrolment,
            )
            Consent.objects.create(
                enrolment=saved, kind=ConsentKind.PARTICIPATION, recorded_by=by, **consent
            )
    except IntegrityError:
        # The same form sent twice at once: whoever came second finds what the first one saved.
        earlier = sent_before(token, by)
        if earlier is None:
            raise
        return earlier, False
    return saved, True


def _person(by, details: dict, known: Known | None) -> Participant:
    if known is not None:
        person = Participant.objects.select_for_update(no_key=True).get(pk=known.participant.pk)
        # Someone with a current enrolment in a municipality the coordinator does not see must
        # not be given away by a refusal: the referral stands on its own until the two meet.
        if not person.enrolments.current().exists():
            for name in NEWS:
                if details.get(name):
                    setattr(person, name, details[name])
            person.save(update_fields=NEWS)
            return person
    return Participant.objects.create(created_by=by, **details)
