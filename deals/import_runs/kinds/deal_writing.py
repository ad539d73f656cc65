"""Deals of an import written: new ones, changes with their day, and the revenue that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from alignment.db.insert_rows import insert_rows
from deals.import_runs.kinds.deals import BY_NAME, MONEY, booked_for, named, next_entry
from deals.import_runs.kinds.linked_rows import LinkedRows
from deals.import_runs.kinds.run_rows import save_rows
from deals.import_runs.plan import OutdatedPreviewError, WriteContext, Written
from deals.models import Deal, DealChange, ImportRow, RevenueEntry
from deals.models.deal_changes import as_text
from deals.rules.changes import FIRST_SIGHT

CORRECTED = "Corrected by the import of deals"
DAYS = ("close_date", "opened_on", "next_step_on", "contract_end")
WRITABLE = (
    *("name", "name_key", "account", "rep", "status", "pipeline", "stage", "amount", "close_date"),
    *("opened_on", "deal_type", "lead_source", "next_step", "next_step_on", "forecast", "contract_end"),
    *("reason", "search_key", "company", "source", "external_id", "changed_at", "version"),
)


def write_deals(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    """New deals and changes in a fixed number of statements. Raises OutdatedPreviewError, with nothing written."""
    new = [row for row in rows if row.verdict == ImportRow.Verdict.NEW]
    changed = [row for row in rows if row.verdict != ImportRow.Verdict.NEW]
    check_new(new, context)
    known = lock_deals(changed)
    linked = link(rows, context)
    created = create_deals(new, context, linked)
    saved = save_deals({row: known[row.target or 0] for row in changed}, context, linked)
    moved = {deal.pk for row, deal in saved.items() if MONEY & row.after.keys()}
    deals = [*created.values(), *saved.values()]
    originals = {deal.pk: row.after for row, deal in (created | saved).items() if row.after.get("rate")}
    book(deals, context, moved=moved | {deal.pk for deal in created.values()}, originals=originals)
    mark_applied(created | saved)
    return Written(made=linked.made, teams={deal.team_id for deal in deals})


def check_new(rows: Sequence[ImportRow], context: WriteContext) -> None:
    """Whether the deals that were new at the preview are so still."""
    ids = {row.after["external_id"]: row for row in rows}
    taken = Deal.objects.filter(
        company=context.scope.company, source=context.source, external_id__in=ids
    ).values_list("external_id", flat=True)
    if outdated := [ids[external_id] for external_id in taken]:
        raise OutdatedPreviewError(outdated)


def lock_deals(rows: Sequence[ImportRow]) -> dict[int, Deal]:
    """The deals as they were compared, locked until the end of the transaction."""
    locked = Deal.objects.select_for_update(of=("self",)).filter(pk__in=[row.target for row in rows])
    deals = {deal.pk: deal for deal in locked.select_related("team", "account", "rep", "pipeline")}
    outdated = [row for row in rows if row.target not in deals or deals[row.target].version != row.version]
    if outdated:
        raise OutdatedPreviewError(outdated)
    return deals


def link(rows: Iterable[ImportRow], context: WriteContext) -> LinkedRows:
    """The accounts and pipelines that the rows name."""
    linked = LinkedRows(context)
    values = [row.after for row in rows]
    linked.add_accounts(value["account"] for value in values if value.get("account"))
    linked.add_pipelines(value["pipeline"] for value in values if value.get("pipeline"))
    linked.add_known(values)
    return linked


def typed(values: Mapping[str, Any], team_id: int, linked: LinkedRows) -> dict[str, Any]:
    """Values of a run as the deal has them."""
    fields = {name: value for name, value in values.items() if name in WRITABLE}
    for name in DAYS:
        if name in fields:
            fields[name] = date.fromisoformat(fields[name]) if fields[name] else None
    if "amount" in fields:
        fields["amount"] = Decimal(fields["amount"]) if fields["amount"] else None
    for name in BY_NAME:
        if f"{name}_id" in values:
            fields[name] = linked.by_id.get((name, values[f"{name}_id"]))
        elif name in fields:
            fields[name] = linked.named(name, fields[name], team_id)
    return fields


def create_deals(
    rows: Sequence[ImportRow], context: WriteContext, linked: LinkedRows
) -> dict[ImportRow, Deal]:
    """New deals, each with its first sight."""
    deals = [
        Deal(
            team=context.owners.by_pk[row.after["team_id"]],
            company=context.scope.company,
            source=context.source,
            created_at=context.now,
            created_by=None,
            changed_at=context.now,
            **typed(row.after, row.after["team_id"], linked),
        )
        for row in rows
    ]
    insert_rows(deals)
    _give_numbers(deals, context)
    insert_rows([change(deal, FIRST_SIGHT, "", "", context) for deal in deals])
    return dict(zip(rows, deals, strict=True))


def _give_numbers(deals: Sequence[Deal], context: WriteContext) -> None:
    """Those that they have in the database, found by what the CRM calls them."""
    stored = Deal.objects.filter(company=context.scope.company, source=context.source)
    stored = stored.filter(external_id__in=[deal.external_id for deal in deals]).order_by()
    numbers = dict(stored.values_list("external_id", "pk"))
    for deal in deals:
        deal.pk, deal._state.adding = numbers[deal.external_id], False  # noqa: SLF001 - Django's public name for it


def save_deals(
    deals: Mapping[ImportRow, Deal],
    context: WriteContext,
    linked: LinkedRows,
    *,
    changed_at: Mapping[int, datetime] = MappingProxyType({}),
) -> dict[ImportRow, Deal]:
    """The deals with what their rows say, and each tracked difference as a change. `changed_at`, by the deals' numbers:
    when they last changed, if not now.
    """
    changes, saved = list[DealChange](), dict[ImportRow, Deal]()
    for row, deal in deals.items():
        values = typed(row.after, deal.team_id, linked)
        tracked = [name for name in Deal.TRACKED if name in values]
        before = {name: named(deal, name) for name in tracked}
        for name, value in values.items():
            setattr(deal, name, value)
        deal.company, deal.source = context.scope.company, context.source or deal.source
        deal.version, deal.changed_at = deal.version + 1, changed_at.get(deal.pk, context.now)
        changes += [
            change(deal, name, as_text(old), as_text(named(deal, name)), context)
            for name, old in before.items()
            if as_text(old) != as_text(named(deal, name))
        ]
        saved[row] = deal
    upsert(saved.values())
    DealChange.objects.bulk_create(changes)
    return saved


def upsert(deals: Iterable[Deal]) -> None:
    """Write known deals in few statements: an insert that finds its row updates it, far faster than `bulk_update`."""
    Deal.objects.bulk_create(
        list(deals), update_conflicts=True, unique_fields=["id"], update_fields=list(WRITABLE)
    )


def change(deal: Deal, field: str, old: str, new: str, context: WriteContext) -> DealChange:
    return DealChange(
        deal=deal,
        field=field,
        old=old[:300],
        new=new[:300],
        day=context.day(deal.team_id),
        at=context.now,
        run=context.run,
    )


def book(
    deals: Sequence[Deal],
    context: WriteContext,
    *,
    moved: set[int],
    originals: Mapping[int, Mapping[str, Any]] = MappingProxyType({}),
) -> None:
    """Make the books agree with the deals (deals.rules.booking). `originals` say what a deal's amount was in another
    currency, and at which rate it was taken.
    """
    booked = booked_for(deal.pk for deal in deals)
    entries = []
    for deal in deals:
        entry = next_entry(deal, booked.get(deal.pk, ()), has_moved=deal.pk in moved, context=context)
        if entry is not None:
            entry.run, entry.note = context.run, CORRECTED if entry.corrects else ""
            if deal.pk in originals and entry.amount == deal.amount:
                state_original(entry, originals[deal.pk])
            entries.append(entry)
    insert_rows(entries)


def state_original(entry: RevenueEntry, values: Mapping[str, Any]) -> None:
    """What the entry was in another currency."""
    entry.original_amount = Decimal(values["original_amount"])
    entry.original_currency = values["original_currency"]
    entry.rate = Decimal(values["rate"])


def mark_applied(deals: Mapping[ImportRow, Deal]) -> None:
    """The rows know what they are about, and at which version they left it."""
    for row, deal in deals.items():
        row.target, row.applied_version, row.is_applied = deal.pk, deal.version, True
    save_rows(deals)
