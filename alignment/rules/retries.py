"""When a notice that could not be sent is tried again, and when it is given up. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

LAST_ATTEMPT = 8
LONGEST_PAUSE = timedelta(hours=2)
WHILE_UNREACHABLE = timedelta(minutes=1)
"""Pause before a mail server that could not be reached is tried again; no attempt is counted."""
GIVE_UP = timedelta(days=3)
"""How long delivery waits for an unreachable mail server."""


def pause_after(attempts: int) -> timedelta | None:
    """The pause after a failed attempt, twice as long each time; None after the last one."""
    return None if attempts >= LAST_ATTEMPT else min(timedelta(minutes=2**attempts), LONGEST_PAUSE)


def gives_up_waiting(due_at: datetime, now: datetime) -> bool:
    """Whether a mail server that cannot be reached is waited for no longer."""
    return now - due_at > GIVE_UP
