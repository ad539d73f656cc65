"""Accounts of a file: recognised by their id, else by their name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q

from alignment.models import Team
from alignment.rules.folding import search_key
from deals.import_runs.kinds.linked_rows import LinkedRows
from deals.import_runs.kinds.records import Records, lock_unchanged, mark_applied, take_back, upsert
from deals.import_runs.plan import OutdatedPreviewError, PlanContext, WriteContext, Written
from deals.imports.kinds.rows import AccountRow, Values
from deals.models import Account, ImportRow, Rep
from deals.rules.identity import spellings

Verdict = ImportRow.Verdict
FIELDS = ("name", "name_key", "source", "external_id", "status", "employees", "revenue_band", "owner")
BANDS = (
    (Decimal(1), Account.RevenueBand.UNDER_1),
    (Decimal(10), Account.RevenueBand.FROM_1),
    (Decimal(50), Account.RevenueBand.FROM_10),
    (Decimal(250), Account.RevenueBand.FROM_50),
    (Decimal(1000), Account.RevenueBand.FROM_250),
)
"""Millions below which an account is in the band."""


def band_of(revenue: Decimal | None) -> str:
    if revenue is None:
        return ""
    millions = revenue / 1_000_000
    return next((band for below, band in BANDS if millions < below), Account.RevenueBand.FROM_1000)


class AccountPlanner(Records[Account]):
    def plan(self, rows: Sequence[Values]) -> Iterator[ImportRow]:
        accounts = [row for row in rows if isinstance(row, AccountRow)]
        known = find_accounts(
            self.context, {row.external_id for row in accounts}, {row.name for row in accounts}
        )
        strange = accounts_of_others(self.context, [account.pk for account in known.values()])
        for row in accounts:
            planned = self._plan(row, known, strange)
            if planned is not None:
                yield planned

    def finish(self) -> Iterator[ImportRow]:
        return iter(())

    def _plan(self, row: AccountRow, known: Mapping[str, Account], strange: set[int]) -> ImportRow | None:
        context = self.context
        account = known.get(f"id {row.external_id}") or known.get(f"name {search_key(row.name)}")
        if earlier := context.first_row(row.external_id or search_key(row.name), row.number):
            return context.refused(row.number, name=row.name, reason=f"Row {earlier} is the same account.")
        if account and account.pk in strange:
            context.counts["other_teams"] += 1
            return None
        values = self._values(row)
        if account is None:
            return self.new(row.number, row.name, values)
        if account.external_id and row.external_id:
            values.pop("external_id")  # it was found by it, or is the same company in another system
        return self.change(row.number, account, values)

    def _values(self, row: AccountRow) -> dict[str, Any]:
        values: dict[str, Any] = {"name": row.name, "external_id": row.external_id, "status": row.status}
        values |= {"employees": row.employees, "revenue_band": band_of(row.annual_revenue)}
        return values | {"owner": row.owner if self._has_one_team(row.owner) else ""}

    def _has_one_team(self, owner: str) -> bool:
        """Whether the owner can be placed; of another one the account's owner stays as it is."""
        team_id = self.context.owners.team_id(owner) if owner else None
        return team_id is not None and self.context.scope.holds(team_id)


def find_accounts(context: PlanContext, ids: set[str], names: set[str]) -> dict[str, Account]:
    """The company's accounts by “id …” and “name …”."""
    keys = {spelling: key for key in filter(None, ids) for spelling in spellings(key, source=context.source)}
    accounts = Account.objects.filter(company=context.scope.company).filter(
        Q(external_id__in=keys, source=context.source) | Q(name_key__in={search_key(name) for name in names})
    )
    known: dict[str, Account] = {}
    for account in accounts.select_related("owner"):
        known[f"name {account.name_key}"] = account
        if account.external_id in keys and account.source == context.source:
            known[f"id {keys[account.external_id]}"] = account
    return known


def accounts_of_others(context: PlanContext, accounts: Sequence[int]) -> set[int]:
    """Those of these accounts that other teams know and the team of this import does not."""
    if context.scope.team is None:
        return set()
    others = Team.objects.filter(company=context.scope.company).exclude(pk=context.scope.team.pk)
    ours = Team.objects.filter(pk=context.scope.team.pk)
    rows = Account.objects.filter(pk__in=accounts)
    theirs = set(rows.known_to(others.values("pk")).values_list("pk", flat=True))  # type: ignore[arg-type]
    return theirs - set(rows.known_to(ours.values("pk")).values_list("pk", flat=True))  # type: ignore[arg-type]


def write_accounts(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    """Raises OutdatedPreviewError."""
    new = [row for row in rows if row.verdict == Verdict.NEW]
    names = {search_key(row.after["name"]): row for row in new}
    taken = Account.objects.filter(company=context.scope.company, name_key__in=names)
    if outdated := [names[key] for key in taken.values_list("name_key", flat=True)]:
        raise OutdatedPreviewError(outdated)
    changed = [row for row in rows if row.verdict != Verdict.NEW]
    known = lock_unchanged(Account, changed)
    linked = LinkedRows(context)
    typed = partial(typed_account, linked=linked, context=context)
    created = {
        row: Account(company=context.scope.company, source=context.source, **typed(row.after)) for row in new
    }
    Account.objects.bulk_create(created.values())
    saved = {row: known[row.target or 0] for row in changed}
    for row, account in saved.items():
        for field, value in typed(row.after).items():
            setattr(account, field, value)
        if "external_id" in row.after:
            account.source = context.source
        account.version += 1
    upsert(Account, saved.values(), FIELDS)
    mark_applied(created | saved)
    return Written(made=linked.made)


def typed_account(values: Mapping[str, Any], *, linked: LinkedRows, context: WriteContext) -> dict[str, Any]:
    fields = {name: value for name, value in values.items() if name in FIELDS}
    if "owner" in fields:
        fields["owner"] = _owner(fields["owner"], linked, context)
    return fields


def _owner(name: str, linked: LinkedRows, context: WriteContext) -> Rep | None:
    team_id = context.owners.team_id(name) if name else None
    return linked.rep(name, team_id) if team_id else None


def take_back_accounts(rows: Sequence[ImportRow], context: WriteContext) -> Written:
    linked = LinkedRows(context)
    typed = partial(typed_account, linked=linked, context=context)
    written = take_back(Account, rows, context, fields=FIELDS, typed=typed)
    written.made += linked.made
    return written
