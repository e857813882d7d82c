"""What a mentor has raised and nobody has answered."""

from datetime import date

from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from mentoring.desk.worklist import Row, Scope, Tone, Worklist, of_enrolment
from mentoring.models import Concern, Urgency
from mentoring.next_steps import Action
from mentoring.templatetags.concerns import answer_by, is_near, time_left

TEXT_SHOWN = 180


def _waiting(scope: Scope):
    """Raised, and no coordinator has said that they have it."""
    found = scope.concerns().waiting().annotate(since=TruncDate("raised_at"))
    return found.most_urgent_first()


def _row(concern: Concern, since: date, today: date) -> Row:
    in_danger = concern.urgency == Urgency.LIFE
    return of_enrolment(
        concern.enrolment,
        danger=_("Danger to life.") if in_danger else "",
        reasons=[Truncator(concern.text).chars(TEXT_SHOWN)],
        when=answer_by(concern),
        then=time_left(concern),
        is_near=is_near(concern),
        action=Action(reverse("concern", args=[concern.pk]), pgettext("verb", "Answer")),
    )


WAITING = Worklist(
    name="concerns",
    title=gettext_lazy("Concerns waiting"),
    short=gettext_lazy("Concerns waiting"),
    why=gettext_lazy("A mentor is waiting for an answer"),
    in_order=gettext_lazy("no concern is waiting"),
    tone=Tone.NOW,
    find=_waiting,
    row=_row,
    of=Concern,
    is_tall=True,
)
