"""What the parts of a quarter's page are filled with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from alignment.models import Agreement, Team, User
from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import Period, key_of_quarter, quarter_after
from alignment.rules.roles import PRINCIPAL_SIDES
from deals.committed.queries import join_wins
from deals.rules.commits import Outcome, Tally, Win, from_outside, hit_rate
from deals.rules.mix import Band, Bands
from deals.rules.revenue import full_goal_of
from deals.rules.wins_and_losses import LOST, WON
from meetings.agreement.closing import LineInWords, lines_in_order
from meetings.agreement.queries import read_lines
from meetings.agreement.terms import SENTENCE
from meetings.forecast.history import counted_calls
from meetings.history.queries import judge_commitments
from meetings.models import QuarterSharing
from meetings.quarter_page.queries import (
    CommittedRead,
    DealRow,
    DecisionRow,
    QuarterRead,
)
from meetings.rules.calls import CallResult, Point, StatedCall, call_at
from meetings.rules.quarter_page import MOST_DECISIONS, Result, compared_points, largest
from meetings.rules.team_history import Tally as CountTally

DECIDED = (Outcome.WON, Outcome.LOST)
JUDGED = (*DECIDED, Outcome.SLIPPED)
"""Outcomes that stand on the page also where there is none of them; before the end nothing has slipped."""
OTHERS = ""


class SizeLine(NamedTuple):
    label: str
    number: int
    amount: Decimal
    share: int | None
    """Of the amount won, in whole per cent."""


class OutcomeLine(NamedTuple):
    label: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class CommittedLines:
    """What was committed for one period, by what came of it. `name` is empty where it is the quarter itself."""

    name: str
    path: str
    committed: Tally
    outcomes: tuple[OutcomeLine, ...]
    rate: int | None
    """Won of what was committed in time and decided or slipped, by amount; None before the end and of few deals."""
    outside: Tally


@dataclass(frozen=True, slots=True)
class PointLine:
    """What was called by a point of the period. The differences are None while it runs."""

    label: str
    commit: Decimal | None
    call_path: str
    difference: Decimal | None
    number: Decimal | None
    """The CEO's."""
    number_difference: Decimal | None


@dataclass(frozen=True, slots=True)
class CalledLines:
    name: str
    actual: Decimal
    is_over: bool
    points: tuple[PointLine, ...]


class SideLine(NamedTuple):
    label: str
    tally: CountTally


class DecisionLine(NamedTuple):
    text: str
    path: str
    day: date


