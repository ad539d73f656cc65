"""How long a CEO needs before a meeting. Pure."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

DECISION = timedelta(seconds=40)
"""To read one request and decide it."""
AGENDA = timedelta(minutes=2)
"""To read the agenda of one meeting that was prepared."""


def minutes_to_read(*, decisions: int, agendas: int) -> int:
    """Whole minutes, rounded up; 0 where there is nothing to read."""
    return ceil((decisions * DECISION + agendas * AGENDA) / timedelta(minutes=1))
