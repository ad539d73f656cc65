"""What was won and what was invoiced, account by account. Pure; money as Decimal of one currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

NOTHING = Decimal(0)


class AccountMonth(NamedTuple):
    """What was won and invoiced of one account in one month. An empty name: no deal and no entry says whose it is."""

    account: str
    month: date
    won: Decimal
    invoiced: Decimal


class Uninvoiced(NamedTuple):
    account: str
    month: date
    """In which it was won."""
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`rows` is what was won and not invoiced yet, the oldest first. `unassigned` is what was invoiced without
    naming an account: it may be for any of them, and is subtracted from none.
    """

    rows: tuple[Uninvoiced, ...]
    unassigned: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), NOTHING)


def reconcile(months: Iterable[AccountMonth]) -> Reconciliation:
    """Invoices of an account pay what was won there, the oldest month first, also where the invoice came earlier."""
    won, invoiced = defaultdict[str, dict[date, Decimal]](dict), defaultdict[str, Decimal](Decimal)
    for row in months:
        won[row.account][row.month] = won[row.account].get(row.month, NOTHING) + row.won
        invoiced[row.account] += row.invoiced
    unassigned = invoiced.pop("", NOTHING)
    rows = []
    for account, by_month in won.items():
        rest = invoiced[account] if account else NOTHING
        for month, amount in sorted(by_month.items()):
            paid = min(amount, rest)
            rest -= paid
            if amount > paid:
                rows.append(Uninvoiced(account, month, amount - paid))
    return Reconciliation(tuple(sorted(rows, key=lambda row: (row.month, row.account))), unassigned)
