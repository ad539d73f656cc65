"""Wins and losses of a team over four quarters: how many, why, by size and lead source, and how long a win took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse

from alignment.models import Team, User
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import Period, quarter_of
from deals.models import Deal
from deals.pages.deal_list import FOUR_QUARTERS, NONE, QUARTERS_AGO, THIS_QUARTER
from deals.rules.mix import Band, Bands
from deals.rules.reasons import LABELS, SIDES, ReasonKind
from deals.rules.time_to_win import LEAST_DECIDED
from deals.rules.wins_and_losses import (
    LOST,
    NO_AMOUNT,
    WON,
    DecidedDeal,
    ReasonCount,
    Tally,
    band_key,
    by_band,
    by_lead_source,
    by_quarter,
    count_reasons,
    split_reasons,
    tally,
)
from deals.wins.queries import past_quarters, read_decided


@dataclass(frozen=True, slots=True)
class TallyLine:
    """One row of a table: what it is, its figures, and where the deals behind them are listed."""

    label: str
    tally: Tally
    query: str
    starts_at: Decimal | None = None
    is_rated: bool = True
    """Whether its rate says something: not by size where lost deals carry no amount."""

    @property
    def rows_path(self) -> str:
        return _list_of(self.query, "closed")

    @property
    def won_path(self) -> str:
        return _list_of(self.query, WON)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    label: str
    side: str
    number: int
    amount: Decimal
    path: str
    by_band: tuple[SplitCell, ...]
    by_source: tuple[SplitCell, ...]


class SplitCell(NamedTuple):
    """How many deals of a reason are of one size, or from one lead source, and where they are listed."""

    label: str
    number: int
    path: str


@dataclass(frozen=True, slots=True)
class WinsPage:
    team: Team
    m: MoneyFormat
    period: Period
    """The last four quarters."""
    overall: TallyLine
    quarters: tuple[TallyLine, ...]
    """The newest first: this one so far, then the four."""
    bands: tuple[TallyLine, ...]
    sources: tuple[TallyLine, ...]
    reasons_won: tuple[ReasonLine, ...]
    reasons_lost: tuple[ReasonLine, ...]
    undated: int

    @property
    def least(self) -> int:
        return LEAST_DECIDED

    @property
    def is_empty(self) -> bool:
        return not any(line.tally.decided for line in self.quarters)

    @property
    def has_sources(self) -> bool:
        """Whether any decided deal says where it came from."""
        return any(line.label != NO_SOURCE_LABEL for line in self.sources)

    @property
    def has_band_rates(self) -> bool:
        return all(line.is_rated for line in self.bands)

    @property
    def without_amount_path(self) -> str:
        return _list_of(f"{self.overall.query}&band={NONE}", "closed")


NO_SOURCE_LABEL = "Not entered"
NO_REASON_LABEL = "No reason entered"


def build_page(team: Team, reader: User, *, today: date) -> WinsPage:
    """One query."""
    quarters = past_quarters(team, today=today)
    period = Period(quarters[-1].start, quarters[0].end, f"{quarters[-1].label} to {quarters[0].label}")
    this = quarter_of(today, first_month=team.company.fiscal_year_start)
    read = read_decided(team, since=period.start, until=this.end)
    rows = [deal for deal in read.rows if period.contains(deal.decided_on)]
    base = _query(team, when=FOUR_QUARTERS)
    overall = TallyLine(period.label, tally(rows), base)
    return WinsPage(
        team=team,
        m=MoneyFormat(team.currency, reader.locale),
        period=period,
        overall=overall,
        quarters=_quarter_lines(team, read.rows, (this, *quarters)),
        bands=_band_lines(team, rows, base, is_rated=overall.tally.has_amounts),
        sources=tuple(
            TallyLine(
                _source_label(source),
                figures,
                f"{base}&source={source or NONE}",
            )
            for source, figures in by_lead_source(rows).items()
        ),
        reasons_won=_reason_lines(team, rows, WON, base),
        reasons_lost=_reason_lines(team, rows, LOST, base),
        undated=read.undated,
    )


def _quarter_lines(
    team: Team, rows: list[DecidedDeal], quarters: tuple[Period, ...]
) -> tuple[TallyLine, ...]:
    filters = (THIS_QUARTER, *QUARTERS_AGO)
    figures = by_quarter(rows, quarters)
    return tuple(
        TallyLine(
            f"{quarter.label} so far" if number == 0 else quarter.label,
            figures[quarter],
            _query(team, when=filters[number]),
        )
        for number, quarter in enumerate(quarters)
    )


def _band_lines(team: Team, rows: list[DecidedDeal], base: str, *, is_rated: bool) -> tuple[TallyLine, ...]:
    bands = Bands(team.mid_deal_from, team.big_deal_from)
    starts = {Band.MID: bands.mid_from, Band.BIG: bands.big_from}
    return tuple(
        TallyLine(
            _band_label(band),
            figures,
            f"{base}&band={band}",
            None if band == NO_AMOUNT else starts.get(Band(band)),
            is_rated=is_rated and band != NO_AMOUNT,
        )
        for band, figures in by_band(rows, bands).items()
    )


def _reason_lines(team: Team, rows: list[DecidedDeal], status: str, base: str) -> tuple[ReasonLine, ...]:
    bands = Bands(team.mid_deal_from, team.big_deal_from)
    by_band = split_reasons(rows, status, lambda deal: band_key(deal, bands))
    by_source = split_reasons(rows, status, lambda deal: deal.lead_source)
    return tuple(
        _reason_line(count, status, base, by_band=by_band[count.kind], by_source=by_source[count.kind])
        for count in count_reasons(rows, status)
    )


def _reason_line(
    count: ReasonCount, status: str, base: str, *, by_band: Mapping[str, int], by_source: Mapping[str, int]
) -> ReasonLine:
    path = _list_of(f"{base}&reason={count.kind or NONE}", status)
    sizes = ((band, _band_label(band)) for band in (*map(str, Band), NO_AMOUNT))
    sources = (
        (source, _source_label(source)) for source in sorted(by_source, key=lambda key: -by_source[key])
    )
    kind = ReasonKind(count.kind) if count.kind else None
    return ReasonLine(
        label=LABELS[kind] if kind else NO_REASON_LABEL,
        side=next((side for side, kinds in SIDES.items() if kind in kinds), ""),
        number=count.number,
        amount=count.amount,
        path=path,
        by_band=tuple(
            SplitCell(label, by_band[band], f"{path}&band={band}") for band, label in sizes if band in by_band
        ),
        by_source=tuple(
            SplitCell(label, by_source[source], f"{path}&source={source or NONE}")
            for source, label in sources
        ),
    )


def _band_label(band: str) -> str:
    return "No amount" if band == NO_AMOUNT else Band(band).label


def _source_label(source: str) -> str:
    return str(Deal.LeadSource(source).label) if source else NO_SOURCE_LABEL


def _query(team: Team, *, when: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"team": team.slug, "when": when})
    return query.urlencode()


def _list_of(query: str, state: str) -> str:
    return f"{reverse('deals:list')}?state={state}&{query}"
