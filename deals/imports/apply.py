"""Rows of a file → Account, Deal, DealChange and RevenueEntry. What is known already changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from alignment import audit
from alignment.models import Company, Team
from alignment.rules import folding
from deals.imports.parse import UNKNOWN_ACCOUNT, DealRow
from deals.models import Account, Deal, RevenueEntry
from deals.models.revenue import entry_for, standing
from deals.rules.booking import excess
from deals.rules.identity import spellings

CHUNK = 1000
CORRECTED = "Corrected by the import of deals"
DELETED = "Deleted in the CRM"

Progress = Callable[[Iterable[Sequence[DealRow]]], Iterable[Sequence[DealRow]]]


@dataclass(slots=True)
class Outcome:
    """What an import did, in rows and in money."""

    counts: Counter[str] = field(default_factory=Counter)
    entered: Decimal = Decimal(0)
    corrected: Decimal = Decimal(0)
    elsewhere: set[str] = field(default_factory=set)
    """Deals that stay with the team that had them first, although their owner now works for another."""
    more_than_amount: set[str] = field(default_factory=set)
    """Deals for which more is booked than their amount."""


def apply(
    rows: Sequence[DealRow],
    team_of: Mapping[str, Team],
    *,
    company: Company,
    source: str,
    now: datetime,
    deleted: Sequence[str] = (),
    progress: Progress = iter,
) -> Outcome:
    """Save the rows, already checked, a thousand in a transaction. `source` is the CRM of their ids; those of
    `deleted` are lost.

    If it is interrupted, a second run does the rest.
    """
    outcome = Outcome()
    for chunk in progress([rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]):
        with transaction.atomic():
            Company.objects.select_for_update().get(pk=company.pk)  # two imports of one company take turns
            _Chunk(chunk, team_of, company, source, now, outcome).write()
    if deleted:
        with transaction.atomic():
            _Chunk((), team_of, company, source, now, outcome).delete(deleted)
    return outcome


class _Chunk:
    def __init__(
        self,
        rows: Sequence[DealRow],
        team_of: Mapping[str, Team],
        company: Company,
        source: str,
        now: datetime,
        outcome: Outcome,
    ) -> None:
        self.rows, self.team_of, self.company, self.source = rows, team_of, company, source
        self.now, self.outcome = now, outcome
        self.accounts = self._accounts()
        self.known = self._known([row.external_id for row in rows])
        self.outcome.elsewhere |= {
            key for key, deal in self.known.items() if deal.team_id != self.team_of[key].pk
        }
        self.touched: set[str] = set()
        self.moved: set[str] = set()
        """Deals whose money or day this import changes."""

    def write(self) -> None:
        deals = self._new() | {row.external_id: self._record_change(row, deal) for row, deal in self._old()}
        self._book(deals)
        new_count = len(self.rows) - len(self.known)
        changed_count = len(self.touched & self.known.keys())
        self.outcome.counts.update(
            new=new_count, changed=changed_count, unchanged=len(self.rows) - new_count - changed_count
        )

    def delete(self, ids: Sequence[str]) -> None:
        """What the CRM has deleted is lost, and its revenue is corrected. Deals never seen are left out."""
        deals = {}
        for key, deal in self._known(ids).items():
            deals[key] = deal
            if deal.stage != DELETED:
                self.touched.add(key)
                self.moved.add(key)
                self.outcome.counts["deleted"] += 1
                day = deal.team.today(self.now)
                deals[key] = deal.record_change(
                    version=deal.version,
                    day=day,
                    now=self.now,
                    by=None,
                    status=Deal.Status.LOST,
                    stage=DELETED,
                )
        self._book(deals)

    def _accounts(self) -> dict[str, Account]:
        """By their keys: two spellings of a name are one account."""
        names = {folding.search_key(row.account): row.account for row in reversed(self.rows) if row.account}
        accounts = Account.objects.filter(company=self.company, name_key__in=names)
        missing = names.keys() - set(accounts.values_list("name_key", flat=True))
        Account.objects.bulk_create(
            [Account(company=self.company, name=names[name_key]) for name_key in sorted(missing)],
            ignore_conflicts=True,
        )
        self.outcome.counts["accounts"] += len(missing)
        return {account.name_key: account for account in accounts.all()}

    def _known(self, ids: Sequence[str]) -> dict[str, Deal]:
        """The company's deals with these ids, in whatever way they were written when they came first."""
        keys = {spelling: key for key in ids for spelling in spellings(key, source=self.source)}
        deals = (
            Deal.objects.select_for_update(of=("self",))
            .filter(
                Q(company=self.company) | Q(company=None, team__company=self.company),
                external_id__in=keys,
                source__in=("", self.source),
            )
            .select_related("team")
            .order_by("-source", "pk")
        )
        by_id: dict[str, Deal] = {}
        for deal in deals:
            by_id.setdefault(keys[deal.external_id], deal)
        for key, deal in by_id.items():
            if (deal.company_id, deal.source, deal.external_id) != (self.company.pk, self.source, key):
                deal.company, deal.source, deal.external_id = self.company, self.source, key
                deal.save(update_fields=["company", "source", "external_id"])
        return by_id

    def _old(self) -> Iterable[tuple[DealRow, Deal]]:
        return ((row, self.known[row.external_id]) for row in self.rows if row.external_id in self.known)

    def _new(self) -> dict[str, Deal]:
        deals = [
            Deal(
                team=self.team_of[row.external_id],
                company=self.company,
                source=self.source,
                external_id=row.external_id,
                name=row.name,
                account=self.accounts.get(folding.search_key(row.account)),
                owner=row.owner,
                status=row.status,
                stage=row.stage,
                amount=row.amount,
                opened_on=row.opened_on,
                close_date=row.close_date,
                created_at=self.now,
                changed_at=self.now,
            )
            for row in self.rows
            if row.external_id not in self.known
        ]
        created = {deal.external_id: deal for deal in Deal.objects.bulk_create(deals)}
        self.touched |= created.keys()
        return created

    def _record_change(self, row: DealRow, deal: Deal) -> Deal:
        changes = {
            name: value
            for name, value in self._stated_values(row, deal).items()
            if getattr(deal, name) != value
        }
        if not changes:
            return deal
        self.touched.add(row.external_id)
        if {"status", "amount", "close_date"} & changes.keys():
            self.moved.add(row.external_id)
        day = self.team_of[row.external_id].today(self.now)
        return deal.record_change(version=deal.version, day=day, now=self.now, by=None, **changes)

    def _stated_values(self, row: DealRow, deal: Deal) -> dict[str, Any]:
        """What the row says of the deal. An empty cell changes nothing."""
        account = self.accounts.get(folding.search_key(row.account))
        values = {
            "status": row.status,
            "stage": row.stage,
            "owner": row.owner,
            "amount": row.amount,
            "close_date": row.close_date,
            "opened_on": row.opened_on,
            "account_id": account.pk if account else None,
        }
        if row.has_name or deal.name.endswith(f", {UNKNOWN_ACCOUNT}"):
            values["name"] = row.name
        return {name: value for name, value in values.items() if value not in (None, "")}

    def _book(self, deals: Mapping[str, Deal]) -> None:
        """Make the books agree with the deals: see RevenueEntry.objects.book_deal."""
        booked = self._booked(deals.values())
        entries = [
            entry for key, deal in deals.items() if (entry := self._entry(key, deal, booked.get(deal.pk, [])))
        ]
        RevenueEntry.objects.bulk_create(entries)
        if entries:
            about = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'} from a CRM"
            audit.note("revenue.imported", by=None, now=self.now, company=self.company, about=about)
        for entry in entries:
            self.outcome.counts["corrections" if entry.corrects else "entries"] += 1
            if entry.corrects:
                self.outcome.corrected += entry.amount - entry.corrects.amount
            else:
                self.outcome.entered += entry.amount
        for pk in {deals[key].team_id for key in self.touched if key in deals}:
            Team.objects.bump_revision(pk)

    def _entry(self, key: str, deal: Deal, before: Sequence[RevenueEntry]) -> RevenueEntry | None:
        """The entry to add. What a person corrected stays until the CRM says something new."""
        entry = entry_for(deal, before, source=RevenueEntry.Source.CRM, now=self.now)
        if entry and entry.corrects and entry.corrects.is_by_hand and key not in self.moved:
            return None
        counted = [earlier.amount for earlier in standing(before) if not entry or earlier != entry.corrects]
        if deal.status == Deal.Status.WON and excess(deal.amount, counted):
            self.outcome.more_than_amount.add(deal.name)
        if entry:
            entry.note = CORRECTED if entry.corrects else ""
            self.touched.add(key)
        return entry

    def _booked(self, deals: Iterable[Deal]) -> dict[int, list[RevenueEntry]]:
        booked: dict[int, list[RevenueEntry]] = {}
        for entry in RevenueEntry.objects.filter(deal__in=[deal.pk for deal in deals]):
            booked.setdefault(entry.deal_id or 0, []).append(entry)
        return booked
