"""A team's deal mix: what was agreed, what came, and what a size takes and pays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from alignment.agreements.standing import Standing, standing_of
from alignment.agreements.subjects import Facts
from alignment.models import Agreement, Team, User
from alignment.rules.formatting import MoneyFormat
from alignment.rules.periods import Period, quarter_of
from alignment.rules.roles import NAMES, Role
from deals.mix.attention import HangingDeal, read_attention
from deals.mix.queries import agreements_of, key_of, read_deals
from deals.mix.subject import MIX
from deals.mix.terms import MixTerms
from deals.models import Deal
from deals.pages.deal_list import DECIDED, NOT_WITHDRAWN
from deals.pages.spans import deals_path
from deals.registry.commits import pending_commit
from deals.rules.mix import (
    CREATED_WEEKS,
    LEAST_DEALS,
    OFF_POINTS,
    OFF_WEEKS,
    WON_QUARTERS,
    ActualMix,
    Band,
    BandFacts,
    Bands,
    OffBand,
    OpenPay,
    actual_mix,
    band_facts,
    created_in_weeks_to,
    created_weeks,
    decided_years,
    open_pay,
    won_between,
)
from deals.rules.pace import quarters_before
from deals.rules.spans import AmountSpan, DaySpan
from deals.rules.time_to_win import LEAST_AS_OLD, LEAST_DECIDED


@dataclass(frozen=True, slots=True)
class BandLine:
    """One size: what is agreed, what was won, what was created; shares in per cent, None where there is no money."""

    band: Band
    starts_at: Decimal | None
    target: int | None
    won: int | None
    won_amount: Decimal
    created: int | None
    created_amount: Decimal
    created_number: int
    is_off: bool
    won_path: str
    created_path: str


@dataclass(frozen=True, slots=True)
class FactsLine:
    """How deals of one size go, and where those behind it are listed."""

    facts: BandFacts
    won_path: str
    decided_path: str


@dataclass(frozen=True, slots=True)
class OpenLine:
    """When the open deals of one size would pay, and where they are listed."""

    pay: OpenPay
    path: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement as it is shown: its terms and who said yes when."""

    row: Agreement
    terms: MixTerms
    standing: Standing

    @property
    def has_other_bands(self) -> bool:
        return self.terms.bands != Bands(self.row.team.mid_deal_from, self.row.team.big_deal_from)


@dataclass(frozen=True, slots=True)
class MixPage:
    team: Team
    m: MoneyFormat
    year: str
    agreed: AgreementLine | None
    proposed: AgreementLine | None
    lines: tuple[BandLine, ...]
    off: tuple[OffBand, ...]
    facts: tuple[FactsLine, ...]
    open_deals: tuple[OpenLine, ...]
    """Of the sizes that have some."""
    won_in: Period
    """The last four quarters."""
    created_number: int
    without_amount: int
    quarter: Period
    hanging: tuple[HangingDeal, ...]
    last_line: AgreementLine | None
    """The newest one that is proposed or holds, else the newest that was declined or withdrawn."""
    last_number: int
    """Of the newest line, whatever came of it; 0: there is none yet."""
    declined: AgreementLine | None
    """The last proposal, where the other side said no."""
    can_read_why: bool
    can_answer: bool
    can_withdraw: bool
    can_renew: bool
    can_propose: bool
    former_lines: tuple[AgreementLine, ...]

    @property
    def created_weeks(self) -> int:
        return CREATED_WEEKS

    off_points, off_weeks = OFF_POINTS, OFF_WEEKS
    least_deals, least_decided, least_as_old = LEAST_DEALS, LEAST_DECIDED, LEAST_AS_OLD

    @property
    def is_silent(self) -> bool:
        """Too few deals were created lately to say whether the mix is as agreed."""
        return self.created_number < LEAST_DEALS

    @property
    def waits_for(self) -> str:
        """Who has to answer the proposal: "CEO"."""
        return NAMES[Role(self.proposed.row.waits_for)] if self.proposed else ""


