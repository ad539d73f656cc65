from celery import shared_task

from alignment import notices


@shared_task
def deliver_due() -> None:
    notices.deliver_due()
