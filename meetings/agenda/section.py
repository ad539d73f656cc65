"""What all sections of an agenda share: their opening, their rows and how the rows are arranged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar

from alignment.rules.formatting import spell_number
from alignment.rules.text import first_name
from meetings.agenda.values import Ask, Check, CommitmentRow, Mark, Update, formerly

MOST_EXCEPTIONS = 3
"""How many exceptions a section shows in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionLine:
    """One line that a feature feeds into a section's list of exceptions: a fact that somebody must look at.

    It ranks among the section's rows, the most money first, then the oldest.
    """

    text: str
    """Without a full stop; amounts in braces, as in the headline."""
    path: str = ""
    """The page with what is behind it; empty where there is none."""
    money: Decimal = Decimal(0)
    age: int = 0  # in weeks
    is_bad: bool = False
    pair_only: bool = False
    readers: tuple[int, ...] = ()

    stands_first = False


def without_braces(text: str) -> str:
    """Names and other words of people in a line or headline, where braces hold amounts."""
    return text.replace("{", "(").replace("}", ")")


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
    skipped: bool = False  # not discussed, because the meeting went on in its short version
    lines: tuple[ExceptionLine, ...] = ()

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

    @property
    def heading(self) -> str:
        """What happened here, in few words. Amounts are in braces, as in the headline."""
        return self.title

    @property
    def commitments_with_news(self) -> tuple[CommitmentRow, ...]:
        return tuple(commitment for commitment in self.commitments if commitment.has_news)

    @property
    def arranged(self) -> Arrangement[Row]:
        """The rows and lines as a page shows them: revenue has no rows."""
        return arrange((), self.lines)

    @property
    def belongs_to_short_version(self) -> bool:
        """Whether it is discussed with little time left: revenue and issues, and what has an exception."""
        return True

    @property
    def unchanged_label(self) -> str:
        """What the rows are called that are folded because nothing about them is new."""
        return ""

    def checks(self) -> Iterator[Check]:
        """What the sales leader has to do here before the meeting, done or not."""
        yield from ()

    def headline_clause(self) -> str:
        """The section's clause in the headline; empty when there is nothing worth saying."""
        return ""


AnySection = TypeVar("AnySection", bound=AgendaSection)


