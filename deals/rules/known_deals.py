"""What was known of a deal at a moment. Pure.

A deal is stored as it is last known, and each change with what was there before. So what was known at a moment is
what is known now with every later change undone: only the changes since then need to be read. A deal is known from
the moment it was first seen here, whatever day its CRM says it was opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from alignment.rules.periods import Period
from deals.rules.changes import parse_day

OPEN = "open"
NOTHING = Decimal(0)
UNDONE = ("status", "amount", "close_date", "team")
"""The fields by which a deal belongs to a team's period and counts in it."""


class DealState(NamedTuple):
    """A deal as it was known; `team` is None for one that is not known any more."""

    team: int | None
    status: str
    amount: Decimal | None
    close_date: date | None

    @property
    def worth(self) -> Decimal:
        return self.amount or NOTHING

    def is_open_in(self, period: Period, *, team: int) -> bool:
        """Open on this team with a close date in the period."""
        is_open = self.team == team and self.status == OPEN
        return is_open and self.close_date is not None and period.contains(self.close_date)


class KnownDeal(NamedTuple):
    """A deal as it is last known. `seen_at` is when it was first seen here."""

    pk: int
    team: int
    status: str
    amount: Decimal | None
    close_date: date | None
    seen_at: datetime


class DealEvent(NamedTuple):
    """One change of a deal: what was there before; `from_team` is the team it left, of a change of team."""

    deal: int
    field: str
    old: str
    from_team: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class DealHistory:
    """A deal and its changes, the oldest first; changes of one moment in the order they were written."""

    deal: KnownDeal
    events: tuple[DealEvent, ...] = ()

    def at(self, moment: datetime) -> DealState | None:
        """What was known at that moment, what was learned in it included; None before it was first seen."""
        if self.deal.seen_at > moment:
            return None
        return self._undo(event for event in self.events if event.at > moment)

    def before(self, moment: datetime) -> DealState:
        """What was known until then, what was learned at that moment left out."""
        return self._undo(event for event in self.events if event.at >= moment)

    def last(self, field: str, *, after: datetime, until: datetime) -> Iterator[DealEvent]:
        """The changes of a field in that time, the newest first."""
        for event in reversed(self.events):
            if event.field == field and after < event.at <= until:
                yield event

    def _undo(self, later: Iterable[DealEvent]) -> DealState:
        first: dict[str, DealEvent] = {}
        for event in later:
            first.setdefault(event.field, event)
        deal = self.deal
        if not first:
            return DealState(deal.team, deal.status, deal.amount, deal.close_date)
        status, amount, close, team = (first.get(name) for name in UNDONE)
        return DealState(
            team.from_team if team else deal.team,
            status.old if status else deal.status,
            (Decimal(amount.old) if amount.old else None) if amount else deal.amount,
            parse_day(close.old) if close else deal.close_date,
        )


def histories(deals: Iterable[KnownDeal], events: Sequence[DealEvent]) -> list[DealHistory]:
    """Each deal with its changes. `events` are in the order they were learned; those of other deals do not count."""
    by_deal: dict[int, list[DealEvent]] = defaultdict(list)
    for event in events:
        by_deal[event.deal].append(event)
    return [DealHistory(deal, tuple(by_deal.get(deal.pk, ()))) for deal in deals]
