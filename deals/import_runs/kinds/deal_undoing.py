"""Deals of an import taken back: what it made goes, what it changed is changed back. Neither change is read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from deals.import_runs.kinds.deal_writing import book, link, save_deals
from deals.import_runs.kinds.deals import MONEY
from deals.import_runs.kinds.references import standing_on
from deals.import_runs.kinds.run_rows import save_rows
from deals.import_runs.kinds.stated_revenue import stated_teams
from deals.import_runs.plan import WriteContext, Written
from deals.models import Deal, DealChange, ImportRow, RevenueEntry
from deals.rules.changes import FIRST_SIGHT

CHANGED_SINCE = "Changed since the import: left as it is."


def take_back_deals(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    """In a fixed number of statements. What was changed since, or what something stands on, stays and says why."""
    deals = _lock({row.target for row in rows if row.target})
    undoable = {row: deals[row.target or 0] for row in rows if _is_untouched(row, deals)}
    _keep_changed(rows, undoable, deals)
    new = {row: deal for row, deal in undoable.items() if row.verdict == ImportRow.Verdict.NEW}
    stated = stated_teams({deal.team_id for deal in undoable.values()}, since=context.run.applied_at)
    removable = _removable(new, context, stated=stated)
    withdrawn = {
        row: deal
        for row, deal in new.items()
        if row not in removable and deal.team_id in stated and not row.reason
    }
    changed = {row: deal for row, deal in undoable.items() if row.verdict != ImportRow.Verdict.NEW}
    _delete(removable.values(), context)
    made = _change_back(changed | withdrawn, context, stated=stated)
    for row in (*removable, *changed, *withdrawn):
        row.is_undone = True
    save_rows(rows)
    return Written(made=made, teams={deal.team_id for deal in undoable.values()})


def _lock(pks: Collection[int]) -> dict[int, Deal]:
    deals = Deal.objects.select_for_update(of=("self",)).filter(pk__in=pks)
    return {deal.pk: deal for deal in deals.select_related("team", "account", "rep", "pipeline")}


def _is_untouched(row: ImportRow, deals: Mapping[int, Deal]) -> bool:
    deal = deals.get(row.target or 0)
    return deal is not None and deal.version == row.applied_version


def _keep_changed(
    rows: Sequence[ImportRow], undoable: Mapping[ImportRow, Deal], deals: Mapping[int, Deal]
) -> None:
    """What cannot be undone: deleted since, which needs nothing, or changed since, which stays."""
    for row in rows:
        if row.target not in deals:
            row.is_undone = True
        elif row not in undoable:
            row.reason = CHANGED_SINCE


def _removable(
    new: Mapping[ImportRow, Deal], context: WriteContext, *, stated: Collection[int]
) -> dict[ImportRow, Deal]:
    """New deals on which nothing stands; another one says in its reason what does.

    Where a closed meeting has stated its revenue, a deal is withdrawn instead and its revenue corrected.
    """
    pks = [deal.pk for deal in new.values()]
    on = standing_on(Deal, pks, apart_from=(DealChange, RevenueEntry))
    others = RevenueEntry.objects.filter(deal__in=pks).exclude(run=context.run)
    on |= dict.fromkeys(others.values_list("deal", flat=True), "revenue entry")
    booked = set(RevenueEntry.objects.filter(deal__in=pks).values_list("deal", flat=True))
    for row, deal in new.items():
        if deal.pk in on:
            row.reason = f"It stays: a {on[deal.pk]} refers to it."
    return {
        row: deal
        for row, deal in new.items()
        if deal.pk not in on and not (deal.pk in booked and deal.team_id in stated)
    }


def _delete(deals: Collection[Deal], context: WriteContext) -> None:
    pks = [deal.pk for deal in deals]
    RevenueEntry.objects.filter(deal__in=pks, run=context.run).delete()
    DealChange.objects.filter(deal__in=pks).delete()
    Deal.objects.filter(pk__in=pks).delete()


def _change_back(
    deals: Mapping[ImportRow, Deal], context: WriteContext, *, stated: Collection[int]
) -> list[ImportRow]:
    """A new change to what was there before, also of what has been booked."""
    earlier = _earlier_changes(deals, context)
    for row in deals:
        is_new = row.verdict == ImportRow.Verdict.NEW
        row.after = {"status": Deal.Status.WITHDRAWN} if is_new else {**row.before}
        row.after.pop("changed_at", None)
    linked = link(deals, context)
    saved = save_deals(deals, context, linked, changed_at=earlier)
    _mark_undone(saved.values(), context)
    pks = [deal.pk for deal in saved.values() if deal.team_id not in stated]
    RevenueEntry.objects.filter(deal__in=pks, run=context.run, corrected_by=None).delete()
    moved = {deal.pk for row, deal in saved.items() if MONEY & row.after.keys()}
    book(list(saved.values()), context, moved=moved)
    return linked.made


def _earlier_changes(deals: Mapping[ImportRow, Deal], context: WriteContext) -> dict[int, datetime]:
    """When each deal had last changed before the import, unless something else was recorded of it since."""
    applied = set(
        DealChange.objects.filter(run=context.run).order_by().values_list("at", flat=True).distinct()
    )
    return {
        deal.pk: datetime.fromisoformat(row.before["changed_at"])
        for row, deal in deals.items()
        if "changed_at" in row.before and deal.changed_at in applied
    }


def _mark_undone(deals: Collection[Deal], context: WriteContext) -> None:
    """What the run changed of these deals, and what it just changed back."""
    changes = DealChange.objects.filter(run=context.run, deal__in=[deal.pk for deal in deals])
    changes.exclude(field=FIRST_SIGHT).update(is_undone=True)
