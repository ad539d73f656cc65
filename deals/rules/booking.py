"""What a deal's win adds to what is booked for it already. Pure.

Invoices and payments that people recorded for a deal stay as they are. The deal itself books the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

NOTHING = Decimal(0)
Booked = tuple[date, Decimal]


def own_booking(won: Booked | None, *, own: Booked | None, others: Sequence[Decimal]) -> Booked | None:
    """What the deal's own entry should say; None where it has none and needs none.

    `won` is when and for how much, None for a deal that is not won; `own` the entry that the deal itself booked
    before; `others` what people recorded for it.
    """
    rest = won[1] - sum(others, NOTHING) if won else NOTHING
    if won and rest > 0:
        return won[0], rest
    return (own[0], NOTHING) if own else None


def excess(amount: Decimal | None, booked: Sequence[Decimal]) -> Decimal:
    """How much more is booked than the deal's amount."""
    return NOTHING if amount is None else max(NOTHING, sum(booked, NOTHING) - amount)
