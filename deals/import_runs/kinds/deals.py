"""Deals of a file beside those of the company: what is new, what has changed, and what it does to revenue."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from alignment.models import Company
from alignment.rules.folding import fold, search_key
from deals.import_runs.plan import PlanContext, plain_values
from deals.imports.kinds.deals import UNKNOWN_ACCOUNT
from deals.imports.kinds.rows import DealRow, Values
from deals.models import Deal, ImportRow, RevenueEntry
from deals.models.revenue import entry_for, win_of
from deals.rules.booking import own_booking
from deals.rules.identity import spellings
from deals.sales_people.rep_names import AmbiguousRepError

Verdict = ImportRow.Verdict
MONEY = {"status", "amount", "close_date"}
"""What decides which revenue a deal books."""
COPIED = (
    *("status", "stage", "amount", "close_date", "opened_on", "deal_type", "lead_source", "next_step"),
    *("next_step_on", "contract_end"),
)
"""Fields of a row that are the deal's own under the same name."""
BY_NAME = ("account", "rep", "pipeline")
"""Fields that are rows of other tables: in a run they stand by their names."""


@dataclass(frozen=True, slots=True)
class KnownDeals:
    """The company's deals with the ids of some rows, and all that is booked for them. An id of a deal that went into
    another leads there: those ids are `merged`.
    """

    by_id: Mapping[str, Deal]
    booked: Mapping[int, list[RevenueEntry]]
    merged: Collection[str] = ()


def find_known(ids: Iterable[str], *, company: Company, source: str) -> KnownDeals:
    """The deals in whatever way their ids were written when they came first. Two queries."""
    keys = {spelling: key for key in ids for spelling in spellings(key, source=source)}
    deals = Deal.objects.filter(
        Q(company=company) | Q(company=None, team__company=company),
        external_id__in=keys,
        source__in=("", source),
    )
    by_id: dict[str, Deal] = {}
    for deal in deals.select_related("team", "account", "rep", "pipeline").order_by("-source", "pk"):
        by_id.setdefault(keys[deal.external_id], deal)
    merged = follow_merges(by_id)
    return KnownDeals(by_id, booked_for(deal.pk for deal in by_id.values()), merged)


def follow_merges(by_id: dict[str, Deal]) -> set[str]:
    """Put the deal that each merged one went into in its place. Answers their ids. One query if there are any."""
    merged = {key: deal.merged_into_id for key, deal in by_id.items() if deal.merged_into_id}
    if merged:
        rows = Deal.objects.select_related("team", "account", "rep", "pipeline")
        deals = rows.in_bulk(merged.values())
        by_id |= {key: deals[pk] for key, pk in merged.items()}
    return set(merged)


def booked_for(deals: Iterable[int]) -> dict[int, list[RevenueEntry]]:
    """The entries of each of these deals, the corrected ones too."""
    booked: dict[int, list[RevenueEntry]] = {}
    for entry in RevenueEntry.objects.filter(deal__in=list(deals)).order_by("pk"):
        booked.setdefault(entry.deal_id or 0, []).append(entry)
    return booked


def next_entry(
    deal: Deal, booked: Sequence[RevenueEntry], *, has_moved: bool, context: Any
) -> RevenueEntry | None:
    """The entry that makes the books agree with the deal. What a person corrected stays until the CRM says
    something new.
    """
    entry = entry_for(deal, booked, source=RevenueEntry.Source.CRM, now=context.now)
    if entry and entry.corrects and entry.corrects.is_by_hand and not has_moved:
        return None
    return entry


