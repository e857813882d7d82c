"""Who may sign in, and as what."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from primus.access.querysets import VisibleQuerySet
from primus.accounts.validators import phone_validator
from primus.search import Names


class Role(models.TextChoices):
    """What a user may do; each user has exactly one."""

    MENTOR = "mentor", _("Mentor")
    COORDINATOR = "coordinator", _("Coordinator")
    STAFF = "staff", _("Staff")
    ADMINISTRATOR = "administrator", _("Administrator")


class UserQuerySet(VisibleQuerySet):
    def _for_administrator(self, user):
        return self

    def active(self):
        return self.filter(is_active=True)

    def named(self, text: str):
        """Those whose name looks like every word of the text, or whose e-mail contains it."""
        return self.filter(Names(self, text, "first_name", "last_name").meant(also=("email",)))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person who can sign in. There is no sign-up: a user begins as an invitation."""

    email = models.EmailField(
        _("e-mail"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("There is already a user with that e-mail.")},
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=20, blank=True, validators=[phone_validator])
    role = models.CharField(_("role"), max_length=20, choices=Role)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name", "role"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["first_name", "last_name", "pk"]
        constraints = [
            # Unique whatever the case, which the column alone is not.
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("There is already a user with that e-mail."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="user_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.last_name[:1]).upper()

    @property
    def is_mentor(self) -> bool:
        return self.role == Role.MENTOR

    @property
    def is_coordinator(self) -> bool:
        return self.role == Role.COORDINATOR

    @property
    def is_staff_role(self) -> bool:
        return self.role == Role.STAFF

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR


class InvitationQuerySet(VisibleQuerySet):
    def _for_administrator(self, user):
        return self

    def _for_coordinator(self, user):
        """Those they sent themselves."""
        return self.filter(invited_by=user)

    def waiting(self):
        """Not accepted, whether or not the link still works."""
        return self.filter(accepted_at=None)

    def open(self):
        """Those that can be accepted now."""
        return self.waiting().filter(expires_at__gt=timezone.now())

    def for_token(self, token: str):
        return self.open().filter(token_hash=hash_token(token))


def hash_token(token: str) -> str:
    """The stored form of an invitation's token: who reads the table cannot accept for another."""
    return hashlib.sha256(token.encode()).hexdigest()


def default_expiry():
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


class Invitation(models.Model):
    """One invitation to join, sent by e-mail; accepted at most once, before it expires."""

    email = models.EmailField(_("e-mail"), max_length=254)
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    # Codes of the municipalities a mentor or coordinator is to work in. By value, since this
    # app stands below the one that knows municipalities.
    municipality_codes = models.JSONField(default=list, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=default_expiry)
    accepted_at = models.DateTimeField(null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="invitation",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None),
                name="invitation_one_waiting_per_email",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @staticmethod
    def new_token() -> str:
        return secrets.token_urlsafe(32)
