"""Revenue of a file: money won, invoiced or recurring.

Equal rows are counted: the n-th is new when fewer than n stand.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from alignment.models import Team
from alignment.rules.folding import fold, search_key
from alignment.rules.revenue_kinds import RevenueKind
from deals.import_runs.kinds.linked_rows import LinkedRows
from deals.import_runs.kinds.run_rows import save_rows
from deals.import_runs.kinds.stated_revenue import stated_teams
from deals.import_runs.plan import OutdatedPreviewError, PlanContext, WriteContext, Written, plain_values
from deals.imports.kinds.rows import RevenueRow, Values
from deals.models import Deal, ImportRow, ImportRun, RevenueEntry
from deals.rules.identity import spellings

Verdict = ImportRow.Verdict
NOTE_LENGTH = 300
UNDONE = "The import was undone"
CORRECTED_SINCE = "Corrected since the import: left as it is."


class EntryKey(NamedTuple):
    """What makes two entries equal."""

    team_id: int
    day: str
    amount: str
    kind: str
    note: str


def key_of(team_id: int, day: date, amount: Decimal, kind: str, note: str) -> EntryKey:
    return EntryKey(team_id, day.isoformat(), f"{amount:.2f}", kind, fold(note))


def key_of_row(row: ImportRow) -> EntryKey:
    after = row.after
    day, amount = date.fromisoformat(after["day"]), Decimal(after["amount"])
    return key_of(after["team_id"], day, amount, after["kind"], after["note"])


class RevenuePlanner:
    def __init__(self, context: PlanContext) -> None:
        self.context = context
        self.by_name = {fold(team.name): team.pk for team in context.scope.teams}
        self.by_name |= {fold(team.slug): team.pk for team in context.scope.teams}
        self.kinds = {team.pk: team.revenue_kind for team in context.scope.teams}
        self.counts = Counter[EntryKey]()

    def plan(self, rows: Sequence[Values]) -> Iterator[ImportRow]:
        entries = [row for row in rows if isinstance(row, RevenueRow)]
        deals = DealsNamed(entries, self.context)
        placed = [(row, self._team_id(row, deals)) for row in entries]
        standing = count_standing(self._keys(placed), self.context.scope.teams)
        for row, team_id in placed:
            planned = self._plan(row, team_id, deals, standing)
            if planned is not None:
                yield planned

    def finish(self) -> Iterator[ImportRow]:
        return iter(())

    def _keys(self, placed: Iterable[tuple[RevenueRow, int | None]]) -> list[EntryKey]:
        return [self._key(row, team_id) for row, team_id in placed if team_id]

    def _key(self, row: RevenueRow, team_id: int) -> EntryKey:
        return key_of(team_id, row.day, row.amount, self._kind(row, team_id), note_of(row))

    def _kind(self, row: RevenueRow, team_id: int) -> str:
        """As the row or somebody said; else what the team's goal is made of."""
        return row.kind or self.kinds[team_id]

    def _team_id(self, row: RevenueRow, deals: DealsNamed) -> int | None:
        """The team it names, of its deal, of its owner; else the only one it can be."""
        if row.team:
            return self.by_name.get(fold(row.team))
        if deal := deals.find(row):
            return deal.team_id
        if row.owner:
            return self.context.owners.team_id(row.owner)
        if self.context.scope.team:
            return self.context.scope.team.pk
        return next(iter(self.kinds)) if len(self.kinds) == 1 else None

    def _plan(
        self, row: RevenueRow, team_id: int | None, deals: DealsNamed, standing: Mapping[EntryKey, int]
    ) -> ImportRow | None:
        context, name = self.context, title_of(row)
        if team_id is None:
            return context.refused(row.number, name=name, reason=_without_team(row))
        if not context.scope.holds(team_id):
            context.counts["other_teams"] += 1
            return None
        if problem := deals.problem(row, team_id):
            return context.refused(row.number, name=name, reason=problem)
        key = self._key(row, team_id)
        self.counts[key] += 1
        if self.counts[key] <= standing.get(key, 0):
            return context.row(row.number, Verdict.UNCHANGED, name=name)
        if counted := deals.counted_already(row, team_id, key.kind):
            reason = f"It may be the money of the won deal “{counted}”, which is booked already."
            return context.left_out(row.number, name=name, reason=reason)
        context.add_revenue(row.day, row.amount, kind=key.kind)
        after = self._values(row, team_id, key.kind, deals.find(row))
        return context.row(
            row.number, Verdict.NEW, name=name, version=standing.get(key, 0), after=plain_values(after)
        )

    def _values(self, row: RevenueRow, team_id: int, kind: str, deal: Deal | None) -> dict[str, Any]:
        values: dict[str, Any] = {"day": row.day, "amount": row.amount, "kind": kind, "note": note_of(row)}
        values |= {"team_id": team_id, "account": row.account}
        if deal:
            values |= {"deal": deal.name, "deal_id": deal.pk}
        if row.foreign:
            rate = row.foreign.rate or row.amount / row.foreign.amount
            values |= {"original_amount": row.foreign.amount, "original_currency": row.foreign.currency}
            values |= {"rate": round(rate, 9)}
        return values


