"""A team's calls period by period: the rows, when each began to count, and what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db.models import Prefetch, Sum

from alignment.models import Goal, Team, User
from alignment.rules.periods import Period, period_between
from deals.models import RevenueEntry
from deals.models.revenue import month_of_day
from deals.rules.revenue import full_goal_of
from meetings.models import Call, Expectation
from meetings.models.calls import CallQuerySet
from meetings.rules.calls import StatedCall

YEARS_BACK = timedelta(days=3 * 366)


def calls_of(team: Team, user: User, *, ended_since: date) -> CallQuerySet:
    """The last call of each meeting and period that ends on this day or later, in the order of the meetings, as this
    person may read them."""
    calls = Call.objects.visible_to(user).filter(team=team, ends_on__gte=ended_since)
    return calls.last_of_meetings().select_related("meeting").in_order()


def by_period(team: Team, calls: Iterable[Call]) -> dict[Period, list[Call]]:
    """The newest period first."""
    first_month = team.company.fiscal_year_start
    ordered = sorted(calls, key=lambda call: (call.starts_on, call.ends_on), reverse=True)
    periods = groupby(ordered, key=lambda call: (call.starts_on, call.ends_on))
    return {
        period_between(start, end, first_month=first_month): sorted(
            rows, key=lambda call: call.meeting.starts_at
        )
        for (start, end), rows in periods
    }


def counted_from(call: Call) -> datetime | None:
    """When it began to count: once its preparation was submitted; where nobody did, when the meeting started. A call
    for a meeting that was neither prepared nor held never counted."""
    submitted_at = call.meeting.submitted_at
    if submitted_at is not None:
        return max(call.at, submitted_at)
    return call.meeting.started_at


def counted_calls(team: Team, calls: Sequence[Call]) -> list[StatedCall]:
    rows = ((counted_from(call), call) for call in calls)
    return [
        StatedCall(team.today(at), call.commit, call.best_case, call.pk)
        for at, call in rows
        if at is not None
    ]


def goals_by_month(team: Team, periods: Sequence[Period]) -> dict[date, Decimal]:
    first, last = _span(periods)
    return dict(Goal.objects.filter(team=team, month__range=(first, last)).values_list("month", "amount"))


def won_by_month(team: Team, periods: Sequence[Period]) -> dict[date, Decimal]:
    """Of the revenue that counts for the team’s goal, as it is known today."""
    days = _span(periods)
    entries = RevenueEntry.objects.counted().filter(team=team, day__range=days).order_by()
    return dict(
        entries.annotate(in_month=month_of_day())
        .values("in_month")
        .annotate(total=Sum("amount"))
        .values_list("in_month", "total")
    )


def _span(periods: Sequence[Period]) -> tuple[date, date]:
    return min(period.start for period in periods), max(period.end for period in periods)


def is_goal_called(team: Team, user: User, *, today: date) -> bool:
    """Whether the last commit for the period that runs reaches its goal, as far as this person may read it."""
    calls = Call.objects.visible_to(user).filter(team=team, starts_on__lte=today, ends_on__gte=today)
    last = calls.in_order().last()
    if last is None:
        return False
    period = period_between(last.starts_on, last.ends_on, first_month=team.company.fiscal_year_start)
    goal = full_goal_of(period, goals_by_month(team, [period]))
    return goal is not None and last.commit >= goal


def last_expectations(team: Team, user: User, *, today: date) -> dict[tuple[date, date], Expectation]:
    """Of each period the last number of the CEO that this person may read, by the period’s first and last day."""
    rows = Expectation.objects.visible_to(user).filter(team=team, ends_on__gte=today - YEARS_BACK)
    rows = rows.exclude(meeting__started_at=None).select_related("meeting", "ceo", "leader")
    rows = rows.prefetch_related(Prefetch("meeting__calls", Call.objects.in_order()))
    return {(row.starts_on, row.ends_on): row for row in rows.order_by("meeting__starts_at")}
