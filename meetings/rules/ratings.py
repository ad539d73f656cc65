"""Until when a meeting may be rated, and who sees the ratings. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from alignment.rules.roles import PRINCIPAL_ROLES

RATED_FOR = timedelta(days=7)
"""How long after the close the CEO and the sales leader may still rate the meeting."""


def can_be_rated(*, is_in_progress: bool, closed_at: datetime | None, now: datetime) -> bool:
    """While the meeting runs, and for a week after it was closed."""
    return is_in_progress or (closed_at is not None and now <= closed_at + RATED_FOR)


def ratings_are_shown(roles: Iterable[str], *, can_be_rated: bool) -> bool:
    """Once the CEO and the sales leader have both rated, or when nobody can rate any more.

    `roles` are the roles that have rated so far. Until then only its author sees a rating.
    """
    return set(roles) >= set(PRINCIPAL_ROLES) or not can_be_rated
