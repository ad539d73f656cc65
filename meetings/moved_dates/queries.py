"""The deals whose date moved later since a team's last meeting, and nobody said why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from alignment.models import Team
from deals.models import Deal, DealChange
from deals.rules.changes import Change
from deals.rules.slips import Push, unexplained_push
from meetings.models import Meeting

MOST_CHANGES = 2000
"""So many changes are looked at, the newest first: a first import may bring a year of them at once."""
WITHOUT_A_MEETING = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class MovedDeal:
    """An open deal, and its push since the last meeting."""

    deal: Deal
    push: Push

    @property
    def money(self) -> Decimal:
        return self.deal.amount or Decimal(0)


def last_meeting_of(team: Team, now: datetime) -> datetime:
    """When the last held meeting was closed; without one, two weeks ago."""
    held = Meeting.objects.filter(team=team, state=Meeting.State.HELD, closed_at__lte=now)
    closed_at = held.order_by("-starts_at").values_list("closed_at", flat=True).first()
    return closed_at or now - WITHOUT_A_MEETING


def find_moved_deals(team: Team, now: datetime) -> list[MovedDeal]:
    """Those with the most money first. Three queries."""
    since, first_month = last_meeting_of(team, now), team.company.fiscal_year_start
    changes = DealChange.objects.standing().filter(
        field="close_date", at__gt=since, deal__team=team, deal__status=Deal.Status.OPEN
    )
    by_deal: dict[int, list[Change]] = defaultdict(list)
    for change in reversed(changes.order_by("-at", "-pk")[:MOST_CHANGES]):
        recorded = Change("close_date", change.old, change.new, change.day, change.reason, change.reason_kind)
        by_deal[change.deal_id].append(recorded)
    pushes = {
        pk: push
        for pk, moves in by_deal.items()
        if (push := unexplained_push(moves, first_month=first_month))
    }
    deals = Deal.objects.filter(pk__in=pushes).select_related("account", "rep")
    moved = [MovedDeal(deal, pushes[deal.pk]) for deal in deals]
    return sorted(moved, key=lambda row: (-row.money, row.deal.pk))
