"""Deals told forwards, as they happen: what was first seen, then each change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from deals.rules.known_deals import DealEvent, DealHistory, DealState, KnownDeal

OURS, THEIRS = 1, 2
Change = tuple[datetime, Mapping[str, Any]]


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime.combine(date(2026, month, day), time(hour), tzinfo=UTC)


def make_state(
    *,
    amount: int | Decimal | None = 100,
    close: date | None = None,
    status: str = "open",
    team: int | None = OURS,
) -> DealState:
    return DealState(team, status, None if amount is None else Decimal(amount), close)


def make_history(pk: int, seen: datetime, first: DealState, *changes: Change) -> DealHistory:
    """`changes` in the order they were learned, each with the fields that changed in one moment."""
    state, events = first, []
    for moment, fields in changes:
        for field, new in fields.items():
            old = getattr(state, field)
            left = old if field == "team" else None
            events.append(DealEvent(pk, field, "" if old is None else str(old), left, moment))
            state = state._replace(**{field: new})
    deal = KnownDeal(pk, state.team or 0, state.status, state.amount, state.close_date, seen)
    return DealHistory(deal, tuple(events))


def told_at(seen: datetime, first: DealState, changes: list[Change], moment: datetime) -> DealState | None:
    """What was known at a moment, reckoned forwards: the other way round than the rule."""
    if seen > moment:
        return None
    state = first
    for when, fields in changes:
        if when <= moment:
            state = state._replace(**fields)
    return state
