"""A year's goals as rows for a file, which pasting or importing reads back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from alignment.models import Company, Goal
from alignment.rules.periods import Period, months_in
from deals.goals.grid import teams_of
from deals.tables.writer import Value


def rows(company: Company, year: Period) -> list[list[Value]]:
    """A heading, a row of the twelve months for each team, and their sum. A month without a goal is empty."""
    months, teams = months_in(year), list(teams_of(company, year))
    goals = Goal.objects.stored((team.pk for team in teams), months)
    body = [(team.name, [goals.get((team.pk, month)) for month in months]) for team in teams]
    sums = [_sum(amounts[index] for _, amounts in body) for index in range(len(months))]
    head: list[Value] = ["Team", *months, "Total"]
    lines: list[list[Value]] = [[name, *amounts, _sum(amounts)] for name, amounts in (*body, ("Total", sums))]
    return [head, *lines]


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None
