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
from deals.rules.revenue import HALF_A_UNIT, Revenue, Standing, revenue
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


class TotalRead(NamedTuple):
    amount: Decimal | None
    number: int


class MoneyRead(NamedTuple):
    goals: list[AmountRead]
    actuals: list[AmountRead]
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
    holidays = Holiday.objects.filter(company=team.company_id, day__range=(year.start, year.end))
    pipeline = Deal.objects.open().filter(team=team, close_date__range=(quarter.start, quarter.end))
    corrections = entries.filter(corrects__isnull=False, created_at__gt=since)
    columns = {
        "goal_rows": JsonRows(goals.order_by(), into=AmountRead, on="month"),
        "actual_rows": JsonRows(actuals, into=AmountRead, on="day", amount="total"),
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

    @classmethod
    def build(cls, context: BuildContext) -> Self:
        team, today = context.team, context.today
        first_month = team.company.fiscal_year_start
        year, quarter = (period(today, first_month=first_month) for period in (year_of, quarter_of))
        money = MoneyRead(*money_of(team, today=today, year=year, quarter=quarter, since=context.since).get())
        goals = {goal.on: goal.amount for goal in money.goals}
        figures = revenue(
            today,
            first_month=first_month,
            goals=goals,
            actuals={actual.on: actual.amount for actual in money.actuals},
            holidays={holiday.day for holiday in money.holidays},
        )
        next_month = figures.month.period.end + timedelta(days=1)
        pipeline, pipeline_count = _amount_and_number(money.pipeline)
        corrected, _ = _amount_and_number(money.corrections)
        return cls(
            **context.opening_of(Section.REVENUE),
            figures=figures,
            gap_before=context.gap_before,
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

    def headline_clause(self) -> str:
        gap, before = self.gap, self.gap_before
        if gap is None:
            return "no goal is set for this quarter"
        size = f"{{{abs(gap)}}}"
        if abs(gap) < HALF_A_UNIT:
            return "the quarter is at its goal to date"
        if gap > 0:
            return f"the quarter is {size} ahead of its goal to date"
        if before is None or before > -HALF_A_UNIT:
            return f"the quarter is {size} behind its goal to date"
        if abs(gap - before) < HALF_A_UNIT:
            return f"the gap is still {size}"
        return f"the gap {'grew' if gap < before else 'shrank'} to {size}"


def _amount_and_number(totals: list[TotalRead]) -> tuple[Decimal, int]:
    return next(((total.amount or Decimal(0), total.number) for total in totals), (Decimal(0), 0))
