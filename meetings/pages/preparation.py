"""The prepare page: what is still needed, and what the leader can write on each row. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from math import ceil

from alignment.rules.formatting import plain
from meetings.agenda import Agenda
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.sections import DealRow, InitiativeRow, IssueRow, RiskRow
from meetings.agenda.values import Check, CommitmentRow, Person, Update

AnyRow = DealRow | RiskRow | InitiativeRow | IssueRow
MINUTES = {"words-revenue": 2.0, "issue": 2.0, "commitment": 0.5}
"""Minutes that a missing item takes, by where it is done; everything else takes one."""
SHORT = {
    "revenue": "Revenue",
    "deals": "Deals",
    "risks": "Risks",
    "initiatives": "Initiatives",
    "issues": "Issues",
}
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class UpdateField:
    """Where the leader's side writes on a row or section, beside what others wrote there."""

    text: str
    late: bool  # changed after the preparation was submitted
    others: tuple[Update, ...]
    before: tuple[Update, ...]  # at the last meeting
    version: int  # of the stored update; zero before the first

    @classmethod
    def on(cls, subject: Row | AgendaSection) -> UpdateField:
        own = subject.leader_words
        others = tuple(update for update in subject.words if update.side != "leader")
        text, late, version = (own.text, own.late, own.version) if own else ("", False, 0)
        return cls(text, late, others, subject.before, version)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a section."""

    row: AnyRow
    pk: str
    about: str
    update: UpdateField
    needs: str  # what is missing here, in words; empty if nothing is
    is_on_checklist: bool
    is_raised: bool  # among the issues already
    amount: str  # a risk's exposure, an initiative's value, as it is typed


@dataclass(frozen=True, slots=True)
class EditableCommitment:
    """One commitment, and what its reader may do with it."""

    commitment: CommitmentRow
    pk: str
    href: str  # its place on the page
    can_settle: bool  # mark it done, drop it or carry it over


@dataclass(frozen=True)
class Preparation:
    agenda: Agenda
    due: datetime
    now: datetime
    people: tuple[Person, ...]
    usual_due: date  # of a new commitment: the day of the meeting after this one
    here: str  # the address of the page
    reader: int
    is_principal: bool  # whether the reader is the CEO or the sales leader

    @property
    def is_overdue(self) -> bool:
        return self.due <= self.now

    @property
    def distance(self) -> str:
        """The time to or since the deadline: "3 days", "21 h", "40 min"."""
        away = abs(self.due - self.now)
        if away >= timedelta(days=2):
            return f"{away // timedelta(days=1)} days"
        hours = away // timedelta(hours=1)
        return f"{hours} h" if hours else f"{max(1, away // timedelta(minutes=1))} min"

    @cached_property
    def missing(self) -> tuple[Check, ...]:
        return self.agenda.still_needed

    @property
    def done(self) -> tuple[Check, ...]:
        return tuple(check for check in self.agenda.checks if check.done)

    @property
    def minutes_left(self) -> int:
        """A rough estimate for what is missing."""
        kinds = (
            check.anchor if check.anchor in MINUTES else check.anchor.partition("-")[0]
            for check in self.missing
        )
        return ceil(sum(MINUTES.get(kind, 1.0) for kind in kinds))

    @property
    def sections(self) -> Iterator[tuple[int, str, str, int]]:
        """Each section's number, anchor and short name, and how many items it still needs."""
        for number, (section, name) in enumerate(SHORT.items(), start=1):
            yield number, section, name, sum(check.section == section for check in self.missing)

    @cached_property
    def needs(self) -> dict[str, str]:
        """What is missing, by its place on the page; empty where it is done."""
        rows: Iterable[AnyRow] = chain(
            self.agenda.deals.rows,
            self.agenda.risks.rows,
            self.agenda.initiatives.rows,
            self.agenda.issues.rows,
        )
        on_checklist = {check.anchor for check in self.agenda.checks}
        needs = {row.about: row.needs for row in rows if row.about in on_checklist}
        return {"words-revenue": self.agenda.revenue.needs} | needs if self.agenda.revenue.behind else needs

    @property
    def revenue_update(self) -> UpdateField:
        return UpdateField.on(self.agenda.revenue)

    @cached_property
    def raised(self) -> frozenset[str]:
        return frozenset(row.item for row in self.agenda.issues.rows if row.item and not row.solved)

    def _lines(self, rows: Iterable[AnyRow]) -> Iterator[Line]:
        needs, raised = self.needs, self.raised
        for row in rows:
            about = row.about
            yield Line(
                row=row,
                pk=str(row.id),
                about=about,
                update=UpdateField.on(row),
                needs=needs.get(about, ""),
                is_on_checklist=about in needs,
                is_raised=about in raised,
                amount=_editable_amount(row),
            )

    @property
    def deals(self) -> list[tuple[str, Iterable[Line]]]:
        return [(label, self._lines(rows)) for label, rows in self.agenda.deals.groups]

    @property
    def risks(self) -> Iterable[Line]:
        return self._lines(self.agenda.risks.rows)

    @property
    def initiatives(self) -> Iterable[Line]:
        return self._lines(self.agenda.initiatives.rows)

    @property
    def issues(self) -> Iterable[Line]:
        return self._lines(self.agenda.issues.rows)

    @property
    def earlier_commitments(self) -> list[EditableCommitment]:
        """Earlier commitments on the gap."""
        return self._commitment_rows(self.agenda.revenue.earlier_commitments)

    @property
    def new_commitments(self) -> list[EditableCommitment]:
        return self._commitment_rows(self.agenda.revenue.new_commitments)

    @property
    def leaders(self) -> list[EditableCommitment]:
        """The leader's commitments that are not on the gap."""
        return self._commitment_rows(
            commitment for commitment in self._other_commitments if commitment.owner == self.agenda.leader
        )

    @property
    def others(self) -> list[EditableCommitment]:
        return self._commitment_rows(
            commitment for commitment in self._other_commitments if commitment.owner != self.agenda.leader
        )

    @property
    def _other_commitments(self) -> list[CommitmentRow]:
        return [
            commitment
            for commitment in self.agenda.commitments
            if commitment.item or commitment.section != "revenue"
        ]

    def _commitment_rows(self, commitments: Iterable[CommitmentRow]) -> list[EditableCommitment]:
        return [
            EditableCommitment(
                commitment,
                pk=str(commitment.id),
                href=f"{self.here}#commitment-{commitment.id}",
                can_settle=self.is_principal or commitment.owner.id == self.reader,
            )
            for commitment in commitments
        ]


def _editable_amount(row: AnyRow) -> str:
    if isinstance(row, RiskRow):
        return plain(row.exposure)
    return plain(row.current) if isinstance(row, InitiativeRow) else ""