class DealPlanner:
    """`waiting` are rows of deals that went into another: the other's own row comes first, wherever it stands."""

    def __init__(self, context: PlanContext) -> None:
        self.context = context
        self.waiting: list[tuple[DealRow, Deal]] = []
        self.compared: set[int] = set()

    def plan(self, rows: Sequence[Values]) -> Iterator[ImportRow]:
        deals = [row for row in rows if isinstance(row, DealRow)]
        known = find_known(
            {row.external_id for row in deals},
            company=self.context.scope.company,
            source=self.context.source,
        )
        for row in deals:
            planned = self._plan(row, known)
            if planned is not None:
                yield planned

    def finish(self) -> Iterator[ImportRow]:
        """Rows of merged deals, and what is missing."""
        for row, deal in self.waiting:
            planned = self._plan_merged(row, deal)
            if planned is not None:
                yield planned
        if self.context.is_complete:
            yield from self._missing()

    def _missing(self) -> Iterator[ImportRow]:
        """Deals open here that a complete list does not have; nothing happens to them until somebody says so."""
        scope = self.context.scope
        deals = Deal.objects.open().filter(company=scope.company, source=self.context.source)
        if scope.team:
            deals = deals.filter(team=scope.team)
        deals = deals.exclude(external_id="").select_related("account", "rep", "pipeline")
        for deal in deals.iterator(chunk_size=2000):
            if deal.external_id not in self.context.row_numbers and deal.pk not in self.compared:
                before = {name: named(deal, name) for name in ("account", "amount", "close_date", "status")}
                before["changed_at"] = deal.changed_at
                yield self.context.row(
                    0,
                    Verdict.MISSING,
                    name=deal.name,
                    target=deal.pk,
                    version=deal.version,
                    before=plain_values(before),
                )

    def _plan(self, row: DealRow, known: KnownDeals) -> ImportRow | None:
        """The row of the run; None for a row of another team, which is only counted."""
        context, deal = self.context, known.by_id.get(row.external_id)
        if earlier := context.first_row(row.external_id, row.number):
            reason = f"Row {earlier} has the same ID. One deal stands in one row."
            return context.refused(row.number, name=row.name, reason=reason)
        if deal and row.external_id in known.merged:
            self.waiting.append((row, deal))
            return None
        return self._compare(row, deal, known)

    def _plan_merged(self, row: DealRow, deal: Deal) -> ImportRow | None:
        """What the CRM still says of a deal that went into another, where that has no row of its own in the file."""
        why = ""
        if deal.pk in self.compared:
            why = "which has a row of its own"
        elif row.status == Deal.Status.WITHDRAWN:
            why = "and is deleted in the CRM"
        elif deal.is_decided and row.status != deal.status:
            why = f"which is {deal.status}; this row says {row.status}"
        if why:
            reason = f"It went into “{deal.name}”, {why}."
            return self.context.left_out(row.number, name=row.name, reason=reason)
        known = KnownDeals({}, booked_for([deal.pk]), {row.external_id})
        return self._compare(row, deal, known)

    def _compare(self, row: DealRow, deal: Deal | None, known: KnownDeals) -> ImportRow | None:
        context = self.context
        team_id = deal.team_id if deal else self._team_of_new(row)
        if deal:
            self.compared.add(deal.pk)
        if context.owners.is_left_out(row.owner) or (team_id and not context.scope.holds(team_id)):
            context.counts["other_teams"] += 1
            return None
        if team_id is None:
            reason = f"No team is known for {row.owner or 'a deal without an owner'}."
            return context.refused(row.number, name=row.name, reason=reason)
        try:
            return self._change(row, deal, known) if deal else self._new(row, team_id)
        except AmbiguousRepError as error:
            return context.refused(row.number, name=row.name, reason=str(error))

    def _team_of_new(self, row: DealRow) -> int | None:
        stated = self.context.team_of.get(row.external_id)
        return stated or self.context.owners.team_id(row.owner, row.manager)

    def _new(self, row: DealRow, team_id: int) -> ImportRow:
        context = self.context
        if row.status == Deal.Status.WITHDRAWN:
            reason = "Deleted in the CRM, and not known here."
            return context.left_out(row.number, name=row.name, reason=reason)
        context.owners.rep(row.owner, team_id)  # refused now rather than when it is written
        after = stated_values(row)
        if booking := own_booking(win_of(row.status, row.amount, row.close_date), own=None, others=()):
            context.add_revenue(*booking)
        hidden = {"external_id": row.external_id, "team_id": team_id, **original_values(row)}
        return context.row(row.number, Verdict.NEW, name=row.name, after=plain_values(after | hidden))

    def _change(self, row: DealRow, deal: Deal, known: KnownDeals) -> ImportRow:
        context = self.context
        before, after = differences(deal, stated_values(row, deal), context)
        changed = copy(deal)
        for name in MONEY & after.keys():
            setattr(changed, name, after[name])
        booked = known.booked.get(deal.pk, ())
        entry = next_entry(changed, booked, has_moved=bool(MONEY & after.keys()), context=context)
        self._add_revenue(entry)
        verdict = Verdict.CHANGED if after or entry else Verdict.UNCHANGED
        if entry and not after:
            before, after = _books(entry)
        if "amount" in after or "status" in after:
            after |= original_values(row)
        if after and deal.external_id != row.external_id and row.external_id not in known.merged:
            after["external_id"] = row.external_id  # as ids are written since they are compared
        if after:
            before["changed_at"] = deal.changed_at
        return context.row(
            row.number,
            verdict,
            name=deal.name,
            target=deal.pk,
            version=deal.version,
            before=plain_values(before),
            after=plain_values(after),
        )

    def _add_revenue(self, entry: RevenueEntry | None) -> None:
        if entry is None:
            return
        self.context.add_revenue(entry.day, entry.amount)
        if entry.corrects:
            self.context.add_revenue(entry.corrects.day, -entry.corrects.amount)


