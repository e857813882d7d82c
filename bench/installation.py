"""A database of its own for what is measured inside this process."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def own_database() -> Iterator[None]:
    """Django set up in a temporary folder, its tables made; DATABASE_URL says another database."""
    with tempfile.TemporaryDirectory(prefix="primus-bench-") as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["PRIMUS_ENV"] = "development"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "primus.settings")
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
