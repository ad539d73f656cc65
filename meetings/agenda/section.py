"""What all sections of an agenda share: their opening, their rows and their list of exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from meetings.agenda.values import Check, CommitmentRow, Mark, Update, formerly

MOST_EXCEPTIONS = 3
"""How many exceptions a section shows in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaSection:
    """One of the five sections. `name` is how it is called in the database, in addresses and in frozen records."""

    name: str = field(metadata=formerly("section"))
    title: str
    minutes: int
    words: tuple[Update, ...] = ()
    before: tuple[Update, ...] = ()
    commitments: tuple[CommitmentRow, ...] = field(default=(), metadata=formerly("promises"))
    """On the section itself, those of the last meeting first."""
    spent: int = 0  # in seconds, once the meeting ran

    about = ""  # the section itself, not an item

    @property
    def short(self) -> str:
        """A shorter name for narrow places."""
        return self.title.removesuffix(" vs goal")

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return self.name

    def words_of(self, side: str) -> Update | None:
        return next((update for update in self.words if update.side == side), None)

    @property
    def leader_words(self) -> Update | None:
        return self.words_of("leader")

    @property
    def ceo_words(self) -> Update | None:
        return self.words_of("ceo")

    @property
    def earlier_commitments(self) -> tuple[CommitmentRow, ...]:
        """Commitments made before this meeting."""
        return tuple(commitment for commitment in self.commitments if not commitment.fresh)

    @property
    def new_commitments(self) -> tuple[CommitmentRow, ...]:
        return tuple(commitment for commitment in self.commitments if commitment.fresh)

    def checks(self) -> Iterator[Check]:
        """What the sales leader has to do here before the meeting, done or not."""
        yield from ()

    def headline_clause(self) -> str:
        """The section's clause in the headline; empty when there is nothing worth saying."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every item of the agenda has: updates of this meeting and the last, commitments and marks."""

    id: int
    title: str
    version: int
    marks: tuple[Mark, ...] = ()
    words: tuple[Update, ...] = ()
    before: tuple[Update, ...] = ()  # updates at the last meeting
    commitments: tuple[CommitmentRow, ...] = field(default=(), metadata=formerly("promises"))
    pair_only: bool = False
    readers: tuple[int, ...] = ()

    key = ""

    @property
    def about(self) -> str:
        """The item in forms and addresses, such as risk-7."""
        return f"{self.key}-{self.id}"

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return self.about

    def words_of(self, side: str) -> Update | None:
        return next((update for update in self.words if update.side == side), None)

    @property
    def leader_words(self) -> Update | None:
        return self.words_of("leader")

    @property
    def ceo_words(self) -> Update | None:
        return self.words_of("ceo")

    @property
    def needs(self) -> str:
        """What the sales leader still has to write here, for the margin; empty when nothing is missing."""
        return ""

    @property
    def money(self) -> Decimal:
        """The money at stake, as far as it is known."""
        return Decimal(0)

    @property
    def age(self) -> int:
        """Age in weeks, as far as it is known."""
        return 0

    @property
    def is_exception(self) -> bool:
        """Whether it needs attention: something is missing here, or one of its marks is bad."""
        return bool(self.needs) or any(mark.tone == "bad" for mark in self.marks)


AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(frozen=True, slots=True)
class Exceptions(Generic[AnyRow]):
    """The exceptions of a section, most money first, then the oldest.
    `open` are shown in full, `folded` in one line.
    """

    open: tuple[AnyRow, ...]
    folded: tuple[AnyRow, ...]


def rank_exceptions(rows: Iterable[AnyRow]) -> Exceptions[AnyRow]:
    """The rows that need attention. With the same money and age, the one entered first comes first."""
    ranked = sorted((row for row in rows if row.is_exception), key=lambda row: (-row.money, -row.age, row.id))
    return Exceptions(tuple(ranked[:MOST_EXCEPTIONS]), tuple(ranked[MOST_EXCEPTIONS:]))
