"""The view model of a meeting, shared by its page, its mail, its print and its record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from typing import Self, TypeVar

from alignment.rules.formatting import counted
from meetings.agenda.section import AgendaSection, ExceptionLine, Row, say_count, say_news
from meetings.agenda.sections import (
    DealsSection,
    InitiativeRow,
    InitiativesSection,
    IssueRow,
    IssuesSection,
    RevenueSection,
    RisksSection,
)
from meetings.agenda.sections.expectations import ExpectationRow
from meetings.agenda.sections.nearer import NearerRow
from meetings.agenda.values import Check, CommitmentRow, Decided, Person, Present, Score, formerly
from meetings.rules.rep_plans import NOBODY, can_read

Restricted = TypeVar(
    "Restricted",
    CommitmentRow,
    Decided,
    InitiativeRow,
    IssueRow,
    Check,
    ExceptionLine,
    ExpectationRow,
    NearerRow,
)


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
    def skipped(self) -> tuple[AgendaSection, ...]:
        """What a meeting in its short version did not discuss."""
        return tuple(section for section in self.sections if section.skipped)

    @property
    def items(self) -> Iterable[Row]:
        return chain(self.deals.rows, self.risks.rows, self.initiatives.rows, self.issues.rows)

    def at(self, anchor: str) -> AgendaSection | Row | None:
        """The section or row with this anchor."""
        parts: Iterable[AgendaSection | Row] = chain(self.sections, self.items)
        return next((part for part in parts if part.anchor == anchor), None)

    @property
    def commitments_at_the_end(self) -> tuple[CommitmentRow, ...]:
        """Before the meeting is closed, the new and the overdue ones; in its record all that it dealt with."""
        if self.closed_at:
            return tuple(commitment for commitment in self.commitments if commitment.has_news)
        open_ones = (commitment for commitment in self.commitments if commitment.is_open)
        return tuple(commitment for commitment in open_ones if commitment.fresh or commitment.late)

    @property
    def quiet_commitments(self) -> tuple[CommitmentRow, ...]:
        """Open ones that were known at the last meeting and are not overdue."""
        return tuple(commitment for commitment in self.commitments if not commitment.has_news)

    @property
    def commitments_heading(self) -> str:
        """What the commitments and decisions at the end are."""
        open_ones = [commitment for commitment in self.commitments if commitment.is_open]
        done = sum(commitment.state == "done" for commitment in self.commitments)
        return say_news(
            counted(len(self.decisions), "decision") if self.decisions else "",
            say_count(sum(commitment.late for commitment in open_ones), "overdue"),
            say_count(sum(commitment.fresh for commitment in open_ones), "new"),
            say_count(done if self.closed_at else 0, "done"),
            otherwise="None new, none overdue" if self.commitments else "No commitments or decisions",
        )

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

    def readable_by(self, reader: int, *, viewer: int = NOBODY, is_mail: bool = False) -> Self:
        """The agenda without rep plans that this person may not read,
        and without anything that came of them; without the CEO's number for others than the two, for whom the deals
        about which they differ stand first; and before the meeting starts, without the calls for others than the sales
        leader's side, without the new measures against a gap of which the calls tell, but for the viewer's own, and
        without what was committed for it for others than these and the CEO.

        `reader` is the id of the CEO or the sales leader of the team, or meetings.rules.rep_plans.NOBODY,
        who reads no rep plan. `viewer` is the id of any person. A mail tells nothing of the CEO's number, not by the
        order of deals either.
        """
        calls = self.revenue.calls
        expectations = self._open_to(reader, self.revenue.expectations)
        revenue = replace(
            self.revenue,
            calls=tuple(call for call in calls if not call.readers or can_read(viewer, call.readers)),
            expectations=expectations,
            nearer=self._open_to(reader, self.revenue.nearer),
            lines=self._open_to(reader, self.revenue.lines),
        )
        revenue = revenue.without_hidden_measures(viewer)
        apart = set() if is_mail else {deal.id for row in expectations for deal in row.deals}
        deals = self.deals.readable_by(viewer).with_first(apart)
        return replace(
            self,
            revenue=revenue,
            deals=replace(deals, lines=self._open_to(reader, self.deals.lines)),
            risks=replace(self.risks, lines=self._open_to(reader, self.risks.lines)),
            initiatives=replace(
                self.initiatives,
                rows=self._open_to(reader, self.initiatives.rows),
                lines=self._open_to(reader, self.initiatives.lines),
            ),
            issues=replace(
                self.issues,
                rows=self._open_to(reader, self.issues.rows),
                lines=self._open_to(reader, self.issues.lines),
            ),
            commitments=tuple(
                row for row in self._open_to(reader, self.commitments) if not revenue.hides(row, viewer)
            ),
            decisions=self._open_to(reader, self.decisions),
            checks=self._without_hidden(self._open_to(reader, self.checks), deals, revenue),
        )

    def _without_hidden(
        self, checks: tuple[Check, ...], deals: DealsSection, revenue: RevenueSection
    ) -> tuple[Check, ...]:
        """Without those that only what was committed lately, or a call that is not open yet, asks for; and what only a
        measure that is not open yet does, is not done."""
        hidden = {ask.text for row in self.deals.rows for ask in row.asks}
        hidden |= {call.need_in_words for call in self.revenue.calls}
        hidden -= {ask.text for row in deals.rows for ask in row.asks}
        hidden -= {call.need_in_words for call in revenue.calls}
        is_done_unseen = revenue.needs_commitment and not self.revenue.needs_commitment
        return tuple(
            replace(check, done=False) if is_done_unseen and check.anchor == revenue.anchor else check
            for check in checks
            if check.text not in hidden
        )

    def _open_to(self, reader: int, rows: tuple[Restricted, ...]) -> tuple[Restricted, ...]:
        """Older records do not name the readers of a row:
        there it is the CEO and the sales leader of that meeting.
        """
        principals = tuple(person.id for person in (self.ceo, self.leader) if person)
        return tuple(row for row in rows if not row.pair_only or can_read(reader, row.readers or principals))
