"""A process that delivers what is due, and dies by kill -9 at a named point: `python -m tests.faults.delivering POINT`.

TEST_MINUTES_AHEAD moves its clock on (claims expire, see CLAIM_LASTS); TEST_THREADS delivers in that many at once.
"""

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import django
import time_machine


def register() -> None:
    """A kind of short mails that nobody can turn off."""
    from django.core.mail import EmailMultiAlternatives

    from alignment.outbox.messages import message_id
    from alignment.outbox.notice_kinds import notice_type

    @notice_type("test")
    def letter(notice: Any) -> EmailMultiAlternatives:
        headers = {"Message-ID": message_id(notice.key)}
        return EmailMultiAlternatives("Hello", "Text", to=[notice.to.email], headers=headers)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(method: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> None:
        if after:
            method(*args, **kwargs)
        die()

    return wrapped


def main(point: str) -> None:
    django.setup()
    from alignment.models.notices import NoticeQuerySet
    from alignment.outbox.delivery import Batch, deliver_due

    if point == "before-claim":
        NoticeQuerySet.claim = dying(NoticeQuerySet.claim, after=False)  # type: ignore[method-assign]
    elif point == "after-claim":
        NoticeQuerySet.claim = dying(NoticeQuerySet.claim, after=True)  # type: ignore[method-assign]
    elif point == "after-commit":
        Batch.sent = dying(Batch.sent, after=True)  # type: ignore[method-assign]
    ahead = timedelta(minutes=float(os.environ.get("TEST_MINUTES_AHEAD", "0")))
    threads = int(os.environ.get("TEST_THREADS", "1"))
    with time_machine.travel(datetime.now(UTC) + ahead), ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(deliver_due) for _ in range(threads)]:
            done.result()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
