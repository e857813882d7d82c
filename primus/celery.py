"""The Celery application. Tasks are thin: each calls one verb, and lives in an app's tasks.py."""

import os
from pathlib import Path

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primus.settings")

app = Celery("primus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def make_broker_folders(sender: Celery, **_: object) -> None:
    """The filesystem transport does not make its own folders."""
    for key, folder in (sender.conf.broker_transport_options or {}).items():
        if key.startswith("data_folder") or key == "control_folder":
            Path(folder).mkdir(parents=True, exist_ok=True)
