"""What of an agreement stood at a moment: what both had said yes to by then, and what waited for an answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Generic, Protocol, TypeVar


class DatedLine(Protocol):
    """One row of a line, as `Agreement` has it."""

    @property
    def subject(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def content(self) -> dict[str, object]: ...
    @property
    def proposed_at(self) -> datetime: ...
    @property
    def ceo_at(self) -> datetime | None: ...
    @property
    def leader_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...


Row = TypeVar("Row", bound=DatedLine)


@dataclass(frozen=True, slots=True)
class Stood(Generic[Row]):
    agreed: tuple[Row, ...]
    open: tuple[Row, ...]


def stood_at(rows: Iterable[Row], moment: datetime) -> Stood[Row]:
    """Of each line the last row that both had agreed to before the moment, and a later one that nobody had answered.

    A yes that a successor gave afterwards to the same words is a row of its own with the day of the first proposal: it
    is not taken for one that waited.
    """
    ordered = sorted(rows, key=lambda row: (row.subject, row.key, row.number))
    agreed: list[Row] = []
    waiting: list[Row] = []
    for _, group in groupby(ordered, key=lambda row: (row.subject, row.key)):
        line = list(group)
        held = next((row for row in reversed(line) if _is_agreed(row, moment)), None)
        if held is not None:
            agreed.append(held)
        proposed = _last_proposed(line, held, moment)
        if proposed is not None:
            waiting.append(proposed)
    return Stood(tuple(agreed), tuple(waiting))


def _is_agreed(row: DatedLine, moment: datetime) -> bool:
    ceo, leader = row.ceo_at, row.leader_at
    return ceo is not None and leader is not None and max(ceo, leader) < moment


def _last_proposed(line: Sequence[Row], held: Row | None, moment: datetime) -> Row | None:
    later = [
        row
        for row in line
        if row.proposed_at < moment
        and (held is None or row.number > held.number)
        and not (held is not None and (row.proposed_at, row.content) == (held.proposed_at, held.content))
    ]
    last = later[-1] if later else None
    is_closed = last is not None and last.closed_at is not None and last.closed_at < moment
    return None if is_closed else last
