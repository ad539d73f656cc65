"""Deals of exports that were made when what delivering one takes stood on the deal itself, in three columns."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from alignment.exports.former_names import declare_completion, declare_former_column
from deals.models import CapacityNeed, Deal

COLUMNS = {"capacity_what": "what", "capacity_by": "needed_by", "capacity_who": "who"}
UNSAID = "What is needed was not entered"
PENDING = "former_capacity"
"""Where a deal that is not stored yet carries its former columns."""


def carry(name: str, deal: Deal, value: object, known: dict[Any, Any]) -> None:
    """Raises TypeError or ValueError for what no need could hold."""
    if value in ("", None):
        return
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    carried: dict[str, Any] = vars(deal).setdefault(PENDING, {})
    carried[COLUMNS[name]] = date.fromisoformat(value) if name == "capacity_by" else value


def give_needs(rows: list[tuple[int, Any]], running: object) -> None:
    """Each deal that said something gets one need; of one that needs nothing only that is known."""
    for _, deal in rows:
        carried = vars(deal).pop(PENDING, None)
        if not carried:
            continue
        if carried.get("what") == CapacityNeed.NOTHING:
            carried = {"what": CapacityNeed.NOTHING}
        fields = {"what": UNSAID} | carried
        need = CapacityNeed(deal=deal, team_id=deal.team_id, created_at=deal.changed_at, **fields)
        need.clean_fields(exclude=["deal", "team", "created_by", "informed_by"])
        need.save(force_insert=True)


for column in COLUMNS:
    declare_former_column("deals.Deal", column, partial(carry, column))
declare_completion("deals.Deal", give_needs)
