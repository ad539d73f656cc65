"""Revenue against the goal: the figures, the gap, and what is being done about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, Self

from django.db.models import Count, F, QuerySet, Sum

from alignment.db.json_aggregation import JsonRows
from alignment.models import Goal, Holiday, Team
from alignment.rules.periods import RECENT_WEEKS, Period, quarter_of, year_of
from deals.models import Deal, RevenueEntry
from deals.models.revenue import month_of_day
from deals.rules.pace import MonthWon, change_of_gap, history, shape_of
from deals.rules.revenue import Revenue, Standing, revenue
from meetings.agenda.context import BuildContext
from meetings.agenda.section import AgendaSection
from meetings.agenda.values import Check
from meetings.models import Section


class AmountRead(NamedTuple):
    """`on` is the day of an actual, or the first day of a goal's month."""

    on: date
    amount: Decimal


class HolidayRead(NamedTuple):
    day: date


class MonthRead(NamedTuple):
    month: date
    amount: Decimal
    wins: int


class DayRead(NamedTuple):
    day: date


class TotalRead(NamedTuple):
    amount: Decimal | None
    number: int


class MoneyRead(NamedTuple):
    goals: list[AmountRead]
    actuals: list[AmountRead]
    months: list[MonthRead]
    """The months of past quarters, as they came in."""
    first: list[DayRead]
    """The day of the first entry of revenue, or nothing."""
    holidays: list[HolidayRead]
    pipeline: list[TotalRead]
    corrections: list[TotalRead]


def money_of(
    team: Team, *, today: date, year: Period, quarter: Period, since: datetime
) -> QuerySet[Team, Any]:
    """Goals, actuals by day and holidays of the year, the quarter's pipeline, and corrections since."""
    goals = Goal.objects.filter(team=team, month__range=(year.start, year.end + timedelta(days=31)))
    entries = RevenueEntry.objects.filter(team=team).order_by()
    first_day = min(year.start, today - timedelta(weeks=RECENT_WEEKS))
    actuals = (
        entries.uncorrected()
        .filter(day__range=(first_day, today))
        .values("day")
        .annotate(total=Sum("amount"))
    )
    past = entries.uncorrected().filter(
        day__range=history(quarter, first_month=team.company.fiscal_year_start)
    )
    months = past.annotate(month=month_of_day()).values("month")
    months = months.annotate(total=Sum("amount"), wins=Count("pk"))
    holidays = Holiday.objects.filter(company=team.company_id, day__range=(year.start, year.end))
    pipeline = Deal.objects.open().filter(team=team, close_date__range=(quarter.start, quarter.end))
    corrections = entries.filter(corrects__isnull=False, created_at__gt=since)
    columns = {
        "goal_rows": JsonRows(goals.order_by(), into=AmountRead, on="month"),
        "actual_rows": JsonRows(actuals, into=AmountRead, on="day", amount="total"),
        "month_rows": JsonRows(months, into=MonthRead, amount="total"),
        "first_rows": JsonRows(entries.order_by("day")[:1], into=DayRead),
        "holiday_rows": JsonRows(holidays.order_by(), into=HolidayRead),
        "pipeline_rows": _total_of(pipeline, Sum("amount")),
        "correction_rows": _total_of(corrections, Sum(F("amount") - F("corrects__amount"))),
    }
    return Team.objects.filter(pk=team.pk).order_by().annotate(**columns).values_list(*columns)


