"""The money of a team in one query: what the revenue section of an agenda is reckoned from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from alignment.db.json_aggregation import JsonRows
from alignment.models import Goal, Holiday, Team
from alignment.rules.periods import Period, quarter_of, year_of
from alignment.rules.revenue_kinds import RevenueKind
from deals.committed.ended_periods import EndedRead, FirstCommitRead, ended_columns
from deals.committed.queries import CommittedRead, EventRead, WonRead
from deals.committed.third_push import FactRead, MoveRead, PeriodRead
from deals.mix.attention import DealRead as MixDealRead
from deals.mix.attention import GoalRead as MixGoalRead
from deals.mix.attention import TeamRead as MixTeamRead
from deals.mix.attention import attention_columns
from deals.models import Deal, DealChange, ImportRun, RevenueEntry
from deals.models.revenue import is_uncorrected, month_of_day
from deals.rates.attention import PipelineDealRead, pipeline_columns
from deals.rates.queries import ChangeRead
from deals.rules.pace import history
from meetings.agenda.context import BuildContext
from meetings.agenda.sections.agreement_lines import AgreedRead, agreed_rows
from meetings.agenda.sections.call_queries import (
    CallDealRead,
    CallRead,
    ExpectationRead,
    OwnCallRead,
    StruckRead,
    call_columns,
)
from meetings.agenda.sections.capacity_lines import UntoldRead, untold_needs
from meetings.agenda.sections.deal_queries import small_wins_of
from meetings.agenda.sections.nearer import EndedCallRead, EndedNumberRead, nearer_columns
from meetings.rules.calls import CalledDays

A_YEAR = timedelta(days=365)
A_QUARTER = timedelta(days=92)


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


class KindRead(NamedTuple):
    kind: str
    amount: Decimal


class AccountRead(NamedTuple):
    name: str
    month: date
    kind: str
    amount: Decimal


class SourceRead(NamedTuple):
    source: str
    created_at: datetime


class ImportRead(NamedTuple):
    applied_at: datetime


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
    other_kinds: list[KindRead]
    """The quarter's revenue that does not count for the goal."""
    newest: list[SourceRead]
    """How the newest entry was made, or nothing."""
    imports: list[ImportRead]
    """The newest import of deals or revenue, or nothing."""
    calls: list[CallRead]
    call_deals: list[CallDealRead]
    expected: list[ExpectationRead]
    struck: list[StruckRead]
    own_calls: list[OwnCallRead]
    ended_periods: list[CalledDays]
    moves: list[MoveRead]
    committed_periods: list[PeriodRead]
    facts: list[FactRead]
    pushed_out: list[TotalRead]
    """Smaller deals that left the quarter since the last meeting."""
    small_wins: list[TotalRead]
    """Deals won since the last meeting that are not listed one by one."""
    mix_deals: list[MixDealRead]
    mix_team: list[MixTeamRead]
    mix_goals: list[MixGoalRead]
    agreed: list[AgreedRead]
    """The lines of the quarter's agreement that hold."""
    ended_numbers: list[EndedNumberRead]
    ended_calls: list[EndedCallRead]
    pipeline_deals: list[PipelineDealRead]
    pipeline_changes: list[ChangeRead]
    untold_needs: list[UntoldRead]
    ended_commits: list[CommittedRead]
    """Of the periods that ended since the last meeting."""
    ended_events: list[EventRead]
    ended_won: list[WonRead]
    first_commit: list[FirstCommitRead]
    accounts: Sequence[AccountRead] = ()
    """What was won and invoiced lately, where the goal is made of invoices."""

    @property
    def ended(self) -> EndedRead:
        return EndedRead(self.ended_commits, self.ended_events, self.ended_won, self.first_commit)


def read_money(context: BuildContext) -> MoneyRead:
    """What the agenda shows of a team's money, in one query."""
    return MoneyRead(*money_of(context).get())


