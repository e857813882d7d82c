"""The daily job of the mentoring app: thin, each task calls the verbs."""

from contextlib import suppress
from functools import partial

from celery import shared_task

from mentoring import drafts, escalation, letters, turns
from mentoring.matching import waiting
from mentoring.models import Reminder
from mentoring.planning import plan_for
from mentoring.sending import send_waiting
from participants.models import Enrolment
from primus.jobs.models import Run, RunKind
from primus.jobs.runs import RunIsClosed, request_run, running


@shared_task(name="mentoring.tasks.send_reminders", expires=60 * 60)
def send_reminders() -> None:
    """Plan and send the phase reminders that are due; nothing if that is being done already."""
    run, is_new = request_run(RunKind.REMINDERS)
    if not is_new:
        return
    with running(run) as progress:
        plan_for(on_step=partial(progress.advance, 0))
        send_waiting(progress=progress)


@shared_task(name="mentoring.tasks.remind_enrolment")
def remind_enrolment(enrolment_id: int) -> None:
    """The same for one enrolment: two new mentors are told at once where they come in."""
    plan_for(Enrolment.objects.filter(pk=enrolment_id))
    send_waiting(Reminder.objects.filter(enrolment=enrolment_id))


@shared_task(name="mentoring.tasks.send_letters", expires=60 * 60)
def send_letters() -> None:
    """Tell the coordinators by e-mail that a concern waits or a mentor must stop."""
    letters.send_letters()


@shared_task(name="mentoring.tasks.escalate_concerns", expires=5 * 60)
def escalate_concerns() -> None:
    """Send on the concerns that nobody has answered in time."""
    escalation.escalate()


# Mail servers come back, so it is tried for most of a day.
@shared_task(
    name="mentoring.tasks.tell_of_turn",
    autoretry_for=(OSError,),
    retry_backoff=60,
    retry_backoff_max=60 * 60,
    max_retries=20,
)
def tell_of_turn(request_id: int) -> None:
    """Tell a mentor by e-mail that the other asks them to take the next meeting."""
    turns.tell(request_id)


@shared_task(name="mentoring.tasks.delete_old_drafts", expires=60 * 60)
def delete_old_drafts() -> None:
    """Delete the drafts of meetings that nobody has written on for a week."""
    drafts.delete_too_old()


@shared_task(name="mentoring.tasks.find_waiting_pairs")
def find_waiting_pairs(run_id: int) -> None:
    """Find pairs for everyone who waits in the municipality that the run is about."""
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        return
    # A message that is delivered a second time finds its run closed, and leaves it so.
    with suppress(RunIsClosed), running(run) as progress:
        waiting.forget_older(waiting.find_for_all(run, progress))
