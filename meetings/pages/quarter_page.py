"""The quarter on one page: goal, what came, and what the CEO and the sales leader said and did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse

from alignment.models import Agreement, Team, User
from alignment.rules.formatting import MoneyFormat
from alignment.rules.percentages import whole_per_cent
from alignment.rules.periods import Period, key_of_quarter, quarter_of, quarter_with_key
from alignment.rules.revenue_kinds import words_of
from alignment.rules.roles import PRINCIPAL_SIDES, Role
from deals.committed.queries import join_wins
from deals.pages.spans import deals_path, revenue_path
from deals.rules.commits import Outcome, Tally, Win, from_outside, hit_rate
from deals.rules.mix import Band, Bands
from deals.rules.revenue import full_goal_of
from deals.rules.spans import DaySpan
from deals.rules.wins_and_losses import LOST, WON
from meetings.agreement.closing import LineInWords, lines_in_order
from meetings.agreement.queries import read_lines
from meetings.agreement.terms import SENTENCE
from meetings.forecast.history import counted_calls
from meetings.history.queries import judge_commitments, terms_of
from meetings.models import QuarterSharing
from meetings.quarter_page.queries import (
    CommittedRead,
    DealRow,
    DecisionRow,
    QuarterRead,
    quarter_after,
    quarter_before,
    read_quarter,
)
from meetings.rules.calls import CallResult, Point, StatedCall, call_at
from meetings.rules.quarter_page import (
    MOST_DECISIONS,
    HeldSeat,
    Part,
    Result,
    compared_points,
    held_seats,
    largest,
    readable_parts,
)
from meetings.rules.team_history import Tally as CountTally

FOLDED = (Outcome.OPEN, Outcome.REMOVED)
"""Outcomes that are left out where there is none."""
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


class PartView(NamedTuple):
    """A part of the page as its reader has it; `is_open`: others have it too."""

    part: Part
    is_open: bool

    @property
    def template(self) -> str:
        return f"meetings/quarter_page/{self.part}.html"


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


@dataclass(frozen=True, slots=True)
class QuarterPage:
    team: Team
    m: MoneyFormat
    quarter: Period
    today: date
    ceos: tuple[HeldSeat, ...]
    leaders: tuple[HeldSeat, ...]
    parts: tuple[PartView, ...]
    figures: Figures | None
    """None before the quarter begins."""
    is_principal: bool
    can_share: bool
    sharing: QuarterSharing
    before: str
    after: str
    """The key of the quarter after; empty where it has not begun."""

    @property
    def key(self) -> str:
        return key_of_quarter(self.quarter)

    @property
    def is_running(self) -> bool:
        return self.quarter.contains(self.today)

    @property
    def participle(self) -> str:
        return words_of(self.team.revenue_kind).participle

    @property
    def infinitive(self) -> str:
        return words_of(self.team.revenue_kind).infinitive

    @property
    def won_path(self) -> str:
        return revenue_path(self.team, self.quarter)

    def _decided_path(self, state: str) -> str:
        return deals_path(self.team, state=state, when=DaySpan.of(self.quarter).key)

    @property
    def won_deals_path(self) -> str:
        return self._decided_path(WON)

    @property
    def lost_deals_path(self) -> str:
        return self._decided_path(LOST)

    @property
    def commitments_path(self) -> str:
        return (
            f"{reverse('meetings:commitments')}?team={self.team.slug}&state=all"
            f"&due={DaySpan.of(self.quarter).key}"
        )

    @property
    def closed_parts(self) -> tuple[Part, ...]:
        """What only the CEO and the sales leader have."""
        return tuple(view.part for view in self.parts if not view.is_open)


def requested_quarter(team: Team, key: str, *, today: date) -> Period | None:
    """This quarter where none is named; None for a key that is none."""
    first_month = team.company.fiscal_year_start
    return (
        quarter_with_key(key, first_month=first_month) if key else quarter_of(today, first_month=first_month)
    )


def build_page(team: Team, reader: User, quarter: Period, *, now: datetime) -> QuarterPage:
    """At most eleven queries: the seats, what is open, the figures and the agreement of the quarter after."""
    today = team.today(now)
    seats = list(team.seats.select_related("user").order_by("since", "pk"))
    team.with_seats([seat for seat in seats if seat.until is None])
    sharing = QuarterSharing.objects.of(team, quarter)
    is_principal = team.is_principal(reader)
    readable = readable_parts(sharing.parts, is_principal=is_principal)
    has_begun = quarter.start <= today
    terms = terms_of(seats)
    read = (
        read_quarter(team, reader, quarter, sharing, terms, today=today) if has_begun and readable else None
    )
    after = quarter_after(team, quarter)
    return QuarterPage(
        team=team,
        m=MoneyFormat(team.currency, reader.locale),
        quarter=quarter,
        today=today,
        ceos=held_seats(terms, Role.CEO, quarter),
        leaders=held_seats(terms, Role.LEADER, quarter),
        parts=tuple(PartView(part, part in sharing.parts) for part in readable) if read else (),
        figures=_figures(team, reader, quarter, sharing, read, today=today) if read else None,
        is_principal=is_principal,
        can_share=QuarterSharing.can_change(team, reader),
        sharing=sharing,
        before=key_of_quarter(quarter_before(team, quarter)),
        after=key_of_quarter(after) if after.start <= today else "",
    )


def _figures(
    team: Team, reader: User, quarter: Period, sharing: QuarterSharing, read: QuarterRead, *, today: date
) -> Figures:
    decided = [deal for deal in read.deals if quarter.contains(deal.close_date)]
    won = [deal for deal in decided if deal.status == WON]
    opened_by = sharing.ceo_number_of_id
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
        agreement=_agreement(team, reader, quarter_after(team, quarter), read),
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
    outcomes = [
        OutcomeLine(outcome.label, rate.counted[outcome])
        for outcome in (Outcome.WON, Outcome.SLIPPED, Outcome.LOST, *FOLDED)
        if outcome not in FOLDED or rate.counted[outcome].number
    ]
    late = [OutcomeLine("Late adds", rate.late)] if rate.late.number else []
    days = f"{period.start.isoformat()}_{period.end.isoformat()}"
    return CommittedLines(
        name=_name_of(period, quarter),
        path=f"{reverse('deals:team_committed', args=(team.slug,))}?period={days}",
        committed=Tally.of(row.commit.amount for row in rows),
        outcomes=(*outcomes, *late),
        rate=rate.share.by_amount if period.end < today else None,
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
