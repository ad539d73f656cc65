"""What all reminders have in common: one message due to one person, found kind by kind, put into the outbox.

A key names the meeting (and which of its times: `sequence`), the week or the day something is due, never the
time of the run: run twice, late or on several machines it is the same row. The outbox sends them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from alignment.celery import nudge
from alignment.models import Notice
from alignment.sweep.steps import Counts, Step, is_always_due

LATE = "Skipped: it would have arrived too late."


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message due to one person since `at`; `skipped` is the reason why it is not sent."""

    kind: str
    about: str
    to: int
    company: int | None
    at: datetime
    payload: dict[str, Any] = field(default_factory=dict)
    skipped: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}:{self.to}"

    def notice(self, now: datetime) -> Notice:
        return Notice(
            key=self.key,
            kind=self.kind,
            to_id=self.to,
            company_id=self.company,
            payload=self.payload,
            created_at=now,
            due_at=self.at,
            closed_at=now if self.skipped else None,
            error=self.skipped,
        )


class Row(Protocol):
    """What was read for one meeting or person; the admins of `company` see the reminder."""

    @property
    def company(self) -> int | None: ...


RowOfKind = TypeVar("RowOfKind", bound=Row)


def enqueue_reminders(reminders: Sequence[Reminder], now: datetime) -> None:
    """Put them into the outbox and trigger the delivery; those already there do not change."""
    Notice.objects.enqueue(reminder.notice(now) for reminder in reminders)
    nudge("alignment.tasks.deliver_due")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderKind(Generic[RowOfKind]):
    """One kind of reminder: `find` reads who is due, `remind` makes the reminders.

    Both use a fixed number of queries; whatever may fail because of one row belongs in `is_due` and `remind`.
    """

    name: str
    #: What a row stands for: "meeting", "person".
    unit: str
    find: Callable[[datetime], Iterable[RowOfKind]]
    remind: Callable[[Sequence[RowOfKind], datetime], Iterable[Reminder]]
    id_of: Callable[[RowOfKind], int]
    is_due: Callable[[RowOfKind, datetime], bool] = is_always_due

    def step(self) -> Step[RowOfKind]:
        return Step(
            name=f"{self.name} reminders",
            unit=self.unit,
            counts=("reminders",),
            find=self.find,
            is_due=self.is_due,
            id_of=self.id_of,
            do=lambda row, now: self._enqueue_due([row], now),
            do_many=self._enqueue_due,
        )

    def _enqueue_due(self, rows: Sequence[RowOfKind], now: datetime) -> Counts:
        reminders = list(self.remind(rows, now))
        if reminders:
            enqueue_reminders(reminders, now)
        return {"reminders": sum(not reminder.skipped for reminder in reminders)}


def is_enqueued(*parts: str) -> Exists:
    """Whether the key is in the outbox already: every second part names a column of the outer row."""
    columns = (
        Cast(OuterRef(part), CharField()) if number % 2 else Value(part) for number, part in enumerate(parts)
    )
    return Exists(Notice.objects.filter(key=Concat(*columns)))
