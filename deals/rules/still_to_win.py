"""What is still to win of a period's goal at one moment and at a later one, and what made the difference. Pure.

    still to win then − won since − corrections + change of the goal = still to win now

All of it by what was recorded up to each moment: an import that arrives late is won when it arrives.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from alignment.rules.periods import Period, months_in
from deals.rules.revenue import goal_of, shares_gone, standing_at

NOTHING = Decimal(0)


class Booking(NamedTuple):
    """An entry of revenue, and the day and amount of the one that it corrects, if any."""

    day: date
    amount: Decimal
    created_at: datetime
    corrected_day: date | None
    corrected_amount: Decimal | None

    @property
    def is_correction(self) -> bool:
        return self.corrected_amount is not None

    def adds_to(self, period: Period) -> Decimal:
        """What the period's revenue changes by."""
        added = self.amount if period.contains(self.day) else NOTHING
        taken = self.corrected_amount if self.corrected_day and period.contains(self.corrected_day) else None
        return added - (taken or NOTHING)


class GoalEvent(NamedTuple):
    """A change of a month's goal; None is no goal."""

    month: date
    old: Decimal | None
    at: datetime


@dataclass(frozen=True, slots=True)
class StillToWin:
    """Amounts below zero are more than the goal. `goal_then` is None where the goal was set, or completed, since.

    `begins` is the first day that counts, where goal and revenue do not cover the whole period.
    """

    goal_then: Decimal | None
    goal_now: Decimal
    won_then: Decimal
    won_since: Decimal
    corrected: Decimal
    begins: date | None

    @property
    def won_now(self) -> Decimal:
        return self.won_then + self.won_since + self.corrected

    @property
    def then(self) -> Decimal | None:
        return None if self.goal_then is None else self.goal_then - self.won_then

    @property
    def goal_changed(self) -> Decimal:
        return NOTHING if self.goal_then is None else self.goal_now - self.goal_then

    @property
    def now(self) -> Decimal:
        return self.goal_now - self.won_now

    @property
    def set_since(self) -> Decimal:
        """What a goal that was set since leaves to win of what had been won before it."""
        return self.goal_now - self.won_then

    @property
    def less_won(self) -> Decimal:
        return -self.won_since

    @property
    def less_corrected(self) -> Decimal:
        return -self.corrected


def goals_at(
    goals: Mapping[date, Decimal], changes: Sequence[GoalEvent], moment: datetime
) -> dict[date, Decimal]:
    """The goals by month as they were then: those of now with each later change undone. `changes`, oldest first."""
    known: dict[date, Decimal | None] = dict(goals)
    for change in reversed(changes):
        if change.at > moment:
            known[change.month] = change.old
    return {month: amount for month, amount in known.items() if amount is not None}


def sum_recorded(bookings: Iterable[Booking], period: Period, *, until: datetime) -> Decimal:
    return sum((row.adds_to(period) for row in bookings if row.created_at <= until), NOTHING)


def still_to_win(
    period: Period,
    *,
    today: date,
    goals: Mapping[date, Decimal],
    goal_changes: Sequence[GoalEvent],
    bookings: Sequence[Booking],
    holidays: Collection[date],
    data_from: date,
    start: datetime,
    end: datetime,
) -> StillToWin | None:
    """None where there is no goal for the period, or for one of its later months."""
    goals_now = goals_at(goals, goal_changes, end)
    standing = standing_at(
        period,
        today=today,
        goals=goals_now,
        won_in=_recorded(bookings, until=end),
        holidays=holidays,
        data_from=data_from,
    )
    if standing.goal is None:
        return None
    counted = replace(period, start=standing.begins) if standing.begins else period
    goals_then = goals_at(goals, goal_changes, start)
    since = [row for row in bookings if start < row.created_at <= end]
    return StillToWin(
        goal_then=_goal_in(counted, goals_then, today=today, holidays=holidays),
        goal_now=standing.goal,
        won_then=sum_recorded(bookings, counted, until=start),
        won_since=_added([row for row in since if not row.is_correction], counted),
        corrected=_added([row for row in since if row.is_correction], counted),
        begins=standing.begins,
    )


def _recorded(bookings: Sequence[Booking], *, until: datetime) -> Callable[[Period], Decimal]:
    return lambda period: sum_recorded(bookings, period, until=until)


def _added(bookings: Iterable[Booking], period: Period) -> Decimal:
    return sum((row.adds_to(period) for row in bookings), NOTHING)


def _goal_in(
    period: Period, goals: Mapping[date, Decimal], *, today: date, holidays: Collection[date]
) -> Decimal | None:
    months = months_in(replace(period, start=period.start.replace(day=1)))
    if any(month not in goals for month in months):
        return None
    return goal_of(goals, shares_gone(period, today=today, holidays=holidays))
