"""The entries of revenue that were recorded between two moments: the rows behind two figures of the page of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q

from alignment.models import Team
from alignment.rules.periods import Period
from deals.models import RevenueEntry
from deals.rules.still_to_win import Booking


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry with what it adds to the revenue of the quarter. A deal of another team leads nowhere."""

    entry: RevenueEntry
    amount: Decimal
    is_linked: bool


@dataclass(frozen=True, slots=True)
class ListedEntries:
    lines: tuple[EntryLine, ...]
    is_corrections: bool

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


def read_entries(
    team: Team, period: Period, *, start: datetime, end: datetime, is_corrections: bool
) -> ListedEntries:
    """Those recorded after `start` and up to `end` for days of the period, the newest first. One query."""
    days = (period.start, period.end)
    rows = RevenueEntry.objects.filter(
        Q(day__range=days) | Q(corrects__day__range=days),
        team=team,
        kind=team.revenue_kind,
        created_at__gt=start,
        created_at__lte=end,
        corrects__isnull=not is_corrections,
    )
    lines = (
        _line(row, team, period) for row in rows.select_related("deal", "corrects").order_by("-day", "-pk")
    )
    return ListedEntries(tuple(lines), is_corrections)


def _line(entry: RevenueEntry, team: Team, period: Period) -> EntryLine:
    old = entry.corrects
    booking = Booking(
        entry.day, entry.amount, entry.created_at, old.day if old else None, old.amount if old else None
    )
    return EntryLine(entry, booking.adds_to(period), bool(entry.deal and entry.deal.team_id == team.pk))
