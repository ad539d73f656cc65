"""A year's amount over its months, and last year's months grown.

Pure; the parts always sum exactly to the whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from alignment.rules.periods import business_days, month_of

HUNDRED = Decimal(100)


def evenly(months: Sequence[date]) -> list[Decimal]:
    """Each month weighs the same."""
    return [Decimal(1)] * len(months)


def by_business_days(months: Sequence[date], *, holidays: Collection[date]) -> list[Decimal]:
    """A month weighs its Mondays to Fridays less holidays."""
    return [Decimal(business_days(month, month_of(month).end, holidays=holidays)) for month in months]


def by_last_year(months: Sequence[date], *, amounts: Mapping[date, Decimal]) -> list[Decimal]:
    """A month weighs what the same month a year before did; one without an amount weighs nothing."""
    return [max(Decimal(0), amounts.get(year_before(month), Decimal(0))) for month in months]


def year_before(month: date) -> date:
    """The first day of the same month, a year earlier."""
    return date(month.year - 1, month.month, 1)


def spread(amount: Decimal, weights: Sequence[Decimal], *, decimals: int) -> list[Decimal]:
    """`amount` by the weights, in steps of the currency (`decimals` 2: cents), as close as steps allow.

    Each part is rounded down. What is left goes, a step each, to the parts that lost most by rounding
    (largest remainder), the earlier first. An amount finer than the step keeps its last digits in the last
    month with a weight. Raises ValueError when all weights are zero.
    """
    total = sum(weights, Decimal(0))
    if total <= 0:
        raise ValueError("There is no weight to spread by.")
    step = Decimal(1).scaleb(-decimals)
    exact = [amount * weight / total for weight in weights]
    parts = [part.quantize(step, ROUND_DOWN) for part in exact]
    left = amount - sum(parts, Decimal(0))
    losers = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in losers[: int(left / step)]:
        parts[index] += step
        left -= step
    parts[max(index for index, weight in enumerate(weights) if weight > 0)] += left
    return parts


def grown(amount: Decimal, *, percent: Decimal, step: Decimal) -> Decimal:
    """`amount` and `percent` of it more (less when negative), half-up to `step`; never below zero."""
    raised = amount * (HUNDRED + percent) / HUNDRED
    return max(Decimal(0), (raised / step).quantize(Decimal(1), ROUND_HALF_UP) * step)
