"""Committed deals in lines: what was committed, what came, and how often the date moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alignment.models import Team
from alignment.rules.formatting import day, number_of
from alignment.rules.periods import week_of
from alignment.web.listing import Listing
from deals.committed.queries import changes_of
from deals.models import Deal
from deals.rules.commits import Commit, JudgedCommit, Outcome, Removal, Result, Win, days_late
from deals.rules.slips import Push, pushes

TONES = {Outcome.WON: "good", Outcome.SLIPPED: "warn", Outcome.LOST: "bad"}

REMOVED = {
    Removal.WITHDRAWN: "withdrawn",
    Removal.HANDED_OVER: "went to another team",
    Removal.MERGED: "merged into another committed deal",
}


@dataclass(frozen=True, slots=True)
class PushLine:
    push: Push
    week: str


@dataclass(frozen=True, slots=True)
class CommittedLine:
    """A committed deal, or one that was won from outside the commit; that one has no `judged` unless it was a late add.

    `deal` is the deal as it was committed; its name stays when it went to another team, but leads nowhere then.
    """

    deal: Deal
    team: Team
    judged: JudgedCommit | None
    result: Result
    amount: Decimal | None
    is_open_to_reader: bool
    pushes: tuple[PushLine, ...]

    @property
    def commit(self) -> Commit | None:
        return self.judged.commit if self.judged else None

    @property
    def is_late(self) -> bool:
        return self.judged is not None and self.judged.is_late_add

    @property
    def left_on(self) -> date | None:
        """The day it left the commit."""
        left_at = self.commit.left_at if self.commit else None
        return self.team.today(left_at) if left_at else None

    @property
    def tone(self) -> str:
        return tone_of(self.result)

    @property
    def label(self) -> str:
        return self.result.outcome.label

    @property
    def what_came(self) -> str:
        return describe_result(self.result, self.commit, self.deal)


def tone_of(result: Result) -> str:
    return TONES.get(result.outcome, "")


def describe_result(result: Result, commit: Commit | None, deal: Deal) -> str:
    """The day and what belongs to it: "3 Dec, 5 days late". Empty where there is nothing to add."""
    on = day(result.day)
    if result.removal == Removal.EARLIER:
        return f"won {on}, before the period" if result.day else "expected before the period"
    if result.removal:
        return f"{REMOVED[result.removal]} {on}"
    if result.outcome == Outcome.SLIPPED:
        return f"{deal.get_status_display().lower()} {on}, after the period" if result.day else ""
    if result.day is None:
        return ""
    days = days_late(commit, result) if commit else None
    if not days:
        return f"{on}, on the day" if days == 0 else on
    return f"{on}, {number_of(abs(days), 'day')} {'late' if days > 0 else 'early'}"


def build_lines(
    rows: Sequence[JudgedCommit | Win], *, listing: Listing, team: Team, committed: Iterable[JudgedCommit]
) -> list[CommittedLine]:
    """Two queries: the deals, and the changes of their dates. `committed` are those of the period: a win from outside
    may be a late add.
    """
    deals = Deal.objects.select_related("account", "rep").in_bulk([row.deal for row in rows])
    changes = changes_of(list(deals), "status", "close_date")
    late_adds = {row.commit.deal: row for row in committed}
    lines = []
    for row in rows:
        deal = deals[row.deal]
        moves = pushes(changes.get(deal.pk, ()), first_month=team.company.fiscal_year_start)
        line = CommittedLine(
            deal=deal,
            team=team,
            judged=row if isinstance(row, JudgedCommit) else late_adds.get(row.deal),
            result=row.result if isinstance(row, JudgedCommit) else Result(Outcome.WON, row.day),
            amount=row.amount,
            is_open_to_reader=deal.team_id in listing.seats,
            pushes=tuple(PushLine(push, week_of(push.day).label) for push in moves if push.counts),
        )
        lines.append(line)
    return lines
