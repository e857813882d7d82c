"""What the walk's URLs lead to: made for the cast when it is not there yet.

Each function gives the arguments of a URL.
"""

from mentoring.models import Message, PairProposal, Reminder, ReminderState, Replacement, StaffDuty
from mentoring.tests.desk_factories import (
    MentorConflictFactory,
    MessageFactory,
    MessageRecipientFactory,
    PairProposalFactory,
    StaffDutyFactory,
)
from outcomes.effects.snapshots import recompute as recompute_effect
from outcomes.models import EconomyScenario, ResearchExport, Trial, TrialSubject
from outcomes.snapshots import recompute
from outcomes.tests.factories import TrialFactory, TrialSubjectFactory
from outcomes.tests.research_data import ResearchExportFactory
from outcomes.trials.closing import close as close_trial
from participants.models import CoordinatorNote, Enrolment, EnrolmentChange
from participants.tests.factories import (
    CoordinatorNoteFactory,
    EnrolmentChangeFactory,
    EnrolmentFactory,
    in_days,
)
from primus.accounts.tests.factories import InvitationFactory
from primus.jobs.models import Run, RunKind
from primus.jobs.runs import Progress
from primus.spreadsheets.models import ImportFile
from primus.spreadsheets.tests.factories import ImportFileFactory, ImportRowFactory
from primus.testing.cast import Cast


def sent_reminder(cast: Cast) -> dict:
    Reminder.objects.filter(pk=cast.own.reminder.pk).update(
        state=ReminderState.SENT, sent_at=cast.own.reminder.created_at
    )
    return {"pk": cast.own.reminder.pk}


def invitation(cast: Cast) -> dict:
    found = InvitationFactory._meta.model.objects.filter(invited_by=cast.coordinator).first()
    return {"pk": (found or InvitationFactory(invited_by=cast.coordinator)).pk}


def invited(cast: Cast) -> dict:
    invitation(cast)
    return {}


def run(cast: Cast) -> dict:
    return {"pk": (Run.objects.first() or Run.objects.create(kind=RunKind.SNAPSHOTS)).pk}


def somebody_waits(cast: Cast) -> dict:
    if not Enrolment.objects.without_pair().exists():
        EnrolmentFactory()
    return {}


def token(cast: Cast) -> dict:
    if not InvitationFactory._meta.model.objects.open().for_token("the token").exists():
        InvitationFactory(token="the token")
    return {"token": "the token"}


def chart(cast: Cast) -> dict:
    recompute(Progress(Run(kind=RunKind.SNAPSHOTS)))
    return {"name": "capacity", "kind": "csv"}


def a_trial_with_results(cast: Cast) -> dict:
    trial = Trial.objects.first() or TrialFactory()
    recompute_effect(Progress(Run(kind=RunKind.EFFECT)))
    return {"pk": trial.pk}


def a_seat(cast: Cast) -> dict:
    return {"pk": cast.own.pair.seats.get(mentor__user=cast.mentor).pk}


def a_question(cast: Cast) -> dict:
    found = cast.own.turn_request
    found.asked_by = cast.mentors["partner"]
    found.save()
    return {"pk": found.pk}


def a_follow_up(cast: Cast) -> dict:
    found = cast.own.accompaniment
    found.follow_up, found.follow_up_on = "Ringe til jobcentret", in_days(3)
    found.save()
    return {"pk": found.pk}


def a_proposal(cast: Cast) -> PairProposal:
    asked = [cast.mentors["idle"], cast.mentors["starting"]]
    return PairProposal.objects.first() or PairProposalFactory(
        enrolment=cast.own.enrolment, asked=asked
    )


def an_answer(cast: Cast) -> dict:
    return {"pk": a_proposal(cast).answers.get(number=1).pk}


