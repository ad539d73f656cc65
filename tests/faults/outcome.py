"""What a fault test states at its end: notices owed, sent, doubled, lost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from alignment.models import Notice
from alignment.models.notices import CLAIM_LASTS
from alignment.outbox.messages import message_id
from alignment.outbox.notice_kinds import KINDS
from tests.factories import make_user
from tests.mailserver import Server


@dataclass(frozen=True)
class Outcome:
    owed: int
    sent: int
    doubled: int
    lost: int

    @classmethod
    def of(cls, server: Server) -> Outcome:
        """Closed ones had no reason any more, and refused ones no address: neither is owed to the mail server."""
        owed, taken = at_any_hour().filter(closed_at=None), server.taken
        ids = set(mails(owed.exclude(refused=True).values_list("goes_as", "key")))
        return cls(
            owed=owed.count(),
            sent=owed.exclude(sent_at=None).count(),
            doubled=len(taken) - len(set(taken)),
            lost=len(ids - set(taken)),
        )


def mails(rows: object) -> list[str]:
    """The Message-IDs under which these notices go."""
    return [goes_as or message_id(key) for goes_as, key in rows]  # type: ignore[attr-defined]


def owe_many(number: int) -> None:
    people = [make_user() for _ in range(number)]
    now = datetime.now(UTC)
    Notice.objects.bulk_create(
        Notice(key=f"test:{person.pk}", kind="test", to=person, created_at=now, due_at=now)
        for person in people
    )


def at_any_hour() -> QuerySet[Notice]:
    """Without those that wait for working hours: a test may run on a Sunday."""
    return Notice.objects.exclude(kind__in=[name for name, kind in KINDS.items() if kind.by_day])


def all_sent() -> bool:
    return not at_any_hour().filter(sent_at=None, closed_at=None).exists()


def claims_end(*, made_before: datetime | None = None) -> None:
    """What dead processes, or dead runs, held is free again, as it is once CLAIM_LASTS has passed."""
    held = Notice.objects.filter(
        sent_at=None, claimed_until__lte=(made_before or datetime.now(UTC)) + CLAIM_LASTS
    )
    held.update(claimed_until=None)


def cut_off(server: Server) -> set[tuple[str, int]]:
    """Mails taken whose sender died before it wrote that down, each with how often it was taken; asked after a kill."""
    wait_for(lambda: not server.talking)
    unsent = set(mails(Notice.objects.filter(sent_at=None).values_list("goes_as", "key")))
    return {(mail, times) for mail, times in Counter(server.taken).items() if mail in unsent}


def wait_for(question: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.005)