def _total_of(rows: QuerySet[Any], total: Sum) -> JsonRows:
    totals = rows.order_by().values("team").annotate(total=total, number=Count("pk"))
    return JsonRows(totals, into=TotalRead, amount="total")


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueSection(AgendaSection):
    figures: Revenue
    gap_before: Decimal | None  # quarter to date, when the last meeting was closed
    pipeline: Decimal  # open deals expected in the quarter; never added to the actual
    pipeline_count: int
    corrected: Decimal  # total change of earlier entries corrected since the last meeting
    next_month_without_goal: date | None
    won_since: Decimal | None = None  # since the day of the last meeting, within the quarter
    due_since: Decimal | None = None
    pace_quarters: int = 0  # how many past quarters say what is due; 0: the goals of the months

    @classmethod
    def build(cls, context: BuildContext) -> Self:
        team, today = context.team, context.today
        first_month = team.company.fiscal_year_start
        year, quarter = (period(today, first_month=first_month) for period in (year_of, quarter_of))
        money = MoneyRead(*money_of(team, today=today, year=year, quarter=quarter, since=context.since).get())
        goals = {goal.on: goal.amount for goal in money.goals}
        won = {row.month: MonthWon(row.amount, row.wins) for row in money.months}
        shape = shape_of(won, quarter, first_month=first_month)
        first_days = [team.starts_on, *(first.day for first in money.first)]

        def figures_at(day: date) -> Revenue:
            return revenue(
                day,
                first_month=first_month,
                goals=goals,
                actuals={actual.on: actual.amount for actual in money.actuals},
                holidays={holiday.day for holiday in money.holidays},
                data_from=min(first_days),
                shape=shape,
            )

        figures = figures_at(today)
        is_new_quarter = context.is_first or context.since_day < quarter.start
        before = None if is_new_quarter else figures_at(context.since_day).quarter
        next_month = figures.month.period.end + timedelta(days=1)
        pipeline, pipeline_count = _amount_and_number(money.pipeline)
        corrected, _ = _amount_and_number(money.corrections)
        return cls(
            **context.opening_of(Section.REVENUE),
            figures=figures,
            gap_before=None if before is None else context.gap_before,
            won_since=None if before is None else figures.quarter.actual - before.actual,
            due_since=_due_since(figures.quarter, before),
            pace_quarters=shape.quarters if shape else 0,
            pipeline=pipeline,
            pipeline_count=pipeline_count,
            corrected=corrected,
            next_month_without_goal=None if next_month in goals else next_month,
        )

    @property
    def gap(self) -> Decimal | None:
        return self.figures.quarter.gap

    @property
    def weeks(self) -> list[tuple[date, Decimal]]:
        """The Monday and the actual of each of the 13 weeks, oldest first."""
        return [(week.period.start, week.actual) for week in self.figures.weeks]

    @property
    def standings(self) -> tuple[tuple[str, Standing], ...]:
        return (("Month", self.figures.month), ("Quarter", self.figures.quarter), ("Year", self.figures.year))

    @property
    def behind(self) -> bool:
        return self.figures.quarter.behind

    @property
    def needs_words(self) -> bool:
        return self.behind and self.leader_words is None

    @property
    def needs_commitment(self) -> bool:
        """A gap needs at least one open commitment that is not overdue."""
        return self.behind and not any(
            commitment.is_open and not commitment.late for commitment in self.commitments
        )

    @property
    def needs(self) -> str:
        missing = ("an update" if self.needs_words else "", "a commitment" if self.needs_commitment else "")
        return " and ".join(filter(None, missing))

    def checks(self) -> Iterator[Check]:
        if self.behind:
            text = "Say what is being done about the gap"
            yield Check(self.name, text, not self.needs_words, "words-revenue")
            text = "Add at least one commitment on the gap"
            yield Check(self.name, text, not self.needs_commitment, "revenue")
        for commitment in self.earlier_commitments:
            if commitment.late or commitment.state != "open":
                text = f"Update the commitment: {commitment.text}"
                answered = not commitment.is_open or commitment.carried
                yield Check(self.name, text, answered, f"commitment-{commitment.id}")

    def headline_clauses(self) -> tuple[str, ...]:
        """What is won of the goal, then how that compares with what is due."""
        quarter = self.figures.quarter
        if quarter.goal is None:
            return ("no goal is set for this quarter",)
        won = f"{{{quarter.actual}}} of {{{quarter.goal}}} is won"
        return (won, self._pace_clause()) if quarter.has_begun else (won, "nothing is due yet")

    def _pace_clause(self) -> str:
        quarter, gap = self.figures.quarter, self.gap or Decimal(0)
        if quarter.is_on_pace:
            return "the quarter is on pace"
        size = f"{{{abs(gap)}}}"
        if gap > 0:
            return f"the quarter is {size} ahead of its goal to date"
        if self.gap_before is None or self.due_since is None or self.won_since is None:
            return f"the quarter is {size} behind its goal to date"
        change = change_of_gap(gap, self.gap_before, goal=quarter.goal or Decimal(0), due=self.due_since)
        if change:
            return f"the gap {change} to {size}"
        if self.won_since <= 0 and self.due_since <= 0:
            return f"the gap is still {size}"
        return f"the gap is {size} with {{{self.won_since}}} won and {{{self.due_since}}} due since the last meeting"


def _due_since(now: Standing, before: Standing | None) -> Decimal | None:
    if before is None or now.goal_to_date is None or before.goal_to_date is None:
        return None
    return now.goal_to_date - before.goal_to_date


def _amount_and_number(totals: list[TotalRead]) -> tuple[Decimal, int]:
    return next(((total.amount or Decimal(0), total.number) for total in totals), (Decimal(0), 0))
