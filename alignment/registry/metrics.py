"""Metrics for operators, as Prometheus text.
They are read from the database and the broker, so that any process can answer.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import Case, Count, F, Min, Q, When

from alignment import VERSION
from alignment.celery import app
from alignment.models import Heartbeat, Notice
from alignment.outbox.delivery import QUIET


@dataclass(frozen=True, slots=True)
class Gauge:
    """One value at one moment; ages are in seconds. `labels` is the text between the braces."""

    name: str
    help: str
    value: float
    labels: str = ""

    def __str__(self) -> str:
        name = f"alignment_{self.name}"
        sample = f"{name}{{{self.labels}}}" if self.labels else name
        return f"# HELP {name} {self.help}\n# TYPE {name} gauge\n{sample} {self.value:g}\n"


#: Reads some gauges at `now`, in one query.
Reader = Callable[[datetime], Iterable[Gauge]]
READERS: list[Reader] = []


def measured(read: Reader) -> Reader:
    """Register a reader of gauges."""
    READERS.append(read)
    return read


def text(now: datetime) -> str:
    return "".join(str(gauge) for read in READERS for gauge in read(now))


@dataclass(frozen=True, slots=True)
class OutboxBacklog:
    """What is pending in the outbox.
    A notice held back by its reader's quiet hours is not due before they end.
    """

    due: int
    #: Failed for a reason of their own and due for a retry.
    retrying: int
    #: How long the oldest untried notice has waited: shows a stopped worker or an unreachable mail server.
    oldest: timedelta

    @classmethod
    def at(cls, now: datetime) -> Self:
        due = Notice.objects.filter(sent_at=None, closed_at=None, failed_at=None, due_at__lte=now).annotate(
            since=Case(
                When(error=QUIET, claimed_until__gt=F("due_at"), then="claimed_until"), default="due_at"
            )
        )
        untried = Q(attempts=0) | Q(attempts=1, claim_id__isnull=False)
        sums = due.filter(since__lte=now).aggregate(
            due=Count("pk"), retrying=Count("pk", filter=~untried), oldest=Min("since", filter=untried)
        )
        return cls(sums["due"], sums["retrying"], now - (sums["oldest"] or now))


@measured
def build(now: datetime) -> Iterable[Gauge]:
    labels = f'version="{VERSION}",python="{platform.python_version()}"'
    yield Gauge("build_info", "The running version.", 1, labels)


@measured
def sweep(now: datetime) -> Iterable[Gauge]:
    """No sample if the sweep never ran."""
    if beat := Heartbeat.of_sweep():
        yield Gauge(
            "sweep_age_seconds", "Seconds since the last run of the sweep.", (now - beat.at).total_seconds()
        )
        yield Gauge(
            "sweep_failures", "Teams, meetings or people that the last run could not handle.", beat.failed
        )


@measured
def outbox(now: datetime) -> Iterable[Gauge]:
    backlog = OutboxBacklog.at(now)
    yield Gauge("notices_due", "Messages due and not sent yet.", backlog.due)
    yield Gauge(
        "notices_retrying", "Messages that failed at least once and will be retried.", backlog.retrying
    )
    oldest = backlog.oldest.total_seconds()
    yield Gauge(
        "notice_oldest_unsent_seconds", "How long the oldest message not tried yet has been due.", oldest
    )


@measured
def given_up(now: datetime) -> Iterable[Gauge]:
    failed = Notice.objects.filter(failed_at__isnull=False).count()
    yield Gauge("notices_failed", "Messages that failed for good and were not resent.", failed)


@measured
def broker(now: datetime) -> Iterable[Gauge]:
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
            length = waiting(connection.default_channel)
    except Exception:  # every client library has its own errors
        yield Gauge("broker_up", "Whether the broker is reachable.", 0)
    else:
        yield Gauge("broker_up", "Whether the broker is reachable.", 1)
        yield Gauge("queue_length", "Tasks waiting for a worker.", length)


def waiting(channel: object) -> int:
    queue = app.conf.task_default_queue
    return int(channel._size(queue))  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public one
