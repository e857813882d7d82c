from celery import shared_task

from primus.jobs.models import Heartbeat, Process


@shared_task(name="primus.jobs.tasks.heartbeat", expires=60)
def heartbeat() -> None:
    Heartbeat.beat(Process.WORKER)
