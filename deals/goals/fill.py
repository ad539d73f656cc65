"""A year spread over its months, and last year's goals grown, as goals wanted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from alignment.models import Company, Goal, Team
from alignment.models.goals import Goals, Place
from alignment.periods import Period, month_of, months_in
from alignment.spread import by_business_days, by_last_year, evenly, grown, spread, year_before
from deals.goals.grid import won_in

HOW = (
    ("even", "Evenly: every month the same"),
    ("days", "By business days: Mondays to Fridays less your holidays"),
    ("shape", "By last year’s shape: what was won each month, or last year’s goals where nothing was"),
)
NO_SHAPE = "There is neither revenue nor a goal of the year before to take the shape of. Spread it evenly or by business days."  # fmt: skip


def spread_year(
    company: Company, year: Period, amounts: Mapping[int, Decimal], *, how: str
) -> tuple[dict[Place, Decimal], dict[int, str]]:
    """The months of each team's year, and a sentence for each team whose year cannot be spread like that."""
    months = months_in(year)
    shapes = _shapes(company, months, list(amounts), how)
    wanted: dict[Place, Decimal] = {}
    wrong: dict[int, str] = {}
    for team, amount in amounts.items():
        if not any(shapes[team]):
            wrong[team] = NO_SHAPE
            continue
        parts = spread(amount, shapes[team], decimals=min(2, get_currency_precision(company.currency)))
        wanted |= {(team, month): part for month, part in zip(months, parts, strict=True)}
    return wanted, wrong


def _shapes(
    company: Company, months: Sequence[date], teams: Collection[int], how: str
) -> dict[int, list[Decimal]]:
    if how == "days":
        days = company.holidays.filter(day__range=(months[0], month_of(months[-1]).end))
        holidays = set(days.values_list("day", flat=True))
        return dict.fromkeys(teams, by_business_days(months, holidays=holidays))
    if how == "even":
        return dict.fromkeys(teams, evenly(months))
    won = won_in(teams, months)
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
) -> dict[Place, Decimal]:
    """Each month's goal of the year before and `percent` more; a month that had none stays as it is."""
    months = months_in(year)
    before = Goal.objects.stored((team.pk for team in teams), map(year_before, months))
    return {
        (team.pk, month): grown(before[team.pk, year_before(month)], percent=percent, step=step)
        for team in teams
        for month in months
        if (team.pk, year_before(month)) in before
    }
