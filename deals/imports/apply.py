"""Deals as a file tells them → Account, Deal, DealChange and RevenueEntry. What is known already changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from alignment import audit
from alignment.models import Company, Team
from deals.imports.rows import UNKNOWN_ACCOUNT, DealRow
from deals.models import Account, Deal, RevenueEntry

CHUNK = 1000
CORRECTED = "Corrected by the import of deals"

Watch = Callable[[Iterable[Sequence[DealRow]]], Iterable[Sequence[DealRow]]]


@dataclass(slots=True)
class Outcome:
    """What an import did, in rows and in money."""

    counts: Counter[str] = field(default_factory=Counter)
    entered: Decimal = Decimal(0)
    corrected: Decimal = Decimal(0)
    elsewhere: set[str] = field(default_factory=set)
    """Deals that stay in the team they were first known in, although their owner now works for another."""


def apply(
    rows: Sequence[DealRow],
    team_of: Mapping[str, Team],
    *,
    company: Company,
    now: datetime,
    watch: Watch = iter,
) -> Outcome:
    """Write the rows, already checked, a thousand in a transaction: if it is cut off, a second run does the rest."""
    outcome = Outcome()
    for chunk in watch([rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]):
        with transaction.atomic():
            Company.objects.select_for_update().get(pk=company.pk)  # two imports of a company take turns
            _Chunk(chunk, team_of, company, now, outcome).write()
    return outcome


class _Chunk:
    def __init__(
        self,
        rows: Sequence[DealRow],
        team_of: Mapping[str, Team],
        company: Company,
        now: datetime,
        outcome: Outcome,
    ) -> None:
        self.rows, self.team_of, self.company, self.now, self.outcome = rows, team_of, company, now, outcome
        self.accounts = self._accounts()
        self.known = self._known()
        self.touched: set[str] = set()

    def write(self) -> None:
        deals = self._new() | {row.external_id: self._learn(row, deal) for row, deal in self._old()}
        self._book(deals)
        for pk in {deals[external_id].team_id for external_id in self.touched}:
            Team.objects.stir(pk)
        new = len(self.rows) - len(self.known)
        changed = len(self.touched & self.known.keys())
        self.outcome.counts.update(new=new, changed=changed, unchanged=len(self.rows) - new - changed)

    def _accounts(self) -> dict[str, Account]:
        names = {row.account for row in self.rows if row.account}
        theirs = Account.objects.filter(company=self.company, name__in=names)
        missing = names - set(theirs.values_list("name", flat=True))
        Account.objects.bulk_create(
            [Account(company=self.company, name=name) for name in sorted(missing)], ignore_conflicts=True
        )
        self.outcome.counts["accounts"] += len(missing)
        return {account.name: account for account in theirs.all()}

    def _known(self) -> dict[str, Deal]:
        """The company's deals with these ids; where two teams have one, that of the team the row belongs to."""
        ids = [row.external_id for row in self.rows]
        deals = (
            Deal.objects.select_for_update()
            .filter(team__company=self.company, external_id__in=ids)
            .order_by("pk")
        )
        found: dict[str, Deal] = {}
        for deal in deals:
            if deal.external_id not in found or deal.team_id == self.team_of[deal.external_id].pk:
                found[deal.external_id] = deal
        self.outcome.elsewhere |= {key for key, deal in found.items() if deal.team_id != self.team_of[key].pk}
        return found

    def _old(self) -> Iterable[tuple[DealRow, Deal]]:
        return ((row, self.known[row.external_id]) for row in self.rows if row.external_id in self.known)

    def _new(self) -> dict[str, Deal]:
        deals = [
            Deal(
                team=self.team_of[row.external_id], external_id=row.external_id, name=row.name, account=self.accounts.get(row.account),
                owner=row.owner, status=row.status, stage=row.stage, amount=row.amount, opened_on=row.opened_on,
                close_date=row.close_date, created_at=self.now, changed_at=self.now,
            )
            for row in self.rows
            if row.external_id not in self.known
        ]  # fmt: skip
        made = {deal.external_id: deal for deal in Deal.objects.bulk_create(deals)}
        self.touched |= made.keys()
        return made

    def _learn(self, row: DealRow, deal: Deal) -> Deal:
        news = {name: value for name, value in self._told(row, deal).items() if getattr(deal, name) != value}
        if not news:
            return deal
        self.touched.add(row.external_id)
        day = self.team_of[row.external_id].today(self.now)
        return deal.learn(version=deal.version, day=day, now=self.now, by=None, **news)

    def _told(self, row: DealRow, deal: Deal) -> dict[str, Any]:
        """What the row says of the deal. An empty cell says nothing, so it takes nothing away."""
        account = self.accounts.get(row.account)
        told = {
            "status": row.status, "stage": row.stage, "owner": row.owner, "amount": row.amount, "close_date": row.close_date,
            "opened_on": row.opened_on, "account_id": account.pk if account else None,
        }  # fmt: skip
        if row.has_name or deal.name.endswith(f", {UNKNOWN_ACCOUNT}"):
            told["name"] = row.name
        return {name: value for name, value in told.items() if value not in (None, "")}

    def _book(self, deals: Mapping[str, Deal]) -> None:
        """One entry for each deal won; what was booked otherwise before is corrected by an entry that names it."""
        booked = self._booked()
        entries = [entry for row in self.rows if (entry := self._entry(row, deals[row.external_id], booked))]
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

    def _booked(self) -> dict[int | None, RevenueEntry]:
        pks = [deal.pk for deal in self.known.values()]
        return {entry.deal_id: entry for entry in RevenueEntry.objects.standing().filter(deal__in=pks)}

    def _entry(
        self, row: DealRow, deal: Deal, booked: Mapping[int | None, RevenueEntry]
    ) -> RevenueEntry | None:
        before = booked.get(deal.pk)
        if before is None and not row.won:
            return None
        day = row.close_date if row.won and row.close_date else before.day if before else self.now.date()
        if before and (before.amount, before.day) == (row.won, day):
            return None
        self.touched.add(row.external_id)
        return RevenueEntry(
            team_id=before.team_id if before else deal.team_id, deal=deal, day=day, amount=row.won, corrects=before,
            note=CORRECTED if before else "", created_at=self.now, source=RevenueEntry.Source.CRM,
        )  # fmt: skip
