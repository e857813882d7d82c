"""What waits for a mentor on their home, beside those they follow: in one query."""

from dataclasses import dataclass

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce

from mentoring.messaging import inbox
from mentoring.models import PairProposal, ProposalAnswer
from participants.models import Enrolment, Institution, Municipality
from primus.accounts.models import User


@dataclass(frozen=True)
class News:
    """``asked``: what the mentor is asked first (see `ProposalAnswer`), with the names of
    municipality and institution, and nothing more of whom it is about. ``asked_more``: how many
    other questions wait. ``messages_unread``: how many messages they have not opened."""

    asked: ProposalAnswer | None
    asked_more: int
    messages_unread: int


def _count(rows, of: str) -> Coalesce:
    """How many rows there are, as one column; `of` is the field that is the same in all."""
    counted = rows.order_by().values(of).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def news_of(user: User) -> News:
    """What waits for the user: of the questions the longest unanswered one, then what they said
    yes to while the other mentor is awaited."""
    asked = ProposalAnswer.objects.visible_to(user).to_answer()
    first = asked.order_by("answer", "proposal__proposed_at", "pk")

    def column(field: str) -> Subquery:
        return Subquery(first.values(field)[:1])

    about = "proposal__enrolment__"
    pk, answer, enrolment, code, municipality, institution, n, unread = (
        User.objects.filter(pk=user.pk)
        .values_list(
            column("pk"),
            column("answer"),
            column("proposal__enrolment"),
            column(f"{about}municipality"),
            column(f"{about}municipality__name"),
            column(f"{about}institution__name"),
            _count(asked, "mentor"),
            _count(inbox(user).unread(), "user"),
        )
        .get()
    )
    if pk is None:
        return News(None, 0, unread)
    found = ProposalAnswer(
        pk=pk,
        answer=answer,
        proposal=PairProposal(
            enrolment=Enrolment(
                pk=enrolment,
                municipality=Municipality(code=code, name=municipality),
                institution=Institution(name=institution),
            )
        ),
    )
    return News(found, n - 1, unread)
