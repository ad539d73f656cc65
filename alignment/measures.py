"""What an operator watches, as Prometheus' text: read from the database and the broker, so that any process may answer."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db.models import Case, Count, F, Min, Q, When

from alignment import VERSION
from alignment.celery import app
from alignment.delivery import QUIET
from alignment.models import Heartbeat, Notice


@dataclass(frozen=True, slots=True)
class Gauge:
    """One value at one moment; ages are in seconds. `labels` as they stand between the braces."""

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
class Owed:
    """What the outbox still owes. What waits for its reader's quiet hours is not due before they end."""

    due: int
    #: Tried in vain by a fault of their own, and to be tried again.
    retrying: int
    #: How long the oldest that was not tried yet has waited: a stopped worker or an unreachable mail server.
    oldest: timedelta

    @classmethod
    def at(cls, now: datetime) -> Self:
        owed = Notice.objects.filter(sent_at=None, closed_at=None, failed_at=None, due_at__lte=now).annotate(
            since=Case(
                When(error=QUIET, claimed_until__gt=F("due_at"), then="claimed_until"), default="due_at"
            )
        )
        untried = Q(attempts=0) | Q(attempts=1, claim_id__isnull=False)
        found = owed.filter(since__lte=now).aggregate(
            due=Count("pk"), retrying=Count("pk", filter=~untried), oldest=Min("since", filter=untried)
        )
        return cls(found["due"], found["retrying"], now - (found["oldest"] or now))


@measured
def build(now: datetime) -> Iterable[Gauge]:
    labels = f'version="{VERSION}",python="{platform.python_version()}"'
    yield Gauge("build_info", "The version that answers.", 1, labels)


@measured
def clock(now: datetime) -> Iterable[Gauge]:
    """Without a sample when it never ran."""
    for at in Heartbeat.objects.filter(name="sweep").values_list("at", flat=True):
        yield Gauge("sweep_age_seconds", "Since the clock's last round.", (now - at).total_seconds())


@measured
def outbox(now: datetime) -> Iterable[Gauge]:
    owed = Owed.at(now)
    yield Gauge("notices_due", "Notices due and not sent yet.", owed.due)
    yield Gauge("notices_retrying", "Of these, tried in vain and to be tried again.", owed.retrying)
    oldest = owed.oldest.total_seconds()
    yield Gauge("notice_oldest_unsent_seconds", "How long the oldest one not tried yet has waited.", oldest)


@measured
def given_up(now: datetime) -> Iterable[Gauge]:
    failed = Notice.objects.filter(failed_at__isnull=False).count()
    yield Gauge("notices_failed", "Notices given up and not sent again since.", failed)


@measured
def broker(now: datetime) -> Iterable[Gauge]:
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
            length = waiting(connection.default_channel)
    except Exception:  # every client library has its own errors
        yield Gauge("broker_up", "Whether the broker answers.", 0)
    else:
        yield Gauge("broker_up", "Whether the broker answers.", 1)
        yield Gauge("queue_length", "Tasks that no worker has taken yet.", length)


def waiting(channel: object) -> int:
    return int(channel._size(app.conf.task_default_queue))  # type: ignore[attr-defined]  # noqa: SLF001  # no public one