def money_of(context: BuildContext) -> QuerySet[Team, Any]:
    """Goals, actuals by day and holidays of the year, the quarter's pipeline, corrections since, the calls, and what
    the deal mix looks at.
    """
    team, today, since = context.team, context.today, context.since
    first_month = team.company.fiscal_year_start
    year, quarter = (period(today, first_month=first_month) for period in (year_of, quarter_of))
    goals = Goal.objects.filter(team=team, month__range=(year.start, year.end + A_QUARTER))
    all_kinds = RevenueEntry.objects.filter(team=team).order_by()
    entries = all_kinds.filter(kind=team.revenue_kind)
    ended = quarter_of(context.since_day, first_month=first_month)  # it may have ended since the last meeting
    first_day = min(year.start, today - A_QUARTER, ended.start)
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
    others = (
        all_kinds.uncorrected()
        .exclude(kind=team.revenue_kind)
        .filter(day__range=(quarter.start, today))
        .values("kind")
        .annotate(total=Sum("amount"))
    )
    imports = ImportRun.objects.applied_for(team=team, company=team.company_id)
    columns = {
        "goal_rows": JsonRows(goals.order_by(), into=AmountRead, on="month"),
        "actual_rows": JsonRows(actuals, into=AmountRead, on="day", amount="total"),
        "month_rows": JsonRows(months, into=MonthRead, amount="total"),
        "first_rows": JsonRows(entries.order_by("day")[:1], into=DayRead),
        "holiday_rows": JsonRows(holidays.order_by(), into=HolidayRead),
        "pipeline_rows": _total_of(pipeline, Sum("amount")),
        "correction_rows": _total_of(corrections, Sum(F("amount") - F("corrects__amount"))),
        "other_rows": JsonRows(others, into=KindRead, amount="total"),
        "newest_rows": JsonRows(entries.order_by("-day")[:1], into=SourceRead),
        "import_rows": JsonRows(imports[:1], into=ImportRead),
        **call_columns(context.meeting, today),
        "pushed_rows": _total_of(_pushed_out(team, quarter, since), Sum("amount")),
        "small_win_rows": _total_of(
            small_wins_of(team, since=since, since_day=context.since_day, today=today), Sum("amount")
        ),
        **attention_columns(team, today, hidden_since=context.commits_hidden_since),
        "agreed_rows": agreed_rows(team, today),
        **nearer_columns(context),
        **pipeline_columns(team, today, hidden_since=context.commits_hidden_since),
        "untold_need_rows": untold_needs(team, today),
        **ended_columns(team, context.since_day, today=today, hidden_since=context.commits_hidden_since),
    }
    if team.revenue_kind == RevenueKind.INVOICED:
        columns["account_rows"] = JsonRows(
            _won_and_invoiced(all_kinds, today), into=AccountRead, amount="total"
        )
    return Team.objects.filter(pk=team.pk).order_by().annotate(**columns).values_list(*columns)


def _pushed_out(team: Team, quarter: Period, since: datetime) -> QuerySet[Deal]:
    """Open deals that had a close date in the quarter at the last meeting and have a later one now. Big and pinned
    ones are rows of another section.
    """
    days = (quarter.start.isoformat(), quarter.end.isoformat())
    moved = DealChange.objects.standing().filter(
        deal=OuterRef("pk"), field="close_date", at__gt=since, old__range=days
    )
    later = Deal.objects.open().filter(team=team, close_date__gt=quarter.end, created_at__lte=since)
    return later.filter(Exists(moved), amount__lt=team.big_deal_from, pinned_at=None)


def _won_and_invoiced(entries: QuerySet[RevenueEntry], today: date) -> QuerySet[RevenueEntry, Any]:
    """By account and month, over the last year."""
    recent = entries.filter(is_uncorrected(), kind__in=(RevenueKind.WON, RevenueKind.INVOICED))
    recent = recent.filter(day__range=(today - A_YEAR, today))
    named = recent.annotate(
        name=Coalesce("deal__account__name", "account__name", Value("")), month=month_of_day()
    )
    return named.values("name", "month", "kind").annotate(total=Sum("amount"))


def _total_of(rows: QuerySet[Any], total: Sum) -> JsonRows:
    totals = rows.order_by().values("team").annotate(total=total, number=Count("pk"))
    return JsonRows(totals, into=TotalRead, amount="total")


def amount_and_number(totals: list[TotalRead]) -> tuple[Decimal, int]:
    return next(((total.amount or Decimal(0), total.number) for total in totals), (Decimal(0), 0))
