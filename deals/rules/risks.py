"""When a risk has gone too long without an update. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from alignment.rules.formatting import counted, spell_number

STALE_AFTER = 2
"""After this many meetings without a change, a risk needs an update."""


def meetings_unchanged(changed_at: datetime, closes: Iterable[datetime]) -> int:
    """How many meetings have gone by without a change; `closes` is when each held meeting was closed.

    A meeting counts once the next one is closed too: right after a meeting nobody had the time to change anything.
    """
    return max(0, sum(close > changed_at for close in closes) - 1)


def is_stale(meetings_unchanged: int, *, is_closed: bool) -> bool:
    """An open risk that two meetings have gone by without a change."""
    return not is_closed and meetings_unchanged >= STALE_AFTER


def describe_stale_risks(number: int) -> str:
    """What is said of this many stale risks: "two risks have had no update for two meetings"."""
    return (
        f"{counted(number, 'risk has', 'risks have')} had no update for {spell_number(STALE_AFTER)} meetings"
    )
