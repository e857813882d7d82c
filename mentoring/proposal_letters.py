"""What the e-mails about a proposal say: that one is asked, and what came of it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mentoring.models import Letter, LetterOccasion, ProposalAnswer, ProposalState, Seat
from participants.models import Enrolment

Words = tuple[str, str] | None


def words_of_proposal(row: Letter) -> Words:
    """Subject and text in the recipient's language, without a word about the participant; None
    when it is nobody's news any more."""
    answers = ProposalAnswer.objects.select_related("proposal", "mentor")
    answer = answers.get(letters=row)
    if answer.mentor.user_id != row.recipient_id:
        return _to_coordinator(row, answer)
    if row.occasion == LetterOccasion.NEWS:
        return _question(answer)
    if row.occasion == LetterOccasion.PAIRED:
        return _formed(answer)
    return _nothing_came_of_it(answer)


def _address(page: str, *args: int) -> str:
    return settings.BASE_URL + reverse(page, args=args)


def _question(answer: ProposalAnswer) -> Words:
    if answer.answer or answer.proposal.state != ProposalState.OPEN:
        return None
    return _("Will you follow somebody?"), _(
        "Your coordinator asks whether you will follow a participant together with another "
        "mentor.\n\n"
        "Here you can read what it takes, and say yes or no:\n%(address)s\n\n"
        "For the sake of the participant, this e-mail does not say who it is."
    ) % {"address": _address("proposal_answer", answer.pk)}


def _formed(answer: ProposalAnswer) -> Words:
    seats = Seat.objects.held().filter(pair=answer.proposal.pair_id, mentor=answer.mentor_id)
    if not seats.exists():
        return None
    return _("You are a mentor pair now"), _(
        "It is settled: you and another mentor follow a participant together from today.\n\n"
        "Here you can see who it is, and how to reach each other:\n%(address)s\n\n"
        "For the sake of the participant, this e-mail does not say who it is."
    ) % {"address": _address("home")}


def _nothing_came_of_it(answer: ProposalAnswer) -> Words:
    if answer.proposal.state in (ProposalState.OPEN, ProposalState.PAIRED):
        return None
    return _("Nothing comes of it this time"), _(
        "You were asked whether you would follow a participant. Nothing comes of it this time, "
        "so you need not do anything.\n\n"
        "Thank you for being there. Your coordinator will ask again when somebody needs you."
    )


def _to_coordinator(row: Letter, answer: ProposalAnswer) -> Words:
    mine = Enrolment.objects.visible_to(row.recipient)
    enrolment = mine.filter(pk=answer.proposal.enrolment_id).first()
    if enrolment is None:
        return None
    if row.occasion == LetterOccasion.PAIRED:
        return _("Both mentors have said yes"), _(
            "Two mentors have said yes to following a participant in one of your municipalities, "
            "and are a pair from today.\n\n"
            "Here you can see them:\n%(address)s\n\n"
            "For the sake of the participant, this e-mail does not say who it is."
        ) % {"address": _address("enrolment", enrolment.pk)}
    if not enrolment.is_current or enrolment.pairs.current().exists():
        return None
    return _("A participant still needs two mentors"), _(
        "Nothing came of the mentor pair that was asked to follow a participant in one of your "
        "municipalities.\n\n"
        "Here you can see why, and ask two others:\n%(address)s\n\n"
        "For the sake of the participant, this e-mail does not say who it is."
    ) % {"address": _address("pair_create", enrolment.pk)}
