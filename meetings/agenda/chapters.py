"""The five chapters of an agenda and the agenda itself: plain values, like the rows in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Self, TypeVar

from deals.revenue import Revenue, Standing
from meetings.agenda.values import (
    DealRow,
    Decided,
    InitiativeRow,
    IssueRow,
    Person,
    Promise,
    RiskRow,
    Row,
    Words,
)

Kept = TypeVar("Kept", "Promise", "Decided", "InitiativeRow", "IssueRow", "Check")


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
    readers: tuple[int, ...] = ()


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
    def shown_ratings(self) -> tuple[Score, ...]:
        """Both, once both of the two have rated; until then a rating is its writer's alone."""
        rated = {score.person.role for score in self.ratings}
        return self.ratings if rated >= {"ceo", "leader"} else ()

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
        return self.for_one_of_the_two(0)

    def for_one_of_the_two(self, reader: int) -> Self:
        """Without the rep's plans that were begun with somebody else in the reader's seat, and all that came of them."""
        return replace(
            self,
            initiatives=replace(self.initiatives, rows=self._open_to(reader, self.initiatives.rows)),
            issues=replace(self.issues, rows=self._open_to(reader, self.issues.rows)),
            promises=self._open_to(reader, self.promises),
            decisions=self._open_to(reader, self.decisions),
            checks=self._open_to(reader, self.checks),
        )

    def _open_to(self, reader: int, rows: tuple[Kept, ...]) -> tuple[Kept, ...]:
        """Records frozen before rows named their readers mean the two of that meeting."""
        two = tuple(person.id for person in (self.ceo, self.leader) if person)
        return tuple(row for row in rows if not row.pair_only or reader in (row.readers or two))
