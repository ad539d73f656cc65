from celery import shared_task

from alignment import delivery
from alignment.celery import publish


@shared_task(name="alignment.tasks.deliver_due")
def deliver_due() -> None:
    delivery.deliver_due(call_help=lambda: publish("alignment.tasks.deliver_due"))
