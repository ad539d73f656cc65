"""What another currency or fiscal year means, said before it is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alignment.holding import held
from alignment.models import Company
from alignment.periods import MONTH_NAMES, quarter_of


def told(company: Company, changed: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Sentences for the page that asks, by what is changed."""
    today = now.astimezone(ZoneInfo(company.timezone)).date()
    new_month = changed.get("fiscal_year_start")
    quarters = [
        quarter_of(today, first_month=month) for month in (company.fiscal_year_start, new_month) if month
    ]
    return {
        "new_currency": changed.get("currency"),
        "new_month": MONTH_NAMES[new_month - 1] if new_month else "",
        "old_month": MONTH_NAMES[company.fiscal_year_start - 1],
        "kept": held(company, closed=False),
        "closed": held(company, closed=True),
        "quarters": [
            f"{quarter.label}, {MONTH_NAMES[quarter.start.month - 1]} to {MONTH_NAMES[quarter.end.month - 1]} {quarter.end.year}"
            for quarter in quarters
        ],
    }
