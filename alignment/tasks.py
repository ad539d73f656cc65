from celery import shared_task
from django.utils import timezone

from alignment import delivery
from alignment.archives import making
from alignment.celery import publish


@shared_task(name="alignment.tasks.deliver_due")
def deliver_due() -> None:
    delivery.deliver_due(call_help=lambda: publish("alignment.tasks.deliver_due"))


@shared_task(name="alignment.tasks.keep_archives")
def keep_archives() -> None:
    making.keep(timezone.now())
