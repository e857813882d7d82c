"""What becomes of somebody after the draw: the release, a case file, a consent that is taken back.

Nobody changes arms by any of it: who was drawn without mentors and gets them all the same is
counted where they were drawn (intention to treat), and the crossover with it.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils import timezone

from outcomes.followups.noting import forget
from outcomes.models import FollowUp, TrialSubject
from outcomes.trials.enrolling import is_long_before
from outcomes.trials.refusals import TrialRefused
from participants.consents import give_consent, withdraw_consent
from participants.models import Consent, ConsentKind, Enrolment


def _locked(subject: TrialSubject) -> TrialSubject:
    return TrialSubject.objects.select_for_update().get(pk=subject.pk)


def why_not_followed(subject: TrialSubject) -> str:
    """The code of why nothing is noted about somebody (not drawn, or has withdrawn); else empty."""
    if subject.consent_withdrawn_on is not None:
        return "withdrawn"
    return "" if subject.is_randomised else "not_drawn"


def why_no_release(subject: TrialSubject) -> str:
    """The code of why no day of release is written here; empty when it can be."""
    in_case_file = "has_case_file" if subject.enrolment_id is not None else ""
    return why_not_followed(subject) or in_case_file


def _raise(code: str) -> None:
    if code:
        raise TrialRefused(code)


@transaction.atomic
def note_release(subject: TrialSubject, day: date, by) -> TrialSubject:
    """Write the day somebody without a case file was released. Raises TrialRefused."""
    subject = _locked(subject)
    _raise(why_no_release(subject))
    if day > timezone.localdate():
        raise TrialRefused("in_future")
    if is_long_before(day, subject.assessed_on):
        raise TrialRefused("release_before_assessment")
    subject.released_on = day
    subject.save(update_fields=["released_on"])
    return subject


def linkable(subject: TrialSubject, user):
    """The case files that may be theirs: of the municipality, seen by the user, nobody else's,
    and referred from half a year before the assessment."""
    return (
        Enrolment.objects.visible_to(user)
        .taken_in()
        .filter(
            municipality=subject.municipality_id,
            trial_subject=None,
            referred_on__gte=subject.assessed_on - timedelta(days=183),
        )
    )


@transaction.atomic
def link(subject: TrialSubject, enrolment: Enrolment, by) -> TrialSubject:
    """Say which case file is theirs. What was noted of new offences moves to it, and so does their
    yes to that being kept.

    In the arm without mentors this is a crossover. Raises TrialRefused, and ConsentRefused when
    there is something to move and that consent was taken back in the case file.
    """
    subject = _locked(subject)
    _raise(why_not_followed(subject))
    if subject.enrolment_id == enrolment.pk:
        return subject
    if subject.enrolment_id is not None:
        raise TrialRefused("linked_already")
    try:
        with transaction.atomic():
            subject.enrolment = enrolment
            subject.save(update_fields=["enrolment"])
    except IntegrityError as error:
        raise TrialRefused("linked_to_another") from error
    asked = Consent.objects.filter(enrolment=enrolment, kind=ConsentKind.OFFENCES)
    if subject.consent_on is not None and not asked.exists():
        give_consent(
            enrolment,
            ConsentKind.OFFENCES,
            form=subject.consent_form,
            given_on=subject.consent_on,
            by=by,
        )
    noted = FollowUp.objects.filter(subject=subject).first()
    if noted is not None and FollowUp.objects.filter(enrolment=enrolment).exists():
        # Whoever wrote it in the case file knows better who they are.
        noted.delete()
    elif noted is not None:
        noted.enrolment, noted.subject = enrolment, None
        noted.save()
    return subject


@transaction.atomic
def unlink(subject: TrialSubject, by) -> TrialSubject:
    """Take back a link that was made by mistake. What is noted stays with the case file."""
    subject = _locked(subject)
    if subject.enrolment_id is None:
        raise TrialRefused("not_linked")
    subject.enrolment = None
    subject.save(update_fields=["enrolment"])
    return subject


@transaction.atomic
def withdraw(subject: TrialSubject, day: date, by) -> TrialSubject:
    """Note that somebody has taken their consent back: what is known of new offences is deleted,
    in the case file too, and they stay as one who was counted. Raises TrialRefused."""
    subject = _locked(subject)
    if subject.consent_on is None:
        raise TrialRefused("not_consented")
    if subject.consent_withdrawn_on is not None:
        raise TrialRefused("withdrawn_already")
    if day > timezone.localdate():
        raise TrialRefused("in_future")
    if day < subject.consent_on:
        raise TrialRefused("withdrawn_before_given")
    subject.consent_withdrawn_on = day
    subject.save(update_fields=["consent_withdrawn_on"])
    forget(subject)
    if subject.enrolment is not None:
        for consent in Consent.objects.in_force().filter(
            enrolment=subject.enrolment, kind=ConsentKind.OFFENCES
        ):
            withdraw_consent(consent, max(day, consent.given_on), by=by)
    return subject


def withdrawn_in_case_file(enrolment_id: int, day: date) -> None:
    """The consent to data on offences was taken back in the case file: it is the trial's too."""
    subjects = TrialSubject.objects.filter(enrolment=enrolment_id, consent_withdrawn_on=None)
    subjects.filter(consent_on__isnull=False).update(
        consent_withdrawn_on=Greatest(Value(day), "consent_on")
    )
