"""One call of a forecast: what its commit was made of on the day it was stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.shortcuts import get_object_or_404

from alignment.models import Team, User
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import Period, period_between
from alignment.rules.revenue_kinds import words_of
from deals.models import Deal
from deals.pages.spans import revenue_path
from meetings.models import Call, CallDeal


@dataclass(frozen=True, slots=True)
class CallDealLine:
    """A deal of the commit with its amount of that day. One that went to another team leads nowhere."""

    deal: Deal
    amount: Decimal | None
    row: CallDeal
    is_linked: bool


@dataclass(frozen=True, slots=True)
class ForecastCallPage:
    team: Team
    m: MoneyFormat
    call: Call
    period: Period
    lines: tuple[CallDealLine, ...]
    won_path: str

    @property
    def participle(self) -> str:
        return words_of(self.team.revenue_kind).participle

    @property
    def beyond_deals(self) -> Decimal:
        """Of the commit, beside what was won by then and its deals; below zero where it is lower than these."""
        return self.call.commit - self.call.won - self.deals_amount

    @property
    def deals_amount(self) -> Decimal:
        return sum((line.amount or Decimal(0) for line in self.lines), Decimal(0))


def build_page(team: Team, reader: User, pk: int) -> ForecastCallPage:
    """Two queries. Raises Http404 for a call that this person may not read."""
    calls = Call.objects.visible_to(reader).filter(team=team).select_related("meeting", "by")
    call = get_object_or_404(calls, pk=pk)
    period = period_between(call.starts_on, call.ends_on, first_month=team.company.fiscal_year_start)
    on = team.today(call.at)
    counted = Period(period.start, min(period.end, max(on, period.start)), "")
    return ForecastCallPage(
        team=team,
        m=MoneyFormat(team.currency, reader.locale),
        call=call,
        period=period,
        lines=tuple(_lines(team, call)),
        won_path=revenue_path(team, counted),
    )


def _lines(team: Team, call: Call) -> Iterable[CallDealLine]:
    rows = call.deals.select_related("deal__account").order_by("-amount", "pk")
    for row in rows:
        yield CallDealLine(row.deal, row.amount, row, row.deal.team_id == team.pk)
