"""A change of many goals: its preview, goal by goal, and applying it.

It is applied in one transaction, with one entry in the audit log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from alignment import audit
from alignment.models import Company, Goal, GoalChange, GoalEdit, Team, User
from alignment.models.goals import GoalKey
from alignment.rules.periods import month_of
from deals.goals.grid import Reader

LISTED = 300
"""Goals a preview lists. The sums by team always include all of them."""
MAX_EDITS = 50_000
_EDIT = re.compile(
    r"(\d{1,18}) ((?:19|20|21)\d\d)-(0[1-9]|1[0-2]) (-|\d{1,15}(?:\.\d{1,2})?) (-|\d{1,15}(?:\.\d{1,2})?)"
)


class ProposalError(ValueError):
    """The text was not written by a preview."""


@dataclass(frozen=True, slots=True)
class Line:
    team: str
    month: str
    old: str
    new: str
    is_conflict: bool


@dataclass(frozen=True, slots=True)
class TeamSum:
    team: str
    number: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Edits of the goals of one company that differ from what is stored."""

    company: Company
    teams: Mapping[int, Team]
    edits: tuple[GoalEdit, ...]
    conflicts: frozenset[GoalKey] = frozenset()

    @classmethod
    def for_goals(
        cls, company: Company, teams: Sequence[Team], goals: Mapping[GoalKey, Decimal | None]
    ) -> Proposal:
        """The edits that turn the stored goals into these `goals`. One query."""
        stored = Goal.objects.stored((team for team, _ in goals), (month for _, month in goals))
        edits = (GoalEdit(*key, stored.get(key), new) for key, new in goals.items())
        return cls(
            company, {team.pk: team for team in teams}, tuple(edit for edit in edits if edit.old != edit.new)
        )

    @classmethod
    def from_text(cls, company: Company, text: str) -> Proposal:
        """The proposal that a preview wrote as `text`. Raises ProposalError for anything else."""
        edits = [_edit(line) for line in text.splitlines()]
        teams = {team.pk: team for team in company.teams.filter(pk__in={edit.team_id for edit in edits})}
        if not edits or len(edits) > MAX_EDITS or any(edit.team_id not in teams for edit in edits):
            raise ProposalError
        return cls(company, teams, tuple(edits))

    def after(self, stored: Mapping[GoalKey, Decimal | None]) -> Proposal:
        """The same proposal after somebody else set some of the goals, starting from what they are now."""
        edits = (GoalEdit(*edit.key, stored.get(edit.key, edit.old), edit.new) for edit in self.edits)
        return Proposal(self.company, self.teams, tuple(edits), frozenset(stored))

    @property
    def text(self) -> str:
        return "\n".join(
            f"{edit.team_id} {edit.month:%Y-%m} {_plain(edit.old)} {_plain(edit.new)}" for edit in self.edits
        )

    @property
    def number(self) -> int:
        return len(self.edits)

    @property
    def counts(self) -> dict[str, int]:
        """How many goals are set for the first time, changed and removed, without the zeros."""
        removed = sum(edit.new is None for edit in self.edits)
        new = sum(edit.old is None for edit in self.edits)
        counts = {"set for the first time": new, "changed": self.number - new - removed, "removed": removed}
        return {label: number for label, number in counts.items() if number}

    @property
    def what(self) -> str:
        """ "24 goals of 2 teams, January to December 2027"."""
        months = sorted({edit.month for edit in self.edits})
        teams = {self.teams[edit.team_id].name for edit in self.edits}
        of_teams = next(iter(teams)) if len(teams) == 1 else f"{len(teams)} teams"
        when = month_of(months[0]).label + (f" to {month_of(months[-1]).label}" if len(months) > 1 else "")
        return f"{self.number} {'goal' if self.number == 1 else 'goals'} of {of_teams}, {when}"

    def lines(self, reader: Reader) -> list[Line]:
        """The changes, at most LISTED of them; those that somebody else set meanwhile come first."""
        ordered = sorted(
            self.edits,
            key=lambda edit: (edit.key not in self.conflicts, self.teams[edit.team_id].name, edit.month),
        )
        return [
            Line(
                self.teams[edit.team_id].name,
                month_of(edit.month).label,
                reader.money(edit.old),
                reader.money(edit.new),
                edit.key in self.conflicts,
            )
            for edit in ordered[:LISTED]
        ]

    def sums(self, reader: Reader) -> list[TeamSum]:
        """What the changed goals of each team sum to, before and after."""
        by_team: dict[int, list[GoalEdit]] = {}
        for edit in self.edits:
            by_team.setdefault(edit.team_id, []).append(edit)
        named = sorted(by_team.items(), key=lambda pair: self.teams[pair[0]].name)
        return [
            TeamSum(self.teams[pk].name, len(edits), *self._from_to(edits, reader)) for pk, edits in named
        ]

    def _from_to(self, edits: Iterable[GoalEdit], reader: Reader) -> tuple[str, str]:
        pairs = [(edit.old or Decimal(0), edit.new or Decimal(0)) for edit in edits]
        return reader.money(sum((old for old, _ in pairs), Decimal(0))), reader.money(
            sum((new for _, new in pairs), Decimal(0))
        )

    @transaction.atomic
    def apply(self, *, by: User, now: datetime, why: str) -> list[GoalChange]:
        """Apply all edits or none. Raises VersionConflict when a goal has changed since the preview."""
        changes = Goal.objects.set_many(self.edits, by=by, now=now, why=why)
        if changes:
            applied = Proposal(
                self.company,
                self.teams,
                tuple(GoalEdit(change.team_id, change.month, change.old, change.new) for change in changes),
            )
            old, new = applied._from_to(applied.edits, Reader("en-US", self.company.currency))
            audit.note(
                "goals.changed",
                by=by,
                now=now,
                company=self.company,
                about=applied.what,
                old=old,
                new=new,
                why=why,
            )
        return changes


def _plain(amount: Decimal | None) -> str:
    return "-" if amount is None else f"{amount:f}"


def _edit(line: str) -> GoalEdit:
    match = _EDIT.fullmatch(line)
    if match is None:
        raise ProposalError
    old, new = (None if text == "-" else Decimal(text) for text in match.group(4, 5))
    return GoalEdit(int(match[1]), date(int(match[2]), int(match[3]), 1), old, new)
