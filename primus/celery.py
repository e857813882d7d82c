"""The Celery application. Tasks are thin: each calls one verb, and lives in an app's tasks.py."""

import os
import sys
from pathlib import Path

from celery import Celery
from celery.signals import beat_init, worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured
from kombu.transport import TRANSPORT_ALIASES

from primus.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primus.settings")

TRANSPORT_ALIASES["filesystem"] = "primus.jobs.broker:Transport"

app = Celery("primus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_broker_folders(sender: Celery, **_: object) -> None:
    """The filesystem transport does not make its own folders."""
    for key, folder in (sender.conf.broker_transport_options or {}).items():
        if key.startswith("data_folder") or key == "control_folder":
            Path(folder).mkdir(parents=True, exist_ok=True)


@worker_init.connect
@beat_init.connect
def refuse_bad_settings(**_: object) -> None:
    """What manage.py refuses to start with, the background processes refuse too."""
    from primus.checks import refuse_bad_installation

    try:
        refuse_bad_installation()
    except ImproperlyConfigured as error:
        # Celery logs what a receiver raises and goes on; only this it lets through.
        sys.exit(str(error))


@worker_process_init.connect
def leave_nobody_behind(**_: object) -> None:
    """A worker that is killed takes its children with it."""
    die_with_parent()
