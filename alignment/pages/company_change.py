"""What a new currency or fiscal year means, shown before it is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alignment.models import Company
from alignment.registry.row_counts import held
from alignment.rules.periods import MONTH_NAMES, Period, quarter_of


def describe_change(company: Company, changes: dict[str, Any], now: datetime) -> dict[str, Any]:
    """For the confirmation page: what changes from what to what, and what stays."""
    today = now.astimezone(ZoneInfo(company.timezone)).date()
    old, new = company.fiscal_year_start, changes.get("fiscal_year_start")
    before, after = (quarter_of(today, first_month=month) for month in (old, new or old))
    return {
        "new_currency": changes.get("currency"),
        "old_month": MONTH_NAMES[old - 1],
        "new_month": MONTH_NAMES[new - 1] if new else "",
        "before": _spelled(before),
        "after": after.label if before.start == after.start else _spelled(after),
        "same_months": before.start == after.start,
        "affected": held(company, closed=False),
        "closed": held(company, closed=True),
    }


def _spelled(quarter: Period) -> str:
    first, last = MONTH_NAMES[quarter.start.month - 1], MONTH_NAMES[quarter.end.month - 1]
    return f"{quarter.label}, {first} to {last} {quarter.end.year}"
