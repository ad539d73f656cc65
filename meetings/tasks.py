from celery import shared_task
from django.utils import timezone

from alignment.tasks import deliver_due
from meetings import clockwork


@shared_task(name="meetings.tasks.sweep")
def sweep() -> None:
    clockwork.sweep(timezone.now())
    deliver_due()
