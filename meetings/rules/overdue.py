"""When it is news that a commitment is overdue. Pure."""

from __future__ import annotations

from datetime import date


def became_overdue(due: date, *, today: date, since: date | None) -> bool:
    """Whether its day has passed since the day of the last meeting; without one (None) whether it has passed.

    What was overdue at a meeting was told there. It stays on every list of open commitments.
    """
    return due < today and (since is None or due >= since)
