"""New goals from a year's amount spread over its months, or from last year's goals and a percentage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from alignment.models import Company, Goal, Team
from alignment.models.goals import GoalKey, Goals
from alignment.rules.money import decimals_of
from alignment.rules.periods import Period, month_of, months_in
from deals.goals.grid import revenue_of_last_year
from deals.rules.goal_spread import by_business_days, by_last_year, evenly, grown, spread, year_before

SPREAD_METHODS = (
    ("even", "Evenly: every month the same"),
    ("days", "By business days: Mondays to Fridays less your holidays"),
    ("shape", "By last year’s pattern: revenue by month, or last year’s goals where there was no revenue"),
)
NO_SHAPE = (
    "Last year has neither revenue nor goals to take the pattern from. "
    "Spread the amount evenly or by business days."
)


def spread_year(
    company: Company, year: Period, amounts: Mapping[int, Decimal], *, how: str
) -> tuple[dict[GoalKey, Decimal], dict[int, str]]:
    """The months of each team's year, and a sentence for each team whose year cannot be spread like that."""
    months = months_in(year)
    shapes = _shapes(company, months, list(amounts), how)
    goals: dict[GoalKey, Decimal] = {}
    problems: dict[int, str] = {}
    for team, amount in amounts.items():
        if not any(shapes[team]):
            problems[team] = NO_SHAPE
            continue
        parts = spread(amount, shapes[team], decimals=decimals_of(company.currency))
        goals |= {(team, month): part for month, part in zip(months, parts, strict=True)}
    return goals, problems


def _shapes(
    company: Company, months: Sequence[date], teams: Collection[int], how: str
) -> dict[int, list[Decimal]]:
    if how == "days":
        days = company.holidays.filter(day__range=(months[0], month_of(months[-1]).end))
        holidays = set(days.values_list("day", flat=True))
        return dict.fromkeys(teams, by_business_days(months, holidays=holidays))
    if how == "even":
        return dict.fromkeys(teams, evenly(months))
    won = revenue_of_last_year(teams, months)
    goals = Goal.objects.stored(teams, map(year_before, months))
    return {team: _shape(team, months, won, goals) for team in teams}


def _shape(team: int, months: Sequence[date], won: Goals, goals: Goals) -> list[Decimal]:
    for amounts in (won, goals):
        before = {
            month: amounts[team, month] for month in map(year_before, months) if (team, month) in amounts
        }
        weights = by_last_year(months, amounts=before)
        if any(weights):
            return weights
    return []


def last_year_grown(
    teams: Sequence[Team], year: Period, *, percent: Decimal, step: Decimal
) -> dict[GoalKey, Decimal]:
    """Each month's goal of the year before and `percent` more; a month that had none stays as it is."""
    months = months_in(year)
    before = Goal.objects.stored((team.pk for team in teams), map(year_before, months))
    smallest = Decimal(1).scaleb(-min((decimals_of(team.currency) for team in teams), default=0))
    step = max(step, smallest)
    return {
        (team.pk, month): grown(before[team.pk, year_before(month)], percent=percent, step=step)
        for team in teams
        for month in months
        if (team.pk, year_before(month)) in before
    }
