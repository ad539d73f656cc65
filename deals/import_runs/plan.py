"""What an import would do, row by row: the shape that every kind of table is planned in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from alignment.models import User
from alignment.rules.revenue_kinds import RevenueKind
from deals.import_runs.owners import OwnerDirectory
from deals.import_runs.scopes import ImportScope
from deals.imports.kinds.rows import Values
from deals.models import ImportRow, ImportRun


@dataclass(kw_only=True)
class PlanContext:
    """What every row of one import is compared with. `is_complete`: the file is everything that is open."""

    run: ImportRun
    scope: ImportScope
    source: str
    owners: OwnerDirectory
    now: datetime
    owner_at: int | None = None
    """Where the column of owners is."""
    is_complete: bool = False
    team_of: Mapping[str, int] = field(default_factory=dict)
    """The team of each new deal by its id, where a file of teams says so; of others by their owner."""
    counts: Counter[str] = field(default_factory=Counter)
    """Rows that are counted and not listed: those of other teams."""
    months: dict[tuple[date, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """First day of a month and kind of revenue → by how much it changes."""
    row_numbers: dict[str, int] = field(default_factory=dict)
    """What identifies a row → the number of the first row that has it."""

    def row(self, number: int, verdict: str, *, name: str, thing: str = "", **fields: Any) -> ImportRow:
        return ImportRow(
            run=self.run,
            number=number,
            thing=thing or self.run.kind,
            verdict=verdict,
            name=name[:300],
            **fields,
        )

    def refused(self, number: int, *, name: str, reason: str) -> ImportRow:
        return self.row(number, ImportRow.Verdict.REFUSED, name=name, reason=reason[:400])

    def left_out(self, number: int, *, name: str, reason: str) -> ImportRow:
        return self.row(number, ImportRow.Verdict.LEFT_OUT, name=name, reason=reason[:400])

    def first_row(self, key: str, number: int) -> int | None:
        """The earlier row that is about the same thing; None for the first."""
        earlier = self.row_numbers.setdefault(key, number)
        return None if earlier == number else earlier

    def add_revenue(self, day: date, amount: Decimal, *, kind: str = RevenueKind.WON) -> None:
        self.months[day.replace(day=1), kind] += amount


class Planner(Protocol):
    """Compares the good rows of a file, a thousand at a time, with the database. Writes nothing."""

    def __init__(self, context: PlanContext) -> None: ...

    def plan(self, rows: Sequence[Values]) -> Iterator[ImportRow]: ...

    def finish(self) -> Iterator[ImportRow]:
        """What only the whole file tells: what is missing from it."""
        ...


@dataclass(frozen=True, kw_only=True)
class WriteContext:
    """One writing of an import: who, when, and for what it is."""

    run: ImportRun
    scope: ImportScope
    source: str
    owners: OwnerDirectory
    by: User | None
    now: datetime
    days: dict[int, date] = field(default_factory=dict)

    def day(self, team_id: int) -> date:
        """The day it is for the team: that on which a change was learned."""
        if team_id not in self.days:
            self.days[team_id] = self.owners.by_pk[team_id].today(self.now)
        return self.days[team_id]


class OutdatedPreviewError(Exception):
    """What these rows were compared with has changed since. Nothing of them was written."""

    def __init__(self, rows: Iterable[ImportRow]) -> None:
        self.rows = list(rows)
        super().__init__(", ".join(row.name for row in self.rows))


@dataclass(kw_only=True)
class Written:
    """What came with a writing: rows of other tables that had to be made, as rows of the run, and the teams whose pages
    show something else now.
    """

    made: list[ImportRow] = field(default_factory=list)
    teams: set[int] = field(default_factory=set)


Write = Callable[[Sequence[ImportRow], WriteContext], Written]
"""Write these rows in a fixed number of statements, and mark them. Raises OutdatedPreviewError."""
TakeBack = Callable[[Sequence[ImportRow], WriteContext], Written]
"""Undo these rows: each is marked as undone, or says in its `reason` why it stays."""


@dataclass(frozen=True, kw_only=True)
class ImportedKind:
    """How tables of one kind are compared, written and undone."""

    planner: type[Planner]
    write: Write
    take_back: TakeBack


def plain(value: Any) -> Any:
    """A value as the rows of a run keep it: amounts and days as text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def plain_values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}
