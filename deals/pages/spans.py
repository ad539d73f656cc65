"""Spans of days and of amounts among the filters of a list, and links to the rows behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import QueryDict
from django.urls import reverse

from alignment.models import Team
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import Period, quarter_before, quarter_of, year_of
from alignment.web.listing import Listing
from deals.rules.mix import CREATED_WEEKS, created_weeks
from deals.rules.spans import AmountSpan, DaySpan

DAY = timedelta(days=1)


def revenue_days(listing: Listing, now: datetime) -> list[tuple[str, str]]:
    """The days that are looked at most: two quarters and two fiscal years."""
    today, first_month = listing.today(now), _first_month(listing)
    quarter, year = quarter_of(today, first_month=first_month), year_of(today, first_month=first_month)
    periods = (
        quarter,
        quarter_before(quarter, first_month=first_month),
        year,
        year_of(year.start - DAY, first_month=first_month),
    )
    return [("", "Any day"), *((DaySpan.of(period).key, period.label) for period in periods)]


def created_days(listing: Listing, now: datetime) -> list[tuple[str, str]]:
    key = DaySpan.of(created_weeks(listing.today(now))).key
    return [("", "Any time"), (key, f"Last {CREATED_WEEKS} weeks")]


def _first_month(listing: Listing) -> int:
    """Of the requested team, else of the reader's first one: a person is in one company as a rule."""
    teams = [seat.team for seat in listing.seats.values()]
    team = listing.team or next(iter(teams), None)
    return team.company.fiscal_year_start if team else 1


def days_label(listing: Listing) -> Callable[[str], str]:
    """How a span of days is named among the options; empty for what is none."""
    first_month = _first_month(listing)

    def label(text: str) -> str:
        span = DaySpan.parse(text)
        return span.label(first_month=first_month) if span else ""

    return label


def amounts_label(listing: Listing) -> Callable[[str], str]:
    """How a span of amounts is named. Amounts of several teams have no common currency, so no span either."""

    def label(text: str) -> str:
        span = AmountSpan.parse(text)
        if span is None or listing.team is None:
            return ""
        return span.label(MoneyFormat(listing.team.currency, listing.user.locale))

    return label


def revenue_path(team: Team, period: Period) -> str:
    """The revenue of these days that counts for the team's goal."""
    return _path("deals:revenue", team, days=DaySpan.of(period).key)


def deals_path(team: Team, *, state: str, **filters: str) -> str:
    """The team's deals in this state, by the other filters of the list."""
    return _path("deals:list", team, state=state, **filters)


def _path(name: str, team: Team, **filters: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"team": team.slug, **filters})
    return f"{reverse(name)}?{query.urlencode(safe='.')}"