def a_replacement(by: str, of: str):
    """That one of the cast takes over the seat of another, in the case."""

    def kwargs(cast: Cast) -> dict:
        seats = cast.own.pair.seats
        outgoing = seats.get(mentor=cast.mentors[of])
        incoming = seats.get(mentor=cast.mentors[by])
        found, _new = Replacement.objects.get_or_create(outgoing=outgoing, incoming=incoming)
        return {"pk": found.pk}

    return kwargs


def a_subject(cast: Cast) -> dict:
    """A trial subject without a case file; those elsewhere have one of their own."""
    for place in (cast.other.enrolment.municipality, cast.own.enrolment.municipality):
        found = TrialSubject.objects.filter(municipality=place, enrolment=None).first()
        found = found or TrialSubjectFactory(municipality=place)
    return {"pk": found.pk}


def a_research_file(cast: Cast) -> dict:
    found = ResearchExport.objects.filter(requested_by=cast.staff).first()
    return {"pk": (found or ResearchExportFactory(requested_by=cast.staff)).pk}


def a_trial(cast: Cast) -> dict:
    return {"pk": cast.own.trial_subject.trial_id}


def a_closed_trial(cast: Cast) -> dict:
    found = Trial.objects.get(**a_trial(cast))
    if found.closed_on is None:
        close_trial(found, cast.staff)
    return {"pk": found.pk}


def a_subject_to_draw(cast: Cast) -> dict:
    about = {"trial_id": cast.own.trial_subject.trial_id, "place": None}
    found = TrialSubject.objects.filter(**about).first()
    return {"pk": (found or TrialSubjectFactory(trial=cast.own.trial_subject.trial)).pk}


def a_duty(cast: Cast) -> dict:
    return {"pk": (StaffDuty.objects.first() or StaffDutyFactory(user=cast.staff)).pk}


def a_mentor(cast: Cast) -> dict:
    return {"pk": cast.mentors["mentor"].pk}


def a_clearance(cast: Cast) -> dict:
    return {"pk": cast.mentors["mentor"].clearances.earliest("pk").pk}


def a_conflict(cast: Cast) -> dict:
    mentor = cast.mentors["mentor"]
    found = mentor.conflicts.first()
    return {"pk": (found or MentorConflictFactory(mentor=mentor, other=cast.mentors["idle"])).pk}


def a_message(cast: Cast) -> dict:
    """To the pair of the case; the one of them it reached has read it, which opening writes."""
    found = Message.objects.first() or MessageFactory(pair=cast.own.pair)
    reader = {"message": found, "user": cast.mentor}
    if not found.recipients.exists():
        MessageRecipientFactory(**reader, read_at=found.sent_at)
    return {"pk": found.pk}


def a_scenario(cast: Cast) -> dict:
    return {"pk": EconomyScenario.objects.get_or_create(name="Some hours counted")[0].pk}


def a_message_there(cast: Cast) -> dict:
    a_message(cast)
    return {}


def a_change(cast: Cast, kind: str) -> dict:
    found = EnrolmentChange.objects.filter(enrolment=cast.own.enrolment, kind=kind).first()
    return {"pk": (found or EnrolmentChangeFactory(enrolment=cast.own.enrolment, kind=kind)).pk}


def a_confirmation(cast: Cast) -> dict:
    return a_change(cast, "release_confirmed")


def a_handover(cast: Cast) -> dict:
    return a_change(cast, "coordinator")


def a_note(cast: Cast) -> dict:
    found = CoordinatorNote.objects.filter(enrolment=cast.own.enrolment).first()
    return {"pk": (found or CoordinatorNoteFactory(enrolment=cast.own.enrolment)).pk}


def a_file(cast: Cast, **state) -> dict:
    """One that the coordinator has uploaded, with a row that cannot be imported."""
    found = ImportFile.objects.filter(uploaded_by=cast.coordinator).first()
    if found is None:
        found = ImportFileFactory(uploaded_by=cast.coordinator, state="checked", **state)
        ImportRowFactory(file=found, outcome="bad")
    return {"pk": found.pk}


def listed_file(cast: Cast) -> dict:
    a_file(cast)
    return {}
