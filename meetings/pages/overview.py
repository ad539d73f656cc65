"""The overview of a company: its teams in figures, for people without a seat. Amounts of two currencies, or of two ways
to count revenue, are never added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from operator import attrgetter

from alignment.models import User
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import Period, period_between, quarter_of
from alignment.rules.revenue_kinds import RevenueKind
from alignment.rules.zones import zone_named
from deals.rules.pace import shape_of
from deals.rules.revenue import Standing, standing_by_months
from deals.tables.writer import Value
from meetings.home.queries import goals_and_revenue_of
from meetings.home.team_figures import CallRow
from meetings.overview.queries import (
    MeetingCounts,
    OverviewTeam,
    calls_of,
    count_meetings,
    count_open_deals,
    holidays_of,
    teams_in_overview,
)

FIRST_SORT = "name"


@dataclass(frozen=True, slots=True)
class OverviewCall:
    """The last call that is open to everybody on the team."""

    commit: Decimal
    best_case: Decimal
    period: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One team."""

    name: str
    kind: str
    """What its revenue is made of."""
    standing: Standing
    call: OverviewCall | None
    meetings: MeetingCounts
    open_deals: int
    ends_on: date | None

    @property
    def kind_label(self) -> str:
        return str(RevenueKind(self.kind).label)

    @property
    def gap(self) -> Decimal | None:
        """In whole units: the goal to date is a share of a goal, and its cents are no figure."""
        gap = self.standing.gap
        return None if gap is None else gap.quantize(Decimal(1), ROUND_HALF_UP)

    @property
    def planned(self) -> int:
        """Meetings that were to be held: those that were excused are not."""
        return self.meetings.held + self.meetings.missed


@dataclass(frozen=True, slots=True)
class OverviewTotal:
    """Of all teams of a company; None where some of them have no such amount, or where they are not alike."""

    won: Decimal | None
    goal: Decimal | None
    gap: Decimal | None
    commit: Decimal | None
    best_case: Decimal | None
    meetings: MeetingCounts
    open_deals: int

    @property
    def planned(self) -> int:
        return self.meetings.held + self.meetings.missed


@dataclass(frozen=True, slots=True)
class OverviewCompany:
    name: str
    m: MoneyFormat
    today: date
    quarter: Period
    rows: tuple[OverviewRow, ...]
    total: OverviewTotal

    @property
    def counts_alike(self) -> bool:
        """Whether the revenue of all its teams is of one kind, so that it can be added."""
        return len({row.kind for row in self.rows}) < 2

    @property
    def kind_label(self) -> str:
        return self.rows[0].kind_label


@dataclass(frozen=True, slots=True)
class Column:
    """A column that can be sorted. What a team does not have comes last, in either direction."""

    key: str
    label: str
    value: Callable[[OverviewRow], Decimal | int | str | None]
    smallest_first: bool = False


COLUMNS = (
    Column("name", "Team", lambda row: row.name.casefold(), smallest_first=True),
    Column("revenue", "Revenue", lambda row: row.standing.actual),
    Column("goal", "Goal", lambda row: row.standing.goal),
    Column("gap", "Gap", lambda row: row.gap, smallest_first=True),
    Column("commit", "Commit", lambda row: row.call.commit if row.call else None),
    Column("best-case", "Best case", lambda row: row.call.best_case if row.call else None),
    Column("held", "Meetings held", lambda row: row.meetings.held),
    Column("deals", "Open deals", lambda row: row.open_deals),
)


@dataclass(frozen=True, slots=True)
class ColumnHead:
    label: str
    sort: str
    """What its link asks for: the other direction once it is sorted by."""
    direction: str
    """"ascending", "descending", or empty where another column is sorted by."""


@dataclass(frozen=True, slots=True)
class Overview:
    companies: tuple[OverviewCompany, ...]
    sort: str

    @property
    def heads(self) -> list[ColumnHead]:
        return [_head(column, self.sort) for column in COLUMNS]

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """For a phone, which has no heads of columns."""
        return [(column.key, column.label) for column in COLUMNS]


def _head(column: Column, sort: str) -> ColumnHead:
    if sort.removeprefix("-") != column.key:
        return ColumnHead(column.label, column.key, "")
    is_turned = sort.startswith("-")
    rises = column.smallest_first is not is_turned
    other = column.key if is_turned else f"-{column.key}"
    return ColumnHead(column.label, other, "ascending" if rises else "descending")


