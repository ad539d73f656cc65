"""The view model of a meeting, shared by its page, its mail, its print and its record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Self, TypeVar

from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.sections import (
    DealsSection,
    InitiativeRow,
    InitiativesSection,
    IssueRow,
    IssuesSection,
    RevenueSection,
    RisksSection,
)
from meetings.agenda.values import Check, CommitmentRow, Decided, Person, Present, Score, formerly
from meetings.rules.rep_plans import can_read

Restricted = TypeVar("Restricted", CommitmentRow, Decided, InitiativeRow, IssueRow, Check)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """The view model of a meeting."""

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
    submitted_at: datetime | None = field(metadata=formerly("handed_in_at"))
    submitted_by: str = field(metadata=formerly("handed_in_by"))
    submitted_late: bool = field(metadata=formerly("handed_in_late"))
    started_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    headline: str
    outcomes: tuple[str, ...]  # of the last 13 meetings, oldest first
    streak: int
    due: int  # commitments due in 13 weeks
    on_time: int
    revenue: RevenueSection
    deals: DealsSection
    risks: RisksSection
    initiatives: InitiativesSection
    issues: IssuesSection
    commitments: tuple[CommitmentRow, ...] = field(metadata=formerly("promises"))
    """All open ones, and those closed since the last meeting."""
    decisions: tuple[Decided, ...]
    checks: tuple[Check, ...]

    @property
    def sections(self) -> tuple[AgendaSection, ...]:
        return (self.revenue, self.deals, self.risks, self.initiatives, self.issues)

    @property
    def items(self) -> Iterable[Row]:
        return chain(self.deals.rows, self.risks.rows, self.initiatives.rows, self.issues.rows)

    def at(self, anchor: str) -> AgendaSection | Row | None:
        """The section or row with this anchor."""
        parts: Iterable[AgendaSection | Row] = chain(self.sections, self.items)
        return next((part for part in parts if part.anchor == anchor), None)

    @property
    def earlier_commitments(self) -> tuple[CommitmentRow, ...]:
        """Earlier commitments: reported on first, each kept or not."""
        return tuple(commitment for commitment in self.commitments if not commitment.fresh)

    @property
    def new_commitments(self) -> tuple[CommitmentRow, ...]:
        return tuple(commitment for commitment in self.commitments if commitment.fresh)

    @property
    def still_needed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if not check.done)

    @property
    def sections_ready(self) -> int:
        """How many of the five sections need nothing more from the sales leader."""
        return 5 - len({check.section for check in self.still_needed})

    @property
    def has_nothing_entered(self) -> bool:
        """Before the first meeting, with no deal, revenue, risk, initiative or issue yet."""
        revenue = self.revenue
        entered = (
            self.outcomes,
            self.deals.small_won_count,
            revenue.pipeline_count,
            revenue.figures.year.actual,
            revenue.figures.average_week,
        )
        return not any(entered) and next(iter(self.items), None) is None

    @property
    def waiting_for_ceo(self) -> tuple[InitiativeRow, ...]:
        return tuple(row for row in self.initiatives.rows if row.waits_for_ceo)

    @property
    def completion(self) -> Decimal | None:
        """Share of commitments done on time over 13 weeks; None when none was due."""
        return Decimal(self.on_time) / self.due if self.due else None

    def readable_by(self, reader: int) -> Self:
        """The agenda without rep plans that this person may not read,
        and without anything that came of them.

        `reader` is the id of the CEO or the sales leader of the team, or meetings.rules.rep_plans.NOBODY,
        who reads no rep plan.
        """
        return replace(
            self,
            initiatives=replace(self.initiatives, rows=self._open_to(reader, self.initiatives.rows)),
            issues=replace(self.issues, rows=self._open_to(reader, self.issues.rows)),
            commitments=self._open_to(reader, self.commitments),
            decisions=self._open_to(reader, self.decisions),
            checks=self._open_to(reader, self.checks),
        )

    def _open_to(self, reader: int, rows: tuple[Restricted, ...]) -> tuple[Restricted, ...]:
        """Older records do not name the readers of a row:
        there it is the CEO and the sales leader of that meeting.
        """
        principals = tuple(person.id for person in (self.ceo, self.leader) if person)
        return tuple(row for row in rows if not row.pair_only or can_read(reader, row.readers or principals))
