"""The page of one deal: what is known of it, and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from alignment.models import User
from alignment.rules.formatting import MoneyFormat, day, money
from deals.models import Deal, DealChange, RevenueEntry, Risk
from deals.models.deal_changes import as_text
from deals.models.revenue import standing
from deals.pages.deal_committed import DealCommitted, committed_of
from deals.pages.lists import original_of
from deals.registry.panels import Panel, panels_of_deal
from deals.rules.booking import excess
from deals.rules.changes import FIRST_SIGHT, Change
from deals.rules.reasons import reason_in_words
from deals.rules.slips import Push, is_date_unreliable, pushes, stated_dates
from deals.same_deals.candidates import candidates_of

LABELS = {
    "status": "Status",
    "stage": "Stage",
    "amount": "Amount",
    "close_date": "Close date",
    "rep": "Rep",
    "team": "Team",
    "pipeline": "Pipeline",
    "next_step": "Next step",
    FIRST_SIGHT: "First seen",
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a deal’s history, as its page shows it. The first sight has neither an old nor a new value."""

    on: date
    label: str
    old: str
    new: str
    by: str
    reason: str
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class BookedLine:
    """An entry of the deal. What a later entry corrects no longer counts."""

    entry: RevenueEntry
    counts: bool
    original: str
    """The amount in its own currency and the rate, where it is another one."""


@dataclass(frozen=True, slots=True)
class DealPage:
    deal: Deal
    m: MoneyFormat
    stated_dates: tuple[date, ...]
    pushes: tuple[Push, ...]
    history: tuple[HistoryLine, ...]
    risks: tuple[Risk, ...]
    revenue: tuple[BookedLine, ...]
    panels: tuple[Panel, ...]
    committed: DealCommitted | None
    merged: tuple[Deal, ...]
    candidates: tuple[Deal, ...]
    """What may be the same deal, for whoever can say so."""
    today: date

    @property
    def date_has_passed(self) -> bool:
        return self._is_open_since(self.deal.close_date)

    @property
    def step_has_passed(self) -> bool:
        return self._is_open_since(self.deal.next_step_on)

    def _is_open_since(self, day: date | None) -> bool:
        return self.deal.status == Deal.Status.OPEN and day is not None and day < self.today

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is known of it besides its money and its dates; what nobody said is left out."""
        deal = self.deal
        known = (
            ("Type", deal.get_deal_type_display()),
            ("Lead source", deal.get_lead_source_display()),
            ("Forecast", deal.get_forecast_display()),
            ("Pipeline", deal.pipeline.name if deal.pipeline else ""),
            ("Contract end", day(deal.contract_end) if deal.contract_end else ""),
        )
        return tuple((label, value) for label, value in known if value)

    @property
    def excess(self) -> Decimal:
        """How much more is booked than the amount of the won deal."""
        amount = self.deal.amount if self.deal.status == Deal.Status.WON else None
        return excess(amount, [line.entry.amount for line in self.revenue if line.counts])

    @property
    def is_date_unreliable(self) -> bool:
        return self.deal.status == Deal.Status.OPEN and is_date_unreliable(self.pushes)

    @property
    def counted_pushes(self) -> int:
        return sum(push.counts for push in self.pushes)

    @property
    def status_tone(self) -> str:
        return {Deal.Status.WON: "good", Deal.Status.LOST: "bad"}.get(Deal.Status(self.deal.status), "")


def deal_page(deal: Deal, reader: User, now: datetime) -> DealPage:
    m = MoneyFormat(deal.team.currency, reader.locale)
    merged = {other.pk: other for other in deal.merged.order_by("pk")}
    rows = list(DealChange.objects.standing().filter(deal__in=[deal.pk, *merged]).select_related("by"))
    changes = [
        Change(row.field, row.old, row.new, row.day, row.reason, row.reason_kind)
        for row in rows
        if row.deal_id == deal.pk
    ]
    return DealPage(
        deal=deal,
        m=m,
        stated_dates=stated_dates(changes, current=deal.close_date),
        pushes=pushes(changes, first_month=deal.team.company.fiscal_year_start),
        history=tuple(_history(rows, m, {deal.pk: deal} | merged, of=deal)),
        risks=tuple(Risk.objects.filter(deal=deal).order_by("-created_at", "pk")),
        revenue=tuple(_booked_lines(deal, m)),
        panels=panels_of_deal(deal, reader, now),
        committed=committed_of(deal, reader, now),
        merged=tuple(merged.values()),
        candidates=tuple(candidates_of(deal)) if deal.can_edit(reader) else (),
        today=deal.team.today(now),
    )


def _booked_lines(deal: Deal, m: MoneyFormat) -> Iterable[BookedLine]:
    entries = list(RevenueEntry.objects.filter(deal=deal).order_by("-pk"))
    counted = standing(entries)
    return (BookedLine(entry, entry in counted, original_of(entry, m.locale)) for entry in entries)


def _history(
    rows: Sequence[DealChange], m: MoneyFormat, deals: Mapping[int, Deal], *, of: Deal
) -> Iterable[HistoryLine]:
    """Newest first. A change of a deal that went into this one names it; the first sight says what was seen."""
    for row in reversed(rows):
        label, is_first = LABELS[row.field], row.field == FIRST_SIGHT
        if row.deal_id != of.pk:
            label = f"{label} of {deals[row.deal_id]}"
        old, new = (_in_words(row.field, value, m) for value in (row.old, row.new))
        if is_first:
            its = [other for other in rows if other.deal_id == row.deal_id]
            old, new = "", _as_first_seen(deals[row.deal_id], its, m)
        by = row.by.name if row.by else ""
        reason = reason_in_words(row.reason_kind, row.reason)
        yield HistoryLine(row.day, label, old, new, by, reason, is_first=is_first)


def _as_first_seen(deal: Deal, rows: Sequence[DealChange], m: MoneyFormat) -> str:
    """What was known on the first day: the old value of the first change since, else what is known now."""
    values = {name: as_text(getattr(deal, name)) for name in ("status", "stage", "amount", "close_date")}
    begins = next((number for number, row in enumerate(rows) if row.field == FIRST_SIGHT), 0)
    values |= {row.field: row.old for row in reversed(rows[begins:]) if row.field in values}
    if values["status"] == Deal.Status.OPEN:
        values["status"] = ""  # nearly all are
    return " · ".join(_in_words(name, value, m) for name, value in values.items() if value)


def _in_words(name: str, value: str, m: MoneyFormat) -> str:
    if not value:
        return "empty"
    if name == "amount":
        return money(Decimal(value), m)
    if name == "close_date":
        return day(date.fromisoformat(value))
    return Deal.Status(value).label if name == "status" else value
