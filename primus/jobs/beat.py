from celery.beat import PersistentScheduler
from celery.utils.log import get_logger
from django.db import Error, close_old_connections

from primus.jobs.models import Heartbeat, Process

logger = get_logger(__name__)


class HeartbeatScheduler(PersistentScheduler):
    """Celery's own scheduler, which also says that it is alive each time it looks at the clock.

    It looks at least as often as its most frequent entry, the worker's heartbeat.
    """

    def tick(self, *args, **kwargs):
        wait = super().tick(*args, **kwargs)
        close_old_connections()
        try:
            Heartbeat.beat(Process.BEAT)
        except Error:
            # The database being away must not stop the clock; /healthz tells of both.
            logger.warning("The heartbeat of beat could not be written.")
        return wait
