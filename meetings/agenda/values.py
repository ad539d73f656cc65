"""What a meeting's page, mail, print and record show: plain values, no rows of the database.

Templates read these and decide nothing. Amounts are in `currency`; times are UTC; days are the team's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    role: str

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


@dataclass(frozen=True, slots=True)
class Words:
    """One side's words on a section or an item for one meeting."""

    id: int
    side: str
    name: str
    text: str
    at: datetime
    version: int
    late: bool = False  # changed after the preparation was handed in


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in the margin beside a row; tone is good, warn, bad or nothing."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A commitment as the agenda shows it."""

    id: int
    text: str
    owner: Person
    due: date
    state: str  # open, done, dropped
    made_at: datetime
    closed_at: datetime | None
    late: bool  # still open after its day, or closed after it
    why: str  # of a dropped one
    section: str
    item: str  # kind and id of what it is about, such as risk-7; empty for the section itself
    item_title: str
    fresh: bool  # made since the last meeting
    version: int
    pair_only: bool = False
    readers: tuple[int, ...] = ()  # of what only the two may read: who they are
    carried: bool = False  # still open, and said so since the last meeting

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def tick(self) -> str:
        """The sign before it: kept, broken, open or dropped."""
        if self.state == "open":
            return "broken" if self.late else "open"
        return "kept" if self.state == "done" else "dropped"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every item of the agenda has: its words of this meeting and the last, its commitments, its margin."""

    id: int
    title: str
    version: int
    marks: tuple[Mark, ...] = ()
    words: tuple[Words, ...] = ()
    before: tuple[Words, ...] = ()  # what was said at the last meeting
    promises: tuple[Promise, ...] = ()
    pair_only: bool = False
    readers: tuple[int, ...] = ()

    key = ""

    @property
    def about(self) -> str:
        """Its place in forms and addresses, such as risk-7."""
        return f"{self.key}-{self.id}"

    def words_of(self, side: str) -> Words | None:
        return next((words for words in self.words if words.side == side), None)

    @property
    def leader_words(self) -> Words | None:
        return self.words_of("leader")

    @property
    def ceo_words(self) -> Words | None:
        return self.words_of("ceo")


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRow(Row):
    account: str
    owner: str
    stage: str
    status: str
    amount: Decimal | None
    close_date: date | None
    pinned: bool
    capacity_what: str
    capacity_by: date | None
    capacity_who: str
    kinds: tuple[str, ...]  # of Movement
    trail: tuple[date, ...]
    pushes: int
    date_is_fiction: bool
    push_reason: str

    key = "deal"

    @property
    def needs_capacity(self) -> bool:
        return self.status == "won" and not self.capacity_what

    @property
    def needs_reason(self) -> bool:
        return "pushed_out" in self.kinds and not self.push_reason and self.leader_words is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow(Row):
    kind: str  # deal or account
    exposure: Decimal | None
    what_is_wrong: str
    action: str
    owner: Person | None
    due: date | None
    weeks_open: int
    meetings_unchanged: int
    closed: bool
    outcome: str

    key = "risk"

    @property
    def is_stale(self) -> bool:
        return not self.closed and self.meetings_unchanged >= 2

    @property
    def lacks_action(self) -> bool:
        return not self.closed and not (self.action and self.owner and self.due)

    @property
    def needs_words(self) -> bool:
        return self.is_stale and self.leader_words is None


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativeRow(Row):
    kind: str
    kind_label: str
    plan: str
    measure: str
    unit: str
    baseline: Decimal | None
    target: Decimal | None
    current: Decimal | None
    due: date | None
    health: str
    health_label: str
    ceo_word: str
    ceo_word_label: str
    ceo_why: str
    waits_for_ceo: bool
    points: tuple[Decimal, ...]
    changed: bool  # since the last meeting
    finished: bool
    outcome: str

    key = "initiative"

    @property
    def progress(self) -> str:
        """The measure in one phrase: “Deals above $20k a month 2 → 4, target 9”."""
        was, now, goal = (_number(value) for value in (self.baseline, self.current, self.target))
        return " ".join(part for part in (self.measure, f"{was} → {now}, target {goal}", self.unit) if part)

    @property
    def needs_words(self) -> bool:
        return not self.finished and not self.changed and self.leader_words is None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow(Row):
    kind: str
    side: str
    raised_by: str
    raised_at: datetime | None = None
    detail: str
    section: str
    item: str
    item_title: str
    discussed: bool
    solved: bool
    resolution: str
    decisions: tuple[Decided, ...] = ()

    key = "issue"


def _number(value: Decimal | None) -> str:
    """A measure's value without idle zeros."""
    return "–" if value is None else f"{value.normalize():f}"
