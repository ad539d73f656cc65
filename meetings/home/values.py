"""What the home page shows: plain values, every sentence ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from django.urls import reverse

from alignment.rules.charts import Bullet, Dots
from alignment.rules.formatting import MoneyFormat
from alignment.rules.revenue_kinds import WORDS, KindWords, RevenueKind
from deals.rules.pace import MonthWon, is_on_pace
from meetings.rules.team_order import Reason, Silence

MOST_SHOWN = 8
LONGEST_NAME = 120
"""Of a thing in the title of an issue about it."""


@dataclass(frozen=True, slots=True)
class Next:
    """A team's next meeting."""

    id: int
    starts_at: datetime
    in_session: bool
    submitted_at: datetime | None
    missing: int
    preparation_due: datetime
    submitted_by: int | None = None
    started_at: datetime | None = None
    started_by: int | None = None

    def is_preparation_overdue(self, now: datetime, *, is_day_off: bool) -> bool:
        """Whether the preparation was due and is not in. On a day off none is asked for."""
        is_pending = not self.in_session and self.submitted_at is None and not is_day_off
        return is_pending and self.preparation_due <= now


@dataclass(frozen=True, slots=True)
class Last:
    """A meeting that was held."""

    id: int
    starts_at: datetime
    closed_at: datetime
    gap: Decimal | None
    is_rated: bool = False
    """By the reader."""


@dataclass(frozen=True, slots=True)
class QuarterStanding:
    """Where a team stands in its quarter; without a goal for each month there is no goal and no gap."""

    m: MoneyFormat
    since: date
    """The first day of the quarter."""
    until: date
    """Its last day."""
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
    def still_to_win(self) -> Decimal | None:
        return None if self.goal is None else max(Decimal(0), self.goal - self.actual)

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
class WonDeal:
    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DealMoves:
    """What became of deals lately, by team."""

    pushed: Mapping[int, int] = field(default_factory=dict)
    """How many big deals were pushed out."""
    won: Mapping[int, Sequence[WonDeal]] = field(default_factory=dict)
    """The largest first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Requests that only the reader can answer for a team, as its CEO."""

    number: int = 0
    days: int = 0
    """Of the oldest."""


@dataclass(frozen=True, slots=True)
class TeamCall:
    """The last call of the running period that the reader may see."""

    commit: Decimal
    best_case: Decimal
    goal: Decimal | None
    """Of the period that is called."""
    period: str
    """ "Q4 2026" """
    at: datetime