def build_page(team: Team, reader: User, *, today: date) -> MixPage:
    """The deals, the agreements with the goals they rest on, and what somebody must look at: five queries."""
    first_month = team.company.fiscal_year_start
    deals = read_deals(team, today=today)
    lines = agreement_lines(team, today=today)
    agreed = _first(lines, Agreement.State.AGREED)
    proposed = _first(lines, Agreement.State.PROPOSED)
    declined = lines[0] if lines and lines[0].row.state == Agreement.State.DECLINED else None
    present = Bands(team.mid_deal_from, team.big_deal_from)
    bands = agreed.terms.bands if agreed else present
    quarter = quarter_of(today, first_month=first_month)
    before = quarters_before(quarter, first_month=first_month)[:WON_QUARTERS]
    won_in = Period(before[-1].start, before[0].end, f"{before[-1].label} to {before[0].label}")
    won = actual_mix(won_between(deals, won_in), bands)
    created = actual_mix(created_in_weeks_to(deals, today), bands)
    pending = pending_commit(team, reader)
    attention = read_attention(team, today=today, hidden_since=pending.since)
    is_principal = team.is_principal(reader)
    return MixPage(
        team=team,
        m=MoneyFormat(team.currency, reader.locale),
        year=key_of(team, today=today),
        agreed=agreed,
        proposed=proposed,
        lines=tuple(
            _band_line(
                band,
                bands,
                agreed,
                won,
                created,
                off=attention.off,
                won_path=_list_of(team, band, bands, state=Deal.Status.WON, when=won_in),
                created_path=_list_of(team, band, bands, state=NOT_WITHDRAWN, created=created_weeks(today)),
            )
            for band in Band
        ),
        off=attention.off,
        facts=tuple(
            _facts_line(team, facts, present, today=today)
            for facts in band_facts(deals, present, today=today, first_month=first_month)
        ),
        open_deals=tuple(
            OpenLine(pay, _list_of(team, pay.band, present, state=Deal.Status.OPEN))
            for pay in open_pay(deals, present, today=today, first_month=first_month)
            if pay.total.number
        ),
        won_in=won_in,
        created_number=created.number,
        without_amount=created.without_amount,
        quarter=quarter,
        hanging=attention.hanging,
        last_line=proposed or agreed or next(iter(lines), None),
        last_number=lines[0].row.number if lines else 0,
        declined=declined,
        can_read_why=is_principal,
        can_answer=proposed is not None and proposed.row.can_answer(reader),
        can_withdraw=proposed is not None and proposed.row.can_withdraw(reader),
        can_renew=agreed is not None and agreed.row.can_renew(reader),
        can_propose=is_principal,
        former_lines=tuple(
            line for line in lines if line.row.state == Agreement.State.REPLACED and _held(line)
        ),
    )


def _held(line: AgreementLine) -> bool:
    return line.row.ceo_at is not None and line.row.leader_at is not None


def _first(lines: list[AgreementLine], state: str) -> AgreementLine | None:
    return next((line for line in lines if line.row.state == state), None)


def agreement_lines(team: Team, *, today: date) -> list[AgreementLine]:
    """All of this fiscal year, the newest first: two queries."""
    rows = list(agreements_of(team, today=today))
    facts = MIX.read_facts(team, key_of(team, today=today)) if rows else {}
    return [_agreement_line(row, team, facts) for row in rows]


def _agreement_line(row: Agreement, team: Team, facts: Facts) -> AgreementLine:
    row.team = team
    return AgreementLine(row, MixTerms.of(row.content), standing_of(row, team, MIX, facts))


def _band_line(
    band: Band,
    bands: Bands,
    agreed: AgreementLine | None,
    won: ActualMix,
    created: ActualMix,
    *,
    off: tuple[OffBand, ...],
    won_path: str,
    created_path: str,
) -> BandLine:
    return BandLine(
        band=band,
        starts_at={Band.SMALL: None, Band.MID: bands.mid_from, Band.BIG: bands.big_from}[band],
        target=agreed.terms.target[band] if agreed else None,
        won=won.share(band),
        won_amount=won.totals[band].amount,
        created=created.share(band),
        created_amount=created.totals[band].amount,
        created_number=created.totals[band].number,
        is_off=any(row.band == band for row in off),
        won_path=won_path,
        created_path=created_path,
    )


def _facts_line(team: Team, facts: BandFacts, bands: Bands, *, today: date) -> FactsLine:
    won, decided = (
        _list_of(team, facts.band, bands, state=state, when=decided_years(today))
        for state in (Deal.Status.WON, DECIDED)
    )
    return FactsLine(facts, won, decided)


def _list_of(team: Team, band: Band, bands: Bands, *, state: str, **periods: Period) -> str:
    """The list of the deals behind a figure, with the same sum: by the sizes it was reckoned with."""
    days = {name: DaySpan.of(period).key for name, period in periods.items()}
    return deals_path(team, state=state, band=AmountSpan(*bands.limits_of(band)).key, **days)