def _without_team(row: RevenueRow) -> str:
    """Why no team is known for the row."""
    if row.team:
        return f"No team is called “{row.team}”."
    if row.owner:
        return f"No one team is known for {row.owner}. Import the deals first, or do not read the column of owners."
    return "It names no team, and there are several."


class DealsNamed:
    """The deals that rows of revenue name by id or by name. Two queries."""

    def __init__(self, rows: Sequence[RevenueRow], context: PlanContext) -> None:
        self.context = context
        ids = {spelling: row.deal_id for row in rows if row.deal_id for spelling in _spellings(row.deal_id)}
        names = {search_key(row.deal) for row in rows if row.deal and not row.deal_id}
        company = Deal.objects.filter(team__company=context.scope.company)
        self.by_id: dict[str, list[Deal]] = defaultdict(list)
        self.by_name: dict[str, list[Deal]] = defaultdict(list)
        for deal in company.filter(external_id__in=ids).select_related("merged_into"):
            meant, named = deal.merged_into or deal, self.by_id[ids[deal.external_id]]
            named.extend(() if meant in named else (meant,))
        for deal in company.filter(name_key__in=names, merged_into=None):
            if context.scope.holds(deal.team_id):
                self.by_name[deal.name_key].append(deal)
        amounts = {row.amount for row in rows}
        teams = [team.pk for team in context.scope.teams]
        self.won = list(Deal.objects.won_and_booked(teams=teams, amounts=amounts))

    def find(self, row: RevenueRow) -> Deal | None:
        deals = self._matching(row)
        return deals[0] if len(deals) == 1 else None

    def problem(self, row: RevenueRow, team_id: int) -> str:
        """Why the deal a row names is not clear, or not of this team; empty when it is."""
        deals = self._matching(row)
        number = len(deals)
        if not (row.deal_id or row.deal) or (number == 1 and deals[0].team_id == team_id):
            return ""
        if number == 1:
            return f"The deal “{row.deal_id or row.deal}” is not one of the team that this row names."
        name = row.deal or row.deal_id
        if number:
            return f"{number} deals are called “{name}”. Give the deal’s ID instead."
        return f"No deal “{name}” is known. Import the deals first, or leave the deal empty."

    def counted_already(self, row: RevenueRow, team_id: int, kind: str) -> str:
        """The won deal whose money a row without a deal may be: of its amount, and named in its note or account."""
        if row.deal_id or row.deal or kind != RevenueKind.WON:
            return ""
        text = f"{row.note} {row.account}"
        alike = [deal for deal in self.won if (deal.team_id, deal.amount) == (team_id, row.amount)]
        return next((deal.name for deal in alike if deal.is_named_in(text)), "")

    def _matching(self, row: RevenueRow) -> list[Deal]:
        if row.deal_id:
            return self.by_id.get(row.deal_id, [])
        return self.by_name.get(search_key(row.deal), []) if row.deal else []


def _spellings(deal_id: str) -> set[str]:
    return spellings(deal_id, source="salesforce") | {deal_id}


def title_of(row: RevenueRow) -> str:
    return row.deal or row.account or row.note or row.external_id or "Revenue"


