"""What the home page shows: plain values, every sentence ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from alignment.rules.charts import Bullet, Dots
from alignment.rules.formatting import MoneyFormat
from deals.rules.pace import MonthWon, is_on_pace
from meetings.agenda import Agenda
from meetings.agenda.values import Check


@dataclass(frozen=True, slots=True)
class Next:
    """A team's next meeting."""

    id: int
    starts_at: datetime
    in_session: bool
    submitted_at: datetime | None
    missing: int
    preparation_due: datetime


@dataclass(frozen=True, slots=True)
class Last:
    """A meeting that was held."""

    id: int
    starts_at: datetime
    closed_at: datetime
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class QuarterStanding:
    """Where a team stands in its quarter; without a goal for each month there is no goal and no gap."""

    m: MoneyFormat
    since: date
    """The first day of the quarter."""
    actual: Decimal
    goal: Decimal | None
    due: Decimal | None
    missing: tuple[date, ...]
    due_before: Decimal | None = None
    """What was due when the last meeting was closed, if that was in this quarter."""
    has_begun: bool = True
    """Whether a business day has passed, so that something can be due."""

    @property
    def gap(self) -> Decimal | None:
        return None if self.due is None else self.actual - self.due

    @property
    def is_behind(self) -> bool:
        return self.gap is not None and self.gap < 0 and not self.is_on_pace

    @property
    def is_on_pace(self) -> bool:
        return self.gap is not None and self.goal is not None and is_on_pace(self.gap, self.goal)

    @property
    def shortfall(self) -> Decimal:
        """How much of what is due is missing: 0.1 is a tenth; nothing when ahead or on pace."""
        return (self.due - self.actual) / self.due if self.due and self.is_behind else Decimal(0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted for many teams at once, by team."""

    goals: Mapping[int, Mapping[date, Decimal]]
    """Of the quarter, by month."""
    won: Mapping[int, Mapping[date, MonthWon]]
    """By month, of the quarter and of those before it."""
    overdue: Mapping[int, int]
    """Open commitments whose day has passed since the last meeting was closed."""
    pushed: Mapping[int, int]
    """Big deals pushed out since the last meeting was closed; before the first one, within a week."""


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One team on somebody's home page."""

    name: str
    slug: str
    href: str
    leader: str
    when: str
    team_page: str
    dots: Dots
    """How its last meetings ended, the oldest first."""
    red: bool
    status: str
    tone: str
    join: str  # the address of the meeting in session; empty
    why: str
    gap: str = ""
    gap_tone: str = ""
    won: str = ""
    """Of the goal, in words."""
    gap_before: str = ""
    """When the last meeting was closed."""
    standing: QuarterStanding | None = None  # None: a reader of facts alone
    bar: Bullet | None = None
    """The quarter as a small bar; None without a goal."""
    bar_label: str = ""
    record: str = ""  # the address of the last record
    record_of: str = ""
    goal_is_set: bool = True
    acknowledged: str = ""
    """Who acknowledged that meetings were missed, and their comment."""
    is_late: bool = False
    """Whether the preparation of the next meeting is overdue."""
    urgency: float = 0
    """How much the team needs the CEO; 0 is not at all."""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One thing the reader has to do, where it is done, and for which team."""

    text: str
    href: str
    team: str


@dataclass(frozen=True, slots=True)
class OwnCommitment:
    """An open commitment of the reader."""

    id: int
    text: str
    due: str
    """When, in words."""
    is_overdue: bool


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
    is_red: bool = False
    red_in_words: str = ""
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
    action_items: tuple[ActionItem, ...]
    more_action_items: int
    commitments: tuple[OwnCommitment, ...]
    more_commitments: int
    query: str
    searchable: bool
    takes_part: bool

    @property
    def is_empty(self) -> bool:
        return not self.groups and self.lead is None and not self.query

    @property
    def has_no_match(self) -> bool:
        return bool(self.query) and not self.groups