@dataclass(frozen=True, slots=True)
class DueDeals:
    """Committed deals whose close date is over or within a week, and that are neither won nor lost."""

    number: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted for many teams at once, by team."""

    goals: Mapping[int, Mapping[date, Decimal]]
    """Of the quarter, by month."""
    won: Mapping[int, Mapping[date, MonthWon]]
    """By month, of the quarter and of those before it."""
    overdue: Mapping[int, int]
    """Open commitments whose day has passed since the last meeting was closed."""
    moves: DealMoves
    """What was won or pushed out since the last meeting was closed; before the first one, within a week."""
    waiting: Mapping[int, Waiting] = field(default_factory=dict)
    calls: Mapping[int, TeamCall] = field(default_factory=dict)
    due: Mapping[int, DueDeals] = field(default_factory=dict)
    changed: Mapping[int, int] = field(default_factory=dict)
    """How many lines of the quarter's agreement are not as they were agreed."""
    silences: Mapping[int, Sequence[Silence]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GapChange:
    """How the gap moved since the last meeting: "▲ $65K better since 23 Nov"."""

    sign: str
    amount: str
    text: str
    tone: str
    """Empty where the change is no news."""


@dataclass(frozen=True, slots=True)
class Running:
    """A meeting that takes place now, and how the reader joins it."""

    team: str
    since: str
    """Who is there, since when."""
    button: str
    href: str


@dataclass(frozen=True, slots=True)
class WorthAsking:
    """A question, and the issue it becomes by one tap."""

    team: int
    slug: str
    about: str
    """“deal-7”; empty for the team itself."""
    name: str
    why: str
    question: str
    token: UUID

    @property
    def key(self) -> str:
        return f"ask-{self.team}"

    @property
    def title(self) -> str:
        return f"{self.name[:LONGEST_NAME]}: {self.question}" if self.about else self.question


@dataclass(frozen=True, slots=True)
class OwnNumberLink:
    """The CEO’s number before a meeting."""

    amount: str
    """Empty until it is in."""
    href: str
    """Where it is given or changed; empty once both numbers are in."""


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
    why: str
    gap: str = ""
    gap_tone: str = ""
    words: KindWords = WORDS[RevenueKind.WON]
    """How the revenue that counts is worded."""
    won: str = ""
    goal: str = ""
    still_to_win: str = ""
    by: str = ""
    """The last day of the quarter."""
    is_on_pace: bool = False
    change: GapChange | None = None
    """Of the gap, since the last meeting was closed in this quarter."""
    wins: Sequence[WonDeal] = ()
    """Since the last meeting, the largest first."""
    as_of: str = ""
    """The day of the file from which the revenue comes, if it does."""
    is_out_of_date: bool = False
    """Whether that file is older than two working days."""
    standing: QuarterStanding | None = None  # None: a reader of facts alone
    bar: Bullet | None = None
    """The quarter as a small bar; None without a goal."""
    bar_label: str = ""
    record: str = ""  # the address of the last record
    record_of: str = ""
    goal_is_set: bool = True
    asking: WorthAsking | None = None
    number: OwnNumberLink | None = None
    """For the CEO before the meeting: their number for the period that is called."""
    acknowledged: str = ""
    """Who acknowledged that meetings were missed, and their comment."""
    heads_up: str = ""
    """Where the CEO leaves the sales leader a heads-up."""
    reason: Reason | None = None
    """Why it needs its CEO; `why` is the same as a sentence."""
    may_silence: bool = False
    silenced: frozenset[str] = frozenset()
    """The kinds of reasons that the reader silenced, without those that got worse."""
    silenced_until: str = ""
    """The day until which the reader silenced a reason that would be said otherwise."""
    call: str = ""
    """ "Call $2.1M to $2.4M, stated 23 Nov"; of a month “$700K to $800K for November 2026, stated 23 Nov”."""
    call_goal: str = ""
    """ "$120K below goal"; empty where the commit reaches it."""
    due: str = ""
    """ "3 committed deals due, $412K" """
    changed: str = ""
    """ "2 lines no longer as agreed" """

    @property
    def is_fine(self) -> bool:
        """Whether nothing is said of it: no reason, no meeting that takes place, nothing missed too often."""
        return self.reason is None and not self.red and not self.changed


@dataclass(frozen=True, slots=True)
class OwedItem:
    """What somebody else owes, where it stands, of which team, and since when or by when."""

    text: str
    href: str
    team: str
    who: str
    when: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One thing the reader has to do, where it is done, and for which team."""

    text: str
    href: str
    team: str


@dataclass(frozen=True, slots=True)
class FeedbackQuestion:
    """Whether the sales leader knows where they stand, put to one of the two."""

    team: str
    slug: str
    question: str
    version: int
    today: date
    """Where the team is."""
    beginnings: tuple[str, ...]
    """Sentences that help to begin, once the answer was “not yet”."""


@dataclass(frozen=True, slots=True)
class FirstMeetingOffer:
    """The first meeting of the reader and the other one of the two, as far as it waits for the reader."""

    team: str
    slug: str
    other: str
    why: str
    is_open: bool
    """Whether both read both answers."""


@dataclass(frozen=True, slots=True)
class Group:
    """Teams for which the reader has the same part."""

    title: str
    kind: str  # ceo, leader, reader, admin
    rows: tuple[TeamRow, ...]
    folds: bool = False
    """Whether teams that need nothing are folded."""

    @property
    def pressing(self) -> tuple[TeamRow, ...]:
        return tuple(row for row in self.rows if not (self.folds and row.is_fine))

    @property
    def fine(self) -> tuple[TeamRow, ...]:
        return tuple(row for row in self.rows if self.folds and row.is_fine)


# Addresses of the rows


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a view for many rows: Django looks it up once, each row fills in its own part."""

    before: str
    after: str

    @classmethod
    def of_view(cls, name: str, sample: int | str) -> Self:
        """`sample` is an argument that the view would take, found nowhere else in its address."""
        before, after = reverse(name, args=[sample]).split(str(sample))
        return cls(before, after)

    def of(self, argument: int | str) -> str:
        """`argument` is an id or a slug: nothing in it needs to be quoted."""
        return f"{self.before}{argument}{self.after}"


class Addresses:
    """Those of one page."""

    def __init__(self) -> None:
        self.team = Address.of_view("meetings:team", "some-team-of-ours")
        self.review = Address.of_view("meetings:review", 987654321)
        self.present = Address.of_view("meetings:present", 987654321)
        self.first_days = Address.of_view("meetings:first_days", "some-team-of-ours")
        self.expectation = Address.of_view("meetings:expectation", 987654321)
        self.check_in = Address.of_view("meetings:check_in", 987654321)
        self.heads_ups = Address.of_view("meetings:heads_ups", "some-team-of-ours")
        self.rate = Address.of_view("meetings:rate", 987654321)