def read_overview(user: User, now: datetime, *, sort: str = "") -> Overview:
    """The same few queries whatever the number of teams; one more for each other quarter of a second company."""
    teams = teams_in_overview(user)
    sort = sort if sort.removeprefix("-") in {column.key for column in COLUMNS} else FIRST_SORT
    days = {team.company: now.astimezone(zone_named(team.company_zone)).date() for team in teams}
    quarters = {team.company: quarter_of(days[team.company], first_month=team.first_month) for team in teams}
    teams = [team for team in teams if not team.ends_on or team.ends_on >= quarters[team.company].start]
    rows = _rows(teams, days, quarters, now)
    companies = []
    for pk, group in groupby(teams, key=attrgetter("company")):
        of_company = list(group)
        listed = _sorted([rows[team.pk] for team in of_company], sort)
        companies.append(
            OverviewCompany(
                name=of_company[0].company_name,
                m=MoneyFormat(of_company[0].currency, user.locale),
                today=days[pk],
                quarter=quarters[pk],
                rows=tuple(listed),
                total=_total(listed),
            )
        )
    return Overview(tuple(companies), sort)


def _rows(
    teams: Sequence[OverviewTeam], days: dict[int, date], quarters: dict[int, Period], now: datetime
) -> dict[int, OverviewRow]:
    holidays = holidays_of(quarters)
    calls = calls_of({team.pk: days[team.company] for team in teams}, now)
    meetings, deals = count_meetings(teams, quarters, now), count_open_deals(teams)
    rows = {}
    for quarter, first_month in dict.fromkeys((quarters[team.company], team.first_month) for team in teams):
        of_quarter = [
            team for team in teams if (quarters[team.company], team.first_month) == (quarter, first_month)
        ]
        goals, won = goals_and_revenue_of([team.pk for team in of_quarter], quarter, first_month=first_month)
        for team in of_quarter:
            of_team = won.get(team.pk, {})
            rows[team.pk] = OverviewRow(
                name=team.name,
                kind=team.revenue_kind,
                standing=standing_by_months(
                    quarter,
                    today=days[team.company],
                    goals=goals.get(team.pk, {}),
                    won=of_team,
                    holidays=holidays.get(team.company, frozenset()),
                    data_from=min(team.starts_on, team.first_revenue or team.starts_on),
                    shape=shape_of(of_team, quarter, first_month=first_month),
                ),
                call=_call(calls.get(team.pk), first_month),
                meetings=meetings.get(team.pk, MeetingCounts()),
                open_deals=deals.get(team.pk, 0),
                ends_on=team.ends_on,
            )
    return rows


def _call(row: CallRow | None, first_month: int) -> OverviewCall | None:
    if row is None:
        return None
    period = period_between(row.starts_on, row.ends_on, first_month=first_month)
    return OverviewCall(row.commit, row.best_case, period.label, row.at)


def _sorted(rows: Iterable[OverviewRow], sort: str) -> list[OverviewRow]:
    """`rows` come by name, which decides between those alike."""
    column = next(column for column in COLUMNS if column.key == sort.removeprefix("-"))
    present = [row for row in rows if column.value(row) is not None]
    absent = [row for row in rows if column.value(row) is None]
    rises = column.smallest_first is not sort.startswith("-")
    return sorted(present, key=column.value, reverse=not rises) + absent  # type: ignore[arg-type]


def _total(rows: Sequence[OverviewRow]) -> OverviewTotal:
    counts_alike = len({row.kind for row in rows}) < 2
    calls = [row.call for row in rows if row.call]
    calls_alike = counts_alike and len(calls) == len(rows) and len({call.period for call in calls}) == 1
    standings = [row.standing for row in rows] if counts_alike else []
    return OverviewTotal(
        won=_sum(standing.actual for standing in standings),
        goal=_sum(standing.goal for standing in standings),
        gap=_sum(row.gap for row in rows) if counts_alike else None,
        commit=_sum(call.commit for call in calls) if calls_alike else None,
        best_case=_sum(call.best_case for call in calls) if calls_alike else None,
        meetings=MeetingCounts(
            *(sum(counts) for counts in zip(*(row.meetings for row in rows), strict=True))
        ),
        open_deals=sum(row.open_deals for row in rows),
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """None of nothing, and where one is missing."""
    listed = list(amounts)
    known = [amount for amount in listed if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(listed) else None


def overview_lines(overview: Overview) -> Iterator[tuple[Value, ...]]:
    """The heading and a line a team, for a file; what a team does not have is empty."""
    yield (
        *("Company", "Team", "Quarter", "Currency", "Revenue counts", "Revenue", "Goal", "Gap"),
        *("Call period", "Commit", "Best case"),
        *("Meetings held", "Meetings missed", "Meetings excused", "Open deals"),
    )
    for company in overview.companies:
        for row in company.rows:
            standing, call = row.standing, row.call
            yield (
                *(company.name, row.name, company.quarter.label, company.m.currency, row.kind_label),
                *(standing.actual, standing.goal, row.gap),
                *((call.period, call.commit, call.best_case) if call else ("", None, None)),
                *(Decimal(number) for number in (*row.meetings, row.open_deals)),
            )
