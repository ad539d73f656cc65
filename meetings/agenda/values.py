"""The plain values that an agenda is made of; no database rows.

Templates only display them. Amounts are in the agenda's currency, times in UTC, days in the team's zone.
Field names are the keys of frozen records: a field may be added, with a default; one that is renamed stays readable
by what it was called before (`formerly`).
"""

from __future__ import annotations

from dataclasses import Field, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from alignment.rules.text import first_name


def formerly(name: str) -> dict[str, str]:
    """Metadata of a field that older records have under another name."""
    return {"formerly": name}


def stored_names(field: Field[Any]) -> tuple[str, ...]:
    """The keys under which records may have a field."""
    former = field.metadata.get("formerly")
    return (field.name, former) if former else (field.name,)


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    role: str

    @property
    def first_name(self) -> str:
        return first_name(self.name)


NOBODY = Person(0, "Nobody", "")


@dataclass(frozen=True, slots=True)
class Update:
    """What one side wrote on a section or an item for one meeting."""

    id: int
    side: str
    name: str
    text: str
    at: datetime
    version: int
    late: bool = False  # changed after the preparation was submitted


@dataclass(frozen=True, slots=True)
class Mark:
    """A note in the margin of a row; tone is good, warn, bad or empty."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentRow:
    """A commitment as the agenda shows it."""

    id: int
    text: str
    owner: Person
    due: date
    state: str  # open, done, dropped
    made_at: datetime
    closed_at: datetime | None
    late: bool  # open after its due date, or closed after it
    why: str  # for a dropped one
    section: str
    item: str  # the item's kind and id, such as risk-7; empty if it is about the section
    item_title: str
    fresh: bool  # made since the last meeting
    version: int
    pair_only: bool = False
    readers: tuple[
        int, ...
    ] = ()  # ids of those who may read it, if it is for the CEO and the sales leader only
    carried: bool = False  # carried over since the last meeting
    amount: Decimal | None = (
        None  # of a measure against the gap between commit and goal: about what it brings
    )
    brought: Decimal | None = None  # what it brought, once it is done

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def is_measure(self) -> bool:
        return self.amount is not None

    @property
    def has_news(self) -> bool:
        """Whether it is new, was closed or carried over since the last meeting, or is overdue."""
        return self.fresh or self.carried or self.late or not self.is_open

    @property
    def tick(self) -> str:
        """The icon before it: kept, broken, open or dropped."""
        if self.state == "open":
            return "overdue" if self.late else "open"
        return "done" if self.state == "done" else "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    id: int
    text: str
    section: str
    item: str
    item_title: str
    at: datetime
    pair_only: bool = False
    readers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the sales leader has to do before the meeting, or has done."""

    section: str
    text: str
    done: bool
    anchor: str
    pair_only: bool = False
    readers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing the sales leader is asked for on a row: what it is in the margin, and on the checklist."""

    what: str
    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class Present:
    person: Person
    present: bool | None  # None: not recorded yet


@dataclass(frozen=True, slots=True)
class Score:
    person: Person
    score: int
    why: str


def anchor_of(
    section: str,
    *,
    deal: int | None = None,
    risk: int | None = None,
    initiative: int | None = None,
    issue: int | None = None,
) -> str:
    """The anchor of an item, such as risk-7, or else of its section."""
    items = (("deal", deal), ("risk", risk), ("initiative", initiative), ("issue", issue))
    return next((f"{kind}-{pk}" for kind, pk in items if pk), section)


@dataclass(frozen=True, slots=True)
class QuietClient:
    """A key client nobody has spoken to for longer than agreed; `due_on` is when somebody should have."""

    name: str
    owner: str
    due_on: date
    every_days: int
