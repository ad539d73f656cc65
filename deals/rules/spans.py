"""Spans of days and of amounts as a link to a list carries them: "2026-10-01..2026-12-31", "25000..100000". Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from alignment.rules.formatting import MoneyFormat, compact
from alignment.rules.periods import FIRST_DAY, LAST_DAY, Period, period_between

BETWEEN = ".."
LARGEST = Decimal("1e16")


@dataclass(frozen=True, slots=True)
class DaySpan:
    """From the first to the last day, both counted."""

    first: date
    last: date

    @classmethod
    def of(cls, period: Period) -> DaySpan:
        return cls(period.start, period.end)

    @classmethod
    def parse(cls, text: str) -> DaySpan | None:
        """None for what is no span of days within the years that count."""
        first, between, last = text.partition(BETWEEN)
        try:
            span = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            return None
        return span if between and FIRST_DAY <= span.first <= span.last <= LAST_DAY else None

    @property
    def key(self) -> str:
        return f"{self.first.isoformat()}{BETWEEN}{self.last.isoformat()}"

    def label(self, *, first_month: int) -> str:
        """The quarter or month it is, else its two days."""
        return period_between(self.first, self.last, first_month=first_month).label


@dataclass(frozen=True, slots=True)
class AmountSpan:
    """From an amount to below another one; None is no limit. Nothing and no amount are in none."""

    start: Decimal | None
    below: Decimal | None

    @classmethod
    def parse(cls, text: str) -> AmountSpan | None:
        start, between, below = text.partition(BETWEEN)
        try:
            span = cls(_amount(start), _amount(below))
        except (InvalidOperation, ValueError):
            return None
        return span if between and (start or below) else None

    @property
    def key(self) -> str:
        limits = ("" if limit is None else f"{limit.normalize():f}" for limit in (self.start, self.below))
        return BETWEEN.join(limits)

    def label(self, m: MoneyFormat) -> str:
        if self.start is None:
            return f"Below {compact(self.below, m)}"
        start = f"From {compact(self.start, m)}"
        return start if self.below is None else f"{start} to below {compact(self.below, m)}"


def _amount(text: str) -> Decimal | None:
    if not text:
        return None
    amount = Decimal(text)
    if not amount.is_finite() or not 0 <= amount < LARGEST:
        raise ValueError(text)
    return amount
