"""What the CEO expects of each period beside what is called, once it is revealed: for the two alone."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from alignment.rules.formatting import counted
from alignment.rules.roles import PRINCIPAL_ROLES, Role
from meetings.agenda.context import BuildContext
from meetings.agenda.sections.call_queries import CallsRead, ExpectationRead, StruckRead
from meetings.agenda.sections.calls import CallRow, are_both_in, is_of
from meetings.agenda.values import Person
from meetings.models import Struck
from meetings.rules.calls import call_when_both_in

MOST_NAMED = 3
"""So many deals about which the two differ are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class StruckDeal:
    """A deal of the commit that the CEO does not count on in the period."""

    id: int
    name: str
    amount: Decimal | None
    is_later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationRow:
    """What the CEO expects of a period, once it is revealed: for the two alone, also in the record."""

    start: date
    end: date
    label: str
    amount: Decimal
    ceo: Person
    leader: Person | None
    commit: Decimal | None  # the one that counted when both numbers were in
    commit_later: Decimal | None = None  # what it was changed to after that
    beyond_deals: Decimal | None = None  # of that commit, beside what was won and its deals
    deals: tuple[StruckDeal, ...] = ()  # in the commit, and struck by the CEO
    pair_only: bool = True
    readers: tuple[int, ...] = ()

    @property
    def difference(self) -> Decimal:
        return Decimal(0) if self.commit is None else abs(self.commit - self.amount)

    @property
    def rest(self) -> Decimal:
        """What the struck deals leave of the difference; above zero where it is in the sales leader’s number."""
        if self.commit is None:
            return Decimal(0)
        struck = sum((deal.amount or Decimal(0) for deal in self.deals), Decimal(0))
        return self.commit - self.amount - struck

    @property
    def rest_size(self) -> Decimal:
        return abs(self.rest)

    @property
    def rest_owner(self) -> Person | None:
        """In whose number it is."""
        return self.leader if self.rest > 0 else self.ceo

    @property
    def rest_has_no_deal(self) -> bool:
        """Whether all of it is in the part of the commit for which it names no deal."""
        return self.beyond_deals is not None and 0 < self.rest <= self.beyond_deals

    @property
    def named(self) -> tuple[StruckDeal, ...]:
        """The deals about which the two differ, the largest first, as far as they are named."""
        return self.deals[:MOST_NAMED]

    @property
    def count_in_words(self) -> str:
        return counted(len(self.deals), "deal")

    @property
    def not_named(self) -> int:
        return max(0, len(self.deals) - MOST_NAMED)


def build_expectations(
    context: BuildContext, read: CallsRead, calls: Iterable[CallRow]
) -> tuple[ExpectationRow, ...]:
    """What the CEO expects, once it is revealed: until then it is in no agenda at all."""
    meeting, people = context.meeting, context.people
    leader = next((person for person in people.values() if person.role == Role.LEADER), None)
    rows = {(call.start, call.end): call for call in calls}
    known = [
        (row, rows[row.starts_on, row.ends_on])
        for row in read.expected
        if (row.starts_on, row.ends_on) in rows
    ]
    return tuple(
        ExpectationRow(
            start=row.starts_on,
            end=row.ends_on,
            label=call.label,
            amount=row.amount,
            ceo=people.get(row.ceo) or Person(row.ceo, row.name, PRINCIPAL_ROLES[0]),
            leader=leader,
            **_compared(row, call, read, submitted_at=meeting.submitted_at),
            readers=tuple(user for user in (row.ceo, row.leader) if user),
        )
        for row, call in known
        if context.is_open or are_both_in(meeting, call.period, read)
    )


class Compared(TypedDict):
    commit: Decimal | None
    commit_later: Decimal | None
    beyond_deals: Decimal | None
    deals: tuple[StruckDeal, ...]


def _compared(
    row: ExpectationRead, call: CallRow, read: CallsRead, *, submitted_at: datetime | None
) -> Compared:
    """With the commit that counted when both numbers were in: a later one may know the CEO’s number."""
    own = [stated for stated in read.own_calls if is_of(stated, call.period)]
    counted = call_when_both_in(own, submitted_at=submitted_at, expected_at=row.changed_at)
    if counted is None:
        return Compared(
            commit=call.commit,
            commit_later=None,
            beyond_deals=None,
            deals=_apart(row, {deal.id for deal in call.deals}, read.struck),
        )
    deals = {deal.deal: deal.amount or Decimal(0) for deal in read.deals if deal.call == counted.pk}
    return Compared(
        commit=counted.commit,
        commit_later=call.commit if call.commit != counted.commit else None,
        beyond_deals=counted.commit - counted.won - sum(deals.values(), Decimal(0)),
        deals=_apart(row, deals, read.struck),
    )


def _apart(
    row: ExpectationRead, in_commit: Container[int], struck: Iterable[StruckRead]
) -> tuple[StruckDeal, ...]:
    return tuple(
        StruckDeal(deal.deal, deal.name, deal.amount, deal.verdict == Struck.Verdict.LATER)
        for deal in struck
        if deal.expectation == row.pk and deal.deal in in_commit
    )
