"""Which clients are key to a team, when the next word with one is due, and what is said of those gone quiet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

SHARE = Decimal("0.8")
"""Key clients are those that make this share of a year's revenue together …"""
MOST = 20
"""… and no more than these."""
EVERY_DAYS = 90
"""How often somebody speaks to a key client, unless the team says otherwise."""
REMINDED_AFTER = timedelta(days=7)
"""Whoever was asked and did not answer is reminded once, after this long."""


def propose_key_clients(revenue: Mapping[int, Decimal]) -> list[int]:
    """The accounts that make 80 % of the revenue, the largest first, at most 20.

    Accounts without revenue, or with credits above it, count for nothing. Of equal ones the first known comes first.
    """
    paying = {account: amount for account, amount in revenue.items() if amount > 0}
    enough = sum(paying.values()) * SHARE
    proposed: list[int] = []
    covered = Decimal(0)
    for account in sorted(paying, key=lambda account: (-paying[account], account)):
        if covered >= enough or len(proposed) == MOST:
            break
        proposed.append(account)
        covered += paying[account]
    return proposed


def next_touch(last: date | None, *, began: date, every_days: int) -> date:
    """The day by which somebody speaks to the client next: so many days after the last time, or after it began."""
    return (last or began) + timedelta(days=every_days)


def is_quiet(last: date | None, *, began: date, every_days: int, today: date) -> bool:
    """Whether nobody has spoken to the client for longer than was agreed."""
    return next_touch(last, began=began, every_days=every_days) < today


def describe_quiet_clients(number: int, every_days: Iterable[int]) -> str:
    """The line of the agenda: "3 key clients not spoken to in 90 days"."""
    rhythms = set(every_days)
    clients = f"{number} key client{'' if number == 1 else 's'}"
    if len(rhythms) == 1:
        return f"{clients} not spoken to in {rhythms.pop()} days"
    return f"{clients} not spoken to for longer than agreed"
