"""Needs as a page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from alignment.models import User
from alignment.permissions import can_act, can_plan, has_permission
from deals.models import CapacityNeed, Deal
from meetings.capacity.needs import with_commitments


@dataclass(frozen=True, slots=True)
class NeedLine:
    need: CapacityNeed
    promised: int | None
    """The open commitment to tell somebody."""
    promised_by: date | None
    today: date

    @property
    def deal(self) -> Deal:
        return self.need.deal

    @property
    def informed(self) -> datetime | None:
        """When it was told."""
        return self.need.informed_at

    @property
    def is_won(self) -> bool:
        return self.deal.status == Deal.Status.WON

    @property
    def is_late(self) -> bool:
        """Needed by a day that is over, and nobody was told."""
        day = self.need.needed_by
        return self.informed is None and day is not None and day < self.today


def need_lines(needs: Iterable[CapacityNeed], today: date) -> list[NeedLine]:
    """`needs` are annotated by `with_commitments`."""
    return [
        NeedLine(need, need.promised, need.promised_by, today)  # type: ignore[attr-defined]
        for need in needs
    ]


@dataclass(frozen=True, slots=True)
class DealNeeds:
    """What one deal takes, on its page."""

    deal: Deal
    lines: tuple[NeedLine, ...]
    can_tell: bool
    can_edit: bool


def needs_of_deal(deal: Deal, reader: User, *, today: date) -> DealNeeds:
    """One query."""
    needs = with_commitments(CapacityNeed.objects.filter(deal=deal))
    lines = tuple(need_lines(needs, today))
    return DealNeeds(
        deal, lines, has_permission(reader, deal.team, can_act), has_permission(reader, deal.team, can_plan)
    )
