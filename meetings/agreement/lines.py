"""The lines of a quarter's agreement as they stand: what holds, what is proposed, what is no longer as agreed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alignment.models import Agreement, Team
from alignment.rules.periods import Period, key_of_quarter
from alignment.rules.roles import NAMES, Role
from deals.goals.agreement import SUBJECT as GOALS
from deals.mix.queries import key_of as mix_key
from deals.mix.terms import SUBJECT as MIX
from meetings.agreement.subjects import own_part
from meetings.agreement.terms import (
    INITIATIVES,
    MEASURES,
    RIGHT,
    SENTENCE,
    Current,
    changes_since,
    lines_in_words,
)
from meetings.rules.decision_rights import RightKind


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `agreed` holds, `proposed` waits for a yes, `declined` is the last one, answered by no.

    Its words are for a reader's locale; `changes` are sentences with amounts in braces.
    """

    subject: str
    key: str
    title: str
    locale: str
    agreed: Agreement | None = None
    proposed: Agreement | None = None
    declined: Agreement | None = None
    changes: tuple[str, ...] = ()
    """Of what is agreed, since then."""
    proposal_changes: tuple[str, ...] = ()
    """Of what is proposed, since then: it can no longer be agreed to."""
    former: str = ""
    """Whose yes is that of a former holder of the seat: "CEO"; empty otherwise."""

    @property
    def texts(self) -> list[str]:
        """What holds."""
        return self._in_words(self.agreed)

    @property
    def proposed_texts(self) -> list[str]:
        return self._in_words(self.proposed)

    @property
    def declined_texts(self) -> list[str]:
        return self._in_words(self.declined)

    def _in_words(self, row: Agreement | None) -> list[str]:
        return [] if row is None else lines_in_words(self.subject, row.content, locale=self.locale)

    @property
    def is_left_open(self) -> bool:
        """Whether the two know that it is no longer as agreed, and nothing has changed since they said why."""
        return bool(self.agreed and self.changes and self.agreed.left_open_changes == list(self.changes))

    @property
    def holds(self) -> bool:
        """Whether both said yes to it as it is now."""
        return self.agreed is not None and not (self.changes or self.former)

    @property
    def is_settled(self) -> bool:
        return self.holds and self.proposed is None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show: a sentence that was taken out."""
        is_taken_out = self.agreed is not None and not self.agreed.content.get("text")
        return self.subject == SENTENCE and is_taken_out and self.proposed is None

    @property
    def waits_for(self) -> str:
        """Who has to answer the proposal: "CEO"."""
        return NAMES[Role(self.proposed.waits_for)] if self.proposed else ""

    def waits_for_side(self, side: str) -> bool:
        """Whether a yes of this side settles it as it stands."""
        if self.proposed is not None:
            return self.proposed.waits_for == side and not self.proposal_changes
        return bool(self.former and side) and not self.changes and NAMES.get(Role(side)) == self.former

    @property
    def answered(self) -> Agreement | None:
        """The row that a yes is for."""
        return self.proposed or self.agreed


def build_lines(
    rows: Sequence[Agreement], team: Team, quarter: Period, current: Current, *, locale: str
) -> list[Line]:
    """Goals, mix, leading measures, initiatives and each right have a line, also where nothing was said yet."""
    key = key_of_quarter(quarter)
    subjects = [
        (GOALS, key, "Goals"),
        (MIX, mix_key(team, today=quarter.start), "Deal mix"),
        (MEASURES, key, "Leading measures"),
        (INITIATIVES, key, "Initiatives"),
        *((RIGHT, f"{key}-{kind}", kind.label) for kind in RightKind),
        *((SENTENCE, name, "") for name in _sentence_keys(rows)),
    ]
    of_place: dict[tuple[str, str], list[Agreement]] = {}
    for row in rows:
        of_place.setdefault((row.subject, row.key), []).append(row)

    def line(subject: str, name: str, title: str) -> Line:
        return _line(
            of_place.get((subject, name), []), team, quarter, current, (subject, name, title, locale)
        )

    return [built for subject_of_line in subjects if not (built := line(*subject_of_line)).is_empty]


def _sentence_keys(rows: Iterable[Agreement]) -> list[str]:
    return sorted({row.key for row in rows if row.subject == SENTENCE}, key=lambda key: int(own_part(key)))


def _line(
    rows: Sequence[Agreement],
    team: Team,
    quarter: Period,
    current: Current,
    subject_of_line: tuple[str, str, str, str],
) -> Line:
    """`rows` are the newest first."""
    agreed = next((row for row in rows if row.state == Agreement.State.AGREED), None)
    proposed = next((row for row in rows if row.state == Agreement.State.PROPOSED), None)
    is_declined = bool(rows) and rows[0].state == Agreement.State.DECLINED
    side = agreed.former_yes(team.holder(Role.CEO), team.holder(Role.LEADER)) if agreed else ""

    def changes(row: Agreement | None) -> tuple[str, ...]:
        return () if row is None else changes_since(row.subject, row.content, row.facts, current, quarter)

    return Line(
        *subject_of_line,
        agreed=agreed,
        proposed=proposed,
        declined=rows[0] if is_declined else None,
        changes=changes(agreed),
        proposal_changes=changes(proposed),
        former=NAMES[Role(side)] if side else "",
    )
