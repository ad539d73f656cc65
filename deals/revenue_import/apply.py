"""The rows of a table and the stored entries: which rows are recorded already, and recording the rest."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F

from alignment import audit
from alignment.models import Company, Team, User
from alignment.rules.money import show
from deals.models import Deal, RevenueEntry
from deals.revenue_import.parse import NOTE_LENGTH, RevenueRow, describe_entry
from deals.tables.checks import MAX_ERRORS
from deals.tables.csv_reader import TableError

Key = tuple[int, date, Decimal, str]


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row compared with what is stored: recorded already; perhaps the money of a won deal that is booked; or
    similar to an entry with another note.
    """

    row: RevenueRow
    deal: Deal | None
    is_recorded: bool
    won_deal: str
    similar: str

    @property
    def is_new(self) -> bool:
        return not self.is_recorded and not self.won_deal


def check_rows(rows: Sequence[RevenueRow]) -> list[CheckedRow]:
    """Each row, with its deal and whether it is recorded already. A fixed number of queries.

    Rows are counted: when fewer entries than equal rows (team, day, amount and note) stand, corrected or not,
    the rest is new. Raises TableError for a deal that is not known.
    """
    recorded, similar = _recorded_entries(rows)
    deals = _named_deals(rows)
    won = list(
        Deal.objects.won_and_booked(teams={row.team.pk for row in rows}, amounts={row.amount for row in rows})
    )
    checked, counts = [], Counter[Key]()
    for row in rows:
        key = _key(row.team.pk, row.day, row.amount, row.description)
        counts[key] += 1
        is_recorded = recorded[key] >= counts[key]
        deal = deals.get((row.team.pk, row.deal.casefold())) if row.deal else None
        same = "" if is_recorded else _won_deal(row, deal, won)
        like = "" if is_recorded or same else similar.get(key[:3], "")
        checked.append(CheckedRow(row, deal, is_recorded, same, like))
    return checked


def _won_deal(row: RevenueRow, deal: Deal | None, won: Sequence[Deal]) -> str:
    """The won deal whose money the row may be: the one it names, when that is booked in full; else one of that
    amount whose name or account the note has.
    """
    if deal is not None:
        booked = sum(entry.amount for entry in deal.revenue.all() if not hasattr(entry, "corrected_by"))
        is_full = deal.status == Deal.Status.WON and deal.amount is not None and booked >= deal.amount
        return deal.name if is_full else ""
    alike = (
        known.name
        for known in won
        if (known.team_id, known.amount) == (row.team.pk, row.amount) and known.is_named_in(row.note)
    )
    return next(alike, "")


def _recorded_entries(
    rows: Sequence[RevenueRow],
) -> tuple[Counter[Key], dict[tuple[int, date, Decimal], str]]:
    """How many entries there are of each key, and what one of each team, day and amount is called."""
    days = [row.day for row in rows]
    teams = {row.team.pk for row in rows}
    entries = RevenueEntry.objects.filter(team__in=teams, day__range=(min(days), max(days)))
    recorded, similar = Counter[Key](), dict[tuple[int, date, Decimal], str]()
    for entry in entries.values_list("team", "day", "amount", "note", "deal__name", named=True):
        description = describe_entry(entry.deal__name or "", entry.note)
        recorded[_key(entry.team, entry.day, entry.amount, description)] += 1
        similar[entry.team, entry.day, entry.amount] = description or "an entry without a note"
    return recorded, similar


def _key(team: int, day: date, amount: Decimal, description: str) -> Key:
    return team, day, amount, " ".join(description.split()).casefold()


def _named_deals(rows: Sequence[RevenueRow]) -> dict[tuple[int, str], Deal]:
    """The deals named, by team and name. Raises TableError for a name that no deal has, or more than one."""
    named = [row for row in rows if row.deal]
    if not named:
        return {}
    deals: dict[tuple[int, str], list[Deal]] = {}
    for deal in Deal.objects.filter(team__in={row.team.pk for row in named}).prefetch_related(
        "revenue__corrected_by"
    ):
        deals.setdefault((deal.team_id, deal.name.casefold()), []).append(deal)
    errors = []
    for row in named:
        number = len(deals.get((row.team.pk, row.deal.casefold()), ()))
        if number != 1:
            problem = f"has {number} deals named" if number else "has no deal"
            errors.append(f"Row {row.number}: {row.team.name} {problem} “{row.deal}”. Use a note instead.")
    if errors:
        raise TableError(*errors[:MAX_ERRORS])
    return {key: same_name[0] for key, same_name in deals.items()}


@transaction.atomic
def record_rows(
    rows: Sequence[RevenueRow],
    *,
    company: Company,
    by: User,
    now: datetime,
    token: uuid.UUID,
    source: str,
    also: bool,
) -> list[RevenueEntry]:
    """Record the rows that are not recorded yet; with `also` all of them. The same `token` twice records
    once.

    Those who record for one team take turns, so that the same table sent by two people is recorded once.
    """
    teams = sorted({row.team.pk for row in rows})
    list(Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk"))
    if RevenueEntry.objects.filter(token=_token(token, 0)).exists():
        return []
    new = [checked for checked in check_rows(rows) if also or checked.is_new]
    entries = [
        _entry(checked, token=_token(token, index), source=source, created_at=now, created_by=by)
        for index, checked in enumerate(new)
    ]
    RevenueEntry.objects.bulk_create(entries)
    Team.objects.filter(pk__in={entry.team_id for entry in entries}).update(revision=F("revision") + 1)
    if entries:
        _note(entries, company=company, by=by, now=now)
    return entries


def _entry(checked: CheckedRow, **fields: Any) -> RevenueEntry:
    row, deal = checked.row, checked.deal
    return RevenueEntry(
        team=row.team,
        day=row.day,
        amount=row.amount,
        kind=row.team.revenue_kind,
        note=(row.note if deal else row.description)[:NOTE_LENGTH],
        deal=deal,
        **fields,
    )


def _token(token: uuid.UUID, index: int) -> uuid.UUID:
    return uuid.uuid5(token, str(index))


def _note(entries: Sequence[RevenueEntry], *, company: Company, by: User, now: datetime) -> None:
    names = {entry.team.name for entry in entries}
    teams = next(iter(names)) if len(names) == 1 else f"{len(names)} teams"
    days = [entry.day for entry in entries]
    number = f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"
    total = sum((entry.amount for entry in entries), Decimal(0))
    about = f"{number} of {teams}, {min(days).isoformat()} to {max(days).isoformat()}"
    new = show(total, currency=company.currency, locale="en-US")
    audit.note("revenue.added", by=by, now=now, company=company, about=about, new=new)