def note_of(row: RevenueRow) -> str:
    """The number of its invoice, its account and its note, as one."""
    account = row.account if not (row.deal or row.deal_id) else ""
    return " · ".join(filter(None, (row.external_id, account, row.note)))[:NOTE_LENGTH]


def count_standing(
    keys: Sequence[EntryKey], teams: Sequence[Team], *, apart_from: ImportRun | None = None
) -> Counter[EntryKey]:
    """How many entries there are of each key, also of those that somebody corrected; not of those that were undone."""
    if not keys:
        return Counter()
    days = [key.day for key in keys]
    entries = RevenueEntry.objects.filter(
        team__in=[team.pk for team in teams], day__range=(min(days), max(days)), corrects=None
    )
    entries = entries.exclude(corrected_by__note=UNDONE, corrected_by__amount=0)
    entries = entries.exclude(run=apart_from) if apart_from else entries
    values = entries.values_list("team", "day", "amount", "kind", "note")
    return Counter(key_of(*entry) for entry in values.iterator(chunk_size=2000))


def write_revenue(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    """New entries. Raises OutdatedPreviewError when an equal one was recorded since."""
    keys = {row: key_of_row(row) for row in rows}
    teams = sorted({key.team_id for key in keys.values()})
    list(Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk"))
    standing = count_standing([*keys.values()], context.scope.teams, apart_from=context.run)
    outdated = [row for row, key in keys.items() if standing[key] != row.version]
    if outdated:
        raise OutdatedPreviewError(outdated)
    linked = LinkedRows(context)
    linked.add_accounts(row.after["account"] for row in rows if row.after.get("account"))
    entries = [_entry(row, context, linked) for row in rows]
    RevenueEntry.objects.bulk_create(entries)
    for row, entry in zip(rows, entries, strict=True):
        row.target, row.applied_version, row.is_applied = entry.pk, entry.version, True
    save_rows(rows)
    return Written(made=linked.made, teams=set(teams))


def _entry(row: ImportRow, context: WriteContext, linked: LinkedRows) -> RevenueEntry:
    after = row.after
    amount = Decimal(after["amount"])
    sources = RevenueEntry.Source
    is_credit = amount < 0 and after["kind"] != RevenueKind.RECURRING
    return RevenueEntry(
        team_id=after["team_id"],
        day=date.fromisoformat(after["day"]),
        amount=amount,
        kind=after["kind"],
        note=after["note"],
        deal_id=after.get("deal_id"),
        account=linked.account(after["account"]),
        original_amount=Decimal(after["original_amount"]) if after.get("original_amount") else None,
        original_currency=after.get("original_currency", ""),
        rate=Decimal(after["rate"]) if after.get("rate") else None,
        source=sources.CREDIT if is_credit else sources.FILE,
        run=context.run,
        created_by=context.by,
        created_at=context.now,
    )


def take_back_revenue(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    """Entries go; those that a closed meeting may have stated are corrected to nothing instead."""
    entries = RevenueEntry.objects.select_for_update(of=("self",)).in_bulk(
        [row.target for row in rows if row.target]
    )
    corrected = set(RevenueEntry.objects.filter(corrects__in=entries).values_list("corrects", flat=True))
    stated = stated_teams({entry.team_id for entry in entries.values()}, since=context.run.applied_at)
    for row in rows:
        row.is_undone = row.target not in corrected
        row.reason = "" if row.is_undone else CORRECTED_SINCE
    standing = [entry for entry in entries.values() if entry.pk not in corrected]
    corrections = [_correction(entry, context) for entry in standing if entry.team_id in stated]
    RevenueEntry.objects.bulk_create(corrections)
    gone = [entry.pk for entry in standing if entry.team_id not in stated]
    RevenueEntry.objects.filter(pk__in=gone).delete()
    save_rows(rows)
    return Written(teams={entry.team_id for entry in entries.values()})


def _correction(entry: RevenueEntry, context: WriteContext) -> RevenueEntry:
    return RevenueEntry(
        team_id=entry.team_id,
        day=entry.day,
        amount=Decimal(0),
        kind=entry.kind,
        note=UNDONE,
        deal_id=entry.deal_id,
        account_id=entry.account_id,
        corrects=entry,
        source=RevenueEntry.Source.FILE,
        run=context.run,
        created_by=context.by,
        created_at=context.now,
    )
