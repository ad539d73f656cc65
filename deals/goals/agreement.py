"""The goals of a quarter, to which the CEO and the sales leader say yes: as they were then, and as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from alignment.models import Agreement, Goal, Team
from alignment.rules.periods import MONTH_NAMES, Period, key_of_quarter, months_in

SUBJECT = "goals"
MonthlyGoals = Mapping[date, Decimal]


def content_of(goals: MonthlyGoals, quarter: Period, *, currency: str) -> dict[str, Any]:
    """What is agreed: the goal of each month of the quarter that has one."""
    months = {month.isoformat(): str(goals[month]) for month in months_in(quarter) if month in goals}
    return {"months": months, "currency": currency}


def months_of(content: Mapping[str, Any]) -> dict[date, Decimal]:
    return {date.fromisoformat(month): Decimal(amount) for month, amount in content["months"].items()}


def goals_between(team: Team, first: date, last: date) -> dict[date, Decimal]:
    """One query."""
    rows = Goal.objects.filter(team=team, month__range=(first, last))
    return dict(rows.order_by("month").values_list("month", "amount"))


def changed_months(content: Mapping[str, Any], goals: MonthlyGoals, quarter: Period) -> Iterator[str]:
    """Where the goals are others than those agreed, in sentences with amounts in braces."""
    agreed = months_of(content)
    for month in months_in(quarter):
        before, now = agreed.get(month), goals.get(month)
        if before != now:
            name = f"{MONTH_NAMES[month.month - 1]} {month.year}"
            yield f"The goal of {name} was {_amount(before)} and is now {_amount(now)}."


def _amount(goal: Decimal | None) -> str:
    return "none" if goal is None else f"{{{goal.normalize():f}}}"


def teams_not_agreed(
    quarter: Period, teams: Iterable[Team], goals: Mapping[tuple[int, date], Decimal]
) -> tuple[Team, ...]:
    """Those with goals in the quarter to which the CEO and the sales leader who sit there now have not both said yes as
    they are now: one query. Why not is for the two alone.
    """
    having = [team for team in teams if any((team.pk, month) in goals for month in months_in(quarter))]
    rows = Agreement.objects.agreed_by_holders().filter(
        team__in=having, subject=SUBJECT, key=key_of_quarter(quarter)
    )
    agreed = {row.team_id: row for row in rows}
    return tuple(team for team in having if not _is_agreed(agreed.get(team.pk), team, quarter, goals))


def _is_agreed(
    row: Agreement | None, team: Team, quarter: Period, goals: Mapping[tuple[int, date], Decimal]
) -> bool:
    own = {month: amount for (pk, month), amount in goals.items() if pk == team.pk}
    return row is not None and not any(changed_months(row.content, own, quarter))
