"""Contracts that end soon while nobody works on their renewal. Pure."""

from __future__ import annotations

from datetime import date, timedelta

ENDS_SOON = timedelta(days=120)


def ends_unrenewed(
    ends: date | None, *, today: date, has_open_renewal: bool, followed_by: date | None = None
) -> bool:
    """Whether a won deal's contract ends within 120 days, with no renewal open at the account.

    `followed_by` is the latest end of another contract won there: one that ends later has renewed it already.
    """
    if ends is None or not today <= ends <= today + ENDS_SOON or has_open_renewal:
        return False
    return followed_by is None or followed_by <= ends
