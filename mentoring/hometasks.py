"""What a mentor has to do: the one place that says which tasks are open, and which are today's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from mentoring.models import MeetingDraft
from mentoring.reminders import HomeReminder, for_home
from participants.assessments import due_stages
from participants.models import TIMED_STAGES, Enrolment, NeedRating, SupportArea
from primus.accounts.models import User
from primus.templatetags.primus_ui import clock, relative

# So many tasks of today stand open on a card; the others are folded with what comes later.
MOST_OPEN = 2


@dataclass(frozen=True)
class HomeTask:
    """One line that leads to where it is done. ``on`` is the day it is due, or was said."""

    icon: str
    title: str | Promise
    url: str
    on: date
    is_today: bool
    area: str = ""
    reminder: HomeReminder | None = None

    @property
    def is_late(self) -> bool:
        return self.reminder is None and self.on < timezone.localdate()


def with_tasks(enrolments, user: User):
    """Annotates ``draft_at`` (when the user's own draft of a meeting was saved) and, for each
    stage, ``rated_<stage>``: whether anything has been said of it, as `stages_rated` counts it."""
    drafts = MeetingDraft.objects.filter(author=user, enrolment=OuterRef("pk")).order_by()
    ratings = NeedRating.objects.filter(enrolment=OuterRef("pk"))
    rated = {f"rated_{stage.value}": Exists(ratings.filter(stage=stage)) for stage in TIMED_STAGES}
    return enrolments.annotate(draft_at=Subquery(drafts.values("saved_at")[:1]), **rated)


def attach_tasks(enrolments: Iterable[Enrolment], user: User) -> None:
    """Give each ``tasks_now`` (what is for today, two at most) and ``tasks_later`` (the rest).

    What is due first comes first. One query, for the reminders; needs `with_tasks`,
    ``attach_contact``, ``attach_goals``, ``attach_checklist`` and ``attach_replacements``.
    """
    enrolments = list(enrolments)
    reminders: dict[int, list[HomeReminder]] = {}
    for reminder in for_home(user):
        reminders.setdefault(reminder.enrolment.pk, []).append(reminder)
    for enrolment in enrolments:
        tasks = [
            *_draft(enrolment),
            *_handover(enrolment, user),
            *_follow_ups(enrolment),
            *_ratings(enrolment),
            *_taken(enrolment, user),
            *_goals(enrolment),
            *map(_reminder, reminders.get(enrolment.pk, ())),
        ]
        tasks.sort(key=lambda task: (not task.is_today, task.on))
        now = [task for task in tasks if task.is_today][:MOST_OPEN]
        enrolment.tasks_now = now
        enrolment.tasks_later = tasks[len(now) :]


def _draft(enrolment: Enrolment) -> Iterable[HomeTask]:
    saved: datetime | None = enrolment.draft_at
    if saved is not None:
        words = {"day": relative(saved), "time": clock(saved)}
        yield HomeTask(
            icon="edit",
            title=_("Draft from %(day)s at %(time)s: finish it") % words,
            url=f"{reverse('meeting_create')}?enrolment={enrolment.pk}",
            # Before all else: what is not saved is soon forgotten.
            on=date.min,
            is_today=True,
        )


def _handover(enrolment: Enrolment, user: User) -> Iterable[HomeTask]:
    """What the one who takes over should know, by the one who leaves and was asked for it."""
    for row in enrolment.replacements:
        if row.outgoing.mentor.user_id == user.pk and row.summary_asked and not row.summary:
            name = row.incoming.mentor.user.first_name
            title = _("Write what %(name)s should know") % {"name": name}
            url = reverse("replacement_summary", args=[row.pk])
            yield _due("edit", title, url, row.incoming.held_from)


def _follow_ups(enrolment: Enrolment) -> Iterable[HomeTask]:
    for meeting in enrolment.meetings_seen:
        if meeting.follow_up and meeting.follow_up_done_on is None:
            url = reverse("meeting", args=[meeting.pk])
            yield _due("companion", meeting.follow_up, url, meeting.follow_up_on)


def _ratings(enrolment: Enrolment) -> Iterable[HomeTask]:
    rated = {stage for stage in TIMED_STAGES if getattr(enrolment, f"rated_{stage.value}")}
    for due in due_stages(enrolment, rated):
        title = _("Rate the needs: %(stage)s") % {"stage": due.stage.label}
        url = reverse("needs_rate", args=[enrolment.pk, due.stage])
        yield _due("chart", title, url, due.due_on)


def _taken(enrolment: Enrolment, user: User) -> Iterable[HomeTask]:
    """The points of the checklist that one has taken on oneself; until their day they stand on
    the list alone."""
    for row in enrolment.checklist_now:
        if row.taken_by == user and row.item.due_on <= timezone.localdate():
            yield _due("check", str(row.point), f"#checklist-{enrolment.pk}", row.item.due_on)


def _goals(enrolment: Enrolment) -> Iterable[HomeTask]:
    plan = reverse("enrolment_plan", args=[enrolment.pk])
    for goal in enrolment.goals_due:
        yield _due("target", goal.title, plan, goal.due_on, SupportArea(goal.area).value)


def _reminder(reminder: HomeReminder) -> HomeTask:
    return HomeTask(
        icon="calendar",
        title=reminder.title,
        url=_page(reminder.enrolment),
        on=reminder.occasion_on,
        is_today=False,
        reminder=reminder,
    )


def _page(enrolment: Enrolment) -> str:
    return reverse("enrolment", args=[enrolment.pk])


def _due(icon: str, title: str, url: str, on: date, area: str = "") -> HomeTask:
    return HomeTask(icon, title, url, on, on <= timezone.localdate(), area)
