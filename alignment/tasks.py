from celery import shared_task
from django.utils import timezone

from alignment.celery import publish
from alignment.exports import jobs
from alignment.outbox import delivery
from alignment.sweep import run


@shared_task(name="alignment.tasks.sweep")
def sweep() -> None:
    run.sweep(timezone.now())
    deliver_due()


@shared_task(name="alignment.tasks.deliver_due")
def deliver_due() -> None:
    delivery.deliver_due(call_help=lambda: publish("alignment.tasks.deliver_due"))


@shared_task(name="alignment.tasks.keep_archives")
def keep_archives() -> None:
    jobs.run_jobs(timezone.now())
