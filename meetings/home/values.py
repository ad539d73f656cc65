"""What the home page shows: plain values, every sentence ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from alignment.templatetags.figures import MoneyFormat
from meetings.agenda.chapters import Agenda, Check


@dataclass(frozen=True, slots=True)
class Next:
    """A team's next meeting."""

    id: int
    starts_at: datetime
    in_session: bool
    handed_in_at: datetime | None
    missing: int
    preparation_due: datetime


@dataclass(frozen=True, slots=True)
class Last:
    """The last meeting that was held."""

    id: int
    starts_at: datetime
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a team stands in its quarter; without a goal for each month there is no goal and no gap."""

    m: MoneyFormat
    since: date
    """The first day of the quarter."""
    actual: Decimal
    goal: Decimal | None
    due: Decimal | None
    missing: tuple[date, ...]

    @property
    def gap(self) -> Decimal | None:
        return None if self.due is None else self.actual - self.due

    @property
    def shortfall(self) -> Decimal:
        """How much of what is due is missing: 0.1 is a tenth; nothing when ahead."""
        return max(Decimal(0), (self.due - self.actual) / self.due) if self.due else Decimal(0)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team on somebody's home page."""

    name: str
    slug: str
    href: str
    leader: str
    when: str
    outcomes: tuple[str, ...]
    red: bool
    status: str
    tone: str
    join: str  # the address of the meeting in session; empty
    why: str
    gap: str = ""
    gap_tone: str = ""
    was: str = ""
    standing: Standing | None = None  # None: a reader of facts alone
    record: str = ""  # the address of the last record
    record_of: str = ""
    goal_is_set: bool = True
    acknowledged: str = ""
    """Who acknowledged that meetings were missed, and with what word."""
    need: float = 0
    """How much the team needs the CEO; 0 is not at all."""


@dataclass(frozen=True, slots=True)
class Wait:
    """One thing that waits for the reader, and where it is done."""

    text: str
    href: str
    who: str


@dataclass(frozen=True, slots=True)
class Due:
    """A commitment of the reader."""

    id: int
    text: str
    who: str
    late: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """A leader's own block: the next meeting and what is still to be done for it."""

    team: str
    slug: str
    m: MoneyFormat
    next: Next | None
    deadline: str
    tone: str
    agenda: Agenda | None
    last: Last | None
    outcomes: tuple[str, ...]
    red: bool = False
    acknowledged: str = ""

    @property
    def needed(self) -> tuple[Check, ...]:
        return self.agenda.still_needed if self.agenda else ()

    @property
    def done(self) -> tuple[Check, ...]:
        return tuple(check for check in self.agenda.checks if check.done) if self.agenda else ()


@dataclass(frozen=True, slots=True)
class Group:
    """Teams for which the reader has the same part."""

    title: str
    kind: str  # ceo, leader, reader, admin
    rows: tuple[TeamRow, ...]


@dataclass(frozen=True, slots=True)
class Home:
    greeting: str
    lede: str
    lead: Lead | None
    groups: tuple[Group, ...]
    waits: tuple[Wait, ...]
    dues: tuple[Due, ...]
    more_waits: int
    more_dues: int
    query: str
    searchable: bool
    takes_part: bool

    @property
    def is_empty(self) -> bool:
        return not self.groups and self.lead is None and not self.query

    @property
    def found_nothing(self) -> bool:
        return bool(self.query) and not self.groups
