"""The forecast call in the revenue section: what is called for each period, and what the CEO expects of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from alignment.rules.formatting import counted
from alignment.rules.formatting import day as day_in_words
from alignment.rules.periods import Period, is_quarter_label
from alignment.rules.roles import Role, Side
from deals.committed.third_push import (
    missing_by_deal,
)
from deals.rules.evidence import NO_FACT
from deals.rules.revenue import full_goal_of
from meetings.agenda.context import BuildContext
from meetings.agenda.sections.call_queries import CallRead, CallsRead
from meetings.agenda.values import NOBODY, Person
from meetings.models import Meeting
from meetings.rules.calls import find_call_periods
from meetings.rules.rep_plans import NOBODY as NO_READER

HANDED_OVER = "went to another team"


class _OfPeriod(Protocol):
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...


def is_of(row: _OfPeriod, period: Period) -> bool:
    """By both days: a January and a first quarter begin on the same one."""
    return (row.starts_on, row.ends_on) == (period.start, period.end)


@dataclass(frozen=True, slots=True)
class CalledDeal:
    """A deal of a commit with the amount of the call; status and close date are the deal’s own."""

    id: int
    name: str
    amount: Decimal | None
    status: str = "open"
    closes_on: date | None = None
    merged_into: str = ""  # the deal that it turned out to be

    def can_close_by(self, day: date) -> bool:
        return self.status == "open" and (self.closes_on is None or self.closes_on <= day)

    def why_out(self, end: date) -> str:
        """Why it is in the commit of the period that ends on this day no more."""
        if self.merged_into:
            return f"merged into {self.merged_into}"
        if self.status != "open":
            return self.status
        return "taken out" if self.can_close_by(end) else f"closes {day_in_words(self.closes_on)}"


def fallen_of(deals: Iterable[CalledDeal], end: date) -> tuple[tuple[CalledDeal, str], ...]:
    """Those that can close by that day no more and were not won either, each with why."""
    return tuple(
        (deal, deal.why_out(end)) for deal in deals if deal.status != "won" and not deal.can_close_by(end)
    )


@dataclass(frozen=True, slots=True)
class CalledNeed:
    """A deal of a commit that was pushed three times or more, and what it still needs to be in it."""

    id: int
    name: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """The call of one period as it stands for this meeting: stated for it, or of an earlier one and still valid.

    Without any, `commit` is None. `before` is what stood at the meeting before.
    """

    start: date
    end: date
    label: str
    is_next: bool = False  # the period has not begun
    won: Decimal = Decimal(0)
    goal: Decimal | None = None
    commit: Decimal | None = None
    best_case: Decimal | None = None
    commit_before: Decimal | None = None
    best_case_before: Decimal | None = None
    at: datetime | None = None
    by: Person | None = None
    by_delegate: bool = False
    number: int = 0  # of this meeting; 0: nothing was stated for it yet
    deals: tuple[CalledDeal, ...] = ()
    deals_before: tuple[CalledDeal, ...] = ()
    needs: tuple[CalledNeed, ...] = ()  # before the meeting
    readers: tuple[int, ...] = ()
    """Until the meeting starts, the ids of the only ones who may read it; then empty: everyone."""

    @property
    def is_stated(self) -> bool:
        """Whether it was stated for this meeting."""
        return self.number > 0

    @property
    def key(self) -> str:
        return self.start.isoformat()

    @property
    def need_in_words(self) -> str:
        """What the largest of the deals needs that were pushed too often; empty for none."""
        return f"{self.needs[0].name} needs {self.needs[0].missing} to be in the commit" if self.needs else ""

    @property
    def period(self) -> Period:
        return Period(self.start, self.end, self.label)

    @property
    def gap(self) -> Decimal | None:
        """What the commit leaves to the goal, where it is below it."""
        if self.commit is None or self.goal is None or self.commit >= self.goal:
            return None
        return self.goal - self.commit

    @property
    def came_in(self) -> tuple[CalledDeal, ...]:
        known = {deal.id for deal in self.deals_before}
        return tuple(deal for deal in self.deals if deal.id not in known) if self.is_stated else ()

    @property
    def fell_out(self) -> tuple[tuple[CalledDeal, str], ...]:
        """Those of the call before that are not in this one, each with why, but for won ones; as long as that one
        stands, those that cannot close in time."""
        if not self.is_stated:
            return fallen_of(self.deals, self.end)
        known = {deal.id for deal in self.deals}
        return tuple(
            (deal, deal.why_out(self.end))
            for deal in self.deals_before
            if deal.id not in known and deal.status != "won"
        )

    @property
    def without(self) -> str:
        """The numbers of the deals without which the same total would stand, as the form of a call carries them."""
        return ",".join(str(deal.id) for deal, _ in self.fell_out)

    @property
    def deals_left(self) -> tuple[CalledDeal, ...]:
        """Those that still can close in the period."""
        return tuple(deal for deal in self.deals if deal.can_close_by(self.end))

    @property
    def line(self) -> str:
        """Commit and best case with their changes; amounts in braces."""
        if self.commit is None or self.best_case is None:
            return ""
        name = f"{self.label}: commit" if self.names_period else "Commit"
        if self.commit == self.commit_before and self.best_case == self.best_case_before:
            unchanged = f"{name} {{{self.commit}}}, best case {{{self.best_case}}}, both unchanged"
            return f"{unchanged}{self._clause_of_lost()}"
        changes = (
            _change(self.commit, self.commit_before),
            _change(self.best_case, self.best_case_before),
        )
        divider = ";" if any(changes) else ","
        line = f"{name} {{{self.commit}}}{changes[0]}{divider} best case {{{self.best_case}}}{changes[1]}"
        return f"{line}{self._clause_of_lost()}" if self.commit == self.commit_before else line

    def _clause_of_lost(self) -> str:
        """The deals without which the same total stands."""
        lost = [deal for deal, _ in self.fell_out]
        if not lost:
            return ""
        if len(lost) == 1 and not {"{", "}"} & set(lost[0].name):
            amount = "" if lost[0].amount is None else f" {{{lost[0].amount}}}"
            return f"; {lost[0].name}{amount} fell out"
        amounts = sum((deal.amount or Decimal(0) for deal in lost), Decimal(0))
        return f"; {counted(len(lost), 'deal')} of {{{amounts}}} fell out"

    @property
    def names_period(self) -> bool:
        """Whether it is of another period than the quarter whose figures stand beside it: the next one, a month, or
        what a moved fiscal year left of a quarter.
        """
        return self.is_next or not is_quarter_label(self.label)


def _change(now: Decimal, before: Decimal | None) -> str:
    if before is None:
        return ""
    if now == before:
        return ", unchanged"
    return f", {'up' if now > before else 'down'} {{{abs(now - before)}}}"


def build_calls(
    context: BuildContext, read: CallsRead, *, goals: Mapping[date, Decimal], actuals: Mapping[date, Decimal]
) -> tuple[CallRow, ...]:
    """A row for each period that is called now, the running one first."""
    team, meeting = context.team, context.meeting
    periods = find_call_periods(
        context.today,
        kind=team.call_period,
        first_month=team.company.fiscal_year_start,
        earlier=read.called_days,
    )
    return tuple(
        _call_row(
            context,
            read,
            period,
            is_next=period.start > context.today,
            won=sum((amount for day, amount in actuals.items() if period.contains(day)), Decimal(0)),
            goal=full_goal_of(period, goals),
            readers=() if context.is_open else _readers(meeting, period, read),
        )
        for period in periods
    )


def _call_row(context: BuildContext, read: CallsRead, period: Period, **known: Any) -> CallRow:
    calls = [call for call in read.calls if is_of(call, period)]
    row = CallRow(start=period.start, end=period.end, label=period.label, **known)
    if not calls:
        return row
    call = calls[0]
    is_stated = call.meeting == context.meeting.pk
    before = calls[1] if is_stated and len(calls) > 1 else None if is_stated else call
    deals = deals_of(call, read)
    return replace(
        row,
        needs=tuple(_needs(context, read, call, row.end, is_stated=is_stated)),
        commit=call.commit,
        best_case=call.best_case,
        commit_before=before.commit if before else None,
        best_case_before=before.best_case if before else None,
        at=call.at,
        by=context.people.get(call.by or 0) or Person(call.by or 0, call.name or NOBODY.name, ""),
        by_delegate=call.role == Role.DELEGATE,
        number=call.number if is_stated else 0,
        deals=deals,
        deals_before=deals_of(before, read) if before else (),
    )


def _needs(
    context: BuildContext, read: CallsRead, call: CallRead, end: date, *, is_stated: bool
) -> Iterator[CalledNeed]:
    """The largest deal first. A fact that was given in the call of this meeting is one."""
    if not context.meeting.is_scheduled:
        return
    called = {row.deal: row for row in read.deals if row.call == call.pk}
    left = [deal for deal in deals_of(call, read) if deal.can_close_by(end)]
    missing = missing_by_deal(
        [deal.id for deal in left],
        read.moves,
        read.committed_periods,
        read.facts,
        team=context.team,
        today=context.today,
    )
    for deal in left:
        is_given = is_stated and called[deal.id].fact
        if needs := [need for need in missing[deal.id] if need != NO_FACT or not is_given]:
            yield CalledNeed(deal.id, deal.name, " and ".join(needs))


def deals_of(call: CallRead, read: CallsRead, *, as_of_now: bool = False) -> tuple[CalledDeal, ...]:
    """With the amounts of the call, or those the deals have now."""
    return tuple(
        CalledDeal(
            row.deal,
            row.name,
            row.amount_now if as_of_now else row.amount,
            row.status if row.team == call.team else HANDED_OVER,
            row.closes_on,
            row.merged_into or "",
        )
        for row in read.deals
        if row.call == call.pk
    )


def _readers(meeting: Meeting, period: Period, read: CallsRead) -> tuple[int, ...]:
    """Before the meeting starts: the sales leader’s side, and the CEO once both numbers are in."""
    seats = meeting.team.current_seats
    own = [seat.user_id for seat in seats if seat.side == Side.LEADER]
    both = are_both_in(meeting, period, read)
    ceo = [seat.user_id for seat in seats if seat.role == Role.CEO and both]
    return (*own, *ceo) or (NO_READER,)


def are_both_in(meeting: Meeting, period: Period, read: CallsRead) -> bool:
    """Whether the preparation was submitted with a call of this period, and the present CEO gave a number for it."""
    is_called = any(call.meeting == meeting.pk and is_of(call, period) for call in read.calls)
    ceo = meeting.team.holder(Role.CEO)
    is_expected = ceo is not None and any(row.ceo == ceo.pk and is_of(row, period) for row in read.expected)
    return meeting.submitted_at is not None and is_called and is_expected
