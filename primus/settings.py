"""Settings: one file that reads the environment.

A value that cannot be understood stops the start with a sentence that names it;
combinations that must not be are refused by the system checks in ``primus.checks``.
``docs/settings.md`` lists every variable.
"""

import re
from pathlib import Path

import dj_database_url
import dj_email_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, ValidationError, validate

BASE_DIR = Path(__file__).resolve().parent.parent

# Not eager: every bad value is named at once. No .env file is read: what is in force is what the
# process was started with.
env = Env(eager=False)


def url_with(*schemes: str):
    """A validator: the value is empty, or a URL with one of these schemes."""

    def check(value: str) -> None:
        if value and value.partition("://")[0] not in schemes:
            raise ValidationError(f"Must begin with {' or '.join(f'{s}://' for s in schemes)}")

    return check


def phone_number(value: str) -> None:
    """A validator: the value is empty, or a number that can be called."""
    if value and not re.fullmatch(r"\+?[0-9 ]{3,19}", value):
        raise ValidationError("Must be a phone number with digits, like 70 10 20 30")


# --- What kind of installation this is -------------------------------------------------
# production, development (manage.py's default) or test. primus.wsgi defaults to production.
PRIMUS_ENV = env.str(
    "PRIMUS_ENV",
    "development",
    validate=validate.OneOf(["production", "development", "test"]),
)
# Demonstration mode: fictitious people, sign-in by one button, e-mails kept in a folder.
PRIMUS_DEMO = env.bool("PRIMUS_DEMO", False)
DEBUG = env.bool("DEBUG", False)
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var").absolute()
SECRET_KEY = env.str("SECRET_KEY", "")
# What is sealed in the database (primus.sealing): the first key seals, all of them open.
SEALING_KEYS: list[str] = env.list("SEALING_KEYS", [])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
# Where the links in e-mails lead.
BASE_URL = env.str("BASE_URL", "http://localhost:8000", validate=url_with("http", "https"))
DATABASE_URL = env.str("DATABASE_URL", "") or f"sqlite:///{VAR_DIR / 'primus.sqlite3'}"
REDIS_URL = env.str("REDIS_URL", "", validate=url_with("redis", "rediss", "unix"))
EMAIL_URL = env.str(
    "EMAIL_URL", "", validate=url_with("smtp", "submission", "console", "file", "memory", "dummy")
)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Primus <primus@example.org>")
# How many proxies of ours stand before this server: whose word on a visitor's address counts.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 1 if PRIMUS_ENV == "production" else 0)
# Whom a mentor can call at any hour, shown where it is about danger to life; none shows only 112.
ON_CALL_PHONE = env.str("ON_CALL_PHONE", "", validate=phone_number)
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", PRIMUS_ENV == "production")

env.seal()

BASE_URL = BASE_URL.rstrip("/")
ALLOWED_HOSTS = [host.strip() for host in ALLOWED_HOSTS]
SEALING_KEYS = [key.strip() for key in SEALING_KEYS if key.strip()]
CSRF_TRUSTED_ORIGINS = [origin.strip() for origin in CSRF_TRUSTED_ORIGINS]
PRODUCTION = PRIMUS_ENV == "production"
if not PRODUCTION:
    SECRET_KEY = SECRET_KEY or "not-secret-because-this-is-not-production-" + "0" * 16
    SEALING_KEYS = SEALING_KEYS or ["bm90LXNlY3JldC1ub3QtaW4tcHJvZHVjdGlvbi0wMDA="]
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]

# --- Application -----------------------------------------------------------------------
INSTALLED_APPS = [
    "primus.apps.PrimusConfig",
    "primus.accounts",
    "primus.access",
    "primus.jobs",
    "primus.spreadsheets",
    "participants",
    "mentoring",
    "outcomes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "bootstrap",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Above what serves the static files: a picture can be opened by itself.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Above all that asks for a session, a host name or the database.
    "primus.health.HealthMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "primus.accounts.middleware.LanguageMiddleware",
    "primus.accounts.middleware.SignedOutFragmentMiddleware",
    "primus.errors.WrongMethodMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "primus.accounts.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "primus.access.middleware.PrivateResponseMiddleware",
]

ROOT_URLCONF = "primus.urls"
WSGI_APPLICATION = "primus.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "primus.context_processors.installation",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database --------------------------------------------------------------------------
try:
    DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60)}
