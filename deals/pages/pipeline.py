"""A team's pipeline: what is open against what is needed, what comes in, where it stands, and the largest deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.paginator import Page, Paginator

from alignment.models import Team, User
from alignment.rules.formatting import MoneyFormat, day
from alignment.rules.periods import RECENT_WEEKS, Period, quarter_of, weeks_back
from alignment.rules.revenue_kinds import KindWords, words_of
from alignment.web.listing import PAGE
from deals.models import Deal
from deals.movement.queries import read_still_to_win
from deals.pages.spans import revenue_path
from deals.rates.queries import (
    WON_QUARTERS,
    PipelineReach,
    PipelineRead,
    read_goals,
    read_named,
    read_pipeline,
    read_stage_positions,
    read_top_deals,
)
from deals.rules.coverage import (
    LEAST_DEALS,
    QUARTERS,
    Coverage,
    OwnRates,
    PastQuarter,
    PipelineDeal,
    WinRate,
    cover,
    own_rates,
    win_rate,
)
from deals.rules.funnel import (
    WEEKS_OF_QUARTER,
    CreatedWeek,
    StageRow,
    created_by_week,
    needed_per_week,
    stage_rows,
)
from deals.rules.still_to_win import StillToWin
from deals.rules.time_to_win import LEAST_DECIDED, usual_days

CREATED, DECIDED = "created", "decided"
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """A past quarter with its two shares; None where there was nothing to divide by."""

    past: PastQuarter
    yield_share: Decimal | None
    create_and_close: Decimal | None

    @property
    def key(self) -> str:
        return self.past.quarter.start.isoformat()


@dataclass(frozen=True, slots=True)
class DealPage:
    """The deals behind a figure, a page at a time."""

    m: MoneyFormat
    title: str
    deals: Page[int]
    rows: tuple[tuple[Deal, date], ...]
    """Each with the day it began."""


@dataclass(frozen=True, slots=True)
class PipelinePage:
    team: Team
    m: MoneyFormat
    words: KindWords
    quarter: Period
    still: StillToWin | None
    """None without a goal for every month of the quarter."""
    coverage: Coverage
    lines: tuple[QuarterLine, ...]
    win_rate: WinRate
    weeks: tuple[CreatedWeek, ...]
    needed: Decimal | None
    goal_quarter: Period
    """The quarter whose goal says what a week needs."""
    goal: Decimal | None
    wins_take: int | None
    """How many days a win usually takes; None for too few."""
    stages: tuple[StageRow, ...]
    top: tuple[Deal, ...]
    today: date

    @property
    def rates(self) -> OwnRates:
        return self.coverage.rates

    @property
    def has_goal(self) -> bool:
        return self.still is not None

    @property
    def won_path(self) -> str:
        """The entries of revenue that count for the quarter."""
        begins = self.still.begins if self.still else None
        return revenue_path(self.team, replace(self.quarter, start=begins) if begins else self.quarter)

    @property
    def is_reached(self) -> bool:
        return self.has_goal and self.coverage.still_to_win <= 0

    @property
    def amounts(self) -> list[tuple[date, Decimal]]:
        return [(week.monday, week.amount) for week in self.weeks]

    @property
    def created_number(self) -> int:
        return sum(week.number for week in self.weeks)

    @property
    def has_long_standing(self) -> bool:
        return any(row.longer for row in self.stages)

    @property
    def least_deals(self) -> int:
        return LEAST_DEALS

    @property
    def least_decided(self) -> int:
        return LEAST_DECIDED

    @property
    def quarters(self) -> int:
        return QUARTERS

    @property
    def won_quarters(self) -> int:
        return WON_QUARTERS

    @property
    def weeks_of_quarter(self) -> int:
        return WEEKS_OF_QUARTER


@dataclass(frozen=True, slots=True)
class Past:
    """What this quarter and those before it say, read once for the page and for the deals behind a figure."""

    quarter: Period
    quarters: tuple[Period, ...]
    read: PipelineRead
    rates: OwnRates
    win_rate: WinRate

    @classmethod
    def of(cls, team: Team, *, today: date) -> Past:
        """Two queries."""
        reach = PipelineReach.of(team, today=today)
        read, past = read_pipeline(team, reach, today=today), reach.past
        rates = own_rates(
            read.deals, quarter=reach.quarter, past=past, today=today, known_from=read.known_from
        )
        rate = win_rate(read.deals, since=past[-1].start, until=past[0].end)
        return cls(reach.quarter, past, read, rates, rate)


def build_page(team: Team, reader: User, *, now: datetime) -> PipelinePage:
    """Six queries, whatever the number of deals."""
    today, first_month = team.today(now), team.company.fiscal_year_start
    past = Past.of(team, today=today)
    deals, quarter, rate = past.read.deals, past.quarter, past.win_rate
    still = read_still_to_win(team, quarter, today=today, start=now, end=now)
    days = usual_days((deal.began_on, deal.close_date) for deal in deals if deal.status == "won")
    goal_quarter = quarter_of(today + timedelta(days=days or 0), first_month=first_month)
    goals = read_goals(team, [quarter, goal_quarter])
    counted = goal_quarter if goal_quarter in goals else quarter
    return PipelinePage(
        team=team,
        m=MoneyFormat(team.currency, reader.locale),
        words=words_of(team.revenue_kind),
        quarter=quarter,
        still=still,
        coverage=cover(deals, past.rates, still_to_win=still.now if still else NOTHING, quarter=quarter),
        lines=tuple(_line(past.rates, row) for row in past.rates.quarters),
        win_rate=rate,
        weeks=created_by_week(((deal.began_on, deal.amount) for deal in deals), today=today),
        needed=needed_per_week(goals.get(counted), rate.for_money),
        goal_quarter=counted,
        goal=goals.get(counted),
        wins_take=days,
        stages=stage_rows(past.read.staged, today=today, positions=read_stage_positions(team)),
        top=tuple(read_top_deals(team)),
        today=today,
    )


def _line(rates: OwnRates, row: PastQuarter) -> QuarterLine:
    return QuarterLine(row, rates.yield_in(row), rates.create_and_close_in(row))


def build_deal_page(team: Team, reader: User, params: Mapping[str, str], *, now: datetime) -> DealPage | None:
    """Three queries; None where the address names nothing that is here. The largest deals first."""
    today = team.today(now)
    title, deals = _requested(Past.of(team, today=today), params.get("show", ""), today=today)
    if not title:
        return None
    began = {deal.pk: deal.began_on for deal in deals}
    ranked = [deal.pk for deal in sorted(deals, key=lambda deal: (-deal.worth, deal.pk))]
    page = Paginator(ranked, PAGE).get_page(params.get("page"))
    rows = read_named(team, list(page.object_list))
    m = MoneyFormat(team.currency, reader.locale)
    return DealPage(m, title, page, tuple((deal, began[deal.pk]) for deal in rows))


def _requested(past: Past, requested: str, *, today: date) -> tuple[str, Sequence[PipelineDeal]]:
    if requested == CREATED:
        first = weeks_back(today, count=RECENT_WEEKS)[0].start
        created = [deal for deal in past.read.deals if first <= deal.began_on <= today]
        return f"Created since {day(first)}", created
    if requested == DECIDED:
        return f"Won or lost in the last {QUARTERS} quarters", past.win_rate.deals
    for row in past.rates.quarters:
        if row.quarter.start.isoformat() == requested:
            return f"Open on {day(row.day)}, for {row.quarter.label}", row.deals
    return "", ()
