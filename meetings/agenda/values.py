"""What a meeting's page, mail, print and record show: plain values, no rows of the database.

Templates read these and decide nothing. Amounts are in `currency`; times are UTC; days are the team's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Self, TypeVar

from deals.revenue import Revenue, Standing

Kept = TypeVar("Kept", "Promise", "Decided", "InitiativeRow", "IssueRow", "Check")


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
    def health_tone(self) -> str:
        return {"on_track": "good", "behind": "warn", "stuck": "bad"}.get(self.health, "")

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One of the five sections."""

    section: str
    title: str
    minutes: int
    words: tuple[Words, ...] = ()
    before: tuple[Words, ...] = ()
    promises: tuple[Promise, ...] = ()  # about the section itself, those of the last meeting first
    spent: int = 0  # seconds, once the meeting ran

    about = ""  # the section itself, not an item

    @property
    def short(self) -> str:
        """Its name where there is little room."""
        return self.title.removesuffix(" vs goal")

    def words_of(self, side: str) -> Words | None:
        return next((words for words in self.words if words.side == side), None)

    @property
    def leader_words(self) -> Words | None:
        return self.words_of("leader")

    @property
    def ceo_words(self) -> Words | None:
        return self.words_of("ceo")

    @property
    def promised(self) -> tuple[Promise, ...]:
        """What was promised before this meeting."""
        return tuple(promise for promise in self.promises if not promise.fresh)

    @property
    def fresh(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.fresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenueChapter(Chapter):
    figures: Revenue
    gap_before: Decimal | None  # quarter to date when the last meeting was closed
    pipeline: Decimal  # open deals expected in the quarter: never added to the actual
    pipeline_count: int
    corrected: Decimal  # change of earlier entries by corrections since the last meeting
    next_month_without_goal: date | None

    @property
    def gap(self) -> Decimal | None:
        return self.figures.quarter.gap

    @property
    def weeks(self) -> list[tuple[date, Decimal]]:
        """The Monday and the actual of each of the 13 weeks, oldest first."""
        return [(week.period.start, week.actual) for week in self.figures.weeks]

    @property
    def standings(self) -> tuple[tuple[str, Standing], ...]:
        return (("Month", self.figures.month), ("Quarter", self.figures.quarter), ("Year", self.figures.year))

    @property
    def behind(self) -> bool:
        return self.gap is not None and self.gap < 0

    @property
    def needs_words(self) -> bool:
        return self.behind and self.leader_words is None

    @property
    def needs_promise(self) -> bool:
        """A gap is answered with at least one commitment that is still open."""
        return self.behind and not any(promise.is_open and not promise.late for promise in self.promises)


@dataclass(frozen=True, slots=True, kw_only=True)
class DealsChapter(Chapter):
    won: tuple[DealRow, ...]
    closing: tuple[DealRow, ...]
    gone: tuple[DealRow, ...]  # lost, or moved out of sight since the last meeting
    small_won: Decimal
    small_won_count: int

    @property
    def rows(self) -> tuple[DealRow, ...]:
        return self.won + self.closing + self.gone

    @property
    def groups(self) -> list[tuple[str, tuple[DealRow, ...]]]:
        """The rows as they are shown, those worth celebrating first; empty groups are left out."""
        named = (
            ("Won", self.won),
            ("Closing before the next two meetings", self.closing),
            ("Lost or moved away", self.gone),
        )
        return [(name, rows) for name, rows in named if rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class RisksChapter(Chapter):
    rows: tuple[RiskRow, ...]
    exposure: Decimal  # of the open ones

    @property
    def open_rows(self) -> tuple[RiskRow, ...]:
        return tuple(row for row in self.rows if not row.closed)


@dataclass(frozen=True, slots=True, kw_only=True)
class InitiativesChapter(Chapter):
    rows: tuple[InitiativeRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuesChapter(Chapter):
    rows: tuple[IssueRow, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing the leader still has to do, or has done, before the meeting."""

    section: str
    text: str
    done: bool
    anchor: str
    pair_only: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    person: Person
    present: bool | None  # None: nobody has said


@dataclass(frozen=True, slots=True)
class Score:
    person: Person
    score: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The one view model of a meeting."""

    meeting_id: int
    team: str
    team_slug: str
    company: str
    currency: str
    zone: str
    planned_start: datetime
    starts_at: datetime
    minutes: int
    state: str
    today: date
    since: datetime | None  # when the last held meeting was closed
    ceo: Person | None
    leader: Person | None
    attendance: tuple[Present, ...]
    ratings: tuple[Score, ...]
    handed_in_at: datetime | None
    handed_in_by: str
    handed_in_late: bool
    started_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    headline: str
    outcomes: tuple[str, ...]  # of the last 13 meetings, oldest first
    streak: int
    due: int  # commitments due in 13 weeks
    on_time: int
    revenue: RevenueChapter
    deals: DealsChapter
    risks: RisksChapter
    initiatives: InitiativesChapter
    issues: IssuesChapter
    promises: tuple[Promise, ...]  # every open one, and those closed since the last meeting
    decisions: tuple[Decided, ...]
    checks: tuple[Check, ...]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return (self.revenue, self.deals, self.risks, self.initiatives, self.issues)

    @property
    def items(self) -> Iterable[Row]:
        return chain(self.deals.rows, self.risks.rows, self.initiatives.rows, self.issues.rows)

    @property
    def promised(self) -> tuple[Promise, ...]:
        """What was promised before: stated first, with kept or not."""
        return tuple(promise for promise in self.promises if not promise.fresh)

    @property
    def fresh(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.fresh)

    @property
    def still_needed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.done)

    @property
    def sections_ready(self) -> int:
        """How many of the five sections need nothing more from the leader."""
        return 5 - len({check.section for check in self.still_needed})

    @property
    def waiting_for_ceo(self) -> tuple[InitiativeRow, ...]:
        return tuple(row for row in self.initiatives.rows if row.waits_for_ceo)

    @property
    def completion(self) -> Decimal | None:
        """Share of commitments kept on time over 13 weeks; None when none was due."""
        return Decimal(self.on_time) / self.due if self.due else None

    def without_a_reps_plan(self) -> Self:
        """For a reader who is not one of the two: a rep's plan and all that came of it is left out."""

        return replace(
            self,
            initiatives=replace(self.initiatives, rows=_open_to_all(self.initiatives.rows)),
            issues=replace(self.issues, rows=_open_to_all(self.issues.rows)),
            promises=_open_to_all(self.promises),
            decisions=_open_to_all(self.decisions),
            checks=_open_to_all(self.checks),
        )


def _open_to_all(rows: tuple[Kept, ...]) -> tuple[Kept, ...]:
    return tuple(row for row in rows if not row.pair_only)


def _number(value: Decimal | None) -> str:
    """A measure's value without idle zeros."""
    return "–" if value is None else f"{value.normalize():f}"
