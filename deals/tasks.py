from celery import shared_task
from django.utils import timezone

from deals.import_runs import jobs


@shared_task(name="deals.tasks.work_on_imports")
def work_on_imports() -> None:
    jobs.run_jobs(timezone.now())
