"""What happens to a trial when something changes elsewhere."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete, pre_migrate
from django.dispatch import receiver

from outcomes.models import Stratum, Trial, TrialArm, TrialPlace, TrialSubject
from outcomes.trials import following, guards
from participants.models import ConsentKind
from participants.signals import consent_withdrawn


def connect(outcomes: AppConfig) -> None:
    """Called once, when the apps are loaded."""
    pre_migrate.connect(guards.step_aside, outcomes, dispatch_uid="outcomes.trials.step_aside")
    post_migrate.connect(guards.install, outcomes, dispatch_uid="outcomes.trials.install")
    for model in (Trial, TrialArm, Stratum, TrialPlace, TrialSubject):
        pre_delete.connect(
            guards.refuse_deletion, model, dispatch_uid=f"outcomes.trials.keep.{model.__name__}"
        )


@receiver(consent_withdrawn, dispatch_uid="outcomes.trials.consent_withdrawn")
def leave_trial(sender, consent, **kwargs) -> None:
    """Who takes back the consent to data on offences takes it back in the trial too."""
    if consent.kind == ConsentKind.OFFENCES:
        following.withdrawn_in_case_file(consent.enrolment_id, consent.withdrawn_on)