def stated_values(row: DealRow, deal: Deal | None = None) -> dict[str, Any]:
    """What the row says of the deal. An empty cell changes nothing."""
    if row.status == Deal.Status.WITHDRAWN:
        return {"status": row.status}
    values = {name: getattr(row, name) for name in COPIED}
    values |= {"account": row.account, "rep": row.owner, "pipeline": row.pipeline or row.record_type}
    values |= {"forecast": row.forecast_category, "reason": row.loss_reason}
    if row.has_name or deal is None or deal.name.endswith(f", {UNKNOWN_ACCOUNT}"):
        values["name"] = row.name
    return {name: value for name, value in values.items() if value not in (None, "")}


def original_values(row: DealRow) -> dict[str, Any]:
    """What the file has where that is in another currency: kept with the revenue that the deal books."""
    if row.foreign is None or row.amount is None:
        return {}
    rate = row.foreign.rate or row.amount / row.foreign.amount
    return {
        "original_amount": row.foreign.amount,
        "original_currency": row.foreign.currency,
        "rate": round(rate, 9),
    }


def differences(
    deal: Deal, values: Mapping[str, Any], context: PlanContext
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of the fields that differ: what the deal has, and what the row says."""
    before, after = dict[str, Any](), dict[str, Any]()
    for name, value in values.items():
        current = named(deal, name)
        if current != value and not (name in BY_NAME and _is_same(deal, name, value, context)):
            before[name], after[name] = current, value
            if name in BY_NAME:
                before[f"{name}_id"] = getattr(deal, f"{name}_id")
    return before, after


def named(deal: Deal, field: str) -> Any:
    """The value of a field, a row of another table by its name; empty for none."""
    value = getattr(deal, field)
    return (value.name if value else "") if field in BY_NAME else value


def _is_same(deal: Deal, field: str, name: str, context: PlanContext) -> bool:
    """Whether another spelling means the row that the deal has."""
    if field == "rep":
        rep = context.owners.rep(name, deal.team_id)
        return rep is not None and rep.pk == deal.rep_id
    current = named(deal, field)
    return search_key(current) == search_key(name) if field == "account" else fold(current) == fold(name)


def _books(entry: RevenueEntry) -> tuple[dict[str, Any], dict[str, Any]]:
    """A deal that is as the file says, but for which something else is booked."""
    earlier = entry.corrects.amount if entry.corrects else Decimal(0)
    return {"revenue": earlier}, {"revenue": entry.amount}
