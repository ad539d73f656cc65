"""What a reader of a meeting's page has not read yet: rows, updates and commitments later than their mark. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alignment.models import ReadState
from meetings.agenda import Agenda
from meetings.agenda.section import AgendaSection, Row
from meetings.agenda.values import CommitmentRow, Update


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadSection:
    """The part of a section that is new to the reader."""

    number: int
    section: AgendaSection
    rows: tuple[Row, ...]
    updates: tuple[Update, ...]
    commitments: tuple[CommitmentRow, ...]

    @property
    def words(self) -> tuple[Update, ...]:
        return self.updates

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.updates) + len(self.commitments)


def unread_sections(agenda: Agenda, read: ReadState, *, side: str) -> list[UnreadSection]:
    """The sections with something new to a reader of this side; what their own side wrote is not."""

    def is_unread(about: str, at: datetime | None) -> bool:
        return at is not None and read.is_unread(about, at, begins=agenda.since)

    def commitments_of(part: AgendaSection | Row, about: str) -> tuple[CommitmentRow, ...]:
        return tuple(
            commitment
            for commitment in part.commitments
            if is_unread(about, commitment.closed_at or commitment.made_at)
        )

    def updates_of(part: AgendaSection | Row, about: str) -> tuple[Update, ...]:
        return tuple(update for update in part.words if update.side != side and is_unread(about, update.at))

    def is_row_unread(row: Row) -> bool:
        return is_unread(row.about, row.changed_at) or bool(
            updates_of(row, row.about) or commitments_of(row, row.about)
        )

    def sections() -> Iterator[UnreadSection]:
        for number, section in enumerate(agenda.sections, 1):
            arranged = section.arranged
            rows = (*arranged.open, *arranged.changed, *arranged.unchanged)
            yield UnreadSection(
                number=number,
                section=section,
                rows=tuple(row for row in rows if is_row_unread(row)),
                updates=updates_of(section, section.name),
                commitments=commitments_of(section, section.name),
            )

    return [part for part in sections() if part.count]