@dataclass(frozen=True, slots=True)
class NextAgreement:
    quarter: Period
    lines: tuple[LineInWords, ...]
    waiting: int
    """Lines that are proposed and not agreed."""
    goal: Decimal | None
    """As it is set."""

    @property
    def key(self) -> str:
        return key_of_quarter(self.quarter)

    @property
    def has_goal(self) -> bool:
        """Whether the goal is one of the agreed lines."""
        return any(line.title == "Goals" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the parts are filled with."""

    result: Result
    sizes: tuple[SizeLine, ...]
    without_amount: int
    committed: tuple[CommittedLines, ...]
    calls: tuple[CalledLines, ...]
    has_number: bool
    """Whether the CEO's number stands beside the call."""
    is_number_open: bool
    """Whether it does for others too."""
    won: tuple[DealRow, ...]
    lost: tuple[DealRow, ...]
    won_number: int
    lost_number: int
    commitments: tuple[SideLine, ...]
    decisions: tuple[DecisionLine, ...]
    decision_number: int
    agreement: NextAgreement


def build_figures(
    team: Team, reader: User, quarter: Period, sharing: QuarterSharing, read: QuarterRead, *, today: date
) -> Figures:
    """One query: the agreement of the quarter after."""
    decided = [deal for deal in read.deals if quarter.contains(deal.close_date)]
    won = [deal for deal in decided if deal.status == WON]
    opened_by = sharing.ceo_number_of_id
    after = quarter_after(quarter, first_month=team.company.fiscal_year_start)
    return Figures(
        result=Result(full_goal_of(quarter, read.figures.goals), _won_in(read, quarter, today)),
        sizes=_sizes(won, Bands(team.mid_deal_from, team.big_deal_from)),
        without_amount=sum(not deal.amount for deal in won),
        committed=tuple(_committed(team, quarter, row, read, today) for row in read.committed),
        calls=tuple(
            _called(team, quarter, period, read, today)
            for period in sorted(read.calls, key=lambda period: period.start)
        ),
        has_number=bool(read.numbers and read.calls),
        is_number_open=all(number.ceo_id == opened_by for number in read.numbers),
        won=largest(decided, WON),
        lost=largest(decided, LOST),
        won_number=len(won),
        lost_number=len(decided) - len(won),
        commitments=_commitments(team, quarter, read, today),
        decisions=tuple(_decision(team, row) for row in read.items.decisions[:MOST_DECISIONS]),
        decision_number=len(read.items.decisions),
        agreement=_agreement(team, reader, after, read),
    )


def _won_in(read: QuarterRead, period: Period, today: date) -> Decimal:
    """What is dated after today does not exist yet."""
    return read.figures.won_in(Period(period.start, min(period.end, today), period.label))


def _sizes(won: Sequence[DealRow], bands: Bands) -> tuple[SizeLine, ...]:
    """By the team's present sizes, the big ones first; deals without an amount are of none."""
    amounts: dict[Band, list[Decimal]] = {band: [] for band in reversed(Band)}
    for deal in won:
        if deal.amount:
            amounts[bands.band_of(deal.amount)].append(deal.amount)
    whole = sum((sum(rows) for rows in amounts.values()), Decimal(0))
    return tuple(
        SizeLine(band.label, len(rows), total, whole_per_cent(total, whole))
        for band, rows in amounts.items()
        for total in [sum(rows, Decimal(0))]
    )


def _name_of(period: Period, quarter: Period) -> str:
    return "" if (period.start, period.end) == (quarter.start, quarter.end) else period.label


def _committed(
    team: Team, quarter: Period, committed: CommittedRead, read: QuarterRead, today: date
) -> CommittedLines:
    period, rows = committed.period, committed.rows
    rate = hit_rate(rows)
    wins = [Win(deal.pk, deal.amount, deal.close_date) for deal in read.deals if deal.status == WON]
    outside = from_outside(
        join_wins(wins, rows), [row.commit for row in rows], period, began_on=committed.began_on
    )
    is_over = period.end < today
    outcomes = [
        OutcomeLine(outcome.label, rate.counted[outcome])
        for outcome in (Outcome.WON, Outcome.SLIPPED, Outcome.LOST, Outcome.OPEN, Outcome.REMOVED)
        if rate.counted[outcome].number or outcome in (JUDGED if is_over else DECIDED)
    ]
    late = [OutcomeLine("Late adds", rate.late)] if rate.late.number else []
    days = f"{period.start.isoformat()}_{period.end.isoformat()}"
    return CommittedLines(
        name=_name_of(period, quarter),
        path=f"{reverse('deals:team_committed', args=(team.slug,))}?period={days}",
        committed=Tally.of(row.commit.amount for row in rows),
        outcomes=(*outcomes, *late),
        rate=rate.share.by_amount if is_over else None,
        outside=outside.share.part,
    )


def _called(team: Team, quarter: Period, period: Period, read: QuarterRead, today: date) -> CalledLines:
    calls = counted_calls(team, read.calls[period])
    numbers = [
        StatedCall(team.today(row.changed_at), row.amount, row.amount)
        for row in read.numbers
        if (row.starts_on, row.ends_on) == (period.start, period.end)
    ]
    actual, is_over = _won_in(read, period, today), period.end < today

    def line(point: Point) -> PointLine:
        call, number = call_at(point, period, calls), call_at(point, period, numbers)
        return PointLine(
            label=point.label,
            commit=call.commit if call else None,
            call_path=f"{reverse('meetings:forecast', args=(team.slug,))}?call={call.id}" if call else "",
            difference=_difference(call, actual) if is_over else None,
            number=number.commit if number else None,
            number_difference=_difference(number, actual) if is_over else None,
        )

    points = tuple(line(point) for point in compared_points(period, today=today))
    return CalledLines(_name_of(period, quarter), actual, is_over, points)


def _difference(call: StatedCall | None, actual: Decimal) -> Decimal | None:
    """Call less result: above zero, less came than was called."""
    return CallResult(call.commit, call.best_case, actual, None).difference if call else None


def _commitments(team: Team, quarter: Period, read: QuarterRead, today: date) -> tuple[SideLine, ...]:
    """The CEO's side, the sales leader's, and everybody else's where something of theirs fell due."""
    due = judge_commitments(read.items.commitments, team, read.terms, today=today)
    tallies = {side: CountTally() for side in (*map(str, PRINCIPAL_SIDES), OTHERS)}
    for row in due:
        tallies[row.side] += CountTally(int(row.on_time), 1)
    labels = dict(zip(map(str, PRINCIPAL_SIDES), ("CEO", "Sales leader"), strict=True))
    return tuple(
        SideLine(labels.get(side, "Others"), tally) for side, tally in tallies.items() if side or tally.whole
    )


def _decision(team: Team, row: DecisionRow) -> DecisionLine:
    return DecisionLine(row.text, reverse("meetings:review", args=(row.meeting,)), team.today(row.starts_at))


def _agreement(team: Team, reader: User, following: Period, read: QuarterRead) -> NextAgreement:
    """What both have said yes to by now, without a sentence they took out again. One query."""
    rows = read_lines(team, following)
    agreed = [row for row in rows if row.state == Agreement.State.AGREED]
    return NextAgreement(
        quarter=following,
        lines=lines_in_order(
            (row for row in agreed if row.content.get("text") != "" or row.subject != SENTENCE), reader.locale
        ),
        waiting=sum(row.state == Agreement.State.PROPOSED for row in rows),
        goal=full_goal_of(following, read.figures.goals),
    )


def _says_something(row: Agreement) -> bool:
    """Not a sentence that both took out again."""
    return row.subject != SENTENCE or bool(row.content.get("text"))
