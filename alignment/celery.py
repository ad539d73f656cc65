"""The Celery app of worker and beat, and the one way to start a task from a page."""

import logging
import logging.config
import os
import time
from dataclasses import dataclass, field
from typing import Any

from celery import Celery, Task
from celery.app.log import Logging
from django.conf import settings
from django.db import transaction

from alignment.ops import celery_file_transport
from alignment.ops.logs import current_request_id, current_task_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alignment.settings")

BROKER_REST = 10.0
SAME = 0.2
"""Seconds in which the same task is not published twice: 10,000 notices need no 10,000 tasks."""


@dataclass
class Broker:
    """What this process knows of the broker's health."""

    resting_until: float = 0.0
    asked_at: dict[str, float] = field(default_factory=dict)


broker = Broker()
log = logging.getLogger(__name__)
celery_file_transport.register()


class Named(Task):
    """A task whose log lines carry its id, and the id of the request that started it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        task = current_task_id.set(self.request.id or "-")
        request = current_request_id.set(
            (self.request.headers or {}).get("asked_by") or current_request_id.get()
        )
        try:
            return self.run(*args, **kwargs)
        finally:
            current_request_id.reset(request)
            current_task_id.reset(task)


class OurLogging(Logging):
    """Worker and beat log as the web process does: Celery's own handlers know nothing of tokens."""

    def setup_logging_subsystem(self, *_: Any, **__: Any) -> list[Any]:
        logging.config.dictConfig(settings.LOGGING)
        return [OurLogging]


app = Celery("alignment", task_cls=Named, log=OurLogging)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_publish_retry=False,  # a page must not wait for the broker; the sweep finds the work anyway
    task_default_queue="alignment",
    worker_prefetch_multiplier=1,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    broker_connection_timeout=1,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    timezone="UTC",
    beat_schedule={
        "sweep": {"task": "alignment.tasks.sweep", "schedule": 60.0, "options": {"expires": 60}},
        # postponed notices, and those whose nudge was lost
        "deliver": {"task": "alignment.tasks.deliver_due", "schedule": 15.0, "options": {"expires": 15}},
        # requested exports, and expired ones
        "archives": {"task": "alignment.tasks.keep_archives", "schedule": 60.0, "options": {"expires": 60}},
        # imports whose nudge was lost, and those whose worker died
        "imports": {"task": "deals.tasks.work_on_imports", "schedule": 30.0, "options": {"expires": 30}},
    },
)
app.autodiscover_tasks()


def nudge(task_name: str, *args: Any) -> None:
    """Have the worker run a task once this transaction is committed. Never raises, never blocks for long.

    The work itself must already be in the database: a nudge may be lost, and the sweep then does it.
    """
    transaction.on_commit(lambda: publish(task_name, *args), robust=True)


def publish(task_name: str, *args: Any) -> None:
    """Publish the task now; after a failure nothing is sent for BROKER_REST
    seconds, so a hung broker costs once."""
    now = time.monotonic()
    if now < broker.resting_until or (not args and now - broker.asked_at.get(task_name, -SAME) < SAME):
        return
    broker.asked_at[task_name] = now
    try:
        app.send_task(task_name, args=args, headers={"asked_by": current_request_id.get()}, retry=False)
    except Exception as error:  # whatever the broker's client raises, a page must not break
        broker.resting_until = time.monotonic() + BROKER_REST
        log.warning("%s was not published (%s); the next sweep will do it", task_name, type(error).__name__)
