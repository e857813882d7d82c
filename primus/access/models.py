"""The access log: who did what with whose data, and when."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.accounts.models import Role


class Event(models.TextChoices):
    """What was done with a person's data."""

    READ = "read", _("read")
    LIST = "list", _("listed")
    SEARCH = "search", _("searched")
    CREATE = "create", _("created")
    CHANGE = "change", _("changed")
    IMPORT = "import", _("imported")
    EXPORT = "export", _("exported")
    DELETE = "delete", _("deleted")
    REFUSED = "refused", _("refused")


class AccessEntryQuerySet(models.QuerySet["AccessEntry"]):
    def visible_to(self, user):
        """All to an administrator; to a coordinator what concerns their municipalities."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.role == Role.ADMINISTRATOR:
            return self
        if user.role == Role.COORDINATOR:
            # By name, because municipalities are known further up.
            municipalities = apps.get_model("participants", "Municipality").objects
            return self.filter(
                municipality_code__in=municipalities.of_coordinator(user).values("code")
            )
        return self.none()


class AccessEntry(models.Model):
    """One access by one user to the data of one person (or to a list of people).

    Never changed and never deleted with what it speaks of: it copies the labels it needs, and
    the labels are case numbers, not names, so that the log can be read without the case.
    """

    at = models.DateTimeField(default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    user_label = models.CharField(max_length=160)
    role = models.CharField(max_length=20)
    event = models.CharField(max_length=10, choices=Event)
    view = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True, blank=True)
    object_label = models.CharField(max_length=80, blank=True)
    municipality_code = models.CharField(max_length=4, blank=True, db_index=True)
    # What was searched for, or the numbers of the cases in a list.
    detail = models.TextField(blank=True)

    objects = AccessEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("access log entry")
        verbose_name_plural = _("access log entries")
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_label} {self.event} {self.object_label}"