def with_lines(section: AnySection, lines: Mapping[str, tuple[ExceptionLine, ...]]) -> AnySection:
    """The section with more lines; `lines` are by section."""
    return replace(section, lines=(*section.lines, *lines.get(section.name, ())))


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
    has_news: bool | None = None
    """Whether it was entered, changed, moved, closed, decided or asked about since the last meeting;
    None in older records."""
    changed_at: datetime | None = None  # when something about it was last recorded

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
    def name(self) -> str:
        """What the row is called first, before `kind_words`."""
        return self.title

    @property
    def kind_words(self) -> str:
        return ""

    @property
    def asks(self) -> tuple[Ask, ...]:
        """What the sales leader is asked for here, done or not: only where something changed, is new, or the other
        side asked.
        """
        return self.asks_of_ceo

    @property
    def asks_of_ceo(self) -> tuple[Ask, ...]:
        """The CEO's comment wants an answer, unless the leader's side has written about it for this meeting."""
        if (comment := self.ceo_words) is None:
            return ()
        text = f"Answer {first_name(comment.name)} on {self.title}"
        return (Ask("an answer", text, self.leader_words is not None),)

    @property
    def needs(self) -> str:
        """What the sales leader still has to write here, for the margin; empty when nothing is missing."""
        return ", ".join(ask.what for ask in self.asks if not ask.done)

    @property
    def was_spoken_of(self) -> bool:
        """Whether the sales leader wrote about it for the last meeting."""
        return any(update.side == "leader" for update in self.before)

    @property
    def money(self) -> Decimal:
        """The money at stake, as far as it is known."""
        return Decimal(0)

    @property
    def age(self) -> int:
        """Age in weeks, as far as it is known."""
        return 0

    @property
    def waits_for(self) -> str:
        """The side that has to answer or decide here: leader, ceo, or empty."""
        return ""

    @property
    def has_bad_mark(self) -> bool:
        return any(mark.tone == "bad" for mark in self.marks)

    @property
    def stands_first(self) -> bool:
        """Whether it comes before all other exceptions."""
        return False

    @property
    def is_exception(self) -> bool:
        """Whether it needs attention: something is missing or waits here, or one of its marks is bad."""
        return bool(self.needs or self.waits_for) or self.has_bad_mark

    @property
    def marks_tell_news(self) -> bool:
        """What older records tell instead of `has_news`."""
        return bool(self.marks)

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing about it is new since the last meeting, and nobody waits for it."""
        news = self.marks_tell_news if self.has_news is None else self.has_news
        return not (
            news
            or self.waits_for
            or self.words
            or any(commitment.has_news for commitment in self.commitments)
        )


AnyRow = TypeVar("AnyRow", bound=Row)
Arranged = TypeVar("Arranged", bound=Row, covariant=True)


def checks_on(section: str, rows: Iterable[Row]) -> Iterator[Check]:
    """What is asked for on at most three rows, those with the most money first, then the oldest: one check a row."""
    with_asks = sorted((row for row in rows if row.asks), key=lambda row: (-row.money, -row.age))
    for row in with_asks[:MOST_EXCEPTIONS]:
        left = next((ask for ask in row.asks if not ask.done), None)
        text = (left or row.asks[0]).text
        yield Check(section, text, left is None, row.anchor, row.pair_only, row.readers)


@dataclass(frozen=True, slots=True)
class Arrangement(Generic[Arranged]):
    """The rows of a section: `open` are the exceptions shown in full, most money first, then the oldest.
    `changed` are shown in brief, `unchanged` folded to their number and their money.

    `lines` are shown, and count among the three exceptions; `more_lines` are folded.
    """

    open: tuple[Arranged, ...]
    changed: tuple[Arranged, ...]
    unchanged: tuple[Arranged, ...]
    lines: tuple[ExceptionLine, ...] = ()
    more_lines: tuple[ExceptionLine, ...] = ()

    @property
    def visible(self) -> tuple[tuple[Arranged, bool], ...]:
        """The rows that are not folded, each with whether it is shown in brief."""
        return tuple((row, False) for row in self.open) + tuple((row, True) for row in self.changed)

    @property
    def unchanged_money(self) -> Decimal:
        return sum((row.money for row in self.unchanged), Decimal(0))


def arrange(rows: Iterable[AnyRow], lines: Iterable[ExceptionLine] = ()) -> Arrangement[AnyRow]:
    """Each row stands once. Exceptions past the third come first among the changed, in the order of their rank;
    otherwise the rows keep their order, which also decides between exceptions of the same money and age.
    """
    exceptions: list[AnyRow] = []
    calm: list[AnyRow] = []
    for row in rows:
        (exceptions if row.is_exception else calm).append(row)
    candidates: list[AnyRow | ExceptionLine] = [*lines, *exceptions]
    ranked = sorted(
        candidates, key=lambda candidate: (not candidate.stands_first, -candidate.money, -candidate.age)
    )
    ranked_rows = [row for row in ranked if not isinstance(row, ExceptionLine)]
    ranked_lines = [line for line in ranked if isinstance(line, ExceptionLine)]
    open_lines = sum(isinstance(candidate, ExceptionLine) for candidate in ranked[:MOST_EXCEPTIONS])
    open_rows = min(len(ranked), MOST_EXCEPTIONS) - open_lines
    return Arrangement(
        open=tuple(ranked_rows[:open_rows]),
        changed=(*ranked_rows[open_rows:], *(row for row in calm if not row.is_unchanged)),
        unchanged=tuple(row for row in calm if row.is_unchanged),
        lines=tuple(ranked_lines[:open_lines]),
        more_lines=tuple(ranked_lines[open_lines:]),
    )


def say_news(*parts: str, otherwise: str) -> str:
    """The first three parts that are not empty as a heading, or `otherwise`."""
    heading = ", ".join([part for part in parts if part][:3]) or otherwise
    return f"{heading[:1].upper()}{heading[1:]}"


def say_count(number: int, words: str) -> str:
    """A part of a heading, such as “two won”; empty for none."""
    return f"{spell_number(number)} {words}" if number else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsSection(AgendaSection, Generic[AnyRow]):
    """A section that is a list of rows: all but revenue."""

    if TYPE_CHECKING:

        @property
        def rows(self) -> tuple[AnyRow, ...]: ...

    @property
    def arranged(self) -> Arrangement[AnyRow]:
        return arrange(self.rows, self.lines)

    @property
    def belongs_to_short_version(self) -> bool:
        return bool(self.lines) or any(row.is_exception for row in self.rows)

    def checks(self) -> Iterator[Check]:
        yield from checks_on(self.name, self.rows)
