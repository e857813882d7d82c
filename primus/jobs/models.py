"""What the background processes are doing, kept where every process can see it."""

from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.access.querysets import VisibleQuerySet


class Process(models.TextChoices):
    WORKER = "worker", _("worker")
    BEAT = "beat", _("beat")


class Heartbeat(models.Model):
    """When one kind of background process was last seen alive."""

    process = models.CharField(max_length=10, choices=Process, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process} {self.seen_at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, process: Process) -> None:
        cls.objects.update_or_create(process=process, defaults={"seen_at": timezone.now()})


class RunKind(models.TextChoices):
    REMINDERS = "reminders", _("Reminders")
    SNAPSHOTS = "snapshots", _("Dashboards")
    IMPORT = "import", _("Import")
    WAITING_LIST = "waiting_list", _("Pairs for a waiting list")
    EFFECT = "effect", _("Effect")
    RESEARCH = "research", _("Data for research")


class RunState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class RunQuerySet(VisibleQuerySet):
    """Dashboards are seen by whoever reads them, a waiting list by its municipality's coordinators,
    a file by whoever uploaded it or had it made. The others are nobody's business: the count of a
    day's reminders can be of few people."""

    def unfinished(self):
        return self.filter(state__in=[RunState.WAITING, RunState.RUNNING])

    def _for_staff(self, user):
        return self.filter(
            Q(kind__in=[RunKind.SNAPSHOTS, RunKind.EFFECT])
            | Q(kind=RunKind.RESEARCH, requested_by=user)
        )

    def _for_coordinator(self, user):
        # By name, because municipalities are known further up.
        municipalities = apps.get_model("participants", "Municipality").objects
        own = municipalities.of_coordinator(user).values("code")
        return self.filter(
            Q(kind=RunKind.SNAPSHOTS)
            | Q(kind=RunKind.WAITING_LIST, subject__in=own)
            | Q(kind=RunKind.IMPORT, requested_by=user)
        )


class Run(models.Model):
    """One run of a piece of background work, with how far it has come.

    The worker writes the counts, the page shows them; leaving the page loses nothing.
    """

    # A run that has said nothing for this long was killed: it is shown as stopped, and a new
    # one may start.
    SILENT_AFTER = timedelta(minutes=5)

    kind = models.CharField(max_length=20, choices=RunKind)
    # What it works on, where runs of one kind may go on side by side; never a person's data.
    subject = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(default=timezone.now)
    moved_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The class of the error, never its message: messages can quote a person's data.
    error = models.CharField(max_length=120, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="run_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")), name="run_done_not_above_total"
            ),
            # One at a time of each kind and subject: who asks second is shown the one under way.
            models.UniqueConstraint(
                "kind",
                "subject",
                condition=Q(state__in=[RunState.WAITING, RunState.RUNNING]),
                name="run_one_unfinished_per_kind_and_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.done}/{self.total}"

    @property
    def is_finished(self) -> bool:
        return self.state in (RunState.DONE, RunState.FAILED)

    @property
    def is_silent(self) -> bool:
        return not self.is_finished and timezone.now() - self.moved_at > self.SILENT_AFTER

    @property
    def shown(self) -> str:
        """What a reader is told: the state, or that it has fallen silent."""
        return "silent" if self.is_silent else self.state

    @property
    def shown_label(self) -> str:
        return str(_("stopped") if self.is_silent else self.get_state_display())

    @property
    def is_moving(self) -> bool:
        """Whether there is anything to wait for."""
        return not self.is_finished and not self.is_silent

    @property
    def percent(self) -> int:
        """How far the run has come, 0–100."""
        if self.state == RunState.DONE:
            return 100
        return int(100 * self.done / self.total) if self.total else 0
