"""A CRM's own history of its deals: changes of the past, stated now. What was learned already is not written twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from alignment.rules.zones import zone_named
from deals.import_runs.kinds.deals import find_known
from deals.import_runs.kinds.run_rows import save_rows
from deals.import_runs.plan import OutdatedPreviewError, PlanContext, WriteContext, Written
from deals.imports.kinds.rows import HistoryRow, Values
from deals.models import Deal, DealChange, ImportRow

Verdict = ImportRow.Verdict
FIELD_NAMES = {"stage": "Stage", "amount": "Amount", "close_date": "Close date"}
ChangeKey = tuple[int, str]


class HistoryPlanner:
    def __init__(self, context: PlanContext) -> None:
        self.context = context

    def plan(self, rows: Sequence[Values]) -> Iterator[ImportRow]:
        changes = [row for row in rows if isinstance(row, HistoryRow)]
        known = find_known(
            {row.deal_id for row in changes}, company=self.context.scope.company, source=self.context.source
        )
        learned = learned_changes([deal.pk for deal in known.by_id.values()])
        for row in changes:
            planned = self._plan(row, known.by_id.get(row.deal_id), learned)
            if planned is not None:
                yield planned

    def finish(self) -> Iterator[ImportRow]:
        return iter(())

    def _plan(
        self, row: HistoryRow, deal: Deal | None, learned: Mapping[ChangeKey, Sequence[DealChange]]
    ) -> ImportRow | None:
        context = self.context
        if deal is None:
            reason = f"No deal with the ID {row.deal_id} is known. Import the deals first."
            return context.left_out(row.number, name=row.deal_id, reason=reason)
        if not context.scope.holds(deal.team_id):
            context.counts["other_teams"] += 1
            return None
        if row.moment > context.now:
            return context.refused(row.number, name=deal.name, reason="Its moment is in the future.")
        identity = f"{deal.pk} {row.field} {row.moment.isoformat()} {row.new}"
        is_twice = context.first_row(identity, row.number) is not None
        if is_twice or is_learned(row, learned.get((deal.pk, row.field), ())):
            return context.row(row.number, Verdict.UNCHANGED, name=deal.name, target=deal.pk)
        after = {"field": row.field, "old": row.old, "new": row.new, "moment": row.moment.isoformat()}
        return context.row(
            row.number,
            Verdict.NEW,
            name=deal.name,
            after=after | {"deal_id": deal.pk, "team_id": deal.team_id},
        )


def learned_changes(deals: Sequence[int]) -> dict[ChangeKey, list[DealChange]]:
    """What is known of the changes of these deals, the oldest first."""
    learned: dict[ChangeKey, list[DealChange]] = defaultdict(list)
    changes = DealChange.objects.standing().filter(deal__in=deals, field__in=FIELD_NAMES).order_by("at", "pk")
    for change in changes.only("deal", "field", "old", "new", "at"):
        learned[change.deal_id, change.field].append(change)
    return learned


def is_learned(row: HistoryRow, changes: Sequence[DealChange]) -> bool:
    """Whether the change is known: at that very moment, or as the next one that was learned after it."""
    if any(change.at == row.moment and is_same(change.new, row.new) for change in changes):
        return True
    later = next((change for change in changes if change.at > row.moment), None)
    return later is not None and is_same(later.new, row.new) and (not row.old or is_same(later.old, row.old))


def is_same(one: str, other: str) -> bool:
    """14000 and 14000.00 are one amount."""
    if one == other:
        return True
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return False


def write_history(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    """Raises OutdatedPreviewError for a change that was written since."""
    deals = [row.after["deal_id"] for row in rows]
    learned = learned_changes(deals)
    still_there = set(Deal.objects.filter(pk__in=deals).values_list("pk", flat=True))
    outdated = [
        row
        for row in rows
        if row.after["deal_id"] not in still_there
        or any(
            change.at == _moment(row) and is_same(change.new, row.after["new"])
            for change in learned.get((row.after["deal_id"], row.after["field"]), ())
        )
    ]
    if outdated:
        raise OutdatedPreviewError(outdated)
    changes = [_change(row, context) for row in rows]
    DealChange.objects.bulk_create(changes)
    for row, change in zip(rows, changes, strict=True):
        row.target, row.is_applied = change.pk, True
    save_rows(rows)
    return Written(teams={row.after["team_id"] for row in rows})


def _moment(row: ImportRow) -> datetime:
    return datetime.fromisoformat(row.after["moment"])


def _change(row: ImportRow, context: WriteContext) -> DealChange:
    """On the day of its moment, in the team's zone."""
    team, after = context.owners.by_pk[row.after["team_id"]], row.after
    moment = _moment(row)
    return DealChange(
        deal_id=after["deal_id"],
        field=after["field"],
        old=after["old"][:300],
        new=after["new"][:300],
        day=moment.astimezone(zone_named(team.timezone)).date(),
        at=moment,
        run=context.run,
    )


def take_back_history(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    """What was stated is unsaid."""
    DealChange.objects.filter(pk__in=[row.target for row in rows], run=context.run).delete()
    for row in rows:
        row.is_undone = True
    save_rows(rows)
    return Written(teams={row.after["team_id"] for row in rows})
