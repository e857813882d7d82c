"""A person is referred: the participant, the enrolment, and what they have said yes to; or the
referral is turned down, because it is not for this programme or they say no."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from participants import consents
from participants.alike import Alike
from participants.endings import DETAILS, EndRefused, end_enrolment
from participants.models import Consent, ConsentKind, Ending, Enrolment, Participant
from participants.releases import check_expected

# What a person who is known already may have new since last time.
NEWS = ("phone", "email", "postcode", "languages")
# Of whom is turned down no more is kept than who they are and why.
NOT_KEPT_OF_PERSON = ("phone", "email", "postcode", "languages")
NOT_KEPT_OF_ENROLMENT = {"wishes": "", "wished_times": [], "trade": ""}


@dataclass(frozen=True)
class TurnedDown:
    """That a referral comes to nothing: the day, the reason (EndReason) and why exactly."""

    on: date
    reason: str
    detail: str


class AlreadyEnrolled(Exception):
    """The person is in the programme now; ``enrolment`` is the one."""

    def __init__(self, enrolment: Enrolment):
        super().__init__("already enrolled")
        self.enrolment = enrolment


def sent_before(token: UUID | None, by) -> Enrolment | None:
    """The enrolment that this very form saved, if it has been sent already."""
    if token is None:
        return None
    return Enrolment.objects.visible_to(by).filter(form_token=token, created_by=by).first()


def refer(
    *,
    by,
    token: UUID | None,
    participant: dict,
    enrolment: dict,
    consents_given: list[dict],
    known: Alike | None = None,
    turned_down: TurnedDown | None = None,
) -> tuple[Enrolment, bool]:
    """Save a referral once for each form token; returns the enrolment and whether it is new.
    Who knows by another way that it is sent once needs no token.

    `consents_given` holds what Consent needs of each: kind, form, given_on. Among them must be
    the one to taking part, unless the referral is `turned_down`: then it ends on its day, and
    nothing is kept but who it was and why. With `known`, whose enrolment has ended, the new
    enrolment belongs to the same participant. Raises AlreadyEnrolled if that person is in the
    programme now, ReleaseRefused for an expected release that cannot be, ConsentRefused without
    consent to taking part, and EndRefused when it cannot be turned down like that.
    """
    earlier = sent_before(token, by)
    if earlier is not None:
        return earlier, False
    if turned_down is None:
        check_expected(enrolment["expected_release"], enrolment["referred_on"])
        if ConsentKind.PARTICIPATION not in {given["kind"] for given in consents_given}:
            raise consents.ConsentRefused("missing_participation")
    else:
        consents_given = []
        participant = {n: v for n, v in participant.items() if n not in NOT_KEPT_OF_PERSON}
        enrolment = enrolment | NOT_KEPT_OF_ENROLMENT
    for given in consents_given:
        consents.check_given(**given, born=participant["birth_date"])
    try:
        with transaction.atomic():
            saved = Enrolment.objects.create(
                participant=_person(by, participant, known, keep=turned_down is not None),
                form_token=token,
                created_by=by,
                **enrolment,
            )
            Consent.objects.bulk_create(
                Consent(enrolment=saved, recorded_by=by, **given) for given in consents_given
            )
            if turned_down is not None:
                turn_down(saved, turned_down, by=by)
                saved.refresh_from_db()
    except IntegrityError:
        # The same form sent twice at once: whoever came second finds what the first one saved.
        earlier = sent_before(token, by)
        if earlier is None:
            raise
        return earlier, False
    return saved, True


def turn_down(enrolment: Enrolment, turned_down: TurnedDown, *, by) -> Ending:
    """Close a referral that waits, as not for this programme or declined.

    It is an ending like any other (see `participants.endings`, which keeps nothing of the wishes
    and also opens it again within its days). Raises EndRefused when it has ended, they were taken
    in, or the day or reason cannot be.
    """
    if turned_down.reason not in DETAILS:
        raise EndRefused("unknown_reason")
    return end_enrolment(
        enrolment, turned_down.on, turned_down.reason, detail=turned_down.detail, by=by
    )


def _person(by, details: dict, known: Alike | None, *, keep: bool) -> Participant:
    """Who it is about; with `keep`, one who is known stays as they are."""
    if known is not None:
        person = Participant.objects.select_for_update(no_key=True).get(pk=known.participant.pk)
        current = person.enrolments.current()
        # Saved since the form was looked over, by this coordinator or a colleague.
        theirs = current.visible_to(by).first()
        if theirs is not None:
            raise AlreadyEnrolled(theirs)
        # Someone with a current enrolment in a municipality the coordinator does not see must
        # not be given away by a refusal: the referral stands on its own until the two meet.
        if not current.exists():
            if not keep:
                for name in NEWS:
                    if details.get(name):
                        setattr(person, name, details[name])
                person.save(update_fields=NEWS)
            return person
    return Participant.objects.create(created_by=by, **details)
