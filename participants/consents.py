"""What a participant has said yes to: what it opens for, asking for it, taking it back.

Whoever keeps something that needs a consent asks here, and nowhere else: `has_consent` and
`require`.
"""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from participants.models import Consent, ConsentKind, Enrolment
from participants.models.consent import ConsentForm
from participants.signals import consent_withdrawn
from primus.refusals import Refused

# What each is for, as it is said to the participant.
PURPOSES: dict[str, str | Promise] = {
    ConsentKind.PARTICIPATION: _(
        "So that two mentors can follow them: we keep their name, what they need, and what is "
        "agreed, as long as they take part."
    ),
    ConsentKind.MUNICIPALITY: _(
        "So that the mentors and the coordinator may talk with the municipality and other "
        "authorities about them."
    ),
    ConsentKind.OFFENCES: _(
        "So that we may look up and keep whether there are new convictions after the release. "
        "It is used to see whether the programme helps. It has to be said yes to by itself."
    ),
    ConsentKind.RESEARCH: _("So that researchers may use the data, without name or address."),
}

# What follows when it is taken back, before it is.
AFTER_WITHDRAWAL: dict[str, str | Promise] = {
    ConsentKind.PARTICIPATION: _(
        "Nobody takes part without it: the next page asks you to end the enrolment."
    ),
    ConsentKind.MUNICIPALITY: _(
        "From that day nobody talks with the municipality or other authorities about them. "
        "Tell the mentors."
    ),
    ConsentKind.OFFENCES: _(
        "What is kept about new convictions is deleted at once, and no more is looked up or kept. "
        "It cannot be brought back. Figures that have been counted already stay as they are."
    ),
    ConsentKind.RESEARCH: _(
        "From that day the data are not handed to research. What has been used already stays."
    ),
}


class ConsentRefused(Refused):
    """A consent is missing, or cannot be noted like this. ``code`` says why."""

    SENTENCES = {
        "missing_participation": _("There is no consent to taking part."),
        "missing_municipality": _("There is no consent to contact with authorities."),
        "missing_offences": _("There is no consent to keeping data on new offences."),
        "missing_research": _("There is no consent to research."),
        "unknown_kind": _("Choose what they say yes to."),
        "unknown_form": _("Choose how they said it."),
        "already_given": _("They have said yes to this already."),
        "given_in_future": _("Write the day they said yes; it cannot be in the future."),
        "given_before_birth": _("The consent cannot be before the birth."),
        "already_withdrawn": _("This consent has been taken back already."),
        "withdrawn_in_future": _("Write the day they took it back; it cannot be in the future."),
        "withdrawn_before_given": _("It cannot be taken back before it was given."),
    }


def has_consent(enrolment: Enrolment | int, kind: str, day: date | None = None) -> bool:
    """Whether a consent of that kind is in force on the day (today unless given)."""
    return not _without([_number(enrolment)], kind, day)


def require(
    enrolments: Enrolment | int | Iterable[Enrolment | int], kind: str, day: date | None = None
) -> None:
    """Raise ConsentRefused unless each of the enrolments has a consent of that kind in force on
    the day (today unless given). One question to the database, however many there are."""
    if isinstance(enrolments, Enrolment | int):
        enrolments = [enrolments]
    if _without([_number(one) for one in enrolments], kind, day):
        raise ConsentRefused(f"missing_{ConsentKind(kind).value}")


def _number(enrolment: Enrolment | int) -> int:
    return enrolment.pk if isinstance(enrolment, Enrolment) else enrolment


def _without(numbers: list[int], kind: str, day: date | None) -> set[int]:
    """Those of the enrolments that have no such consent on the day."""
    wanted = set(numbers)
    found = Consent.objects.in_force(day).filter(kind=kind, enrolment__in=wanted).order_by()
    return wanted - set(found.values_list("enrolment", flat=True))


def check_given(kind: str, form: str, given_on: date, born: date | None = None) -> None:
    """Raise ConsentRefused for a consent that cannot be."""
    if kind not in ConsentKind.values:
        raise ConsentRefused("unknown_kind")
    if form not in ConsentForm.values:
        raise ConsentRefused("unknown_form")
    if given_on > timezone.localdate():
        raise ConsentRefused("given_in_future")
    if born is not None and given_on < born:
        raise ConsentRefused("given_before_birth")


def give_consent(enrolment: Enrolment, kind: str, *, form: str, given_on: date, by) -> Consent:
    """Note that the participant has said yes. Raises ConsentRefused when they had, or cannot."""
    check_given(kind, form, given_on, enrolment.participant.birth_date)
    try:
        with transaction.atomic():
            return Consent.objects.create(
                enrolment=enrolment, kind=kind, form=form, given_on=given_on, recorded_by=by
            )
    except IntegrityError as error:
        raise ConsentRefused("already_given") from error


@transaction.atomic
def withdraw_consent(consent: Consent, withdrawn_on: date, *, by) -> Consent:
    """Note that the participant has taken a yes back. It stays in the history, and what was kept
    because of it goes in the same transaction.

    Raises ConsentRefused when it has been taken back before, or the day cannot be.
    """
    row = Consent.objects.select_for_update(no_key=True).get(pk=consent.pk)
    if row.withdrawn_on is not None:
        raise ConsentRefused("already_withdrawn")
    if withdrawn_on > timezone.localdate():
        raise ConsentRefused("withdrawn_in_future")
    if withdrawn_on < row.given_on:
        raise ConsentRefused("withdrawn_before_given")
    row.withdrawn_on = withdrawn_on
    row.withdrawal_recorded_by = by
    row.withdrawal_recorded_at = timezone.now()
    row.save(update_fields=["withdrawn_on", "withdrawal_recorded_by", "withdrawal_recorded_at"])
    consent_withdrawn.send(sender=Consent, consent=row)
    return row