except (ValueError, dj_database_url.ParseError) as error:
    raise ImproperlyConfigured(f"DATABASE_URL cannot be understood: {error}") from error
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
elif DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    # Compiling the desk's question takes PostgreSQL half a minute, and answering it half a second.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c jit=off")
else:
    raise ImproperlyConfigured("DATABASE_URL must name PostgreSQL or SQLite.")

# --- Cache, broker ---------------------------------------------------------------------
if REDIS_URL:
    CACHES: dict[str, dict[str, object]] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
        }
    }
    CELERY_BROKER_URL = REDIS_URL
    # Longer than any task waits or works: Redis hands a message out again after this time.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 2 * 60 * 60}
else:
    # In files, because the web processes count failed sign-ins together.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
            if PRIMUS_ENV == "test"
            else "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(VAR_DIR / "cache"),
        }
    }
    BROKER_DIR = VAR_DIR / "broker"
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
    }
    # Nobody asks the one worker anything over a folder of files.
    CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
# Parts of pages with stored figures, as they were written last. Each process keeps its own, so
# that a new release begins with none.
CACHES["pages"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "pages",
    "OPTIONS": {"MAX_ENTRIES": 50},
}

CELERY_TIMEZONE = "Europe/Copenhagen"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# One for each of the two jobs, and one that is free to answer the heartbeat meanwhile.
CELERY_WORKER_CONCURRENCY = 3
# Seconds; it is also how long its clock makes the worker wait before it can stop.
CELERY_WORKER_TIMER_PRECISION = 0.2
CELERY_BEAT_SCHEDULER = "primus.jobs.beat:HeartbeatScheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "primus.jobs.tasks.heartbeat", "schedule": 20.0},
    # Every hour of the day, not once: a worker that was down at seven catches up, and what
    # was already sent is not sent again.
    "reminders": {
        "task": "mentoring.tasks.send_reminders",
        "schedule": crontab(minute=0, hour="7-20"),
    },
    # Sent when they are written; this finds those that could not be.
    "letters": {"task": "mentoring.tasks.send_letters", "schedule": crontab(minute="*/5")},
    "late-concerns": {
        "task": "mentoring.tasks.escalate_concerns",
        "schedule": crontab(minute="*/5"),
    },
    "old-drafts": {
        "task": "mentoring.tasks.delete_old_drafts",
        "schedule": crontab(minute=40, hour=3),
    },
    "old-files": {
        "task": "primus.spreadsheets.tasks.delete_old_files",
        "schedule": crontab(minute=50, hour=3),
    },
    # Oftener than the week they are kept: a consent that is taken back deletes them too.
    "old-research-exports": {
        "task": "outcomes.tasks.forget_research_exports",
        "schedule": crontab(minute=55),
    },
    "snapshots": {
        "task": "outcomes.tasks.recompute_snapshots",
        "schedule": crontab(minute=10, hour=4),
    },
    "effect": {
        "task": "outcomes.tasks.recompute_effect",
        "schedule": crontab(minute=30, hour=4),
    },
}

# --- Accounts --------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "primus.accounts.adapter.InvitationOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "primus.accounts.forms.SignInForm",
    "reset_password": "primus.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "primus.accounts.forms.NewPasswordForm",
    "change_password": "primus.accounts.forms.ChangePasswordForm",
    "reauthenticate": "primus.accounts.forms.ReauthenticateForm",
}
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24
SESSION_ENGINE = "primus.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
INVITATION_DAYS = 14

# Larger files are refused while they arrive; see primus.spreadsheets.refusals.
FILE_UPLOAD_HANDLERS = [
    "primus.spreadsheets.uploading.OversizeHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Not in a cookie: a message can name a person, and the next one at the same device is another user.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Language and time -----------------------------------------------------------------
LANGUAGE_CODE = "da"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["primus.formats"]
LANGUAGE_COOKIE_NAME = "primus_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

# --- Static files ----------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PRIMUS_ENV == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- E-mail ----------------------------------------------------------------------------
if EMAIL_URL:
    vars().update(dj_email_url.parse(EMAIL_URL))
    EMAIL_TIMEOUT = 20
elif PRIMUS_ENV == "test":
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
else:
    EMAIL_BACKEND = "primus.demo.mailbox.FolderBackend"
MAIL_DIR = VAR_DIR / "mail"

# --- Security --------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
CSRF_FAILURE_VIEW = "primus.errors.csrf_failure"
if PRODUCTION:
    # Asked from within, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- Logging: never a person's data ----------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "primus.log_lines.QuietFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING" if PRIMUS_ENV == "test" else "INFO"},
}
