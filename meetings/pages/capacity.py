"""What the wins of a team take to deliver, month by month, and who was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from alignment.models import Team, User
from alignment.permissions import can_act, can_plan, has_permission
from alignment.rules.periods import month_of
from deals.models import CapacityNeed, Deal
from meetings.capacity.lines import NeedLine, need_lines
from meetings.capacity.needs import with_commitments

MOST = 200
"""So many needs stand on one page."""


@dataclass(frozen=True, slots=True)
class MonthOfNeeds:
    label: str
    lines: tuple[NeedLine, ...]

    @property
    def uninformed(self) -> int:
        return sum(line.informed is None for line in self.lines)


@dataclass(frozen=True, slots=True)
class CapacityPage:
    months: tuple[MonthOfNeeds, ...]
    earlier: tuple[NeedLine, ...]
    """Of months that are over, where who must know was told."""
    is_cut: bool
    can_tell: bool
    can_edit: bool

    @property
    def uninformed(self) -> int:
        return sum(month.uninformed for month in self.months)

    @property
    def most(self) -> int:
        return MOST


def build_page(team: Team, reader: User, *, today: date) -> CapacityPage:
    """One query, the newest needs first where there are too many. Of lost and withdrawn deals nothing is needed."""
    needs = CapacityNeed.objects.real().filter(
        deal__team=team, deal__status__in=(Deal.Status.WON, Deal.Status.OPEN)
    )
    newest = with_commitments(needs).select_related("deal__account").order_by("-needed_by", "-pk")
    lines = need_lines(newest[: MOST + 1], today)
    visible = sorted(lines[:MOST], key=lambda line: (line.need.needed_by or date.max, line.need.pk))
    first = month_of(today).start
    is_over = {
        line.need.pk: line.informed is not None and (line.need.needed_by or date.max) < first
        for line in visible
    }
    return CapacityPage(
        months=tuple(_months(line for line in visible if not is_over[line.need.pk])),
        earlier=tuple(line for line in reversed(visible) if is_over[line.need.pk]),
        is_cut=len(lines) > MOST,
        can_tell=has_permission(reader, team, can_act),
        can_edit=has_permission(reader, team, can_plan),
    )


def _months(lines: Iterable[NeedLine]) -> Iterator[MonthOfNeeds]:
    """In the order of the calendar; what has no day comes last."""
    for label, of_month in groupby(lines, key=lambda line: _month_label(line.need.needed_by)):
        yield MonthOfNeeds(label, tuple(of_month))


def _month_label(day: date | None) -> str:
    return month_of(day).label if day else "No day yet"
